import * as E from 'fp-ts/lib/Either.js';
import { hasPassed, plusSeconds } from '../../domain/instant.js';
import { carryOut, notDone, raiseAlarm, type StepContext, type StepResult } from './step-ports.js';
import { missingUnits } from './stock-steps.js';

// Steps of the `orders` workers that need only rules and our own databases.

/** Asks the customers database about the sign-in under which the order was placed. */
export const authenticateCustomer = async (context: StepContext): Promise<StepResult> => {
  const { ports, order } = context;
  if (order.lifecycle.stage !== 'placed') return E.right(order);
  const at = ports.system.now();
  const evidence = await ports.customers.evidenceOf(order.terms.signInId)();
  if (E.isLeft(evidence)) return notDone(evidence.left.type);
  return carryOut(context, order, { type: 'AuthenticateCustomer', at, evidence: evidence.right });
};

/** Checks the order against what is sold now. */
export const validateOrder = async (context: StepContext): Promise<StepResult> => {
  const { ports, policy, order } = context;
  if (order.lifecycle.stage !== 'authenticated') return E.right(order);
  const withdrawn = await ports.stock.withdrawn(order.terms.lines.map(({ code }) => code))();
  if (E.isLeft(withdrawn)) return notDone(withdrawn.left.type);
  const { destinations, totalLimits } = policy;
  return carryOut(context, order, {
    type: 'ValidateOrder',
    at: ports.system.now(),
    policy: { withdrawnArticles: new Set(withdrawn.right), destinations, totalLimits },
  });
};

/** Hands the order to the warehouse. */
export const releaseToWarehouse = async (context: StepContext): Promise<StepResult> => {
  const { graceSeconds, pickSeconds } = context.policy.settings;
  const at = context.ports.system.now();
  return carryOut(context, context.order, { type: 'ReleaseToWarehouse', at, graceSeconds, pickSeconds });
};

/** Ends the wait for another card. */
export const giveUpPayment = async (context: StepContext): Promise<StepResult> => {
  const at = context.ports.system.now();
  return carryOut(context, context.order, { type: 'GiveUpPayment', at, payAgain: context.policy.settings });
};

/** Calls people when a charged parcel waits for its carrier for too long, and in the end gives the money back. */
export const giveUpShipment = async (context: StepContext): Promise<StepResult> => {
  const { ports, policy, order } = context;
  const { unshippedSeconds } = policy.settings;
  const { payment, lifecycle } = order;
  const at = ports.system.now();
  const waiting = lifecycle.stage === 'released' && payment.status === 'charged';
  // Told once: later runs only wait for the deadline.
  if (context.task.run === 1 && waiting && !hasPassed(plusSeconds(payment.at, unshippedSeconds), at)) {
    raiseAlarm(context, 'charged, and not handed to the carrier for too long');
  }
  return carryOut(context, order, { type: 'GiveUpShipment', at, unshippedSeconds });
};

/**
 * Ends a cancellation once nothing is held. The ledger is told too: a run that reserved goods and died before it could
 * store that left a hold of which the order knows nothing.
 */
export const cancelOrder = async (context: StepContext): Promise<StepResult> => {
  const { ports, task, order } = context;
  if (order.lifecycle.stage !== 'cancelling') return E.right(order);
  const released = await ports.stock.release(task.orderId, missingUnits(order))();
  if (E.isLeft(released)) return notDone(released.left.type);
  return carryOut(context, order, { type: 'CancelOrder', at: ports.system.now() });
};
