import { createVerify, X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MailboxOptions } from '../../../infrastructure/local/mailbox/server.js';
import { type Envelope, openSubscriber, type Received, type Subscriber } from './subscriber.js';
import { confirmation, type MailboxUnderTest, openMailbox, start } from './world.js';

let subscriber: Subscriber;
let opened: MailboxUnderTest[];
beforeEach(async () => {
  opened = [];
  subscriber = await openSubscriber();
});
afterEach(async () => {
  for (const mailbox of opened) await mailbox.close();
  await subscriber.close();
});

type Notices = NonNullable<MailboxOptions['notices']>;

async function subscribed(options: Partial<Notices> = {}): Promise<MailboxUnderTest> {
  const mailbox = await openMailbox({
    notices: { endpoint: subscriber.url, retryDelays: [5], ...options },
  });
  opened.push(mailbox);
  await subscriber.count(1);
  return mailbox;
}

const sendTo = (mailbox: MailboxUnderTest, address: string, configurationSet: string | null = 'orders') =>
  mailbox.ses.send(
    confirmation('order-1', {
      Destination: { ToAddresses: [address] },
      ConfigurationSetName: configurationSet ?? undefined,
    }),
  );

const messageOf = ({ envelope }: Received): unknown => JSON.parse(envelope.Message);

/** The signed text by the topic's rule, written down apart from the mailbox. */
function signedText(envelope: Envelope): string {
  const names =
    envelope.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const);
  return names
    .filter((name) => envelope[name] !== undefined)
    .map((name) => `${name}\n${envelope[name] ?? ''}\n`)
    .join('');
}

async function isSigned(envelope: Envelope): Promise<boolean> {
  const response = await fetch(envelope.SigningCertURL);
  const certificate = new X509Certificate(await response.text());
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(Date.parse(certificate.validFrom)).toBeLessThan(start);
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(start);
  return createVerify(envelope.SignatureVersion === '1' ? 'sha1' : 'sha256')
    .update(signedText(envelope))
    .verify(certificate.publicKey, envelope.Signature, 'base64');
}

describe('a subscription', () => {
  it('is confirmed by the address in its first notice', async () => {
    await subscribed();
    const [first] = subscriber.received;
    expect(first?.headers).toMatchObject({
      'x-amz-sns-message-type': 'SubscriptionConfirmation',
      'x-amz-sns-message-id': first?.envelope.MessageId,
      'x-amz-sns-topic-arn': 'arn:aws:sns:eu-west-1:000000000000:mail-events',
      'content-type': 'text/plain; charset=UTF-8',
    });
    expect(first?.envelope.Token).toMatch(/^[0-9a-f]{64}$/);
    const again = await fetch(first?.envelope.SubscribeURL ?? '');
    expect(await again.text()).toMatch(/<SubscriptionArn>arn:aws:sns:[^<]+:mail-events:[0-9a-f-]{36}</);
  });

  it('is not confirmed by anything else', async () => {
    const mailbox = await subscribed();
    const url = new URL(subscriber.received[0]?.envelope.SubscribeURL ?? '');
    url.searchParams.set('Token', 'guessed');
    expect((await fetch(url)).status).toBe(400);
    expect((await fetch(`${mailbox.server.url}/?Action=Unsubscribe&SubscriptionArn=x`)).status).toBe(400);
  });

  it('holds its notices until it is confirmed', async () => {
    await subscriber.close();
    subscriber = await openSubscriber({ confirms: false });
    const mailbox = await subscribed();
    for (let mail = 0; mail < 10; mail += 1) await sendTo(mailbox, 'bounce@simulator.amazonses.com');
    expect(subscriber.received).toHaveLength(1);
    await fetch(subscriber.received[0]?.envelope.SubscribeURL ?? '');
    await subscriber.count(11);
    const ids = new Set(subscriber.received.map(({ envelope }) => envelope.MessageId));
    expect(ids.size).toBe(11);
  });

  it('ends by the address in every notice', async () => {
    const mailbox = await subscribed();
    await sendTo(mailbox, 'bounce@simulator.amazonses.com');
    await subscriber.count(2);
    await fetch(subscriber.received[1]?.envelope.UnsubscribeURL ?? '');
    await subscriber.count(3);
    expect(subscriber.received[2]?.envelope.Type).toBe('UnsubscribeConfirmation');
    expect(await isSigned(subscriber.received[2]?.envelope ?? neverSent)).toBe(true);
  });
});

