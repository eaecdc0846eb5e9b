// What the mail service's topic is answered, over HTTP, with notices that a topic service of our own has signed.
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliveryReportEndpoint } from '../../../../adapters/http/webhooks/delivery-reports.js';
import {
  snsDeliveryNotices,
  usualNoticeTimes,
} from '../../../../adapters/ses/delivery-reports/delivery-notices.js';
import type { DeliveryNotice } from '../../../../application/ports/mail/delivery-reports.js';
import * as the from '../../../support/examples.js';
import { instantOf } from '../../../support/ids.js';
import {
  amazon,
  networkOf,
  type Posted,
  publishedAt,
  tampered,
  topicArn,
  type TopicService,
  topicService,
} from '../../ses/service.js';
import { type ServedEndpoint, serveEndpoint } from './webhook-world.js';

const bounce = JSON.stringify({
  eventType: 'Bounce',
  mail: {
    messageId: 'message-1',
    destination: ['zoe@customer.example'],
    tags: { order_id: [the.orderId], kind: ['order_shipped'], fact_revision: ['17'] },
  },
  bounce: {
    bounceType: 'Permanent',
    bouncedRecipients: [{ emailAddress: 'zoe@customer.example' }],
    timestamp: '2026-03-09T12:00:00.000Z',
    feedbackId: 'feedback-1',
  },
});

let topic: TopicService;
let served: ServedEndpoint;
let told: DeliveryNotice[];
let secondsLater: number;
let isNetworkUp: boolean;
let cannotAct: boolean;
let askedUrls: readonly string[];

beforeEach(async () => {
  topic = await topicService();
  [told, secondsLater, isNetworkUp, cannotAct] = [[], 1, true, false];
  const network = networkOf(topic, (url) => {
    if (!isNetworkUp) throw new TypeError('fetch failed');
    return url.includes('ConfirmSubscription') ? new Response('<ok/>') : null;
  });
  askedUrls = network.urls;
  const notices = snsDeliveryNotices(
    { topicArns: new Set([topicArn]), serviceOrigin: null, ...usualNoticeTimes },
    network.fetch,
  );
  served = await serveEndpoint(
    deliveryReportEndpoint({
      ...notices,
      system: { now: () => instantOf(publishedAt + secondsLater * 1000) },
      actOnDeliveryNotice: (notice) => async () => {
        if (cannotAct) return E.left({ type: 'order_unknown' });
        told.push(notice);
        return notice.type === 'subscription' ? notice.confirm() : E.right('recorded');
      },
    }),
  );
});
afterEach(async () => {
  await served.close();
  expect(served.defects).toEqual([]);
});

const post = ({ body, headers }: Posted) => served.post({ text: body, headers });

describe('a notice of the mail service', () => {
  it('that is genuine is acted on before it is acknowledged', async () => {
    const { status, text } = await post(topic.post(bounce));
    expect([status, text]).toEqual([204, '']);
    expect(told).toMatchObject([
      {
        type: 'report',
        report: {
          kind: 'bounced_permanently',
          orderId: the.orderId,
          notification: { kind: 'order_shipped', factRevision: 17 },
        },
      },
    ]);
  });

  it('is read from the bytes as they came: escapes and characters beyond ASCII keep their signature', async () => {
    const { status } = await post(topic.post(`${bounce.slice(0, -1)},"note":"Zoë \\u00e9 👋"}`));
    expect(status).toBe(204);
  });

  it('that cannot be acted on now is asked for again', async () => {
    cannotAct = true;
    const { status, headers, json } = await post(topic.post(bounce));
    expect([status, json['code'], headers.get('retry-after')]).toEqual([503, 'unavailable', '5']);
    cannotAct = false;
    expect((await post(topic.post(bounce))).status).toBe(204);
  });

  it('whose certificate is not to be had is asked for again', async () => {
    isNetworkUp = false;
    expect((await post(topic.post(bounce))).json).toMatchObject({ status: 503, code: 'unavailable' });
    expect(told).toEqual([]);
    isNetworkUp = true;
    expect((await post(topic.post(bounce))).status).toBe(204);
  });

  it('that asks for a subscription has it confirmed at the service', async () => {
    const notice = { type: 'SubscriptionConfirmation', token: 'token-1' } as const;
    expect((await post(topic.post('please confirm', { notice }))).status).toBe(204);
    expect(askedUrls.filter((url) => url.includes('ConfirmSubscription'))).toHaveLength(1);
    expect(askedUrls.every((url) => url.startsWith(amazon))).toBe(true);
  });
});

describe('what is no genuine notice', () => {
  it.each([
    ['nothing', '', {}],
    ['no JSON', '{', { 'x-amz-sns-message-type': 'Notification' }],
    ['JSON of another kind', '[]', { 'x-amz-sns-message-type': 'Notification' }],
    ['a notice without its header', '{"Type":"Notification"}', {}],
  ])('is a 400: %s', async (_, body, headers) => {
    expect((await post({ body, headers })).json).toMatchObject({ status: 400, code: 'notice_unreadable' });
    expect(told).toEqual([]);
  });

  const forged: Readonly<Record<string, () => Posted | Promise<Posted>>> = {
    'changed on its way': () => tampered(topic.post(bounce), { Message: bounce.replace('zoe', 'mallory') }),
    'of another topic': () => topic.post(bounce, { topicArn: `${topicArn}-of-others` }),
    'signed by another': async () => {
      const { SigningCertURL }: { SigningCertURL: string } = JSON.parse(topic.post(bounce).body);
      return tampered((await topicService()).post(bounce), { SigningCertURL });
    },
    'with a certificate elsewhere': () =>
      topic.post(bounce, { origin: 'https://sns.eu-west-1.mallory.example' }),
  };
  it.each(Object.keys(forged))('is a 403 that names nothing: %s', async (name) => {
    const made = forged[name];
    if (made === undefined) throw new Error(name);
    const { json, text } = await post(await made());
    expect(json).toMatchObject({ status: 403, code: 'notice_not_believed' });
    expect(text).not.toMatch(/zoe|mallory|arn:/);
    expect(told).toEqual([]);
  });

  it.each([7_200, -7_200])('is a 403 when it is %i seconds from now', async (seconds) => {
    secondsLater = seconds;
    expect((await post(topic.post(bounce))).json).toMatchObject({ status: 403, code: 'notice_not_believed' });
    expect(told).toEqual([]);
  });

  it('is cut off when it is too large', async () => {
    const body = JSON.stringify({ Message: 'x'.repeat(300_000) });
    const answer = await post({ body, headers: { 'x-amz-sns-message-type': 'Notification' } });
    expect(answer.json).toMatchObject({ status: 413, code: 'body_too_large' });
  });
});
