import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../../domain/ids.js';
import type { Instant } from '../../../domain/instant.js';
import type { FloorStepName } from '../../../domain/process/steps.js';
import type { TaskToken } from './process-tasks.js';

/** The floor's own store could not be asked or changed. */
export type FloorTasksError = { readonly type: 'floor_tasks_unavailable'; readonly reason: string };

/** Who works on the floor. The secret of their device is stored only as a hash. */
export type FloorStaff = { readonly staffId: string; readonly name: string };

/** Units of one line that were scanned for a task. */
export type Scan = { readonly lineNumber: number; readonly units: number };

/** Units to add to a line, which may have `most` units in all. */
export type NewScan = Scan & { readonly most: number };

/**
 * A task of the floor: one step of one order, offered until somebody finishes it. Each hand-out raises the epoch; a
 * report under an older epoch is late and changes nothing. `taskId` is `{orderId}-{step}`: a new run of a step goes on
 * with the task of the old one, with all that was scanned.
 */
export type FloorTask = {
  readonly taskId: string;
  readonly orderId: OrderId;
  readonly step: FloorStepName;
  readonly run: number;
  readonly token: TaskToken;
  readonly epoch: number;
  readonly offeredAt: Instant;
  readonly lease: { readonly staffId: string; readonly until: Instant } | null;
  /** Units scanned so far, one entry a line. */
  readonly scanned: readonly Scan[];
};

/** The name of the task of one step of one order. */
export const floorTaskId = (orderId: OrderId, step: FloorStepName): string => `${orderId}-${step}`;

/** What became of a report under a lease. */
export type LeaseAnswer<Answer> = Answer | 'stale_epoch';

/** The queue between the workflow service and the phones. It alone keeps task tokens. Several gateways share it. */
export type FloorTasks = {
  /**
   * Offers a run of a step. A later run takes the token over, ends the lease and keeps the scans. A closed task comes
   * back with a token it did not have, whatever its run (a process that was started anew counts from 1 again), with
   * its scans and epochs. Repeats change nothing.
   */
  readonly offer: (
    task: Pick<FloorTask, 'orderId' | 'step' | 'run' | 'token'>,
    now: Instant,
  ) => TE.TaskEither<FloorTasksError, void>;
  /**
   * Hands one waiting task of these steps, or one whose lease ended, to one person and raises its epoch: first those that
   * wait longer than 4 hours, oldest ahead, then those given back least often, then the oldest. A person who holds a lease
   * for one of these steps already gets the same task again under the same epoch, for longer.
   */
  readonly claim: (
    staffId: string,
    steps: readonly FloorStepName[],
    until: Instant,
    now: Instant,
  ) => TE.TaskEither<FloorTasksError, FloorTask | null>;
  /** The task as it stands; null when it is closed. */
  readonly find: (taskId: string) => TE.TaskEither<FloorTasksError, FloorTask | null>;
  /** Makes the lease last longer, never shorter. One that ended but was not handed to anybody else is in force again. */
  readonly renew: (
    taskId: string,
    epoch: number,
    until: Instant,
  ) => TE.TaskEither<FloorTasksError, LeaseAnswer<'renewed'>>;
  /**
   * Adds scans once per command id, all or none. `too_many` when a line would go beyond its `most` because another
   * report was first: look at the task again. Each line stands in `scans` once; the caller has checked them.
   */
  readonly addScans: (
    taskId: string,
    epoch: number,
    commandId: string,
    scans: readonly NewScan[],
  ) => TE.TaskEither<FloorTasksError, LeaseAnswer<'added' | 'repeated' | 'too_many'>>;
  /** Whether scans with this command id were added. */
  readonly isReported: (taskId: string, commandId: string) => TE.TaskEither<FloorTasksError, boolean>;
  /** Gives the task back to the queue; again is `released` until somebody else has it. */
  readonly release: (
    taskId: string,
    epoch: number,
  ) => TE.TaskEither<FloorTasksError, LeaseAnswer<'released'>>;
  /** Removes a task that was finished, withdrawn or is gone; repeats change nothing. Only if it is still this run's. */
  readonly close: (taskId: string, run: number) => TE.TaskEither<FloorTasksError, void>;
  /** All open tasks, oldest first: for signs of life. */
  readonly open: () => TE.TaskEither<FloorTasksError, readonly FloorTask[]>;
  /** Enrols a person with the hash of a device's secret, beside their other devices. Repeats set the name. */
  readonly enrol: (staff: FloorStaff, secretHash: string) => TE.TaskEither<FloorTasksError, void>;
  /** The person with this device secret; null when unknown or revoked. */
  readonly staffBySecret: (secretHash: string) => TE.TaskEither<FloorTasksError, FloorStaff | null>;
};
