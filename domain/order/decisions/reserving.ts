import * as E from 'fp-ts/lib/Either.js';
import { hasPassed, type Instant, isInstant } from '../../instant.js';
import { equals } from '../../money.js';
import { paymentKey, type Reservation } from '../../payment.js';
import type {
  RecordCardReservation,
  RenewReservation,
  RequestCardReservation,
  ReservationOutcome,
} from '../commands.js';
import { isGoingOn, type OpenPayment, type PlacedOrder } from '../order.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';
import { approvalProblem } from '../rules/card-rules.js';
import {
  hasAttemptLeft,
  isRefusedForGood,
  mostReservationAttempts,
  nextPayment,
  triedTooOftenUntil,
} from '../rules/next-payment.js';
import { amountOwed } from '../rules/totals.js';

// Intent before effect: the request, with the key the processor will see, is stored before the processor is called.
// A request without a stored result is called again with the same key, after a look-up.

const request = (order: PlacedOrder, at: Instant): Decision => {
  const { paymentMethod, tries } = order;
  if (!hasAttemptLeft(order)) {
    return refuse({ type: 'no_attempt_left', most: mostReservationAttempts });
  }
  if (isRefusedForGood(order, paymentMethod)) return refuse({ type: 'card_never_again' });
  const until = triedTooOftenUntil(order, paymentMethod, at);
  if (until !== null) return refuse({ type: 'card_tried_too_often', until });
  const amount = amountOwed(order);
  if (E.isLeft(amount)) return refuse({ type: 'money', problem: amount.left });
  const attempt = tries.length + 1;
  const key = paymentKey(order.terms.orderId, 'reserve', attempt);
  return accept({
    type: 'CardReservationRequested',
    at,
    attempt,
    key,
    amount: amount.right,
    paymentMethod,
  });
};

/**
 * Asks for what the order owes on the customer's card: the total, or what was picked of it. While a request is open no
 * other is made, and a reservation in hand is enough.
 */
export const requestCardReservation = (order: PlacedOrder, command: RequestCardReservation): Decision => {
  const { payment, stock, lifecycle } = order;
  const next = nextPayment(order);
  if (next === 'nothing' && payment.status !== 'voided') return alreadyDone;
  const goodsHeld =
    stock.status === 'committed' || (stock.status === 'reserved' && lifecycle.stage === 'validated');
  if (!isGoingOn(order) || !goodsHeld || (next !== 'reserve' && next !== 'reserve_soon')) {
    return refuseInPhase(order, command);
  }
  return request(order, command.at);
};

/** When a reservation is to be renewed: the margin before its end, at the earliest after half its life. */
export const renewFrom = (captureBefore: Instant, reservedAt: Instant, marginSeconds: number): Instant => {
  const half = Math.max(0, Math.floor((captureBefore - reservedAt) / 2));
  const from = captureBefore - Math.min(Math.round(marginSeconds * 1000), half);
  return isInstant(from) ? from : reservedAt;
};

/** Asks for a new reservation while the one in hand still stands; the old one is let go when the new one is there. */
export const renewReservation = (order: PlacedOrder, command: RenewReservation): Decision => {
  const { payment } = order;
  if (payment.status === 'reserving' || payment.status === 'authenticating') return alreadyDone;
  if (!isGoingOn(order) || payment.status !== 'reserved') return refuseInPhase(order, command);
  const from = renewFrom(payment.reservation.captureBefore, payment.at, command.marginSeconds);
  if (!hasPassed(from, command.at)) return refuse({ type: 'renewal_not_due', from });
  return request(order, command.at);
};

const recordReserved = (
  order: PlacedOrder,
  asked: OpenPayment,
  outcome: Extract<ReservationOutcome, { readonly type: 'reserved' }>,
  { at, cardPolicy }: RecordCardReservation,
): Decision => {
  const { attempt } = asked;
  const reservation: Reservation = { ...outcome.reservation, attempt };
  if (!equals(reservation.amount, asked.amount)) {
    return refuse({
      type: 'reserved_amount_differs',
      requested: asked.amount,
      reserved: reservation.amount,
    });
  }
  const code = order.lifecycle.stage === 'cancelling' ? null : approvalProblem(reservation, cardPolicy);
  return code === null
    ? accept({ type: 'CardReserved', at, reservation })
    : accept(
        { type: 'CardReserved', at, reservation },
        { type: 'CardDeclined', at, attempt, decline: { class: 'policy', code } },
      );
};

/**
 * The processor's answer to an attempt, from whichever side it comes. A late success of a cancelled order is
 * stored too, so that it is voided; a second answer changes nothing. An approval that our own rules refuse is stored
 * as both, and let go.
 */
export const recordCardReservation = (order: PlacedOrder, command: RecordCardReservation): Decision => {
  const { at, attempt, outcome } = command;
  const { payment } = order;
  if (attempt > order.tries.length) return refuse({ type: 'attempt_unknown', attempt });
  if (payment.status !== 'reserving' && payment.status !== 'authenticating') return alreadyDone;
  const { request: asked } = payment;
  if (asked.attempt !== attempt) return alreadyDone;
  const authenticating = payment.status === 'authenticating';
  switch (outcome.type) {
    case 'reserved':
      return recordReserved(order, asked, outcome, command);
    case 'declined':
      return accept({ type: 'CardDeclined', at, attempt, decline: outcome.decline });
    case 'authentication_required':
      return authenticating
        ? alreadyDone
        : accept({ type: 'CardAuthenticationRequired', at, attempt, challenge: outcome.challenge });
    case 'ended': {
      const decline = authenticating
        ? ({ class: 'authentication', code: 'authentication_not_completed' } as const)
        : ({ class: 'soft', code: 'reservation_ended' } as const);
      return accept({ type: 'CardDeclined', at, attempt, decline });
    }
    case 'unknown':
      return authenticating || asked.outcome === 'unknown'
        ? alreadyDone
        : accept({ type: 'CardReservationOutcomeUnknown', at, attempt });
  }
};
