import type { NotificationKind, OrderEvent } from '../events.js';
import type { PlacedOrder } from '../order.js';
import { reservationOf } from '../order.js';
import { nextPayment } from './next-payment.js';

// Which fact calls for which mail. The record makes the compiler ask about every new event.

/** A mail that a fact calls for. `once`: at most one of its kind an order; else one for every such fact. */
type MailRule = {
  readonly kind: NotificationKind;
  readonly once: boolean;
  readonly calledFor: (order: PlacedOrder, event: OrderEvent) => boolean;
};

const isOnItsWayOut = ({ lifecycle: { stage } }: PlacedOrder): boolean =>
  stage === 'cancelling' || stage === 'cancelled' || stage === 'rejected';

const always = (): boolean => true;

const confirmation: MailRule = {
  kind: 'order_confirmed',
  once: true,
  calledFor: (order) => !isOnItsWayOut(order),
};

const plea: MailRule = {
  kind: 'payment_needed',
  once: false,
  calledFor: (order) => isTrue(order, 'payment_needed'),
};

const refundOf = (order: PlacedOrder, event: OrderEvent) =>
  event.type === 'Refunded' ? order.refunds.find(({ refundId }) => refundId === event.refundId) : undefined;

/** The mail that each fact calls for, if any; `calledFor` sees the order after the fact. */
export const mailTold: Readonly<Record<OrderEvent['type'], MailRule | null>> = {
  OrderPlaced: null,
  CustomerAuthenticated: null,
  OrderValidated: null,
  OrderRejected: { kind: 'order_rejected', once: true, calledFor: always },
  ReleasedToWarehouse: null,
  CancellationRequested: null,
  CancellationRefused: null,
  OrderCancelled: { kind: 'order_cancelled', once: true, calledFor: always },
  OrderCompleted: null,
  StockReserved: null,
  StockUnavailable: null,
  StockCommitted: null,
  StockReleased: null,
  CardReservationRequested: null,
  CardReserved: confirmation,
  CardAuthenticationRequired: null,
  CardDeclined: plea,
  CardReservationOutcomeUnknown: null,
  CardReservationVoided: null,
  CardReservationExpired: null,
  PaymentMethodReplaced: null,
  ChargeRequested: null,
  Charged: null,
  ChargeFailed: plea,
  ChargeOutcomeUnknown: null,
  RefundRequested: null,
  // The money of a cancelled order is told with its cancellation.
  Refunded: {
    kind: 'order_refunded',
    once: false,
    calledFor: (order, event) => refundOf(order, event)?.reason !== 'cancellation',
  },
  RefundFailed: null,
  RefundOutcomeUnknown: null,
  PaymentDisputed: null,
  Picked: null,
  Packed: null,
  Shipped: { kind: 'order_shipped', once: true, calledFor: always },
  Delivered: null,
  GoodsPutBack: null,
  HoldPlaced: null,
  HoldReleased: null,
  NotificationRequested: null,
  NotificationSent: null,
  NotificationPossiblySent: null,
  NotificationNotSent: null,
  NotificationBounced: null,
};

/** Whether the order still is what a mail of this kind says; a mail that became untrue is not sent. */
export const isTrue = (order: PlacedOrder, kind: NotificationKind): boolean => {
  if (kind === 'order_confirmed') return !isOnItsWayOut(order) && reservationOf(order.payment) !== null;
  return kind === 'payment_needed' ? !isOnItsWayOut(order) && nextPayment(order) === 'ask' : true;
};

/** The order with the mail that its newest fact calls for, unless one that waits tells the same. */
export const withMailDue = (order: PlacedOrder, event: OrderEvent): PlacedOrder => {
  const rule = mailTold[event.type];
  if (rule?.calledFor(order, event) !== true) return order;
  const { kind, once } = rule;
  const told = order.notifications.some(
    (notification) =>
      notification.kind === kind && (once || (notification.status === 'due' && kind === 'payment_needed')),
  );
  if (told) return order;
  const mail = { kind, factRevision: order.revision, status: 'due', doubts: 0, mailReturn: null } as const;
  return { ...order, notifications: [...order.notifications, mail] };
};
