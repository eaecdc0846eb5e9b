// What a test can order to become of mails and of notices, and what survives a restart.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSendStatisticsCommand } from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MailboxOptions } from '../../../infrastructure/local/mailbox/server.js';
import { deadAddress, openSubscriber, type Subscriber } from './subscriber.js';
import { confirmation, type MailboxUnderTest, openMailbox, start } from './world.js';

let subscriber: Subscriber;
const opened: MailboxUnderTest[] = [];
beforeEach(async () => {
  subscriber = await openSubscriber();
});
afterEach(async () => {
  for (const mailbox of opened.splice(0)) await mailbox.close();
  await subscriber.close();
});

async function subscribed(options: Partial<MailboxOptions> = {}): Promise<MailboxUnderTest> {
  const mailbox = await openMailbox({
    notices: { endpoint: subscriber.url, retryDelays: [5] },
    ...options,
  });
  opened.push(mailbox);
  return mailbox;
}

const sendTo = (mailbox: MailboxUnderTest, address: string, order = 'order-1') =>
  mailbox.ses.send(confirmation(order, { Destination: { ToAddresses: [address] } }));

type Told = {
  readonly eventType: string;
  readonly bounce?: { readonly bounceType: string; readonly bounceSubType: string };
  readonly mail: { readonly destination: readonly string[] };
};
const told = (): readonly Told[] =>
  subscriber.received
    .filter(({ envelope }) => envelope.Type === 'Notification')
    .map(({ envelope }) => {
      const message: Told = JSON.parse(envelope.Message);
      return message;
    });

type Shown = {
  readonly subscription: { readonly confirmedAt: number | null } | null;
  readonly notices: readonly {
    readonly id: string;
    readonly type: string;
    readonly takenAt: number | null;
  }[];
};
async function shown(mailbox: MailboxUnderTest): Promise<Shown> {
  const body: Shown = await (await fetch(`${mailbox.server.url}/_notices`)).json();
  return body;
}

describe('the next mail', () => {
  it.each([
    ['bounce_permanently', 'Bounce', 'Permanent', 'General'],
    ['bounce_transiently', 'Bounce', 'Transient', 'MailboxFull'],
    ['complain', 'Complaint', undefined, undefined],
  ])('ordered to %s does so, once, and for nobody else', async (kind, eventType, type, subType) => {
    const mailbox = await subscribed();
    const match = { recipient: 'ada@customer.example' };
    expect(await mailbox.postJson('/_outcomes', { kind, match })).toBe(201);
    await sendTo(mailbox, 'bob@customer.example');
    await sendTo(mailbox, 'Ada <ADA@customer.example>');
    await subscriber.count(2);
    expect(told()).toHaveLength(1);
    expect(told()[0]).toMatchObject({ eventType, mail: { destination: ['Ada <ADA@customer.example>'] } });
    expect([told()[0]?.bounce?.bounceType, told()[0]?.bounce?.bounceSubType]).toEqual([type, subType]);
    const { mails } = await mailbox.mails();
    const delivered = kind === 'complain' ? ['Ada <ADA@customer.example>'] : [];
    expect(mails.map((mail) => mail.delivered)).toEqual([['bob@customer.example'], delivered]);
  });

  it('after a permanent bounce is not sent at all, for the address is on the suppression list', async () => {
    const mailbox = await subscribed();
    await mailbox.postJson('/_outcomes', { kind: 'bounce_permanently' });
    await sendTo(mailbox, 'ada@customer.example');
    await sendTo(mailbox, 'ada@customer.example');
    await subscriber.count(3);
    expect(
      told()
        .map(({ bounce }) => bounce?.bounceSubType)
        .sort(),
    ).toEqual(['General', 'OnAccountSuppressionList']);
    const statistics = await mailbox.ses.send(new GetSendStatisticsCommand({}));
    expect(statistics.SendDataPoints).toMatchObject([{ DeliveryAttempts: 2, Bounces: 1, Complaints: 0 }]);
  });

  it('bounces on a mailbox that tells nobody, too', async () => {
    const mailbox = await openMailbox();
    opened.push(mailbox);
    await sendTo(mailbox, 'bounce@simulator.amazonses.com');
    expect((await mailbox.mails()).mails).toMatchObject([
      { delivered: [], fates: [{ fate: 'bounced_permanently' }] },
    ]);
    expect(await shown(mailbox)).toEqual({ subscription: null, notices: [] });
  });

  it('does what is understood only', async () => {
    const mailbox = await subscribed();
    expect(await mailbox.postJson('/_outcomes', { kind: 'explode' })).toBe(400);
    expect(await mailbox.postJson('/_outcomes', { kind: 'complain', match: { action: 'x' } })).toBe(400);
    expect(await mailbox.postJson('/_notices/faults', { kind: 'explode' })).toBe(400);
  });
});

