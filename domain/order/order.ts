import { absurd } from '../brand.js';
import type { Handover, Parcel, PickedLine } from '../fulfilment.js';
import type { Instant } from '../instant.js';
import type { Money } from '../money.js';
import type { Decline, PaymentKey, PaymentMethodToken, Reservation } from '../payment.js';
import type {
  CancellationReason,
  CancelledBy,
  MissingLine,
  NotificationKind,
  OrderEvent,
  OrderPlaced,
  RejectionReason,
} from './events.js';

// One aggregate, four regions. Rules that cross regions ("never ship uncharged") need one consistency boundary,
// and the status that people see is derived from the regions together (phase.ts).

/** Where the order stands as a whole. Each variant has exactly the facts that are true then. */
export type Lifecycle =
  | { readonly stage: 'placed' }
  | { readonly stage: 'authenticated' }
  | { readonly stage: 'validated' }
  | { readonly stage: 'released'; readonly at: Instant }
  | { readonly stage: 'completed'; readonly at: Instant }
  | { readonly stage: 'rejected'; readonly at: Instant; readonly reasons: readonly RejectionReason[] }
  | {
      readonly stage: 'cancelling';
      readonly at: Instant;
      readonly by: CancelledBy;
      readonly reason: CancellationReason;
    }
  | { readonly stage: 'cancelled'; readonly at: Instant; readonly reason: CancellationReason };

/** A request that went to the card processor and whose result is not stored yet. */
export type OpenPayment = {
  readonly attempt: number;
  readonly key: PaymentKey;
  readonly amount: Money;
  readonly requestedAt: Instant;
  /** `unknown`: the processor was asked and its answer was lost; look it up before anything else. */
  readonly outcome: 'awaited' | 'unknown';
};

/** Where the money stands. */
export type Payment =
  | { readonly status: 'none' }
  | {
      readonly status: 'reserving';
      readonly request: OpenPayment;
      readonly paymentMethod: PaymentMethodToken;
    }
  | { readonly status: 'declined'; readonly attempt: number; readonly decline: Decline; readonly at: Instant }
  | { readonly status: 'reserved'; readonly reservation: Reservation; readonly at: Instant }
  | { readonly status: 'charging'; readonly reservation: Reservation; readonly request: OpenPayment }
  | {
      readonly status: 'charge_failed';
      readonly reservation: Reservation;
      readonly attempt: number;
      readonly decline: Decline;
      readonly at: Instant;
    }
  | {
      readonly status: 'charged';
      readonly reservation: Reservation;
      readonly amount: Money;
      readonly at: Instant;
    }
  | { readonly status: 'voided'; readonly at: Instant };

/** Where the goods stand in the stock ledger. */
export type Stock =
  | { readonly status: 'none' }
  | { readonly status: 'reserved'; readonly until: Instant }
  | { readonly status: 'unavailable'; readonly lines: readonly MissingLine[] }
  | { readonly status: 'committed' }
  | { readonly status: 'released' };

/** Where the goods stand on the warehouse floor. */
export type Fulfilment =
  | { readonly status: 'waiting' }
  | { readonly status: 'picked'; readonly lines: readonly PickedLine[] }
  | { readonly status: 'packed'; readonly lines: readonly PickedLine[]; readonly parcels: readonly Parcel[] }
  | {
      readonly status: 'shipped';
      readonly lines: readonly PickedLine[];
      readonly parcels: readonly Parcel[];
      readonly handover: Handover;
      readonly at: Instant;
    };

/** What became of one mail. `factRevision` is the revision of the fact that the mail tells. */
export type Notification = {
  readonly kind: NotificationKind;
  readonly factRevision: number;
  readonly status: 'due' | 'requested' | 'sent' | 'possibly_sent';
  /** Attempts that may have been delivered, nobody knows. After the first the mail is due once more, never again after the second. */
  readonly doubts: number;
};

