import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { absurd } from '../../domain/brand.js';
import { type Situation, situationOf } from '../../domain/process/situation.js';
import type { Step } from '../../domain/process/steps.js';
import type { StepTask } from '../ports/workflow/process-tasks.js';
import type { StepProblem } from '../roles/worker.js';
import { sendMail } from './mail-steps.js';
import {
  authenticateCustomer,
  cancelOrder,
  giveUpPayment,
  giveUpShipment,
  releaseToWarehouse,
  validateOrder,
} from './order-steps.js';
import { chargeCard, lookUpPayment, reserveCard, voidReservation } from './payment-steps.js';
import { refundCard } from './refund-steps.js';
import {
  loadForTask,
  notDone,
  type StepContext,
  type StepPolicy,
  type StepPorts,
  type StepResult,
} from './step-ports.js';
import { commitStock, completeOrder, extendStock, releaseStock, reserveStock } from './stock-steps.js';

const workOf = async (step: Step, context: StepContext): Promise<StepResult> => {
  switch (step.name) {
    case 'AuthenticateCustomer':
      return authenticateCustomer(context);
    case 'ValidateOrder':
      return validateOrder(context);
    case 'ReserveStock':
      return reserveStock(context);
    case 'ExtendStock':
      return extendStock(context);
    case 'ReserveCard':
      return reserveCard(context, step.number);
    case 'LookUpPayment':
      return lookUpPayment(context);
    case 'CommitStock':
      return commitStock(context);
    case 'ReleaseToWarehouse':
      return releaseToWarehouse(context);
    case 'ChargeCard':
      return chargeCard(context, step.number);
    case 'CompleteOrder':
      return completeOrder(context);
    case 'GiveUpPayment':
      return giveUpPayment(context);
    case 'GiveUpShipment':
      return giveUpShipment(context);
    case 'VoidReservation':
      return voidReservation(context, step.number);
    case 'RefundCard':
      return refundCard(context, step.number);
    case 'ReleaseStock':
      return releaseStock(context);
    case 'CancelOrder':
      return cancelOrder(context);
    case 'SendMail':
      return sendMail(context, step);
    case 'Pick':
    case 'Pack':
    case 'Ship':
    case 'PutBack':
      return notDone('step_of_the_floor');
    default:
      return absurd(step);
  }
};

/**
 * Does one run of a step. Reads the order first and answers at once when the step's fact is stored already, so a step
 * may run any number of times, also side by side. Answers with the order's situation after the work.
 */
export const createRunStep =
  (ports: StepPorts, policy: StepPolicy) =>
  (task: StepTask): TE.TaskEither<StepProblem, Situation> =>
  async () => {
    const order = await loadForTask(ports)(task)();
    if (E.isLeft(order)) return order;
    const result = await workOf(task.step, { ports, policy, task, order: order.right });
    return E.isLeft(result) ? result : E.right(situationOf(result.right));
  };
