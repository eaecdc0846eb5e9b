// One order whole, as operators and their programs see it. Amounts are minor units of the order's currency.
import type { HeldMoney } from '../../../application/read-models/order-money.js';
import type { OrderDetails } from '../../../application/read-models/order-details.js';
import type { OrderWait } from '../../../application/read-models/order-waits.js';
import type { Instant } from '../../../domain/instant.js';
import type { Money } from '../../../domain/money.js';
import { statusCodec } from '../checkout/order-answer.js';
import { cancellationPreviewCodec } from '../checkout/payment-answer.js';
import { anything, choice, closed, line, list, orNull, truth, variants, whole } from '../codecs.js';
import { articleCodec, countryCodec, currencyCodec, minorCodec, momentCodec, momentOf } from '../values.js';
import { orderIdCodec, quantityCodec, uuidCodec } from '../values.js';

const revision = whole(0, Number.MAX_SAFE_INTEGER);
const attempt = whole(1, 1_000);
const moment = orNull(momentCodec);
const amount = orNull(minorCodec);
const word = line(1, 60);
const text = line(0, 4_000);
const most = 10_000;

const cardCodec = orNull(closed('CardSummary', { brand: line(1, 40), lastFour: line(1, 4) }));
const declineCodec = orNull(closed('Decline', { class: word, code: line(1, 100) }));
const heldCodec = closed('MoneyOnCard', {
  ...{ attempt, amount: minorCodec, until: momentCodec, card: cardCodec, reference: text },
});

const waitCodec = variants('type', {
  another_card: closed('WaitForAnotherCard', {
    ...{ type: choice('another_card'), decline: declineCodec, until: moment },
  }),
  challenge: closed('WaitForChallenge', {
    ...{ type: choice('challenge'), url: line(1, 2_000), until: moment },
  }),
  automatic_retry: closed('WaitForRetry', { type: choice('automatic_retry'), decline: declineCodec }),
  lost_answer: closed('WaitForLostAnswer', {
    type: choice('lost_answer'),
    request: choice('reservation', 'charge', 'refund'),
  }),
  hold: closed('WaitForRelease', { type: choice('hold'), reasons: list(word, 1, 10) }),
  put_back: closed('WaitForPutBack', { type: choice('put_back') }),
  refund: closed('WaitForRefund', { type: choice('refund'), refundIds: list(text, 1, most) }),
});

const timelineCodec = closed('TimelineEntry', {
  ...{ revision, eventId: uuidCodec, at: momentCodec, fact: word, region: word, title: line(1, 100) },
  ...{ amount, until: moment, note: text, actor: anything, correlationId: line(0, 200) },
});

/** One order whole. */
export const orderDetailsCodec = closed('OrderDetails', {
  ...{ orderId: orderIdCodec, phase: statusCodec, isFinal: truth, revision, currency: currencyCodec },
  ...{ placedAt: momentCodec, changedAt: momentCodec, destination: countryCodec },
  lines: list(
    closed('LineDetails', {
      ...{ lineNumber: attempt, code: articleCodec, description: line(1, 1_000), quantity: quantityCodec },
      ...{ unitPrice: minorCodec, picked: orNull(whole(0, 1_000_000)) },
    }),
    1,
    1_000,
  ),
  ...{ delivery: minorCodec, total: minorCodec },
  money: closed('MoneyDetails', {
    asked: orNull(
      closed('AskedMoney', {
        request: choice('reservation', 'charge'),
        amount: minorCodec,
        state: choice('awaited', 'unknown', 'challenged'),
      }),
    ),
    ...{ held: orNull(heldCodec), lettingGo: list(heldCodec, 0, most), charged: amount, released: amount },
    ...{ refunded: minorCodec, refunding: minorCodec, refundable: minorCodec },
  }),
  tries: list(
    closed('CardTry', {
      ...{ attempt, at: momentCodec, outcome: word, decline: declineCodec, card: cardCodec },
    }),
    0,
    most,
  ),
  refunds: list(
    closed('RefundDetails', {
      ...{ refundId: text, number: attempt, amount: minorCodec, reason: word, status: word },
      ...{ requestedAt: momentCodec, changedAt: momentCodec, reference: orNull(text), failure: orNull(text) },
    }),
    0,
    most,
  ),
  dispute: orNull(closed('Dispute', { at: momentCodec, amount: minorCodec, reason: text, reference: text })),
  goods: closed('GoodsDetails', {
    ...{ stock: word, heldUntil: moment, floor: word, parcelGrams: list(whole(1, 1_000_000), 0, most) },
    ...{ carrier: orNull(word), trackingNumber: orNull(word), shippedAt: moment, deliveredAt: moment },
  }),
  waits: list(waitCodec, 0, 20),
  holds: list(closed('Hold', { reason: word, by: text, since: momentCodec }), 0, 20),
  mails: list(
    closed('Mail', {
      ...{ kind: word, factRevision: revision, status: word, doubts: revision },
      ...{ mailReturn: orNull(word), changedAt: moment },
    }),
    0,
    most,
  ),
  cancellation: orNull(word),
  cancellationPreview: cancellationPreviewCodec,
  timeline: list(timelineCodec, 1, 100_000),
});

