import type { Instant } from '../../domain/instant.js';
import { type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import type { Decline } from '../../domain/payment.js';

/** How a try to hold money on a card stands. `unknown`: the answer was lost and is being looked up. */
export type CardTryOutcome =
  'awaited' | 'unknown' | 'challenged' | 'declined' | 'held' | 'charged' | 'letting_go' | 'let_go';

/** One try to hold money on a card. The card itself is named only once the processor has told us of it. */
export type CardTryView = {
  /** Counts the order's tries from 1. */
  readonly attempt: number;
  readonly at: Instant;
  readonly outcome: CardTryOutcome;
  /** Why it was declined; null unless it was. */
  readonly decline: Decline | null;
};

const outcomeOf = (order: PlacedOrder, attempt: number): CardTryOutcome => {
  const { payment } = order;
  if (payment.status === 'reserving' && payment.request.attempt === attempt) return payment.request.outcome;
  if (payment.status === 'authenticating' && payment.request.attempt === attempt) return 'challenged';
  if (reservationOf(payment)?.attempt === attempt) return payment.status === 'charged' ? 'charged' : 'held';
  return order.surplus.some((reservation) => reservation.attempt === attempt) ? 'letting_go' : 'let_go';
};

/** Every try to hold the order's money, oldest first. */
export const cardTries = (order: PlacedOrder): readonly CardTryView[] =>
  order.tries.map(({ attempt, at, decline }) => ({
    attempt,
    at,
    outcome: decline === null ? outcomeOf(order, attempt) : 'declined',
    decline,
  }));
