// What a believed notice says: which mail of which order, what happened, and whose address is to be marked.
import * as E from 'fp-ts/lib/Either.js';
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { inMemoryCustomers, plainPasswords } from '../../../adapters/customers/in-memory.js';
import { certificatePath } from '../../../infrastructure/local/mailbox/notices/envelope.js';
import { answerOf } from '../../contracts/samples.js';
import { signInSettings } from '../../contracts/customers/customers.js';
import { newOrderId } from '../../support/ids.js';
import { networkOf, publishedAt, readerOn, type TopicService, topicService } from './service.js';

let service: TopicService;
beforeAll(async () => {
  service = await topicService();
});

const at = new Date(publishedAt).toISOString();
const orderId = newOrderId();
const tags = { order_id: [orderId], kind: ['order_shipped'], fact_revision: ['17'], 'ses:operation': ['x'] };
const mail = { messageId: 'm-1', destination: ['ada@customer.example'], tags };
const ada = { emailAddress: 'ada@customer.example' };
const bounce = {
  ...{ bounceType: 'Permanent', bounceSubType: 'General', feedbackId: 'f-1', timestamp: at },
  bouncedRecipients: [{ ...ada, status: '5.1.1' }],
};
const complaint = {
  ...{ feedbackId: 'f-2', timestamp: at, complaintFeedbackType: 'abuse' },
  complainedRecipients: [ada],
};
const about = {
  messageId: 'm-1',
  orderId,
  notification: { kind: 'order_shipped', factRevision: 17 },
  at: publishedAt,
};

const read = (event: unknown) =>
  readerOn(networkOf(service))(service.post(typeof event === 'string' ? event : JSON.stringify(event)));

async function noticeOf(event: unknown) {
  const outcome = await read(event);
  if (E.isLeft(outcome)) throw new Error(`refused: ${outcome.left.type}`);
  return outcome.right;
}

async function reportOf(event: unknown) {
  const notice = await noticeOf(event);
  if (notice.type !== 'report') throw new Error(`no report: ${notice.type}`);
  return notice;
}

/** What the report marks, as `address: reason`, in order. */
async function marksOf(event: unknown): Promise<readonly string[]> {
  const marks: string[] = [];
  const { markRecipient } = await reportOf(event);
  const outcome = await markRecipient({
    markAddress: (email, reason, since) => async () => {
      marks.push(`${email}: ${reason}${since === publishedAt ? '' : ' at another time'}`);
      return E.right(undefined);
    },
  })();
  expect(E.isRight(outcome)).toBe(true);
  return marks;
}

describe('a report', () => {
  it.each([
    ['Permanent', 'bounced_permanently'],
    ['Transient', 'bounced_transiently'],
    ['Undetermined', 'bounced_transiently'],
  ])('of a %s bounce says %s', async (bounceType, kind) => {
    const event = { eventType: 'Bounce', mail, bounce: { ...bounce, bounceType } };
    expect((await reportOf(event)).report).toEqual({ ...about, reportId: 'f-1', kind });
    expect(await marksOf(event)).toEqual([`ada@customer.example: ${kind}`]);
  });

  it('of a complaint says so', async () => {
    const event = { eventType: 'Complaint', mail, complaint };
    expect((await reportOf(event)).report).toEqual({ ...about, reportId: 'f-2', kind: 'complained' });
    expect(await marksOf(event)).toEqual(['ada@customer.example: complained']);
  });

  it('of a delivery marks nothing', async () => {
    const event = {
      eventType: 'Delivery',
      mail,
      delivery: { timestamp: at, recipients: [ada.emailAddress] },
    };
    expect((await reportOf(event)).report).toEqual({
      ...about,
      reportId: 'm-1-delivered',
      kind: 'delivered',
    });
    expect(await marksOf(event)).toEqual([]);
  });

  it('in the form of an identity says the same, without the order', async () => {
    const { tags: _tags, ...untagged } = mail;
    const { report } = await reportOf({ notificationType: 'Bounce', mail: untagged, bounce });
    expect(report).toMatchObject({ reportId: 'f-1', messageId: 'm-1', orderId: null, notification: null });
  });

  it.each([
    [{ ...tags, order_id: ['order-1'] }, null, about.notification],
    [{ ...tags, order_id: [] }, null, about.notification],
    [{ ...tags, kind: ['newsletter'] }, orderId, null],
    [{ ...tags, kind: ['toString'] }, orderId, null],
    [{ ...tags, fact_revision: ['-1'] }, orderId, null],
    [{ ...tags, fact_revision: ['99999999999999999999'] }, orderId, null],
    [{}, null, null],
  ])('with tags of somebody else says only what is sure: %#', async (other, order, notification) => {
    const { report } = await reportOf({ eventType: 'Bounce', mail: { ...mail, tags: other }, bounce });
    expect([report.orderId, report.notification]).toEqual([order, notification]);
  });

  it.each([
    [[], ['ada@customer.example: bounced_permanently']],
    [[{ emailAddress: 'Ada L. <Ada@customer.example>' }], ['Ada@customer.example: bounced_permanently']],
    [
      [ada, { emailAddress: 'bob@customer.example' }],
      ['ada@customer.example: bounced_permanently', 'bob@customer.example: bounced_permanently'],
    ],
  ])('marks exactly those it is about: %#', async (bouncedRecipients, marks) => {
    expect(await marksOf({ eventType: 'Bounce', mail, bounce: { ...bounce, bouncedRecipients } })).toEqual(
      marks,
    );
  });

  it('guesses at nobody when it names none of several', async () => {
    const destination = ['ada@customer.example', 'bob@customer.example'];
    const event = {
      ...{ eventType: 'Bounce', mail: { ...mail, destination } },
      bounce: { ...bounce, bouncedRecipients: [] },
    };
    expect(await marksOf(event)).toEqual([]);
  });

  it('shows no address, however it is printed', async () => {
    const notice = await reportOf({ eventType: 'Bounce', mail, bounce });
    expect(JSON.stringify(notice)).not.toContain('@');
    expect(String(notice.markRecipient)).not.toContain('@');
  });

  it('marks in the store, and says when the store could not be reached', async () => {
    const customers = inMemoryCustomers(plainPasswords, randomBytes, signInSettings);
    const { markRecipient } = await reportOf({ eventType: 'Bounce', mail, bounce });
    await answerOf(markRecipient(customers));
    await answerOf(markRecipient(customers));
    expect(await answerOf(customers.addressMark('Ada@Customer.example'))).toEqual({
      reason: 'bounced_permanently',
      at: publishedAt,
    });
    const gone = E.left({ type: 'customers_unavailable', reason: 'gone' } as const);
    expect(await markRecipient({ markAddress: () => async () => gone })()).toEqual(gone);
  });
});

