import type { PlacedOrder, Refund } from '../../domain/order/order.js';
import type { Reservation } from '../../domain/payment.js';

// Facts that a mail tells by name.

/** The refund that the fact of a revision is about; null when that fact is none. */
export const refundTold = (order: PlacedOrder, factRevision: number): Refund | null =>
  order.refunds.find(({ madeRevision }) => madeRevision === factRevision) ?? null;

/** The reservation that was let go when nobody wanted the order's money any more; null when none was held. */
export const letGoReservation = ({ payment }: PlacedOrder): Reservation | null =>
  payment.status === 'voided' ? payment.reservation : null;
