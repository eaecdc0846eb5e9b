import * as E from 'fp-ts/lib/Either.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { loadOrder } from '../handle-order-command.js';
import type { FloorStaff, FloorTask } from '../ports/floor-tasks.js';
import type { FloorError, FloorPorts } from './floor-ports.js';

/** A task under a lease in force, with its order. */
export type HeldTask = { readonly task: FloorTask; readonly order: PlacedOrder };

/**
 * Finds a task and checks that the person has it under this epoch and that the order was not cancelled. Epochs are
 * small numbers that anybody can guess, so the person counts as well.
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
  if (task === null) return E.left({ type: 'task_unknown' });
  const isTheirs = task.epoch === epoch && task.lease?.staffId === staff.staffId;
  if (!isTheirs) return E.left({ type: 'lease_lost' });
  const loaded = await loadOrder(ports)(task.orderId)();
  if (E.isLeft(loaded)) return loaded;
  const order = loaded.right;
  if (order.type === 'no_order') return E.left({ type: 'task_unknown' });
  const { stage } = order.lifecycle;
  if (stage === 'cancelling' || stage === 'cancelled') return E.left({ type: 'order_cancelled' });
  return E.right({ task, order });
};
