// Whose notices are believed: of our topic, signed by the service's own certificate, about now.
import * as E from 'fp-ts/lib/Either.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificatePath } from '../../../infrastructure/local/mailbox/notices/envelope.js';
import {
  amazon,
  networkOf,
  type PostedChange,
  publishedAt,
  readerOn,
  tampered,
  topicArn,
  type TopicService,
  topicService,
} from './service.js';

let service: TopicService;
let other: TopicService;
beforeAll(async () => {
  [service, other] = await Promise.all([topicService(), topicService()]);
});

const message = JSON.stringify({ notificationType: 'AmazonSnsSubscriptionSucceeded', message: 'Grüße 🙂\n' });
const believed = E.right({ type: 'other', what: 'AmazonSnsSubscriptionSucceeded' });
const notGenuine = E.left({ type: 'notice_not_genuine', reason: expect.any(String) });
const certificateAt = (origin: string): string => `${origin}${certificatePath(service.identity)}`;

describe('a notice is believed', () => {
  it.each<PostedChange>([
    { signatureVersion: '1' },
    { signatureVersion: '2' },
    { notice: { subject: 'Amazon SES Email Event Notification' } },
    { notice: { subject: '' } },
    { origin: 'https://sns.cn-north-1.amazonaws.com.cn' },
    { origin: 'https://sns.us-gov-west-1.amazonaws.com' },
  ])('when it is signed: %j', async (change) => {
    const network = networkOf(service);
    expect(await readerOn(network)(service.post(message, change))).toEqual(believed);
    expect(network.urls).toEqual([certificateAt(change.origin ?? amazon)]);
  });

  it('from a service that is not Amazon’s, when that is the one that was set', async () => {
    const origin = 'http://127.0.0.1:4579';
    const read = readerOn(networkOf(service), `${origin}/`);
    expect(await read(service.post(message, { origin }))).toEqual(believed);
    expect(await read(service.post(message))).toEqual(notGenuine);
    expect(await readerOn(networkOf(service))(service.post(message, { origin }))).toEqual(notGenuine);
  });

  it.each([-300, 0, 3_900])('%i seconds after its publishing', async (seconds) => {
    expect(await readerOn(networkOf(service))(service.post(message), seconds)).toEqual(believed);
  });

  it('with a field that came later and is not signed', async () => {
    const posted = tampered(service.post(message), { NewField: { a: 1 }, UnsubscribeURL: 'about:blank' });
    expect(await readerOn(networkOf(service))(posted)).toEqual(believed);
  });
});

describe('a notice is not believed', () => {
  it.each([
    { Message: message.replace('Succeeded', 'succeeded') },
    { Message: `${message}\n` },
    { MessageId: 'notice-2' },
    { Subject: 'a subject' },
    { Timestamp: '2026-03-09T12:00:00.001Z' },
    { SignatureVersion: '1' },
    { Signature: '' },
    { Signature: 'AAAA' },
    { Signature: '%%%' },
  ])('when it says something else than what was signed: %j', async (fields) => {
    const posted = tampered(service.post(message), fields);
    expect(await readerOn(networkOf(service))(posted)).toEqual(notGenuine);
  });

  it('when somebody else signed it', async () => {
    const posted = tampered(other.post(message), { SigningCertURL: certificateAt(amazon) });
    expect(await readerOn(networkOf(service))(posted)).toEqual(notGenuine);
  });

  it.each([
    'http://sns.eu-west-1.amazonaws.com',
    'https://sns.eu-west-1.amazonaws.com:444',
    'https://user@sns.eu-west-1.amazonaws.com',
    'https://sns.eu-west-1.amazonaws.com.attacker.example',
    'https://sns.eu-west-1.amazonaws.com.cn.attacker.example',
    'https://attacker.example',
    'https://attacker.example/sns.eu-west-1.amazonaws.com',
    'https://snsxeu-west-1.amazonaws.com',
    'https://bucket.s3.amazonaws.com',
    'https://sns.bucket.s3.amazonaws.com',
    'https://sns.eu-west-1.amazonaws.com/bucket',
    'https://sns.eu-west-1.amazonaws.com@attacker.example',
    'https://sns.eu-west-1.amazonaws.com\\@attacker.example',
    'file://sns.eu-west-1.amazonaws.com',
    'nonsense',
  ])('and nothing is fetched when its certificate is at %s', async (origin) => {
    const network = networkOf(service);
    expect(await readerOn(network)(service.post(message, { origin }))).toEqual(notGenuine);
    expect(network.urls).toEqual([]);
  });

  it.each(['?Action=GetTopicAttributes', '#.pem', '/../x.pem', '.txt'])(
    'and nothing is fetched when its certificate is named …%s',
    async (end) => {
      const network = networkOf(service);
      const posted = tampered(service.post(message), { SigningCertURL: `${certificateAt(amazon)}${end}` });
      expect(await readerOn(network)(posted)).toEqual(notGenuine);
      expect(network.urls).toEqual([]);
    },
  );

  it('when its topic is not ours, and nothing is fetched', async () => {
    const network = networkOf(service);
    const read = readerOn(network);
    for (const arn of [`${topicArn}2`, topicArn.toUpperCase(), ''])
      expect(await read(service.post(message, { topicArn: arn }))).toEqual(
        E.left({ type: 'notice_of_other_topic' }),
      );
    expect(network.urls).toEqual([]);
  });

  it.each([-301, 3_901])('%i seconds after its publishing', async (seconds) => {
    expect(await readerOn(networkOf(service))(service.post(message), seconds)).toEqual(
      E.left({ type: 'notice_out_of_time', publishedAt }),
    );
  });

  it('when the certificate is no longer valid', async () => {
    const in2050 = Date.UTC(2050, 0, 1);
    const posted = service.post(message, { notice: { publishedAt: in2050 } });
    const read = readerOn(networkOf(service));
    expect(await read(posted, (in2050 - publishedAt) / 1000)).toEqual(
      E.left({ type: 'notice_not_genuine', reason: 'the certificate is not valid now' }),
    );
  });

  it('when there is something else at the address of the certificate', async () => {
    for (const text of ['', '<html>', 'x'.repeat(30_000)]) {
      const network = networkOf(service, () => new Response(text));
      expect(await readerOn(network)(service.post(message))).toEqual(notGenuine);
    }
  });
});