/** An order that was placed. */
export type PlacedOrder = {
  readonly type: 'placed_order';
  /** Revision of the last event; the first is 0. */
  readonly revision: number;
  readonly terms: OrderPlaced;
  readonly lifecycle: Lifecycle;
  readonly payment: Payment;
  readonly stock: Stock;
  readonly fulfilment: Fulfilment;
  readonly notifications: readonly Notification[];
};

/** A stream without events, or an order. `ignored` counts events of a stream that does not begin with OrderPlaced. */
export type Order = { readonly type: 'no_order'; readonly ignored: number } | PlacedOrder;

/** The order before its first event. */
export const initial: Order = { type: 'no_order', ignored: 0 };

const place = (terms: OrderPlaced): PlacedOrder => ({
  type: 'placed_order',
  revision: 0,
  terms,
  lifecycle: { stage: 'placed' },
  payment: { status: 'none' },
  stock: { status: 'none' },
  fulfilment: { status: 'waiting' },
  notifications: [],
});

const withDue = (order: PlacedOrder, kind: NotificationKind): readonly Notification[] =>
  order.notifications.some((notification) => notification.kind === kind)
    ? order.notifications
    : [...order.notifications, { kind, factRevision: order.revision, status: 'due', doubts: 0 }];

const withStatus = (
  order: PlacedOrder,
  kind: NotificationKind,
  status: Notification['status'],
): readonly Notification[] =>
  order.notifications.map((notification) =>
    notification.kind === kind ? { ...notification, status } : notification,
  );

const withDoubt = (order: PlacedOrder, kind: NotificationKind): readonly Notification[] =>
  order.notifications.map((notification) => {
    if (notification.kind !== kind) return notification;
    const doubts = notification.doubts + 1;
    return { ...notification, doubts, status: doubts > 1 ? 'possibly_sent' : 'due' };
  });

const markUnknown = (request: OpenPayment): OpenPayment => ({ ...request, outcome: 'unknown' });

const pickedLines = (fulfilment: Fulfilment): readonly PickedLine[] =>
  fulfilment.status === 'waiting' ? [] : fulfilment.lines;

const parcels = (fulfilment: Fulfilment): readonly Parcel[] =>
  fulfilment.status === 'packed' || fulfilment.status === 'shipped' ? fulfilment.parcels : [];

/** The reservation that holds or held the money of this order, charged or not; null when there is none. */
export const reservationOf = (payment: Payment): Reservation | null => {
  switch (payment.status) {
    case 'reserved':
    case 'charging':
    case 'charge_failed':
    case 'charged':
      return payment.reservation;
    case 'none':
    case 'reserving':
    case 'declined':
    case 'voided':
      return null;
    default:
      return absurd(payment);
  }
};

/**
 * The order after one more fact. Never throws and never refuses: what is stored has happened, so a fact that no
 * rule would allow (a hand-made stream) still counts its revision and changes only what it speaks of.
 */
export const evolve = (order: Order, event: OrderEvent): Order => {
  if (order.type === 'no_order') {
    return event.type === 'OrderPlaced' ? place(event) : { type: 'no_order', ignored: order.ignored + 1 };
  }
  return follow({ ...order, revision: order.revision + 1 }, event);
};