const neverSent: Envelope = {
  ...{ Type: '', MessageId: '', TopicArn: '', Message: '', Timestamp: '', SignatureVersion: '' },
  ...{ Signature: '', SigningCertURL: '' },
};

describe('every notice', () => {
  it.each(['1', '2'] as const)('is signed with version %s', async (signatureVersion) => {
    const mailbox = await subscribed({ signatureVersion });
    await sendTo(mailbox, 'bounce@simulator.amazonses.com');
    await sendTo(mailbox, 'bounce@simulator.amazonses.com', null);
    await subscriber.count(3);
    for (const { envelope } of subscriber.received) {
      expect(envelope.SignatureVersion).toBe(signatureVersion);
      expect(await isSigned(envelope)).toBe(true);
      expect(await isSigned({ ...envelope, Message: `${envelope.Message} ` })).toBe(false);
    }
  });
});

describe('the simulator', () => {
  it.each([
    ['success', ['Delivery'], null],
    ['bounce', ['Bounce'], ['Permanent', 'General']],
    ['bounce+label7', ['Bounce'], ['Permanent', 'General']],
    ['ooto', ['Delivery', 'Bounce'], ['Transient', 'General']],
    ['suppressionlist', ['Bounce'], ['Permanent', 'Suppressed']],
    ['complaint', ['Delivery', 'Complaint'], null],
  ])('%s@ leads to %j', async (name, kinds, bounce) => {
    const mailbox = await subscribed({ events: ['Bounce', 'Complaint', 'Delivery'] });
    const address = `${name}@simulator.amazonses.com`;
    const { MessageId: messageId } = await sendTo(mailbox, address);
    await subscriber.count(1 + kinds.length);
    const told = subscriber.received.slice(1).map(messageOf);
    expect(told).toHaveLength(kinds.length);
    for (const eventType of kinds)
      expect(told).toContainEqual(
        expect.objectContaining({
          eventType,
          mail: expect.objectContaining({
            messageId,
            destination: [address],
            tags: expect.objectContaining({ order_id: ['order-1'], kind: ['confirmation'] }),
          }),
        }),
      );
    if (bounce !== null)
      expect(told).toContainEqual(
        expect.objectContaining({
          bounce: expect.objectContaining({
            bounceType: bounce[0],
            bounceSubType: bounce[1],
            bouncedRecipients: [expect.objectContaining({ emailAddress: address })],
          }),
        }),
      );
    const list: unknown = await (await fetch(`${mailbox.server.url}/api/suppressed`)).json();
    expect(list).toEqual({ suppressed: [] });
  });

  it('tells nothing of deliveries unless it is asked to', async () => {
    const mailbox = await subscribed();
    await sendTo(mailbox, 'success@simulator.amazonses.com');
    await sendTo(mailbox, 'complaint@simulator.amazonses.com');
    await subscriber.count(2);
    expect(messageOf(subscriber.received[1] ?? { body: '', headers: {}, envelope: neverSent })).toMatchObject(
      { eventType: 'Complaint', complaint: { complaintFeedbackType: 'abuse' } },
    );
  });

  it('tells of a mail without a configuration set as an identity does: without tags', async () => {
    const mailbox = await subscribed();
    await sendTo(mailbox, 'bounce@simulator.amazonses.com', null);
    await subscriber.count(2);
    const [, notice] = subscriber.received;
    expect(notice?.envelope.Subject).toBeUndefined();
    expect(notice?.body).toContain('notificationType');
    expect(notice?.body).not.toContain('order_id');
  });
});
