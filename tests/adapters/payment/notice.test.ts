import * as E from 'fp-ts/lib/Either.js';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNotice } from '../../../adapters/payment/stripe/notice.js';
import { afterNoon } from '../../contracts/samples.js';
import { newOrderId } from '../../support/ids.js';

const secret = 'whsec_of_today';
const orderId = newOrderId();
const now = afterNoon(0);
const nowSeconds = now / 1000;

const bytesOf = (content: unknown): Buffer =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
const signatureOf = (body: Buffer, at = nowSeconds, key = secret): string => {
  const digest = createHmac('sha256', key).update(`${at}.`).update(body).digest('hex');
  return `t=${at},v1=${digest}`;
};
const eventOf = (type: string, object: object, id = 'evt_1'): object => ({
  ...{ id, object: 'event', type, livemode: false },
  data: { object },
});
const read = (body: Buffer, signature: string | undefined, secrets = [secret], at = now) =>
  readNotice(secrets)({ body, signature }, at);
const subjectOf = (content: object) => {
  const body = bytesOf(content);
  const notice = read(body, signatureOf(body));
  if (E.isLeft(notice)) throw new Error(notice.left.type);
  return notice.right.subject;
};

const marks = { order_id: orderId, attempt: '2', purpose: 'reserve' };
const intent = { id: 'pi_1', object: 'payment_intent', metadata: marks };
const intentEvent = bytesOf(eventOf('payment_intent.succeeded', intent));

describe('a webhook', () => {
  it('that is genuine is a notice under its own name', () => {
    expect(read(intentEvent, signatureOf(intentEvent))).toEqual(
      E.right({
        noticeId: 'evt_1',
        subject: { type: 'reservation', orderId, attempt: 2 },
        receivedAt: now,
      }),
    );
  });

  it.each([
    ['signature_missing', undefined],
    ['signature_missing', ''],
    ['signature_malformed', 'nonsense'],
    ['signature_malformed', `t=${nowSeconds}`],
    ['signature_malformed', `v1=${'0'.repeat(64)}`],
    ['signature_malformed', `t=abc,v1=${'0'.repeat(64)}`],
    ['signature_malformed', `t=${nowSeconds},t=${nowSeconds - 9_000},v1=${'0'.repeat(64)}`],
    ['signature_malformed', `t=${nowSeconds},v0=${'0'.repeat(64)}`],
    ['signature_wrong', `t=${nowSeconds},v1=${'0'.repeat(64)}`],
    ['signature_malformed', `t=${nowSeconds},v1=`],
    ['signature_malformed', `t=${nowSeconds},v1=${'é'.repeat(64)}`],
  ])('is refused as %s with the header %s', (type, header) => {
    expect(read(intentEvent, header)).toEqual(E.left({ type }));
  });

  it.each([-300, -1, 0, 1, 300])('signed %i seconds ago is believed', (age) => {
    expect(E.isRight(read(intentEvent, signatureOf(intentEvent, nowSeconds - age)))).toBe(true);
  });

  it.each([-86_400, -301, 301, 86_400])('signed %i seconds ago is not believed', (age) => {
    expect(read(intentEvent, signatureOf(intentEvent, nowSeconds - age))).toEqual(
      E.left({ type: 'outside_tolerance', ageSeconds: age }),
    );
  });

  it('whose time was moved after signing is not believed', () => {
    const stale = signatureOf(intentEvent, nowSeconds - 9_000);
    const moved = stale.replace(/^t=\d+/, `t=${nowSeconds}`);
    expect(read(intentEvent, moved)).toEqual(E.left({ type: 'signature_wrong' }));
  });

  it('is believed under each of several secrets and signatures, and under none that is not ours', () => {
    const secrets = [secret, 'whsec_of_yesterday'];
    const old = signatureOf(intentEvent, nowSeconds, 'whsec_of_yesterday');
    expect(E.isRight(read(intentEvent, old, secrets))).toBe(true);
    expect(read(intentEvent, old, [secret])).toEqual(E.left({ type: 'signature_wrong' }));
    expect(read(intentEvent, old, [])).toEqual(E.left({ type: 'signature_wrong' }));
    expect(read(intentEvent, signatureOf(intentEvent, nowSeconds, ''), [''])).toEqual(
      E.left({ type: 'signature_wrong' }),
    );
    const both = `${old},v1=${signatureOf(intentEvent).split('v1=')[1] ?? ''}`;
    expect(E.isRight(read(intentEvent, both, [secret]))).toBe(true);
  });

  it('with any byte changed is not believed', () => {
    fc.assert(
      fc.property(fc.nat(intentEvent.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const body = Buffer.from(intentEvent);
        body[place] = (body[place] ?? 0) ^ change;
        return E.isLeft(read(body, signatureOf(intentEvent)));
      }),
    );
  });

  it.each([
    ['{"id":"evt_1"', 'half a text'],
    ['', 'nothing'],
    ['[]', 'a list'],
    ['null', 'null'],
    ['{"id":"evt_1","type":"x"}', 'an event without an object'],
    ['{"id":"","type":"x","data":{"object":{"object":"charge"}}}', 'an event without a name'],
    ['{"object":"v2.core.event","id":"evt_1"}', 'a thin event'],
  ])('that is signed and holds %s (%s) is no event', (content) => {
    const body = bytesOf(content);
    expect(read(body, signatureOf(body))).toEqual(E.left({ type: 'not_an_event' }));
  });
});

