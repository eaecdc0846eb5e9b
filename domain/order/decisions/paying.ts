import * as E from 'fp-ts/lib/Either.js';
import { hasPassed, plusSeconds } from '../../instant.js';
import { equals } from '../../money.js';
import { isPaymentKey } from '../../payment.js';
import type {
  GiveUpPayment,
  RecordCardReservation,
  RecordCharge,
  RecordReservationVoid,
  RequestCardReservation,
  RequestCharge,
} from '../commands.js';
import { type PlacedOrder, reservationOf } from '../order.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';
import { amountDue } from '../totals.js';

// Intent before effect: the request, with the key the processor will see, is stored before the processor is called.
// A request without a stored result is called again with the same key, after a look-up.

const keyOf = (order: PlacedOrder, purpose: 'reserve' | 'charge', attempt: number) => {
  const key = `${order.terms.orderId}:${purpose}:${String(attempt)}`;
  return isPaymentKey(key) ? key : null;
};

/** Asks for the whole total on the customer's card. While a request is open no other is made. */
export const requestCardReservation = (order: PlacedOrder, command: RequestCardReservation): Decision => {
  const { payment, stock, terms } = order;
  if (payment.status === 'reserving' || reservationOf(payment) !== null) return alreadyDone;
  if (order.lifecycle.stage !== 'validated' || stock.status !== 'reserved' || payment.status !== 'none') {
    return refuseInPhase(order, command);
  }
  const attempt = 1;
  const key = keyOf(order, 'reserve', attempt);
  if (key === null) return refuse({ type: 'attempt_unknown', attempt });
  const { total: amount, paymentMethod } = terms;
  return accept({ type: 'CardReservationRequested', at: command.at, attempt, key, amount, paymentMethod });
};

/**
 * The processor's answer to an attempt, from whichever side it comes. A late success of a cancelled order is
 * stored too, so that it is voided; a second answer changes nothing.
 */
export const recordCardReservation = (order: PlacedOrder, command: RecordCardReservation): Decision => {
  const { at, attempt, outcome } = command;
  const { payment } = order;
  if (payment.status === 'none') return refuse({ type: 'attempt_unknown', attempt });
  if (payment.status !== 'reserving') return alreadyDone;
  const { request } = payment;
  if (request.attempt !== attempt) return refuse({ type: 'attempt_unknown', attempt });
  switch (outcome.type) {
    case 'declined':
      return accept({ type: 'CardDeclined', at, attempt, decline: outcome.decline });
    case 'unknown':
      return request.outcome === 'unknown'
        ? alreadyDone
        : accept({ type: 'CardReservationOutcomeUnknown', at, attempt });
    case 'reserved': {
      const { reservation } = outcome;
      return equals(reservation.amount, request.amount)
        ? accept({ type: 'CardReserved', at, reservation: { ...reservation, attempt } })
        : refuse({
            type: 'reserved_amount_differs',
            requested: request.amount,
            reserved: reservation.amount,
          });
    }
  }
};

/** The time for another card is over: the order is cancelled. Refused while the deadline has not passed. */
export const giveUpPayment = (order: PlacedOrder, command: GiveUpPayment): Decision => {
  const { payment, lifecycle } = order;
  if (lifecycle.stage === 'cancelling' || lifecycle.stage === 'cancelled') return alreadyDone;
  if (lifecycle.stage !== 'validated' || payment.status !== 'declined') return refuseInPhase(order, command);
  const until = plusSeconds(payment.at, command.payAgainSeconds);
  if (!hasPassed(until, command.at)) return refuse({ type: 'deadline_not_passed', until });
  return accept({
    type: 'CancellationRequested',
    at: command.at,
    by: 'checkout',
    reason: 'payment_not_completed',
  });
};

/** Asks to take what is due for the packed goods from the reservation, and to let the rest of it go. */
export const requestCharge = (order: PlacedOrder, command: RequestCharge): Decision => {
  const { payment, fulfilment, lifecycle } = order;
  if (payment.status === 'charging' || payment.status === 'charged') return alreadyDone;
  if (lifecycle.stage !== 'released' || fulfilment.status !== 'packed') return refuseInPhase(order, command);
  if (payment.status !== 'reserved' && payment.status !== 'charge_failed')
    return refuseInPhase(order, command);
  const { reservation } = payment;
  if (hasPassed(reservation.captureBefore, command.at)) {
    return refuse({ type: 'reservation_expired', captureBefore: reservation.captureBefore });
  }
  const due = amountDue(order.terms, fulfilment.lines);
  if (E.isLeft(due)) return refuse({ type: 'money', problem: due.left });
  if (due.right.minor > reservation.amount.minor) {
    return refuse({
      type: 'charged_amount_differs',
      requested: due.right,
      charged: reservation.amount,
    });
  }
  const attempt = payment.status === 'charge_failed' ? payment.attempt + 1 : 1;
  const key = keyOf(order, 'charge', attempt);
  if (key === null) return refuse({ type: 'attempt_unknown', attempt });
  return accept({ type: 'ChargeRequested', at: command.at, attempt, key, amount: due.right });
};

/** The processor's answer to a charge. A second answer changes nothing; another amount is refused and alarms. */
export const recordCharge = (order: PlacedOrder, command: RecordCharge): Decision => {
  const { at, attempt, outcome } = command;
  const { payment } = order;
  if (payment.status === 'charged' || payment.status === 'charge_failed') return alreadyDone;
  if (payment.status !== 'charging' || payment.request.attempt !== attempt) {
    return refuse({ type: 'attempt_unknown', attempt });
  }
  const { request } = payment;
  switch (outcome.type) {
    case 'failed':
      return accept({ type: 'ChargeFailed', at, attempt, decline: outcome.decline });
    case 'unknown':
      return request.outcome === 'unknown'
        ? alreadyDone
        : accept({ type: 'ChargeOutcomeUnknown', at, attempt });
    case 'charged':
      return equals(outcome.amount, request.amount)
        ? accept({ type: 'Charged', at, attempt, amount: outcome.amount, reference: outcome.reference })
        : refuse({ type: 'charged_amount_differs', requested: request.amount, charged: outcome.amount });
  }
};

/** The reservation of a cancelled order is gone from the card. Repeating it adds nothing. */
export const recordReservationVoid = (order: PlacedOrder, command: RecordReservationVoid): Decision => {
  const { payment, lifecycle } = order;
  if (payment.status === 'none' || payment.status === 'declined' || payment.status === 'voided')
    return alreadyDone;
  if (payment.status !== 'reserved' && payment.status !== 'charge_failed')
    return refuseInPhase(order, command);
  if (lifecycle.stage !== 'cancelling') return refuseInPhase(order, command);
  return accept({ type: 'CardReservationVoided', at: command.at, attempt: payment.reservation.attempt });
};
