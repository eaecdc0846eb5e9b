import { hasPassed, type Instant, plusSeconds } from '../../instant.js';
import type { GiveUpPayment, PayAgain, ReplacePaymentMethod } from '../commands.js';
import { isCarried, isGoingOn, type PaymentTrouble, type PlacedOrder } from '../order.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';
import {
  hasAttemptLeft,
  isRefusedForGood,
  mostReservationAttempts,
  nextPayment,
  triedTooOftenUntil,
} from '../rules/next-payment.js';

// A card that did not give the money: another one may continue the same order until a deadline.

const troubleOf = ({ payment }: PlacedOrder): PaymentTrouble | null =>
  payment.status === 'declined' || payment.status === 'charge_failed' ? payment.trouble : null;

/** Until when the customer may name another card; null while no card is asked for. */
export const payAgainUntil = (order: PlacedOrder, payAgain: PayAgain): Instant | null => {
  const trouble = troubleOf(order);
  if (trouble === null) return null;
  const { payAgainSeconds, payAgainLaterSeconds } = payAgain;
  const atCheckout = order.lifecycle.stage === 'validated';
  return plusSeconds(trouble.at, atCheckout ? payAgainSeconds : payAgainLaterSeconds);
};

/** Names the card to go on with; the one that just failed may be named again unless it was refused for good or tried too often. */
export const replacePaymentMethod = (order: PlacedOrder, command: ReplacePaymentMethod): Decision => {
  const { at, paymentMethod, payAgain } = command;
  const { payment } = order;
  const underWay = payment.status === 'reserving' || payment.status === 'reserved';
  if (order.paymentMethod === paymentMethod && (underWay || troubleOf(order)?.answered === true)) {
    return alreadyDone;
  }
  const until = payAgainUntil(order, payAgain);
  if (until === null || !isGoingOn(order)) return refuseInPhase(order, command);
  if (!hasAttemptLeft(order)) {
    return refuse({ type: 'no_attempt_left', most: mostReservationAttempts });
  }
  if (isRefusedForGood(order, paymentMethod)) return refuse({ type: 'card_never_again' });
  if (hasPassed(until, at)) return refuse({ type: 'deadline_passed', until });
  const restUntil = triedTooOftenUntil(order, paymentMethod, at);
  if (restUntil !== null) return refuse({ type: 'card_tried_too_often', until: restUntil });
  return accept({ type: 'PaymentMethodReplaced', at, paymentMethod });
};

/**
 * The time for another card is over, or no attempt is left: the order is cancelled. Refused while the deadline has
 * not passed.
 */
export const giveUpPayment = (order: PlacedOrder, command: GiveUpPayment): Decision => {
  const { lifecycle } = order;
  const { at, payAgain } = command;
  if (lifecycle.stage === 'cancelling' || lifecycle.stage === 'cancelled') return alreadyDone;
  const next = nextPayment(order);
  // While an earlier reservation stands, the order goes on with that one.
  if (!isGoingOn(order) || isCarried(order.payment) || (next !== 'ask' && next !== 'give_up'))
    return refuseInPhase(order, command);
  const until = payAgainUntil(order, payAgain);
  if (next === 'ask' && until !== null && !hasPassed(until, at)) {
    return refuse({ type: 'deadline_not_passed', until });
  }
  return accept({ type: 'CancellationRequested', at, by: 'checkout', reason: 'payment_not_completed' });
};
