import { absurd } from '../../domain/brand.js';
import type { CountryCode } from '../../domain/country.js';
import type { ContactSnapshotId, CustomerId, OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { Money } from '../../domain/money.js';
import type {
  CancellationReason,
  CancelledBy,
  OrderEvent,
  OrderLine,
  RejectionReason,
} from '../../domain/order/events.js';
import { type Phase, phaseOf, type Standing } from '../../domain/order/phase.js';
import type { Actor, StoredEvent } from '../ports/event-store.js';

/** One fact of an order as people read it. */
export type TimelineEntry = {
  readonly revision: number;
  /** When it happened, as the event says. */
  readonly at: Instant;
  readonly actor: Actor;
  readonly event: OrderEvent['type'];
  /** The fact in plain words; no personal data. */
  readonly name: string;
};

/** One order as its pages show it. Derived from its events alone, so it can always be made again. */
export type OrderView = {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly contactSnapshotId: ContactSnapshotId;
  readonly phase: Phase;
  /** What the phase follows from; kept so that the next event can move it. */
  readonly standing: Standing;
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
  /** What is or was held on the card and not given back; null when nothing is. */
  readonly reserved: Money | null;
  /** What was taken; null until then. */
  readonly charged: Money | null;
  readonly handover: { readonly carrier: string; readonly trackingNumber: string } | null;
  /** Empty unless the order was rejected. */
  readonly rejection: readonly RejectionReason[];
  readonly cancellation: { readonly by: CancelledBy; readonly reason: CancellationReason } | null;
  /** Every fact of the order, oldest first. */
  readonly timeline: readonly TimelineEntry[];
};

const plainNames = {
  OrderPlaced: 'Order placed',
  CustomerAuthenticated: 'Customer authenticated',
  OrderValidated: 'Order validated',
  OrderRejected: 'Order rejected',
  ReleasedToWarehouse: 'Released to the warehouse',
  CancellationRequested: 'Cancellation requested',
  OrderCancelled: 'Order cancelled',
  OrderCompleted: 'Order completed',
  StockReserved: 'Goods held',
  StockUnavailable: 'Goods not available',
  StockCommitted: 'Goods committed to the order',
  StockReleased: 'Goods given back',
  CardReservationRequested: 'Card reservation requested',
  CardReserved: 'Amount reserved on the card',
  CardDeclined: 'Card declined',
  CardReservationOutcomeUnknown: 'Outcome of the card reservation unknown',
  CardReservationVoided: 'Card reservation released',
  ChargeRequested: 'Charge requested',
  Charged: 'Card charged',
  ChargeFailed: 'Charge failed',
  ChargeOutcomeUnknown: 'Outcome of the charge unknown',
  Picked: 'Picked',
  Packed: 'Packed',
  Shipped: 'Shipped',
  NotificationRequested: 'Mail requested',
  NotificationSent: 'Mail sent',
  NotificationPossiblySent: 'Mail possibly sent',
  NotificationNotSent: 'Mail not sent',
} satisfies Readonly<Record<OrderEvent['type'], string>>;

const placed = (
  { orderId }: StoredEvent,
  event: Extract<OrderEvent, { type: 'OrderPlaced' }>,
): OrderView => ({
  orderId,
  customerId: event.customerId,
  contactSnapshotId: event.contactSnapshotId,
  phase: 'Placed',
  standing: {
    lifecycle: { stage: 'placed' },
    payment: { status: 'none' },
    stock: { status: 'none' },
    fulfilment: { status: 'waiting' },
  },
  revision: 0,
  placedAt: event.at,
  changedAt: event.at,
  destination: event.destination,
  lines: event.lines,
  units: event.lines.reduce((units, line) => units + line.quantity, 0),
  delivery: event.delivery,
  total: event.total,
  reserved: null,
  charged: null,
  handover: null,
  rejection: [],
  cancellation: null,
  timeline: [],
});

const staged = (view: OrderView, stage: Standing['lifecycle']['stage']): OrderView => ({
  ...view,
  standing: { ...view.standing, lifecycle: { stage } },
});
const paid = (view: OrderView, status: Standing['payment']['status']): OrderView => ({
  ...view,
  standing: { ...view.standing, payment: { status } },
});
const stocked = (view: OrderView, status: Standing['stock']['status']): OrderView => ({
  ...view,
  standing: { ...view.standing, stock: { status } },
});
const fulfilled = (view: OrderView, status: Standing['fulfilment']['status']): OrderView => ({
  ...view,
  standing: { ...view.standing, fulfilment: { status } },
});

const follow = (view: OrderView, event: OrderEvent): OrderView => {
  switch (event.type) {
    case 'OrderPlaced':
      return view;
    case 'CustomerAuthenticated':
      return staged(view, 'authenticated');
    case 'OrderValidated':
      return staged(view, 'validated');
    case 'OrderRejected':
      return { ...staged(view, 'rejected'), rejection: event.reasons };
    case 'ReleasedToWarehouse':
      return staged(view, 'released');
    case 'CancellationRequested':
      return { ...staged(view, 'cancelling'), cancellation: { by: event.by, reason: event.reason } };
    case 'OrderCancelled':
      return staged(view, 'cancelled');
    case 'OrderCompleted':
      return staged(view, 'completed');
    case 'StockReserved':
      return stocked(view, 'reserved');
    case 'StockUnavailable':
      return stocked(view, 'unavailable');
    case 'StockCommitted':
      return stocked(view, 'committed');
    case 'StockReleased':
      return stocked(view, 'released');
    case 'CardReservationRequested':
      return { ...paid(view, 'reserving'), reserved: null };
    case 'CardReserved':
      return { ...paid(view, 'reserved'), reserved: event.reservation.amount };
    case 'CardDeclined':
      return { ...paid(view, 'declined'), reserved: null };
    case 'CardReservationVoided':
      return { ...paid(view, 'voided'), reserved: null };
    // As in the domain, facts of a charge say nothing where no money is held.
    case 'ChargeRequested':
      return view.reserved === null ? view : paid(view, 'charging');
    case 'Charged':
      return view.reserved === null ? view : { ...paid(view, 'charged'), charged: event.amount };
    case 'ChargeFailed':
      return view.reserved === null ? view : paid(view, 'charge_failed');
    case 'Picked':
      return fulfilled(view, 'picked');
    case 'Packed':
      return fulfilled(view, 'packed');
    case 'Shipped':
      return { ...fulfilled(view, 'shipped'), handover: event.handover };
    case 'CardReservationOutcomeUnknown':
    case 'ChargeOutcomeUnknown':
    case 'NotificationRequested':
    case 'NotificationSent':
    case 'NotificationPossiblySent':
    case 'NotificationNotSent':
      return view;
    default:
      return absurd(event);
  }
};

/**
 * The view after one more event; null as long as the stream has not begun with OrderPlaced. Never throws. An event at
 * or before the view's revision was taken in already and changes nothing.
 */
export const evolveOrderView = (view: OrderView | null, stored: StoredEvent): OrderView | null => {
  const { event, revision, metadata } = stored;
  if (view === null && event.type !== 'OrderPlaced') return null;
  if (view !== null && revision <= view.revision) return view;
  const next =
    view !== null ? follow(view, event) : event.type === 'OrderPlaced' ? placed(stored, event) : null;
  if (next === null) return null;
  const { type, at } = event;
  const entry: TimelineEntry = { revision, at, actor: metadata.actor, event: type, name: plainNames[type] };
  return {
    ...next,
    phase: phaseOf(next.standing),
    revision,
    changedAt: at,
    timeline: [...next.timeline, entry],
  };
};
