import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { plusSeconds } from '../../domain/instant.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { situationOf } from '../../domain/process/situation.js';
import type { FloorStepName } from '../../domain/process/steps.js';
import { loadOrder } from '../handle-order-command.js';
import type { FloorStaff, FloorTask } from '../ports/workflow/floor-tasks.js';
import {
  type ClaimedTask,
  type FloorError,
  type FloorLine,
  type FloorPolicy,
  type FloorPorts,
  scannedUnits,
} from './floor-ports.js';
import { isStepAwaited, linesOf } from './floor-steps.js';

const floorLines = async (
  ports: FloorPorts,
  order: PlacedOrder,
  task: FloorTask,
): Promise<E.Either<FloorError, readonly FloorLine[]>> => {
  const lines = linesOf(order, task.step);
  const levels = await ports.stock.levels([...new Set(lines.map(({ code }) => code))])();
  if (E.isLeft(levels)) return levels;
  const bins = new Map(levels.right.map(({ code, bin }) => [code, bin]));
  return E.right(
    lines.map((line) => ({
      ...line,
      bin: bins.get(line.code) ?? null,
      scanned: scannedUnits(task.scanned, line.lineNumber),
    })),
  );
};

/** Reports a task to the process that needs no person any more, and closes it. */
const clear = async (
  ports: FloorPorts,
  task: FloorTask,
  order: PlacedOrder,
): Promise<E.Either<FloorError, void>> => {
  const answered = await ports.stepTasks.done(task.token, situationOf(order))();
  if (E.isLeft(answered)) return answered;
  return ports.floorTasks.close(task.taskId, task.run)();
};

/** Gives a task back to the process that is about no order, so that nobody is handed it again and again. */
const refuse = async (ports: FloorPorts, task: FloorTask): Promise<E.Either<FloorError, void>> => {
  const answered = await ports.stepTasks.failed(task.token, 'order_unknown')();
  if (E.isLeft(answered)) return answered;
  return ports.floorTasks.close(task.taskId, task.run)();
};

/**
 * Hands the next task of these steps to a person: theirs if they hold one, else one that waited for more than four
 * hours, else the oldest; a task that somebody gave back comes after those that nobody did. Tasks whose step the order
 * does not await any more are closed on the way. Null when there is nothing to do.
 */
export const claimTask =
  (ports: FloorPorts, policy: FloorPolicy) =>
  (staff: FloorStaff, steps: readonly FloorStepName[]): TE.TaskEither<FloorError, ClaimedTask | null> =>
  async () => {
    for (;;) {
      const now = ports.system.now();
      const until = plusSeconds(now, policy.leaseSeconds);
      const claimed = await ports.floorTasks.claim(staff.staffId, steps, until, now)();
      if (E.isLeft(claimed)) return claimed;
      const task = claimed.right;
      if (task === null) return E.right(null);
      const loaded = await loadOrder(ports)(task.orderId)();
      if (E.isLeft(loaded)) return loaded;
      const order = loaded.right;
      if (order.type === 'no_order') {
        const refused = await refuse(ports, task);
        if (E.isLeft(refused)) return refused;
        continue;
      }
      if (isStepAwaited(order, task.step)) {
        const lines = await floorLines(ports, order, task);
        if (E.isLeft(lines)) return lines;
        const { taskId, orderId, step, epoch } = task;
        return E.right({
          taskId,
          orderId,
          step,
          epoch,
          leaseUntil: task.lease?.until ?? until,
          lines: lines.right,
        });
      }
      const cleared = await clear(ports, task, order);
      if (E.isLeft(cleared)) return cleared;
    }
  };
