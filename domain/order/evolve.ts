import { absurd } from '../brand.js';
import type { Parcel, PickedLine } from '../fulfilment.js';
import type { HoldReason, OrderEvent, OrderPlaced } from './events.js';
import { evolveNotifications } from './evolve-notifications.js';
import { evolvePayment } from './evolve-payment.js';
import { type Fulfilment, initial, type Order, type PlacedOrder } from './order.js';
import { withMailDue } from './rules/mails.js';

const place = (terms: OrderPlaced): PlacedOrder => ({
  type: 'placed_order',
  revision: 0,
  terms,
  lifecycle: { stage: 'placed' },
  payment: { status: 'none' },
  stock: { status: 'none' },
  fulfilment: { status: 'waiting' },
  paymentMethod: terms.paymentMethod,
  tries: [],
  chargeAttempts: 0,
  surplus: [],
  refunds: [],
  holds: new Set(),
  disputed: false,
  cancellationRefused: false,
  notifications: [],
});

const pickedLines = (fulfilment: Fulfilment): readonly PickedLine[] =>
  fulfilment.status === 'waiting' ? [] : fulfilment.lines;

const parcels = (fulfilment: Fulfilment): readonly Parcel[] =>
  fulfilment.status === 'packed' || fulfilment.status === 'shipped' ? fulfilment.parcels : [];

const without = (holds: ReadonlySet<HoldReason>, reason: HoldReason): ReadonlySet<HoldReason> =>
  new Set([...holds].filter((hold) => hold !== reason));

const follow = (order: PlacedOrder, event: OrderEvent): PlacedOrder => {
  switch (event.type) {
    case 'OrderPlaced':
      return order;
    case 'CustomerAuthenticated':
      return { ...order, lifecycle: { stage: 'authenticated' } };
    case 'OrderValidated':
      return { ...order, lifecycle: { stage: 'validated' } };
    case 'OrderRejected':
      return { ...order, lifecycle: { stage: 'rejected', at: event.at, reasons: event.reasons } };
    case 'ReleasedToWarehouse':
      return { ...order, lifecycle: { stage: 'released', at: event.at } };
    case 'CancellationRequested':
      return {
        ...order,
        lifecycle: { stage: 'cancelling', at: event.at, by: event.by, reason: event.reason },
      };
    case 'CancellationRefused':
      return { ...order, cancellationRefused: true };
    case 'OrderCancelled':
      return { ...order, lifecycle: { stage: 'cancelled', at: event.at, reason: event.reason } };
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
          deliveredAt: null,
        },
      };
    case 'Delivered':
      return order.fulfilment.status === 'shipped'
        ? { ...order, fulfilment: { ...order.fulfilment, deliveredAt: event.at } }
        : order;
    case 'GoodsPutBack':
      return { ...order, fulfilment: { status: 'put_back', lines: pickedLines(order.fulfilment) } };
    case 'HoldPlaced':
      return { ...order, holds: new Set([...order.holds, event.reason]) };
    case 'HoldReleased':
      return { ...order, holds: without(order.holds, event.reason) };
    case 'CardReservationRequested':
    case 'CardReserved':
    case 'CardAuthenticationRequired':
    case 'CardDeclined':
    case 'CardReservationOutcomeUnknown':
    case 'CardReservationVoided':
    case 'CardReservationExpired':
    case 'PaymentMethodReplaced':
    case 'ChargeRequested':
    case 'Charged':
    case 'ChargeFailed':
    case 'ChargeOutcomeUnknown':
    case 'RefundRequested':
    case 'Refunded':
    case 'RefundFailed':
    case 'RefundOutcomeUnknown':
    case 'PaymentDisputed':
      return evolvePayment(order, event);
    case 'NotificationRequested':
    case 'NotificationSent':
    case 'NotificationPossiblySent':
    case 'NotificationNotSent':
    case 'NotificationBounced':
      return { ...order, notifications: evolveNotifications(order.notifications, event) };
    default:
      return absurd(event);
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
  return withMailDue(follow({ ...order, revision: order.revision + 1 }, event), event);
};

/** The order after all these facts, oldest first. */
export const fold = (events: readonly OrderEvent[]): Order => events.reduce(evolve, initial);
