import type { CancelOrder, CompleteOrder, RequestCancellation } from '../commands.js';
import type { PlacedOrder } from '../order.js';
import { phaseOf } from '../phase.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';

// The ways an order ends. A cancellation is a request first: what is held is given back, then the order is cancelled.

const holdsSomething = ({ payment, stock }: PlacedOrder): boolean =>
  stock.status === 'reserved' ||
  stock.status === 'committed' ||
  payment.status === 'reserving' ||
  payment.status === 'reserved' ||
  payment.status === 'charging' ||
  payment.status === 'charge_failed';

/** Goods may be being taken from the shelf for a validated order before that is stored. */
const mayHoldSomething = (order: PlacedOrder): boolean =>
  order.lifecycle.stage === 'validated' || holdsSomething(order);

/**
 * Asks for the order's end. At once before validation, when nothing can be held yet; accepted until the pick; asking
 * again changes nothing.
 */
export const requestCancellation = (order: PlacedOrder, command: RequestCancellation): Decision => {
  const { at, by } = command;
  const { stage } = order.lifecycle;
  if (stage === 'cancelling' || stage === 'cancelled') return alreadyDone;
  const picked = order.fulfilment.status !== 'waiting';
  if (stage === 'rejected' || stage === 'completed' || picked) {
    return refuse({ type: 'too_late_to_cancel', phase: phaseOf(order) });
  }
  const reason = by === 'customer' ? 'customer_request' : 'operator_request';
  const request = { type: 'CancellationRequested', at, by, reason } as const;
  return mayHoldSomething(order) ? accept(request) : accept(request, { type: 'OrderCancelled', at, reason });
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
