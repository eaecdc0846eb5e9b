import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { type Instant, plusSeconds } from '../../domain/instant.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { loadOrder } from '../handle-order-command.js';
import type { FloorTask, Scan } from '../ports/floor-tasks.js';
import { isStepAwaited } from './claim-task.js';
import {
  type FloorError,
  type FloorPolicy,
  type FloorPorts,
  type ScanReport,
  scannedUnits,
} from './floor-ports.js';

/** A task under a lease in force, with its order. */
export type HeldTask = { readonly task: FloorTask; readonly order: PlacedOrder };

/** Finds a task and checks that the caller's lease is the current one and that the order still wants the step. */
export const heldTask = async (
  ports: FloorPorts,
  taskId: string,
  epoch: number,
): Promise<E.Either<FloorError, HeldTask>> => {
  const found = await ports.floorTasks.find(taskId)();
  if (E.isLeft(found)) return found;
  const task = found.right;
  if (task === null) return E.left({ type: 'task_unknown' });
  if (task.epoch !== epoch || task.lease === null) return E.left({ type: 'lease_lost' });
  const loaded = await loadOrder(ports)(task.orderId)();
  if (E.isLeft(loaded)) return loaded;
  const order = loaded.right;
  if (order.type === 'no_order') return E.left({ type: 'task_unknown' });
  const { stage } = order.lifecycle;
  if (stage === 'cancelling' || stage === 'cancelled') return E.left({ type: 'order_cancelled' });
  return E.right({ task, order });
};

/** Gives scanned units to the lines of their article in line order, each up to its quantity. */
const distribute = (
  { task, order }: HeldTask,
  { code, units }: ScanReport,
  given: ReadonlyMap<number, number>,
): E.Either<FloorError, readonly Scan[]> => {
  const lines = order.terms.lines.filter((line) => line.code === code);
  const last = lines.at(-1);
  if (last === undefined) {
    const expected = [...new Set(order.terms.lines.map((line) => line.code))];
    return E.left({ type: 'wrong_article', scanned: code.slice(0, 40), expected });
  }
  let left = units;
  const scans: Scan[] = [];
  for (const { lineNumber, quantity } of lines) {
    const free = quantity - scannedUnits(task.scanned, lineNumber) - (given.get(lineNumber) ?? 0);
    const taken = Math.min(free, left);
    if (taken > 0) scans.push({ lineNumber, units: taken });
    left -= Math.max(taken, 0);
  }
  if (left === 0) return E.right(scans);
  const ordered = lines.reduce((total, line) => total + line.quantity, 0);
  const before = lines.reduce((total, line) => total + scannedUnits(task.scanned, line.lineNumber), 0);
  return E.left({ type: 'too_many', lineNumber: last.lineNumber, ordered, scanned: before + units });
};

/**
 * Books scans of a pick or pack task. All of a report or none of it: a wrong article or one unit too many refuses the
 * whole report. The same command id again changes nothing and answers alike.
 */
export const reportScans =
  (ports: FloorPorts) =>
  (
    taskId: string,
    epoch: number,
    commandId: string,
    reports: readonly ScanReport[],
  ): TE.TaskEither<FloorError, 'added' | 'repeated'> =>
  async () => {
    const held = await heldTask(ports, taskId, epoch);
    if (E.isLeft(held)) return held;
    if (!isStepAwaited(held.right.order, held.right.task.step)) {
      return E.left({ type: 'report_refused', refusal: 'wrong_phase', lineNumber: null });
    }
    const given = new Map<number, number>();
    for (const report of reports) {
      const scans = distribute(held.right, report, given);
      if (E.isLeft(scans)) {
        // A repeated report finds its own units booked already and looks like too many: ask by its id.
        const reported = await ports.floorTasks.isReported(taskId, commandId)();
        return E.isRight(reported) && reported.right ? E.right('repeated') : scans;
      }
      for (const { lineNumber, units } of scans.right) {
        given.set(lineNumber, (given.get(lineNumber) ?? 0) + units);
      }
    }
    const scans = [...given].map(([lineNumber, units]) => ({ lineNumber, units }));
    const added = await ports.floorTasks.addScans(taskId, epoch, commandId, scans)();
    if (E.isLeft(added)) return added;
    return added.right === 'stale_epoch' ? E.left({ type: 'lease_lost' }) : E.right(added.right);
  };

/** A phone's sign of life: the lease lasts longer, or the phone learns that it must stop. */
export const keepLease =
  (ports: FloorPorts, policy: FloorPolicy) =>
  (taskId: string, epoch: number): TE.TaskEither<FloorError, { readonly leaseUntil: Instant }> =>
  async () => {
    const held = await heldTask(ports, taskId, epoch);
    if (E.isLeft(held)) return held;
    const leaseUntil = plusSeconds(ports.system.now(), policy.leaseSeconds);
    const renewed = await ports.floorTasks.renew(taskId, epoch, leaseUntil)();
    if (E.isLeft(renewed)) return renewed;
    return renewed.right === 'stale_epoch' ? E.left({ type: 'lease_lost' }) : E.right({ leaseUntil });
  };

/** Gives a task back to the queue; its scans stay with it for the next person. */
export const releaseTask =
  ({ floorTasks }: Pick<FloorPorts, 'floorTasks'>) =>
  (taskId: string, epoch: number): TE.TaskEither<FloorError, void> =>
  async () => {
    const released = await floorTasks.release(taskId, epoch)();
    if (E.isLeft(released)) return released;
    return released.right === 'stale_epoch' ? E.left({ type: 'lease_lost' }) : E.right(undefined);
  };
