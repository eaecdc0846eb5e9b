import type { RecordReservationExpiry, RecordReservationVoid } from '../commands.js';
import { type PlacedOrder, reservationOf } from '../order.js';
import { accept, alreadyDone, type Decision, refuseInPhase } from '../refusal.js';

// Money that is not held any more.

const isSurplus = ({ surplus }: PlacedOrder, attempt: number): boolean =>
  surplus.some((reservation) => reservation.attempt === attempt);

/** The attempt whose money is held or being asked for now; null when there is none. */
const currentAttempt = ({ payment }: PlacedOrder): number | null =>
  payment.status === 'authenticating' ? payment.request.attempt : (reservationOf(payment)?.attempt ?? null);

/**
 * A reservation is gone from the card: one that nobody wants any more, or that of an order on its way out. Repeating
 * it adds nothing.
 */
export const recordReservationVoid = (order: PlacedOrder, command: RecordReservationVoid): Decision => {
  const { at, attempt } = command;
  const { payment, lifecycle } = order;
  const gone = { type: 'CardReservationVoided', at, attempt } as const;
  if (isSurplus(order, attempt)) return accept(gone);
  if (currentAttempt(order) !== attempt || payment.status === 'charged') return alreadyDone;
  if (payment.status === 'charging' || payment.status === 'reserving') return refuseInPhase(order, command);
  return lifecycle.stage === 'cancelling' ? accept(gone) : refuseInPhase(order, command);
};

/** A reservation reached its end without us. The order must ask for a new one; nothing of it was taken. */
export const recordReservationExpiry = (order: PlacedOrder, command: RecordReservationExpiry): Decision => {
  const { at, attempt } = command;
  const { payment } = order;
  const gone = { type: 'CardReservationExpired', at, attempt } as const;
  if (isSurplus(order, attempt)) return accept(gone);
  if (payment.status === 'charged' || reservationOf(payment)?.attempt !== attempt) return alreadyDone;
  return payment.status === 'charging' ? refuseInPhase(order, command) : accept(gone);
};
