import type { CountryCode } from '../../domain/country.js';
import type { Handover, Parcel } from '../../domain/fulfilment.js';
import type { CustomerId, OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { Money } from '../../domain/money.js';
import type {
  CancellationReason,
  HoldReason,
  OrderLine,
  PaymentDisputed,
  RejectionReason,
} from '../../domain/order/events.js';
import { notificationNamed } from '../../domain/order/evolve-notifications.js';
import type { Fulfilment, Notification, PlacedOrder, Refund, Stock } from '../../domain/order/order.js';
import { finalPhases, type Phase, phaseOf } from '../../domain/order/phase.js';
import { type CancellationPreview, cancellationOf } from '../../domain/order/rules/cancellation.js';
import { isTrue } from '../../domain/order/rules/mails.js';
import type { CardSummary } from '../../domain/payment.js';
import type { StoredEvent } from '../ports/event-store.js';
import { cardTries, type CardTryView } from './card-tries.js';
import { type OrderMoney, orderMoney } from './order-money.js';
import { orderWaits, type OrderWait, type WaitLimits } from './order-waits.js';
import { type TimelineEntry, timelineOf } from './timeline.js';

// Everything there is to know about one order, from its stream.

/** A line as ordered, with what was found of it; null before the pick. */
export type LineDetails = OrderLine & { readonly picked: number | null };

/** Money on its way back or back. */
export type RefundDetails = Omit<Refund, 'key' | 'madeRevision'> & {
  /** The processor's name for it; null until it is back. */
  readonly reference: string | null;
  /** The processor's word for why nothing went back; null unless it failed. */
  readonly failure: string | null;
  /** When the last was heard of it. */
  readonly changedAt: Instant;
};

/** One mail of the order. */
export type MailDetails = Omit<Notification, 'status'> & {
  /** untrue: it is due, but the order has made untrue what it says, so it is not sent. */
  readonly status: Notification['status'] | 'untrue';
  /** When the last was heard of it; null as long as nothing was done about it. */
  readonly changedAt: Instant | null;
};

/** A hold with who placed it and when. */
export type HoldDetails = { readonly reason: HoldReason; readonly by: string; readonly since: Instant };

/** Where the goods are. */
export type GoodsDetails = {
  readonly stock: Stock['status'];
  /** Until when the stock is held; null unless it is held for a time. */
  readonly heldUntil: Instant | null;
  readonly floor: Fulfilment['status'];
  readonly parcels: readonly Parcel[];
  readonly handover: Handover | null;
  readonly shippedAt: Instant | null;
  readonly deliveredAt: Instant | null;
};

/** One order whole. */
export type OrderDetails = {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly phase: Phase;
  readonly isFinal: boolean;
  readonly revision: number;
  readonly placedAt: Instant;
  readonly changedAt: Instant;
  readonly destination: CountryCode;
  readonly lines: readonly LineDetails[];
  readonly delivery: Money;
  readonly total: Money;
  readonly money: OrderMoney;
  readonly tries: ReadonlyArray<CardTryView & { readonly card: CardSummary | null }>;
  readonly refunds: readonly RefundDetails[];
  readonly dispute: Omit<PaymentDisputed, 'type'> | null;
  readonly goods: GoodsDetails;
  readonly waits: readonly OrderWait[];
  readonly holds: readonly HoldDetails[];
  readonly mails: readonly MailDetails[];
  readonly rejection: readonly RejectionReason[];
  /** Why the order ends without its goods, once that was asked for; null while it goes on. */
  readonly cancellation: CancellationReason | null;
  /** What asking for the order's end would do now. */
  readonly cancellationPreview: CancellationPreview;
  readonly timeline: readonly TimelineEntry[];
};

type Events = ReadonlyArray<StoredEvent['event']>;

const cardsByAttempt = (events: Events): ReadonlyMap<number, CardSummary> =>
  new Map(
    events.flatMap((event) =>
      event.type === 'CardReserved' ? [[event.reservation.attempt, event.reservation.card] as const] : [],
    ),
  );

const refundDetails = (
  { key: _key, madeRevision: _made, ...refund }: Refund,
  events: Events,
): RefundDetails => {
  const facts = events.filter((event) => 'refundId' in event && event.refundId === refund.refundId);
  const refunded = facts.find((event) => event.type === 'Refunded');
  const failed = facts.find((event) => event.type === 'RefundFailed');
  return {
    ...refund,
    reference: refunded?.reference ?? null,
    failure: refund.status === 'failed' ? (failed?.reason ?? null) : null,
    changedAt: facts.at(-1)?.at ?? refund.requestedAt,
  };
};

const mailDetails = (notification: Notification, order: PlacedOrder, events: Events): MailDetails => {
  const facts = events.filter(
    (event) => 'factRevision' in event && notificationNamed(order.notifications, event) === notification,
  );
  const isUntrue = notification.status === 'due' && !isTrue(order, notification.kind);
  const status = isUntrue ? 'untrue' : notification.status;
  return { ...notification, status, changedAt: facts.at(-1)?.at ?? null };
};

const holdDetails = (reason: HoldReason, events: Events): readonly HoldDetails[] => {
  const placed = events.findLast((event) => event.type === 'HoldPlaced' && event.reason === reason);
  return placed?.type === 'HoldPlaced' ? [{ reason, by: placed.by, since: placed.at }] : [];
};

const disputeOf = (events: Events): OrderDetails['dispute'] => {
  const dispute = events.find((event) => event.type === 'PaymentDisputed');
  if (dispute === undefined) return null;
  const { type: _type, ...facts } = dispute;
  return facts;
};

const goodsDetails = ({ stock, fulfilment }: PlacedOrder): GoodsDetails => {
  const shipment = fulfilment.status === 'shipped' ? fulfilment : null;
  return {
    stock: stock.status,
    heldUntil: stock.status === 'reserved' ? stock.until : null,
    floor: fulfilment.status,
    parcels: fulfilment.status === 'packed' ? fulfilment.parcels : (shipment?.parcels ?? []),
    handover: shipment?.handover ?? null,
    shippedAt: shipment?.at ?? null,
    deliveredAt: shipment?.deliveredAt ?? null,
  };
};

const pickedOf = (fulfilment: Fulfilment, wanted: number): number | null =>
  fulfilment.status === 'waiting'
    ? null
    : (fulfilment.lines.find(({ lineNumber }) => lineNumber === wanted)?.picked ?? null);

/**
 * All about an order and the stored facts it was folded from, oldest first. `limits` are the shop's at the time of
 * reading; null when they are not known.
 */
export const orderDetails = (
  order: PlacedOrder,
  stored: readonly StoredEvent[],
  limits: WaitLimits | null,
): OrderDetails => {
  const events = stored.map(({ event }) => event);
  const { terms, lifecycle } = order;
  const phase = phaseOf(order);
  const cards = cardsByAttempt(events);
  const isLeaving = lifecycle.stage === 'cancelling' || lifecycle.stage === 'cancelled';
  return {
    orderId: terms.orderId,
    customerId: terms.customerId,
    phase,
    isFinal: finalPhases.has(phase),
    revision: order.revision,
    placedAt: terms.at,
    changedAt: events.at(-1)?.at ?? terms.at,
    destination: terms.destination,
    lines: terms.lines.map((line) => ({ ...line, picked: pickedOf(order.fulfilment, line.lineNumber) })),
    delivery: terms.delivery,
    total: terms.total,
    money: orderMoney(order),
    tries: cardTries(order).map((tried) => ({ ...tried, card: cards.get(tried.attempt) ?? null })),
    refunds: order.refunds.map((refund) => refundDetails(refund, events)),
    dispute: disputeOf(events),
    goods: goodsDetails(order),
    waits: orderWaits(order, limits),
    holds: [...order.holds].flatMap((reason) => holdDetails(reason, events)),
    mails: order.notifications.map((notification) => mailDetails(notification, order, events)),
    rejection: lifecycle.stage === 'rejected' ? lifecycle.reasons : [],
    cancellation: isLeaving ? lifecycle.reason : null,
    cancellationPreview: cancellationOf(order),
    timeline: timelineOf(stored),
  };
};
