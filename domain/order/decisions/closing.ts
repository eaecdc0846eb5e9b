import type { CancelOrder, CompleteOrder, GiveUpShipment, RequestCancellation } from '../commands.js';
import { hasPassed, plusSeconds, type Instant } from '../../instant.js';
import type { CancellationReason, CancelledBy, OrderEvent } from '../events.js';
import { type PlacedOrder, reservationOf } from '../order.js';
import { phaseOf } from '../phase.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';
import { cancellationOf } from '../rules/cancellation.js';
import { openRefunds, refundableAmount } from '../rules/kept-money.js';
import { cancellationRefundId, refundRequest } from './refunding.js';

// The ways an order ends. A cancellation is a request first: what is held is given back, then the order is cancelled.

/** True while goods of the order lie in a tote or a parcel. */
export const isOffTheShelf = ({ fulfilment }: PlacedOrder): boolean =>
  (fulfilment.status === 'picked' || fulfilment.status === 'packed') &&
  fulfilment.lines.some(({ picked }) => picked > 0);

const holdsMoney = (order: PlacedOrder): boolean => {
  const { payment, surplus } = order;
  if (payment.status === 'charged') return refundableAmount(order).minor > 0 || openRefunds(order).length > 0;
  const underWay = payment.status === 'reserving' || payment.status === 'authenticating';
  return underWay || reservationOf(payment) !== null || surplus.length > 0;
};

const holdsSomething = (order: PlacedOrder): boolean =>
  order.stock.status === 'reserved' ||
  order.stock.status === 'committed' ||
  holdsMoney(order) ||
  order.surplus.length > 0 ||
  isOffTheShelf(order);

/** Goods may be being taken from the shelf for a validated order before that is stored. */
const mayHoldSomething = (order: PlacedOrder): boolean =>
  order.lifecycle.stage === 'validated' || holdsSomething(order);

const closingFacts = (
  order: PlacedOrder,
  at: Instant,
  by: CancelledBy,
  reason: CancellationReason,
): readonly OrderEvent[] => {
  const request = { type: 'CancellationRequested', at, by, reason } as const;
  const amount = refundableAmount(order);
  if (amount.minor > 0) {
    const refund = { refundId: cancellationRefundId, amount, reason: 'cancellation', at } as const;
    return [request, refundRequest(order, refund)];
  }
  return mayHoldSomething(order) ? [request] : [request, { type: 'OrderCancelled', at, reason }];
};

/**
 * Asks for the order's end, by the cancellation table. At once before validation, when nothing can be held yet; of a
 * charged order the money is refunded; refused, and stored as such once, when the goods are on their way. Asking again
 * changes nothing.
 */
export const requestCancellation = (order: PlacedOrder, command: RequestCancellation): Decision => {
  const { at, by } = command;
  const { answer, moment } = cancellationOf(order);
  if (answer === 'again') return alreadyDone;
  if (answer === 'refused') {
    if (moment === 'over') return refuse({ type: 'too_late_to_cancel', phase: phaseOf(order) });
    return order.cancellationRefused ? alreadyDone : accept({ type: 'CancellationRefused', at, by });
  }
  const reason = by === 'customer' ? 'customer_request' : 'operator_request';
  return accept(...closingFacts(order, at, by, reason));
};

/** Charged, but not handed to the carrier for too long: the money goes back and the goods to their bins. */
export const giveUpShipment = (order: PlacedOrder, command: GiveUpShipment): Decision => {
  const { at, unshippedSeconds } = command;
  const { lifecycle, payment, fulfilment } = order;
  if (lifecycle.stage === 'cancelling' || lifecycle.stage === 'cancelled') return alreadyDone;
  if (lifecycle.stage !== 'released' || payment.status !== 'charged' || fulfilment.status !== 'packed') {
    return refuseInPhase(order, command);
  }
  const until = plusSeconds(payment.at, unshippedSeconds);
  if (!hasPassed(until, at)) return refuse({ type: 'deadline_not_passed', until });
  return accept(...closingFacts(order, at, 'checkout', 'not_shipped'));
};

/** Ends a cancellation once nothing is held any more. */
export const cancelOrder = (order: PlacedOrder, command: CancelOrder): Decision => {
  const { lifecycle } = order;
  if (lifecycle.stage === 'cancelled') return alreadyDone;
  if (lifecycle.stage !== 'cancelling') return refuseInPhase(order, command);
  if (holdsSomething(order)) return refuse({ type: 'something_still_held' });
  return accept({ type: 'OrderCancelled', at: command.at, reason: lifecycle.reason });
};

/** Ends an order that was charged and shipped. Its mails may still be on their way. */
export const completeOrder = (order: PlacedOrder, command: CompleteOrder): Decision => {
  if (order.lifecycle.stage === 'completed') return alreadyDone;
  if (order.fulfilment.status !== 'shipped' || order.payment.status !== 'charged') {
    return refuseInPhase(order, command);
  }
  return accept({ type: 'OrderCompleted', at: command.at });
};
