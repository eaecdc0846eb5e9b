import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { type Instant, plusSeconds } from '../../domain/instant.js';
import type { FloorStaff, NewScan } from '../ports/workflow/floor-tasks.js';
import {
  type FloorError,
  type FloorPolicy,
  type FloorPorts,
  type ScanReport,
  scannedUnits,
} from './floor-ports.js';
import { isStepAwaited, linesOf } from './floor-steps.js';
import { heldTask, type HeldTask } from './held-task.js';

/** Units of each line that one report brings. */
type Given = ReadonlyMap<number, number>;

/** Gives scanned units to the lines of their article in line order, each up to its quantity. */
const distribute = (
  { task, order }: HeldTask,
  { code, units }: ScanReport,
  given: Given,
): E.Either<FloorError, Given> => {
  const wanted = linesOf(order, task.step);
  const lines = wanted.filter((line) => line.code === code);
  const last = lines.at(-1);
  if (last === undefined) {
    const expected = [...new Set(wanted.map((line) => line.code))];
    return E.left({ type: 'wrong_article', scanned: code.slice(0, 40), expected });
  }
  const soFar = (lineNumber: number): number =>
    scannedUnits(task.scanned, lineNumber) + (given.get(lineNumber) ?? 0);
  let left: number = units;
  const next = new Map(given);
  for (const { lineNumber, quantity } of lines) {
    const taken = Math.max(0, Math.min(quantity - soFar(lineNumber), left));
    if (taken > 0) next.set(lineNumber, (given.get(lineNumber) ?? 0) + taken);
    left -= taken;
  }
  if (left === 0) return E.right(next);
  const ordered = lines.reduce((total, line) => total + line.quantity, 0);
  const before = lines.reduce((total, line) => total + soFar(line.lineNumber), 0);
  return E.left({ type: 'too_many', lineNumber: last.lineNumber, ordered, scanned: before + units });
};

const scansOf = (
  held: HeldTask,
  reports: readonly ScanReport[],
): E.Either<FloorError, readonly NewScan[]> => {
  const given = reports.reduce<E.Either<FloorError, Given>>(
    (sum, report) => (E.isLeft(sum) ? sum : distribute(held, report, sum.right)),
    E.right(new Map()),
  );
  if (E.isLeft(given)) return given;
  return E.right(
    linesOf(held.order, held.task.step).flatMap(({ lineNumber, quantity }) => {
      const units = given.right.get(lineNumber) ?? 0;
      return units > 0 ? [{ lineNumber, units, most: quantity }] : [];
    }),
  );
};

/** Reports of one task that overtake each other this often are not one person's scans. */
const mostAttempts = 8;

/**
 * Books scans of a task: units taken from their bins, or put back into them. All of a report or none of it: a wrong article or one unit too many refuses the
 * whole report. The same command id again changes nothing and answers alike.
 */
export const reportScans =
  (ports: FloorPorts) =>
  (
    staff: FloorStaff,
    taskId: string,
    epoch: number,
    commandId: string,
    reports: readonly ScanReport[],
  ): TE.TaskEither<FloorError, 'added' | 'repeated'> =>
  async () => {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const held = await heldTask(ports, staff, taskId, epoch);
      if (E.isLeft(held)) return held;
      if (!isStepAwaited(held.right.order, held.right.task.step)) {
        return E.left({ type: 'report_refused', refusal: 'wrong_phase', lineNumber: null });
      }
      const scans = scansOf(held.right, reports);
      if (E.isLeft(scans)) {
        // A repeated report finds its own units booked already and looks like too many: ask by its id.
        const reported = await ports.floorTasks.isReported(taskId, commandId)();
        if (E.isLeft(reported)) return reported;
        return reported.right ? E.right('repeated') : scans;
      }
      const added = await ports.floorTasks.addScans(taskId, epoch, commandId, scans.right)();
      if (E.isLeft(added)) return added;
      if (added.right === 'stale_epoch') return E.left({ type: 'lease_lost' });
      if (added.right !== 'too_many') return E.right(added.right);
    }
    return E.left({ type: 'too_many_conflicts', attempts: mostAttempts });
  };

/** A phone's sign of life: the lease lasts longer, or the phone learns that it must stop. */
export const keepLease =
  (ports: FloorPorts, policy: FloorPolicy) =>
  (
    staff: FloorStaff,
    taskId: string,
    epoch: number,
  ): TE.TaskEither<FloorError, { readonly leaseUntil: Instant }> =>
  async () => {
    const held = await heldTask(ports, staff, taskId, epoch);
    if (E.isLeft(held)) return held;
    const leaseUntil = plusSeconds(ports.system.now(), policy.leaseSeconds);
    const renewed = await ports.floorTasks.renew(taskId, epoch, leaseUntil)();
    if (E.isLeft(renewed)) return renewed;
    return renewed.right === 'stale_epoch' ? E.left({ type: 'lease_lost' }) : E.right({ leaseUntil });
  };

/** Gives a task back to the queue; its scans stay with it for the next person. Again is success until somebody has it. */
export const releaseTask =
  ({ floorTasks }: Pick<FloorPorts, 'floorTasks'>) =>
  (staff: FloorStaff, taskId: string, epoch: number): TE.TaskEither<FloorError, void> =>
  async () => {
    const found = await floorTasks.find(taskId)();
    if (E.isLeft(found)) return found;
    if (found.right === null) return E.left({ type: 'task_unknown' });
    const { lease } = found.right;
    if (lease !== null && lease.staffId !== staff.staffId) return E.left({ type: 'lease_lost' });
    const released = await floorTasks.release(taskId, epoch)();
    if (E.isLeft(released)) return released;
    return released.right === 'stale_epoch' ? E.left({ type: 'lease_lost' }) : E.right(undefined);
  };
