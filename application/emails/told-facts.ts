import type { PlacedOrder, Refund } from '../../domain/order/order.js';
import type { Reservation } from '../../domain/payment.js';

// Facts that a mail tells by name. What the order's state cannot say for certain is left unsaid.

/**
 * The refund that the fact of a revision is about; null when the order does not say. A cancellation's refund is told with
 * the cancellation and is never meant.
 */
export const refundTold = (order: PlacedOrder, _factRevision: number): Refund | null => {
  const made = order.refunds.filter(
    ({ status, reason }) => status === 'refunded' && reason !== 'cancellation',
  );
  const [only] = made;
  return only !== undefined && made.length === 1 ? only : null;
};

/** The reservation that was let go when nobody wanted the order's money any more; null when the order does not say. */
export const letGoReservation = (_order: PlacedOrder): Reservation | null => null;