describe('the certificate', () => {
  it('is fetched once, also for many notices at once', async () => {
    const network = networkOf(service);
    const read = readerOn(network);
    const notices = Array.from({ length: 10 }, () => read(service.post(message)));
    for (const outcome of await Promise.all(notices)) expect(outcome).toEqual(believed);
    expect(await read(service.post(message))).toEqual(believed);
    expect(network.urls).toHaveLength(1);
  });

  it('is asked for again after it could not be had, which is no judgement of the notice', async () => {
    const answers = [new Response('', { status: 503 }), new Response('', { status: 404 })];
    const network = networkOf(service, () => answers.shift() ?? null);
    const read = readerOn(network);
    for (const status of [503, 404])
      expect(await read(service.post(message))).toEqual(
        E.left({
          type: 'notice_service_unavailable',
          reason: `the certificate is answered with ${String(status)}`,
        }),
      );
    expect(await read(service.post(message))).toEqual(believed);
    const unreachable = readerOn(networkOf(other));
    expect(await unreachable(service.post(message))).toEqual(
      E.left({ type: 'notice_service_unavailable', reason: 'the certificate cannot be fetched' }),
    );
  });
});

describe('what is no notice', () => {
  const headers = { 'x-amz-sns-message-type': 'Notification' };
  const unreadable = E.left({ type: 'notice_unreadable', reason: expect.any(String) });

  it.each(['', '{', 'null', '[]', '"text"', '{}', '{"Type":"Notification"}', '\ufffe', '{"__proto__":{}}'])(
    'is refused: %j',
    async (body) => {
      expect(await readerOn(networkOf(service))({ body, headers })).toEqual(unreadable);
    },
  );

  it('is refused without the headers of a topic, or with others', async () => {
    const read = readerOn(networkOf(service));
    const { body } = service.post(message);
    expect(await read({ body, headers: {} })).toEqual(unreadable);
    expect(await read({ body, headers: { ...headers, 'x-amz-sns-rawdelivery': 'true' } })).toEqual(
      unreadable,
    );
    expect(await read({ body, headers: { 'x-amz-sns-message-type': 'UnsubscribeConfirmation' } })).toEqual(
      unreadable,
    );
    for (const field of ['Signature', 'SigningCertURL', 'SignatureVersion', 'Timestamp', 'MessageId'])
      expect(await read(tampered({ body, headers }, { [field]: undefined }))).toEqual(unreadable);
    expect(await read(tampered({ body, headers }, { SignatureVersion: '3' }))).toEqual(unreadable);
  });
});