const minorOf = (money: Money | null): number | null => money?.minor ?? null;
const at = (instant: Instant | null): string | null => (instant === null ? null : momentOf(instant));

const heldAnswer = (held: HeldMoney) => ({
  ...held,
  amount: held.amount.minor,
  until: momentOf(held.until),
});

const waitAnswer = (wait: OrderWait) =>
  wait.type === 'another_card' || wait.type === 'challenge' ? { ...wait, until: at(wait.until) } : wait;

const goodsAnswer = ({ handover, parcels, ...goods }: OrderDetails['goods']) => ({
  stock: goods.stock,
  heldUntil: at(goods.heldUntil),
  floor: goods.floor,
  parcelGrams: parcels.map(({ weightGrams }) => weightGrams),
  carrier: handover?.carrier ?? null,
  trackingNumber: handover?.trackingNumber ?? null,
  shippedAt: at(goods.shippedAt),
  deliveredAt: at(goods.deliveredAt),
});

/** One order whole as JSON says it. */
export const orderDetailsAnswer = (details: OrderDetails) => {
  const { money, cancellationPreview, dispute } = details;
  return {
    orderId: details.orderId,
    phase: details.phase,
    isFinal: details.isFinal,
    revision: details.revision,
    currency: details.total.currency,
    placedAt: momentOf(details.placedAt),
    changedAt: momentOf(details.changedAt),
    destination: details.destination,
    lines: details.lines.map((ordered) => ({ ...ordered, unitPrice: ordered.unitPrice.minor })),
    delivery: details.delivery.minor,
    total: details.total.minor,
    money: {
      asked: money.asked === null ? null : { ...money.asked, amount: money.asked.amount.minor },
      held: money.held === null ? null : heldAnswer(money.held),
      lettingGo: money.lettingGo.map(heldAnswer),
      charged: minorOf(money.charged),
      released: minorOf(money.released),
      refunded: money.refunded.minor,
      refunding: money.refunding.minor,
      refundable: money.refundable.minor,
    },
    tries: details.tries.map((tried) => ({ ...tried, at: momentOf(tried.at) })),
    refunds: details.refunds.map((refund) => ({
      ...refund,
      amount: refund.amount.minor,
      requestedAt: momentOf(refund.requestedAt),
      changedAt: momentOf(refund.changedAt),
    })),
    dispute: dispute === null ? null : { ...dispute, at: momentOf(dispute.at), amount: dispute.amount.minor },
    goods: goodsAnswer(details.goods),
    waits: details.waits.map(waitAnswer),
    holds: details.holds.map((hold) => ({ ...hold, since: momentOf(hold.since) })),
    mails: details.mails.map((mail) => ({ ...mail, changedAt: at(mail.changedAt) })),
    cancellation: details.cancellation,
    cancellationPreview: {
      answer: cancellationPreview.answer,
      money: cancellationPreview.money,
      amount: minorOf(cancellationPreview.amount),
    },
    timeline: details.timeline.map(({ event, ...entry }) => ({
      ...entry,
      fact: event,
      at: momentOf(entry.at),
      amount: minorOf(entry.amount),
      until: at(entry.until),
    })),
  };
};
