import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { absurd } from '../../domain/brand.js';
import { trackingNumberFrom } from '../../domain/fulfilment.js';
import type { Instant } from '../../domain/instant.js';
import type { OrderCommand } from '../../domain/order/commands.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { Refusal } from '../../domain/order/refusal.js';
import { type Phase, phaseOf } from '../../domain/order/phase.js';
import { situationOf } from '../../domain/process/situation.js';
import type { FloorStepName } from '../../domain/process/steps.js';
import { isOrderId } from '../../domain/ids.js';
import { type CommandError, handleOrderCommand, loadOrder } from '../handle-order-command.js';
import { type FloorStaff, floorTaskId } from '../ports/workflow/floor-tasks.js';
import { type FinishReport, type FloorError, type FloorPorts, scannedUnits } from './floor-ports.js';
import { isStepDone, linesOf } from './floor-steps.js';
import { type HeldTask, heldTask } from './held-task.js';

const pickCommand = (
  { task, order }: HeldTask,
  report: Extract<FinishReport, { readonly step: 'Pick' }>,
  at: Instant,
  pickedBy: string,
): OrderCommand => {
  const reasons = new Map(report.shortages.map(({ lineNumber, reason }) => [lineNumber, reason]));
  const lines = order.terms.lines.map(({ lineNumber, quantity }) => {
    const picked = scannedUnits(task.scanned, lineNumber);
    const short = quantity - picked;
    return { lineNumber, picked, short, shortReason: short > 0 ? (reasons.get(lineNumber) ?? null) : null };
  });
  return { type: 'RecordPick', at, lines, pickedBy };
};

/**
 * Every unit must have been scanned back into its bin. The step after this one gives the order's goods free for sale,
 * so a unit that lies in a tote or a box, and not in its bin, would be sold to somebody who cannot get it. A pack asks
 * for no scans: a unit left out of a parcel is still held for its order.
 */
const putBackCommand = (
  { task, order }: HeldTask,
  at: Instant,
  putBackBy: string,
): E.Either<FloorError, OrderCommand> => {
  for (const { lineNumber, quantity } of linesOf(order, task.step)) {
    const units = quantity - scannedUnits(task.scanned, lineNumber);
    if (units > 0) return E.left({ type: 'units_not_back', lineNumber, units });
  }
  return E.right({ type: 'RecordPutBack', at, putBackBy });
};

const commandOf = (
  held: HeldTask,
  report: FinishReport,
  at: Instant,
  by: string,
): E.Either<FloorError, OrderCommand> => {
  switch (report.step) {
    case 'Pick':
      return E.right(pickCommand(held, report, at, by));
    case 'Pack': {
      const parcels = report.parcels.map(({ weightGrams }, index) => ({
        parcelNumber: index + 1,
        weightGrams,
      }));
      return E.right({ type: 'RecordPack', at, parcels, packedBy: by });
    }
    case 'Ship': {
      const trackingNumber = trackingNumberFrom(report.trackingLabel);
      if (E.isLeft(trackingNumber)) return trackingNumber;
      const handover = { carrier: report.carrier, trackingNumber: trackingNumber.right };
      return E.right({ type: 'RecordShipment', at, handover, shippedBy: by });
    }
    case 'PutBack':
      return putBackCommand(held, at, by);
    default:
      return absurd(report);
  }
};

const lineOf = (refusal: Refusal): number | null => ('lineNumber' in refusal ? refusal.lineNumber : null);

const floorError = (error: CommandError): FloorError => {
  if (error.type !== 'refused') return error;
  const { refusal } = error;
  if (refusal.type === 'order_closing') return { type: 'order_cancelled' };
  return { type: 'report_refused', refusal: refusal.type, lineNumber: lineOf(refusal) };
};

/** Stores what was done, then tells the process, then closes the task: any of these may be repeated. */
const conclude = async (
  ports: FloorPorts,
  { task }: HeldTask,
  order: PlacedOrder,
): Promise<E.Either<FloorError, { readonly phase: Phase }>> => {
  const answered = await ports.stepTasks.done(task.token, situationOf(order))();
  if (E.isLeft(answered)) return answered;
  const closed = await ports.floorTasks.close(task.taskId, task.run)();
  return E.isLeft(closed) ? closed : E.right({ phase: phaseOf(order) });
};

/** The phase of an order whose task was finished before, told to a phone that lost the first answer. */
const finishedBefore = async (
  ports: FloorPorts,
  taskId: string,
  step: FloorStepName,
): Promise<E.Either<FloorError, { readonly phase: Phase }>> => {
  const orderId = taskId.slice(0, -(step.length + 1));
  if (!isOrderId(orderId) || floorTaskId(orderId, step) !== taskId) return E.left({ type: 'task_unknown' });
  const loaded = await loadOrder(ports)(orderId)();
  if (E.isLeft(loaded)) return loaded;
  const order = loaded.right;
  const done = order.type === 'placed_order' && isStepDone(order, step);
  return done ? E.right({ phase: phaseOf(order) }) : E.left({ type: 'task_unknown' });
};

/**
 * Finishes a task under a lease. The fact is stored before the process is told, so a lost answer costs a repeat and
 * nothing else; a report of a task that was finished before answers with the order's phase. A pick of nothing at all is
 * a report like any other: every line is short, and the order is cancelled.
 */
export const finishTask =
  (ports: FloorPorts) =>
  (
    staff: FloorStaff,
    taskId: string,
    epoch: number,
    report: FinishReport,
    correlationId: string,
  ): TE.TaskEither<FloorError, { readonly phase: Phase }> =>
  async () => {
    const held = await heldTask(ports, staff, taskId, epoch);
    if (E.isLeft(held)) {
      return held.left.type === 'task_unknown' ? finishedBefore(ports, taskId, report.step) : held;
    }
    const { task, order } = held.right;
    if (task.step !== report.step) return E.left({ type: 'task_unknown' });
    const command = commandOf(held.right, report, ports.system.now(), staff.name);
    if (E.isLeft(command)) return command;
    const context = { actor: { type: 'floor', name: staff.name } as const, correlationId };
    const handled = await handleOrderCommand(ports)(task.orderId, command.right, context, order)();
    if (E.isLeft(handled)) return E.left(floorError(handled.left));
    return handled.right.order.type === 'placed_order'
      ? conclude(ports, held.right, handled.right.order)
      : E.left({ type: 'task_unknown' });
  };
