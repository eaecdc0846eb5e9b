import type { NotificationKind } from '../order/events.js';
import type { Fulfilment, Lifecycle, Payment, PlacedOrder, Stock } from '../order/order.js';

/**
 * Where an order stands, in the few words that decide its next step. It is what activity results and signals carry,
 * so it holds no amounts, names or addresses. The one with the highest revision is the truth.
 */
export type Situation = {
  readonly revision: number;
  readonly stage: Lifecycle['stage'];
  readonly payment: Payment['status'];
  readonly stock: Stock['status'];
  readonly fulfilment: Fulfilment['status'];
  /** Mails that the order's facts call for and that are not sent yet. */
  readonly mailsDue: readonly NotificationKind[];
};

/** Where a new order stands: all that a process knows before its first step answered. */
export const placedSituation: Situation = {
  revision: -1,
  stage: 'placed',
  payment: 'none',
  stock: 'none',
  fulfilment: 'waiting',
  mailsDue: [],
};

/** The situation of an order. A mail that no longer tells the truth (confirmed, but cancelled since) is not due. */
export const situationOf = (order: PlacedOrder): Situation => {
  const { stage } = order.lifecycle;
  const onItsWayOut = stage === 'cancelling' || stage === 'cancelled';
  return {
    revision: order.revision,
    stage,
    payment: order.payment.status,
    stock: order.stock.status,
    fulfilment: order.fulfilment.status,
    mailsDue: order.notifications
      .filter(({ status }) => status === 'due' || status === 'requested')
      .map(({ kind }) => kind)
      .filter((kind) => !(onItsWayOut && kind === 'order_confirmed')),
  };
};