describe('a notice', () => {
  it('comes again until it is taken, always the same', async () => {
    const mailbox = await subscribed();
    await subscriber.count(1);
    subscriber.answer(500, 403, 302);
    await sendTo(mailbox, 'bounce@simulator.amazonses.com');
    await subscriber.count(5);
    const [, ...attempts] = subscriber.received;
    expect(new Set(attempts.map(({ body }) => body)).size).toBe(1);
  });

  it('comes twice when it was ordered, and otherwise once', async () => {
    const mailbox = await subscribed();
    await mailbox.postJson('/_notices/faults', { kind: 'twice', match: { event: 'Bounce' } });
    await sendTo(mailbox, 'bounce@simulator.amazonses.com');
    await subscriber.count(3);
    await sendTo(mailbox, 'bounce@simulator.amazonses.com', 'order-2');
    await subscriber.count(4);
    const ids = subscriber.received.slice(1).map(({ envelope }) => envelope.MessageId);
    expect(ids.map((id) => ids.indexOf(id))).toEqual([0, 0, 2]);
  });

  it('overtakes one that is ordered to be out of order', async () => {
    const mailbox = await subscribed();
    await subscriber.count(1);
    await mailbox.postJson('/_notices/faults', { kind: 'out_of_order', match: { order: 'order-1' } });
    await sendTo(mailbox, 'bounce+1@simulator.amazonses.com', 'order-1');
    await sendTo(mailbox, 'bounce+2@simulator.amazonses.com', 'order-2');
    await subscriber.count(3);
    expect(told().map(({ mail }) => mail.destination[0])).toEqual([
      'bounce+2@simulator.amazonses.com',
      'bounce+1@simulator.amazonses.com',
    ]);
  });

  it('waits when it is ordered to be late, and holds up no other', async () => {
    const mailbox = await subscribed();
    const late = { kind: 'late', match: { order: 'order-1' }, delayMilliseconds: 600_000 };
    await mailbox.postJson('/_notices/faults', late);
    await sendTo(mailbox, 'bounce+1@simulator.amazonses.com', 'order-1');
    await sendTo(mailbox, 'bounce+2@simulator.amazonses.com', 'order-2');
    await subscriber.count(2);
    await mailbox.close();
    expect(told().map(({ mail }) => mail.destination[0])).toEqual(['bounce+2@simulator.amazonses.com']);
  });

  it('is given up an hour after it was published', async () => {
    const mailbox = await subscribed({ notices: { endpoint: await deadAddress(), retryDelays: [5] } });
    mailbox.now = start + 3_600_001;
    await expect
      .poll(async () => (await shown(mailbox)).notices, { timeout: 10_000 })
      .toMatchObject([{ type: 'SubscriptionConfirmation', takenAt: null, givenUpAt: start + 3_600_001 }]);
  });
});

describe('after a restart', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailbox-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('goes on with what was not delivered, under the same key and subscription', async () => {
    const first = await subscribed({ dataDirectory: folder });
    await subscriber.count(1);
    await expect.poll(async () => (await shown(first)).notices[0]?.takenAt, { timeout: 10_000 }).toBe(start);
    await first.postJson('/_notices/faults', { kind: 'late', delayMilliseconds: 600_000 });
    await sendTo(first, 'bounce@simulator.amazonses.com');
    const before = await shown(first);
    expect(before.notices).toMatchObject([{ takenAt: start }, { takenAt: null }]);
    const certificateUrl = new URL(subscriber.received[0]?.envelope.SigningCertURL ?? '');
    const certificate = await (await fetch(certificateUrl)).text();
    await first.close();

    const second = await subscribed({ dataDirectory: folder, clock: () => start + 600_000 });
    await subscriber.count(2);
    const [, notice] = subscriber.received;
    expect(notice?.envelope.MessageId).toBe(before.notices[1]?.id);
    expect((await shown(second)).subscription).toEqual(before.subscription);
    expect(new URL(notice?.envelope.SigningCertURL ?? '').pathname).toBe(certificateUrl.pathname);
    const served = await fetch(notice?.envelope.SigningCertURL ?? '');
    expect(await served.text()).toBe(certificate);
  });

  it('asks a new address to confirm before it tells it anything', async () => {
    const first = await subscribed({
      dataDirectory: folder,
      notices: { endpoint: await deadAddress(), retryDelays: [5] },
    });
    await sendTo(first, 'bounce@simulator.amazonses.com');
    await first.close();
    await subscribed({ dataDirectory: folder });
    await subscriber.count(2);
    expect(subscriber.received.map(({ envelope }) => envelope.Type)).toEqual([
      'SubscriptionConfirmation',
      'Notification',
    ]);
  });
});