describe('what a webhook is about', () => {
  it.each([
    'payment_intent.amount_capturable_updated',
    'payment_intent.requires_action',
    'payment_intent.payment_failed',
    'payment_intent.canceled',
  ])('%s: the attempt', (type) => {
    expect(subjectOf(eventOf(type, intent))).toEqual({ type: 'reservation', orderId, attempt: 2 });
  });

  it.each(['charge.captured', 'charge.expired', 'charge.refunded'])('%s: the attempt', (type) => {
    const charge = { id: 'ch_1', object: 'charge', metadata: marks, payment_intent: 'pi_1' };
    expect(subjectOf(eventOf(type, charge))).toEqual({ type: 'reservation', orderId, attempt: 2 });
  });

  it.each(['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated'])(
    '%s: the refund with its number',
    (type) => {
      const metadata = { order_id: orderId, refund: '3', purpose: 'refund' };
      expect(subjectOf(eventOf(type, { id: 're_1', object: 'refund', metadata }))).toEqual({
        ...{ type: 'refund', orderId, number: 3 },
      });
    },
  );

  it('charge.dispute.created: the dispute, by its name', () => {
    const dispute = { id: 'du_1', object: 'dispute', payment_intent: 'pi_1', metadata: {}, amount: 3564 };
    const created = eventOf('charge.dispute.created', dispute);
    expect(subjectOf(created)).toEqual({ type: 'dispute', reference: 'du_1' });
  });

  it.each([
    ['an event that we do not follow', eventOf('customer.created', { id: 'cus_1', object: 'customer' })],
    ['a payment of another system', eventOf('payment_intent.succeeded', { ...intent, metadata: {} })],
    [
      'a payment with the order number of another system',
      eventOf('payment_intent.succeeded', { ...intent, metadata: { ...marks, order_id: 'SO-1001' } }),
    ],
    [
      'a payment whose attempt is no number',
      eventOf('payment_intent.succeeded', { ...intent, metadata: { ...marks, attempt: '2;3' } }),
    ],
    [
      'a payment without marks',
      eventOf('payment_intent.succeeded', { id: 'pi_1', object: 'payment_intent' }),
    ],
    [
      'a refund that was made by hand',
      eventOf('refund.created', { id: 're_1', object: 'refund', metadata: null }),
    ],
    ['a refund with marks of a payment', eventOf('refund.created', { ...intent, object: 'refund' })],
  ])('%s: nothing of ours', (_what, content) => {
    const subject = subjectOf(content);
    expect(subject.type).toBe('other');
  });

  it('of others names the type and the object', () => {
    const created = eventOf('customer.created', { id: 'cus_1', object: 'customer' });
    expect(subjectOf(created)).toEqual({ type: 'other', what: 'customer.created cus_1' });
  });
});
