import * as E from 'fp-ts/lib/Either.js';
import { hasPassed } from '../../instant.js';
import { equals } from '../../money.js';
import { paymentKey } from '../../payment.js';
import type { RecordCharge, RequestCharge } from '../commands.js';
import { isCarried, type PlacedOrder, reservationOf } from '../order.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';
import { nextPayment } from '../rules/next-payment.js';
import { amountDue } from '../rules/totals.js';
import { cancellationRefundId, refundRequest } from './refunding.js';

// The charge: after the parcel is packed, because earlier the amount is unknown, and before it is handed over.

const mayCharge = (order: PlacedOrder): boolean => {
  const { payment } = order;
  if (payment.status === 'charge_failed') return nextPayment(order) === 'charge_soon';
  return payment.status === 'reserved' || isCarried(payment);
};

/** Asks to take what is due for the packed goods from the reservation, and to let the rest of it go. */
export const requestCharge = (order: PlacedOrder, command: RequestCharge): Decision => {
  const { payment, fulfilment, lifecycle, holds } = order;
  if (payment.status === 'charging' || payment.status === 'charged') return alreadyDone;
  if (lifecycle.stage !== 'released' || fulfilment.status !== 'packed') return refuseInPhase(order, command);
  if (holds.size > 0) return refuse({ type: 'on_hold', reasons: [...holds] });
  const reservation = reservationOf(payment);
  if (reservation === null || !mayCharge(order)) return refuseInPhase(order, command);
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
  const attempt = order.chargeAttempts + 1;
  const key = paymentKey(order.terms.orderId, 'charge', attempt);
  return accept({ type: 'ChargeRequested', at: command.at, attempt, key, amount: due.right });
};

/**
 * The processor's answer to a charge. A second answer changes nothing; another amount is refused and alarms. A charge
 * that a cancellation overtook is refunded whole.
 */
export const recordCharge = (order: PlacedOrder, command: RecordCharge): Decision => {
  const { at, attempt, outcome } = command;
  const { payment } = order;
  if (attempt > order.chargeAttempts) return refuse({ type: 'attempt_unknown', attempt });
  if (payment.status !== 'charging' || payment.request.attempt !== attempt) return alreadyDone;
  const { request, reservation } = payment;
  switch (outcome.type) {
    case 'failed':
      return accept({ type: 'ChargeFailed', at, attempt, decline: outcome.decline });
    case 'reservation_expired':
      return accept(
        { type: 'ChargeFailed', at, attempt, decline: { class: 'soft', code: 'reservation_expired' } },
        { type: 'CardReservationExpired', at, attempt: reservation.attempt },
      );
    case 'unknown':
      return request.outcome === 'unknown'
        ? alreadyDone
        : accept({ type: 'ChargeOutcomeUnknown', at, attempt });
    case 'charged': {
      const { amount, reference } = outcome;
      if (!equals(amount, request.amount)) {
        return refuse({ type: 'charged_amount_differs', requested: request.amount, charged: amount });
      }
      const charged = { type: 'Charged', at, attempt, amount, reference } as const;
      const refund = { refundId: cancellationRefundId, amount, reason: 'cancellation', at } as const;
      return order.lifecycle.stage === 'cancelling'
        ? accept(charged, refundRequest(order, refund))
        : accept(charged);
    }
  }
};
