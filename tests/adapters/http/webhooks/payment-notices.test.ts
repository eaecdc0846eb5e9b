// What the card processor is answered, over HTTP, with notices signed as the processor signs them.
import { createHmac } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paymentNoticeEndpoint } from '../../../../adapters/http/webhooks/payment-notices.js';
import { readNotice } from '../../../../adapters/payment/stripe/notice.js';
import type { PaymentNotice } from '../../../../application/ports/payment-notices.js';
import * as the from '../../../support/examples.js';
import { type ServedEndpoint, serveEndpoint } from './webhook-world.js';

const secret = 'whsec_of_today';
const now = the.opening;

let served: ServedEndpoint;
let stored: Map<string, PaymentNotice>;
let isStoreUp: boolean;

beforeEach(async () => {
  [stored, isStoreUp] = [new Map(), true];
  served = await serveEndpoint(
    paymentNoticeEndpoint({
      readPaymentNotice: (body, signature) => readNotice([secret])({ body, signature }, now),
      paymentNotices: {
        store: (notice) => async () => {
          if (!isStoreUp) return E.left({ type: 'notices_unavailable', reason: 'down' });
          const isKnown = stored.has(notice.noticeId);
          stored.set(notice.noticeId, notice);
          return E.right(isKnown ? 'known' : 'stored');
        },
      },
    }),
  );
});
afterEach(async () => {
  await served.close();
  expect(served.defects).toEqual([]);
});

const event = JSON.stringify({
  ...{ id: 'evt_1', object: 'event', type: 'payment_intent.succeeded', livemode: false },
  data: {
    object: {
      ...{ id: 'pi_1', object: 'payment_intent', description: 'Zoë’s order' },
      metadata: { order_id: the.orderId, attempt: '2', purpose: 'reserve' },
    },
  },
});
const signatureOf = (body: string, key = secret, secondsAgo = 0): string => {
  const at = Math.floor(now / 1000) - secondsAgo;
  const digest = createHmac('sha256', key)
    .update(`${String(at)}.${body}`)
    .digest('hex');
  return `t=${String(at)},v1=${digest}`;
};
const post = (text: string, signature: string | null) =>
  served.post({ text, headers: signature === null ? {} : { 'Stripe-Signature': signature } });

describe('a notice of the card processor', () => {
  it('that is genuine is stored before it is acknowledged, whatever its media type', async () => {
    const { status, text } = await post(event, signatureOf(event));
    expect([status, text]).toEqual([204, '']);
    expect(stored.get('evt_1')).toEqual({
      noticeId: 'evt_1',
      subject: { type: 'reservation', orderId: the.orderId, attempt: 2 },
      receivedAt: now,
    });
  });

  it('that comes again is acknowledged again', async () => {
    for (let copy = 1; copy <= 3; copy += 1) {
      expect((await post(event, signatureOf(event))).status).toBe(204);
    }
    expect(stored.size).toBe(1);
  });

  it('that cannot be stored now is asked for again', async () => {
    isStoreUp = false;
    const { headers, json } = await post(event, signatureOf(event));
    expect(json).toMatchObject({ status: 503, code: 'unavailable' });
    expect(headers.get('retry-after')).toBe('5');
    isStoreUp = true;
    expect((await post(event, signatureOf(event))).status).toBe(204);
  });

  it.each([
    ['without a signature', event, null],
    ['signed with another secret', event, signatureOf(event, 'whsec_of_others')],
    ['signed too long ago', event, signatureOf(event, secret, 301)],
    ['signed too far in the future', event, signatureOf(event, secret, -301)],
    ['changed after it was signed', event.replace('evt_1', 'evt_2'), signatureOf(event)],
    ['written anew', JSON.stringify(JSON.parse(event), null, 1), signatureOf(event)],
    ['of no event', '{}', signatureOf('{}')],
    ['empty', '', signatureOf('')],
  ])('%s is refused and not stored', async (_, body, signature) => {
    const { json, text } = await post(body, signature);
    expect(json).toMatchObject({ status: 400, code: 'notice_not_genuine' });
    expect(text).not.toContain(the.orderId);
    expect(stored.size).toBe(0);
  });
});
