import type { Money } from '../../money.js';
import type { PlacedOrder } from '../order.js';
import { reservationOf } from '../order.js';
import { refundableAmount } from './kept-money.js';

// What happens when somebody wants out. The domain, the API and the pages all read this one table.

/** How far an order is, as far as a cancellation is concerned. */
export type CancellationMoment =
  | 'before_reservation'
  | 'reservation_open'
  | 'in_grace'
  | 'released'
  | 'picked'
  | 'packed'
  | 'charged'
  | 'shipped'
  | 'cancelling'
  | 'over';

/**
 * What a cancellation does at a moment. `answer`: at_once, the order ends by itself; requested, people must put goods
 * back first; refused, a return is offered instead; again, nothing changes. `money`: what becomes of it.
 */
export type CancellationRule = {
  readonly answer: 'at_once' | 'requested' | 'refused' | 'again';
  readonly money: 'nothing' | 'void' | 'refund';
  readonly goods: 'nothing' | 'release' | 'put_back';
};

/** The cancellation table: one row a moment. */
export const cancellationTable: Readonly<Record<CancellationMoment, CancellationRule>> = {
  before_reservation: { answer: 'at_once', money: 'nothing', goods: 'release' },
  reservation_open: { answer: 'at_once', money: 'void', goods: 'release' },
  in_grace: { answer: 'at_once', money: 'void', goods: 'release' },
  released: { answer: 'at_once', money: 'void', goods: 'release' },
  picked: { answer: 'requested', money: 'void', goods: 'put_back' },
  packed: { answer: 'requested', money: 'void', goods: 'put_back' },
  charged: { answer: 'requested', money: 'refund', goods: 'put_back' },
  shipped: { answer: 'refused', money: 'nothing', goods: 'nothing' },
  cancelling: { answer: 'again', money: 'nothing', goods: 'nothing' },
  over: { answer: 'refused', money: 'nothing', goods: 'nothing' },
};

const beforeTheFloor = ({ payment }: PlacedOrder): CancellationMoment => {
  if (payment.status === 'reserving' || payment.status === 'authenticating') return 'reservation_open';
  return reservationOf(payment) === null ? 'before_reservation' : 'in_grace';
};

/** Which row of the table an order is in. A charge in flight counts as packed: its success is refunded. */
const cancellationMomentOf = (order: PlacedOrder): CancellationMoment => {
  const { stage } = order.lifecycle;
  if (stage === 'cancelling' || stage === 'cancelled') return 'cancelling';
  if (stage === 'rejected' || stage === 'completed') return 'over';
  switch (order.fulfilment.status) {
    case 'waiting':
      return stage === 'released' ? 'released' : beforeTheFloor(order);
    case 'picked':
      return 'picked';
    case 'packed':
      return order.payment.status === 'charged' ? 'charged' : 'packed';
    case 'shipped':
      return 'shipped';
    case 'put_back':
      return 'cancelling';
  }
};

/** What a cancellation would do to the order now, and the money it would give back or let go. */
export type CancellationPreview = CancellationRule & {
  readonly moment: CancellationMoment;
  /** The amount voided or refunded; null when no money moves. */
  readonly amount: Money | null;
};

/** What asking for the order's end would do now. Shown before it is asked. */
export const cancellationOf = (order: PlacedOrder): CancellationPreview => {
  const moment = cancellationMomentOf(order);
  const rule = cancellationTable[moment];
  const held = reservationOf(order.payment)?.amount ?? null;
  const amount = rule.money === 'refund' ? refundableAmount(order) : rule.money === 'void' ? held : null;
  return { moment, ...rule, amount };
};
