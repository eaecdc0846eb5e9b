import type { AuthenticateCustomer, PlaceOrder, ValidateOrder } from '../commands.js';
import type { Order, PlacedOrder } from '../order.js';
import { authenticationProblems, rejectionReasons } from '../rules/policies.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';

// From the signed cart to an order that may hold goods and money.

/** A new order from a reviewed cart. The same customer's same cart again adds nothing. */
export const placeOrder = (order: Order, command: PlaceOrder): Decision => {
  const { at, orderId, customerId, signInId, contactSnapshotId, cart, cartToken, destination } = command;
  if (order.type === 'placed_order') {
    return order.terms.customerId === customerId ? alreadyDone : refuse({ type: 'order_exists' });
  }
  if (!cart.destinations.includes(destination)) return refuse({ type: 'destination_not_in_cart' });
  return accept({
    type: 'OrderPlaced',
    at,
    orderId,
    customerId,
    signInId,
    contactSnapshotId,
    cart: cartToken,
    destination,
    currency: cart.currency,
    lines: cart.lines,
    delivery: cart.delivery,
    total: cart.total,
    paymentMethod: command.paymentMethod,
  });
};

/** First step of the workflow: the sign-in under which the order was placed still stands for its customer. */
export const authenticateCustomer = (order: PlacedOrder, command: AuthenticateCustomer): Decision => {
  const { stage } = order.lifecycle;
  if (stage === 'cancelling' || stage === 'cancelled') return refuseInPhase(order, command);
  if (stage !== 'placed') return alreadyDone;
  const problems = authenticationProblems(command.evidence, order.terms);
  if (problems.length > 0) {
    const reasons = problems.map((problem) => ({ type: 'authentication', problem }) as const);
    return accept({ type: 'OrderRejected', at: command.at, reasons });
  }
  return accept({ type: 'CustomerAuthenticated', at: command.at, signInId: order.terms.signInId });
};

/** Checks the order against the selling policy; a rejection names every reason. */
export const validateOrder = (order: PlacedOrder, command: ValidateOrder): Decision => {
  const { stage } = order.lifecycle;
  if (stage === 'placed' || stage === 'cancelling' || stage === 'cancelled')
    return refuseInPhase(order, command);
  if (stage !== 'authenticated') return alreadyDone;
  const reasons = rejectionReasons(order.terms, command.policy);
  return reasons.length > 0
    ? accept({ type: 'OrderRejected', at: command.at, reasons })
    : accept({ type: 'OrderValidated', at: command.at });
};