describe('a notice of no consequence', () => {
  it.each([
    ['Successfully validated SNS topic for Amazon SES event publishing.', 'no event of a mail'],
    [{}, 'no event of a mail'],
    [null, 'no event of a mail'],
    [{ eventType: 7 }, 'no event of a mail'],
    [{ notificationType: 'AmazonSnsSubscriptionSucceeded' }, 'AmazonSnsSubscriptionSucceeded'],
    [{ eventType: 'DeliveryDelay', mail }, 'DeliveryDelay'],
    [
      { eventType: 'Complaint', mail, complaint: { ...complaint, complaintFeedbackType: 'not-spam' } },
      'Complaint taken back',
    ],
  ])('is called by its name: %#', async (event, what) => {
    expect(await noticeOf(event)).toEqual({ type: 'other', what });
  });

  it.each([
    { eventType: 'Bounce', mail },
    { eventType: 'Bounce', bounce },
    { eventType: 'Bounce', mail, bounce: { ...bounce, timestamp: 'yesterday' } },
    { eventType: 'Bounce', mail, bounce: { ...bounce, bouncedRecipients: 'ada' } },
    { eventType: 'Complaint', mail, bounce },
    { eventType: 'Delivery', mail: { ...mail, messageId: 7 }, delivery: { timestamp: at } },
  ])('is not a report with parts missing: %#', async (event) => {
    expect(await read(event)).toEqual(
      E.left({ type: 'notice_unreadable', reason: 'fields of a mail event are missing' }),
    );
  });
});

describe('a subscription', () => {
  const notice = { type: 'SubscriptionConfirmation', token: 'a1' } as const;

  it('is confirmed at the service, when it is wanted', async () => {
    const answers = [new Response('', { status: 500 }), new Response('<ok/>')];
    const network = networkOf(service, (url) => (url.includes('Action=') ? (answers.shift() ?? null) : null));
    const outcome = await readerOn(network)(service.post('You were subscribed', { notice }));
    if (E.isLeft(outcome) || outcome.right.type !== 'subscription') throw new Error('no subscription');
    expect(network.urls).toHaveLength(1);
    const { confirm } = outcome.right;
    const unavailable = (reason: string) => E.left({ type: 'notice_service_unavailable', reason });
    expect(await confirm()).toEqual(unavailable('the subscription is answered with 500'));
    expect(await confirm()).toEqual(E.right(undefined));
    expect(await confirm()).toEqual(unavailable('the subscription cannot be confirmed'));
    const asked = new URL(network.urls[1] ?? '');
    expect([asked.origin, asked.searchParams.get('Token')]).toEqual([
      'https://sns.eu-west-1.amazonaws.com',
      'a1',
    ]);
  });

  it('is not confirmed anywhere else, though it was signed', async () => {
    const elsewhere = service.post('', { notice, origin: 'https://attacker.example' });
    const envelope: Readonly<Record<string, unknown>> = JSON.parse(elsewhere.body);
    const certificate = `https://sns.eu-west-1.amazonaws.com${certificatePath(service.identity)}`;
    const body = JSON.stringify({ ...envelope, SigningCertURL: certificate });
    const outcome = await readerOn(networkOf(service))({ ...elsewhere, body });
    expect(outcome).toEqual(
      E.left({ type: 'notice_not_genuine', reason: 'the subscription is confirmed somewhere else' }),
    );
  });

  it('that ended is told', async () => {
    const ended = service.post('', { notice: { ...notice, type: 'UnsubscribeConfirmation' } });
    expect(await readerOn(networkOf(service))(ended)).toEqual(E.right({ type: 'subscription_ended' }));
  });
});
