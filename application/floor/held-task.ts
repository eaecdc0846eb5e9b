import * as E from 'fp-ts/lib/Either.js';
import { isOrderId } from '../../domain/ids.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { loadOrder } from '../handle-order-command.js';
import { type FloorStaff, type FloorTask, floorTaskId } from '../ports/workflow/floor-tasks.js';
import type { FloorError, FloorPorts } from './floor-ports.js';
import { isOnItsWayOut, isStepDone } from './floor-steps.js';

/** A task under a lease in force, with its order. */
export type HeldTask = { readonly task: FloorTask; readonly order: PlacedOrder };

/**
 * Why a task is not there. One that was withdrawn since its order was cancelled tells whoever works on it to stop; of
 * any other nothing is known.
 */
const whyGone = async (ports: FloorPorts, taskId: string): Promise<FloorError> => {
  const orderId = taskId.slice(0, taskId.lastIndexOf('-'));
  const step = (['Pick', 'Pack', 'Ship'] as const).find((name) => taskId.endsWith(`-${name}`));
  if (step === undefined || !isOrderId(orderId) || floorTaskId(orderId, step) !== taskId) {
    return { type: 'task_unknown' };
  }
  const loaded = await loadOrder(ports)(orderId)();
  if (E.isLeft(loaded)) return loaded.left;
  const order = loaded.right;
  const mustStop = order.type === 'placed_order' && isOnItsWayOut(order) && !isStepDone(order, step);
  return { type: mustStop ? 'order_cancelled' : 'task_unknown' };
};

/**
 * Finds a task and checks that the person has it under this epoch, and that the order was not cancelled unless its
 * goods are being put back. Epochs are small numbers that anybody can guess, so the person counts as well.
 */
export const heldTask = async (
  ports: FloorPorts,
  staff: FloorStaff,
  taskId: string,
  epoch: number,
): Promise<E.Either<FloorError, HeldTask>> => {
  const found = await ports.floorTasks.find(taskId)();
  if (E.isLeft(found)) return found;
  const task = found.right;
  if (task === null) return E.left(await whyGone(ports, taskId));
  const isTheirs = task.epoch === epoch && task.lease?.staffId === staff.staffId;
  if (!isTheirs) return E.left({ type: 'lease_lost' });
  const loaded = await loadOrder(ports)(task.orderId)();
  if (E.isLeft(loaded)) return loaded;
  const order = loaded.right;
  if (order.type === 'no_order') return E.left({ type: 'task_unknown' });
  if (task.step !== 'PutBack' && isOnItsWayOut(order)) return E.left({ type: 'order_cancelled' });
  return E.right({ task, order });
};
