import type { CountryCode } from '../../domain/country.js';
import type { ContactSnapshotId, CustomerId, OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { Money } from '../../domain/money.js';
import type {
  CancellationReason,
  HoldReason,
  OrderEvent,
  OrderLine,
  RejectionReason,
} from '../../domain/order/events.js';
import { evolve, fold } from '../../domain/order/evolve.js';
import { type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import { type Phase, phaseOf } from '../../domain/order/phase.js';
import { refundedAmount } from '../../domain/order/rules/kept-money.js';
import type { StoredEvent } from '../ports/event-store.js';
import { orderWaits, type OrderWait } from './order-waits.js';

// One order as lists and searches show it. A page of a single order reads its stream (order-details.ts) and is never
// behind; lists read these views.

/** One order in a list. Derived from its events alone, so it can always be made again. */
export type OrderView = {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly contactSnapshotId: ContactSnapshotId;
  readonly phase: Phase;
  /** Revision of the last event taken in; within one order it never falls. */
  readonly revision: number;
  readonly placedAt: Instant;
  /** When the last event happened. */
  readonly changedAt: Instant;
  readonly destination: CountryCode;
  readonly lines: readonly OrderLine[];
  /** Units ordered, over all lines. */
  readonly units: number;
  readonly delivery: Money;
  readonly total: Money;
  /** What is or was held on the card and not given back whole; null when nothing is. */
  readonly reserved: Money | null;
  /** Until when the held money can be taken; null when none is held, or it was taken. */
  readonly heldUntil: Instant | null;
  /** What was taken; null until then. */
  readonly charged: Money | null;
  /** What went back to the customer after the charge. */
  readonly refunded: Money;
  readonly handover: { readonly carrier: string; readonly trackingNumber: string } | null;
  readonly deliveredAt: Instant | null;
  /** Reasons for which the order waits for a person. */
  readonly holds: readonly HoldReason[];
  /** What the customer must do for the order to go on; null when nothing. */
  readonly awaitsCustomer: 'another_card' | 'challenge' | null;
  readonly isDisputed: boolean;
  /** Empty unless the order was rejected. */
  readonly rejection: readonly RejectionReason[];
  /** Why the order ends without its goods, once that was asked for; null while it goes on. */
  readonly cancellation: CancellationReason | null;
  /** The order itself; the next event goes on from it. */
  readonly order: PlacedOrder;
};

const isForCustomer = (
  wait: OrderWait,
): wait is Extract<OrderWait, { readonly type: 'another_card' | 'challenge' }> =>
  wait.type === 'another_card' || wait.type === 'challenge';

/** The view of an order that has come to a revision, with the time of its last event. */
export const orderViewOf = (order: PlacedOrder, revision: number, changedAt: Instant): OrderView => {
  const { terms, lifecycle, payment, fulfilment } = order;
  const shipment = fulfilment.status === 'shipped' ? fulfilment : null;
  const reservation = reservationOf(payment);
  return {
    orderId: terms.orderId,
    customerId: terms.customerId,
    contactSnapshotId: terms.contactSnapshotId,
    phase: phaseOf(order),
    revision,
    placedAt: terms.at,
    changedAt,
    destination: terms.destination,
    lines: terms.lines,
    units: terms.lines.reduce((units, line) => units + line.quantity, 0),
    delivery: terms.delivery,
    total: terms.total,
    reserved: reservation?.amount ?? null,
    heldUntil: payment.status === 'charged' ? null : (reservation?.captureBefore ?? null),
    charged: payment.status === 'charged' ? payment.amount : null,
    refunded: refundedAmount(order),
    handover: shipment?.handover ?? null,
    deliveredAt: shipment?.deliveredAt ?? null,
    holds: [...order.holds],
    awaitsCustomer: orderWaits(order, null).find(isForCustomer)?.type ?? null,
    isDisputed: order.disputed,
    rejection: lifecycle.stage === 'rejected' ? lifecycle.reasons : [],
    cancellation:
      lifecycle.stage === 'cancelling' || lifecycle.stage === 'cancelled' ? lifecycle.reason : null,
    order,
  };
};

const after = (view: OrderView | null, event: OrderEvent) =>
  view === null ? fold([event]) : evolve(view.order, event);

/**
 * The view after one more event; null as long as the stream has not begun with OrderPlaced. Never throws. An event at
 * or before the view's revision was taken in already and changes nothing.
 */
export const evolveOrderView = (view: OrderView | null, stored: StoredEvent): OrderView | null => {
  const { event, revision } = stored;
  if (view !== null && revision <= view.revision) return view;
  const order = after(view, event);
  return order.type === 'no_order' ? null : orderViewOf(order, revision, event.at);
};
