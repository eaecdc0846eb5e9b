import * as E from 'fp-ts/lib/Either.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import { situationOf } from '../../domain/process/situation.js';
import { wantedSteps } from '../../domain/process/wanted.js';
import type { OrderProcesses, ProcessServiceError } from '../ports/workflow/order-processes.js';

/** What telling a process needs; `settings` are for one that must be started anew. */
export type TellProcessPorts = {
  readonly orderProcesses: Pick<OrderProcesses, 'tell' | 'start'>;
  readonly settings: ProcessSettings;
};

/**
 * Tells the order's process where the order stands now. One that has ended is started again when there is something to
 * do after all, such as a refund of a completed order: it finds done what is done.
 */
export const tellProcess = async (
  { orderProcesses, settings }: TellProcessPorts,
  order: PlacedOrder,
): Promise<E.Either<ProcessServiceError, 'told' | 'started'>> => {
  const situation = situationOf(order);
  const { orderId } = order.terms;
  const told = await orderProcesses.tell(orderId, situation)();
  if (E.isLeft(told)) return told;
  if (told.right === 'told' || wantedSteps(situation, settings).length === 0) return E.right('told');
  const started = await orderProcesses.start(orderId, settings)();
  return E.isLeft(started) ? started : E.right('started');
};
