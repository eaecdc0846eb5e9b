import { hasPassed, type Instant, plusSeconds } from '../../instant.js';
import type { PaymentMethodToken } from '../../payment.js';
import { absurd } from '../../brand.js';
import { isCarried, type PaymentTrouble, type PlacedOrder } from '../order.js';

// What may be tried next when the money is not there, and the caps that keep us from bothering an issuer.

/** Reservations that may be declined in the life of one order, on all its cards. Renewals that succeed do not count. */
export const mostReservationAttempts = 5;

/** Tries of one card for one order within 24 hours. */
export const mostTriesOfCardADay = 3;

/** Tries that follow by themselves when the issuer was not available, the first included. */
export const mostSoftTries = 3;

/**
 * What the money waits for. reserve: ask for a reservation now; reserve_soon, charge_soon: the issuer was not available,
 * ask again after a wait; ask: the customer must name a card; give_up: no attempt is left; nothing: the money is there,
 * is being asked for, or is not wanted.
 */
export type NextPayment = 'nothing' | 'reserve' | 'reserve_soon' | 'charge_soon' | 'ask' | 'give_up';

/** Tries of one card, oldest first. */
const triesOfCard = ({ tries }: PlacedOrder, card: PaymentMethodToken): PlacedOrder['tries'] =>
  tries.filter(({ paymentMethod }) => paymentMethod === card);

/** True for a card that was refused for good (lost, stolen, closed): it is never tried again. */
export const isRefusedForGood = (order: PlacedOrder, card: PaymentMethodToken): boolean =>
  triesOfCard(order, card).some(({ decline }) => decline?.class === 'hard');

const daySeconds = 24 * 60 * 60;

/** When the card may be tried again, if it was tried too often within a day; null when it may be tried now. */
export const triedTooOftenUntil = (
  order: PlacedOrder,
  card: PaymentMethodToken,
  at: Instant,
): Instant | null => {
  const ends = triesOfCard(order, card).map((tried) => plusSeconds(tried.at, daySeconds));
  const recent = ends.filter((end) => !hasPassed(end, at));
  const [until] = recent;
  return recent.length >= mostTriesOfCardADay && until !== undefined ? until : null;
};

/** Whether the order may still ask an issuer: so many declines are enough. */
export const hasAttemptLeft = ({ tries }: PlacedOrder): boolean =>
  tries.filter(({ decline }) => decline !== null).length < mostReservationAttempts;

const afterDecline = (order: PlacedOrder, trouble: PaymentTrouble): NextPayment => {
  if (!hasAttemptLeft(order)) return 'give_up';
  if (trouble.answered) return 'reserve';
  const softTries = triesOfCard(order, trouble.paymentMethod).length;
  const again = trouble.decline.class === 'soft' && !isRefusedForGood(order, order.paymentMethod);
  return again && softTries < mostSoftTries ? 'reserve_soon' : 'ask';
};

const afterFailedCharge = (order: PlacedOrder, trouble: PaymentTrouble): NextPayment => {
  const soft = trouble.decline.class === 'soft' && !trouble.answered;
  return soft && order.chargeAttempts < mostSoftTries ? 'charge_soon' : afterDecline(order, trouble);
};

/** What the order's money waits for. */
export const nextPayment = (order: PlacedOrder): NextPayment => {
  const { payment } = order;
  switch (payment.status) {
    case 'none':
      return 'reserve';
    case 'expired':
      return hasAttemptLeft(order) ? 'reserve' : 'give_up';
    case 'declined': {
      const next = afterDecline(order, payment.trouble);
      // An earlier reservation still stands: the order goes on with that one for as long as it lasts.
      return next === 'give_up' && isCarried(payment) ? 'nothing' : next;
    }
    case 'charge_failed':
      return afterFailedCharge(order, payment.trouble);
    case 'reserving':
    case 'authenticating':
    case 'reserved':
    case 'charging':
    case 'charged':
    case 'voided':
      return 'nothing';
    default:
      return absurd(payment);
  }
};
