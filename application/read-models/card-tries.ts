import type { Instant } from '../../domain/instant.js';
import { type CardTry, type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import type { Decline } from '../../domain/payment.js';

/**
 * How a try to hold money on a card stands. unknown: the answer was lost and is being looked up; declined: the card, or
 * our own rules, refused; charge_refused: the money is still held, but the issuer refused to pay it.
 */
export type CardTryOutcome =
  | 'awaited'
  | 'unknown'
  | 'challenged'
  | 'declined'
  | 'held'
  | 'charge_refused'
  | 'charged'
  | 'letting_go'
  | 'let_go';

/** One try to hold money on a card. The card itself is named only once the processor has told us of it. */
export type CardTryView = {
  /** Counts the order's tries from 1. */
  readonly attempt: number;
  readonly at: Instant;
  readonly outcome: CardTryOutcome;
  /** Why the card, or its charge, was refused; null unless it was. */
  readonly decline: Decline | null;
};

const outcomeOf = (order: PlacedOrder, { attempt, decline }: CardTry): CardTryOutcome => {
  const { payment } = order;
  const isCurrent = reservationOf(payment)?.attempt === attempt;
  if (isCurrent && payment.status === 'charge_failed' && decline !== null) return 'charge_refused';
  if (decline !== null) return 'declined';
  if (payment.status === 'reserving' && payment.request.attempt === attempt) return payment.request.outcome;
  if (payment.status === 'authenticating' && payment.request.attempt === attempt) return 'challenged';
  if (isCurrent) return payment.status === 'charged' ? 'charged' : 'held';
  return order.surplus.some((reservation) => reservation.attempt === attempt) ? 'letting_go' : 'let_go';
};

/** Every try to hold the order's money, oldest first. */
export const cardTries = (order: PlacedOrder): readonly CardTryView[] =>
  order.tries.map((tried) => {
    const { attempt, at, decline } = tried;
    return { attempt, at, outcome: outcomeOf(order, tried), decline };
  });