const follow = (order: PlacedOrder, event: OrderEvent): PlacedOrder => {
  const reservation = reservationOf(order.payment);
  switch (event.type) {
    case 'OrderPlaced':
      return order;
    case 'CustomerAuthenticated':
      return { ...order, lifecycle: { stage: 'authenticated' } };
    case 'OrderValidated':
      return { ...order, lifecycle: { stage: 'validated' } };
    case 'OrderRejected':
      return {
        ...order,
        lifecycle: { stage: 'rejected', at: event.at, reasons: event.reasons },
        notifications: withDue(order, 'order_rejected'),
      };
    case 'ReleasedToWarehouse':
      return { ...order, lifecycle: { stage: 'released', at: event.at } };
    case 'CancellationRequested':
      return {
        ...order,
        lifecycle: { stage: 'cancelling', at: event.at, by: event.by, reason: event.reason },
      };
    case 'OrderCancelled':
      return {
        ...order,
        lifecycle: { stage: 'cancelled', at: event.at, reason: event.reason },
        notifications: withDue(order, 'order_cancelled'),
      };
    case 'OrderCompleted':
      return { ...order, lifecycle: { stage: 'completed', at: event.at } };
    case 'StockReserved':
      return { ...order, stock: { status: 'reserved', until: event.until } };
    case 'StockUnavailable':
      return { ...order, stock: { status: 'unavailable', lines: event.lines } };
    case 'StockCommitted':
      return { ...order, stock: { status: 'committed' } };
    case 'StockReleased':
      return { ...order, stock: { status: 'released' } };
    case 'CardReservationRequested': {
      const { attempt, key, amount, paymentMethod, at } = event;
      const request: OpenPayment = { attempt, key, amount, requestedAt: at, outcome: 'awaited' };
      return { ...order, payment: { status: 'reserving', request, paymentMethod } };
    }
    case 'CardReserved':
      return {
        ...order,
        payment: { status: 'reserved', reservation: event.reservation, at: event.at },
        notifications:
          order.lifecycle.stage === 'cancelling' ? order.notifications : withDue(order, 'order_confirmed'),
      };
    case 'CardDeclined':
      return {
        ...order,
        payment: { status: 'declined', attempt: event.attempt, decline: event.decline, at: event.at },
      };
    case 'CardReservationOutcomeUnknown':
      return order.payment.status === 'reserving'
        ? { ...order, payment: { ...order.payment, request: markUnknown(order.payment.request) } }
        : order;
    case 'CardReservationVoided':
      return { ...order, payment: { status: 'voided', at: event.at } };
    case 'ChargeRequested': {
      if (reservation === null) return order;
      const { attempt, key, amount, at } = event;
      const request: OpenPayment = { attempt, key, amount, requestedAt: at, outcome: 'awaited' };
      return { ...order, payment: { status: 'charging', reservation, request } };
    }
    case 'Charged':
      return reservation === null
        ? order
        : { ...order, payment: { status: 'charged', reservation, amount: event.amount, at: event.at } };
    case 'ChargeFailed': {
      if (reservation === null) return order;
      const { attempt, decline, at } = event;
      return { ...order, payment: { status: 'charge_failed', reservation, attempt, decline, at } };
    }
    case 'ChargeOutcomeUnknown':
      return order.payment.status === 'charging'
        ? { ...order, payment: { ...order.payment, request: markUnknown(order.payment.request) } }
        : order;
    case 'Picked':
      return { ...order, fulfilment: { status: 'picked', lines: event.lines } };
    case 'Packed':
      return {
        ...order,
        fulfilment: { status: 'packed', lines: pickedLines(order.fulfilment), parcels: event.parcels },
      };
    case 'Shipped':
      return {
        ...order,
        fulfilment: {
          status: 'shipped',
          lines: pickedLines(order.fulfilment),
          parcels: parcels(order.fulfilment),
          handover: event.handover,
          at: event.at,
        },
        notifications: withDue(order, 'order_shipped'),
      };
    case 'NotificationRequested':
      return { ...order, notifications: withStatus(order, event.kind, 'requested') };
    case 'NotificationSent':
      return { ...order, notifications: withStatus(order, event.kind, 'sent') };
    case 'NotificationPossiblySent':
      return { ...order, notifications: withDoubt(order, event.kind) };
    case 'NotificationNotSent':
      return { ...order, notifications: withStatus(order, event.kind, 'due') };
    default:
      return absurd(event);
  }
};

/** The order after all these facts, oldest first. */
export const fold = (events: readonly OrderEvent[]): Order => events.reduce(evolve, initial);
