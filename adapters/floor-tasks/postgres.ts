// The port FloorTasks in the `orders` database. The hard promise is that a task is in one pair of hands: every change
// is one statement, and so one transaction.
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import * as t from 'io-ts';
import type { Pool, QueryResultRow } from 'pg';
import { raisedBefore } from '../../application/floor/floor-ports.js';
import {
  type FloorTask,
  floorTaskId,
  type FloorTasks,
  type FloorTasksError,
} from '../../application/ports/workflow/floor-tasks.js';
import { isTaskToken } from '../../application/ports/workflow/process-tasks.js';
import { isOrderId } from '../../domain/ids.js';
import { failureReason } from '../postgres/database-failure.js';
import { storedInstant } from '../postgres/stored-instant.js';

const storedScans = t.array(t.type({ lineNumber: t.number, units: t.number }));

type TaskRow = {
  readonly task_id: string;
  readonly order_id: string;
  readonly step: FloorTask['step'];
  readonly run: number;
  readonly token: string;
  readonly epoch: number;
  readonly offered_at: Date;
  readonly lease_staff: string | null;
  readonly lease_until: Date | null;
  readonly scanned: unknown;
};

function taskOf(row: TaskRow): FloorTask {
  const { order_id: orderId, token, lease_staff: staffId, lease_until: until } = row;
  const scanned = storedScans.decode(row.scanned);
  if (!isOrderId(orderId) || !isTaskToken(token) || E.isLeft(scanned)) {
    throw new Error('a stored floor task is not one');
  }
  return {
    taskId: row.task_id,
    orderId,
    step: row.step,
    run: row.run,
    token,
    epoch: row.epoch,
    offeredAt: storedInstant(row.offered_at),
    lease: staffId === null || until === null ? null : { staffId, until: storedInstant(until) },
    scanned: scanned.right.map(({ lineNumber, units }) => ({ lineNumber, units })),
  };
}

const once = <Answer>(call: () => Promise<Answer>): TE.TaskEither<FloorTasksError, Answer> =>
  TE.tryCatch(call, (failure) => ({ type: 'floor_tasks_unavailable', reason: failureReason(failure) }));

type ScansAnswer = 'added' | 'repeated' | 'too_many' | 'stale_epoch';

/** The tasks of the floor in the tables `floor_…`; revoke a device by setting `revoked_at` in `floor_devices`. */
export const postgresFloorTasks = (pool: Pool): FloorTasks => {
  const rowsOf = async <Row extends QueryResultRow>(
    name: string,
    text: string,
    ...values: readonly unknown[]
  ): Promise<readonly Row[]> => (await pool.query<Row>({ name, text, values: [...values] })).rows;

  return {
    offer: ({ orderId, step, run, token }, now) =>
      once(async () => {
        const values = [floorTaskId(orderId, step), orderId, step, run, token, new Date(now)];
        await rowsOf('offer_floor_task', 'select offer_floor_task($1, $2, $3, $4, $5, $6)', ...values);
      }),
    claim: (staffId, steps, until, now) =>
      once(async () => {
        const [row] = await rowsOf<TaskRow>(
          'claim_floor_task',
          'select * from claim_floor_task($1, $2, $3, $4, $5)',
          ...[staffId, steps, new Date(until), new Date(now), new Date(raisedBefore(now))],
        );
        return row === undefined ? null : taskOf(row);
      }),
    find: (taskId) =>
      once(async () => {
        const [row] = await rowsOf<TaskRow>(
          'find_floor_task',
          'select * from open_floor_tasks where task_id = $1',
          taskId,
        );
        return row === undefined ? null : taskOf(row);
      }),
    renew: (taskId, epoch, until) =>
      once(async () => {
        const renewed = await rowsOf(
          'renew_floor_lease',
          `update floor_tasks set lease_until = greatest(lease_until, $3)
           where task_id = $1 and epoch = $2 and lease_staff is not null returning task_id`,
          ...[taskId, epoch, new Date(until)],
        );
        return renewed.length > 0 ? 'renewed' : 'stale_epoch';
      }),
    addScans: (taskId, epoch, commandId, scans) =>
      once(async () => {
        const [row] = await rowsOf<{ readonly answer: ScansAnswer }>(
          'add_floor_scans',
          'select add_floor_scans($1, $2, $3, $4, $5, $6) as answer',
          ...[taskId, epoch, commandId],
          scans.map(({ lineNumber }) => lineNumber),
          scans.map(({ units }) => units),
          scans.map(({ most }) => most),
        );
        if (row === undefined) throw new Error('a statement answered no row');
        return row.answer;
      }),
    isReported: (taskId, commandId) =>
      once(async () => {
        const text = 'select 1 from floor_reports where task_id = $1 and command_id = $2';
        return (await rowsOf('is_floor_report', text, taskId, commandId)).length > 0;
      }),
    release: (taskId, epoch) =>
      once(async () => {
        const released = await rowsOf(
          'release_floor_task',
          `update floor_tasks set lease_staff = null, lease_until = null,
             given_back = given_back + (lease_staff is not null)::integer
           where task_id = $1 and epoch = $2 and closed_at is null returning task_id`,
          ...[taskId, epoch],
        );
        return released.length > 0 ? 'released' : 'stale_epoch';
      }),
    close: (taskId, run) =>
      once(async () => {
        await rowsOf(
          'close_floor_task',
          `update floor_tasks set closed_at = now(), lease_staff = null, lease_until = null
           where task_id = $1 and run = $2 and closed_at is null`,
          ...[taskId, run],
        );
      }),
    open: () =>
      once(async () => {
        const text = 'select * from open_floor_tasks order by offered_at, task_id';
        return (await rowsOf<TaskRow>('open_floor_tasks', text)).map(taskOf);
      }),
    enrol: ({ staffId, name }, secretHash) =>
      once(async () => {
        await rowsOf(
          'enrol_floor_device',
          `insert into floor_devices (secret_hash, staff_id, name) values ($1, $2, $3)
           on conflict (secret_hash) do update set staff_id = excluded.staff_id, name = excluded.name`,
          ...[secretHash, staffId, name],
        );
      }),
    staffBySecret: (secretHash) =>
      once(async () => {
        const [row] = await rowsOf<{ readonly staff_id: string; readonly name: string }>(
          'floor_staff_by_secret',
          'select staff_id, name from floor_devices where secret_hash = $1 and revoked_at is null',
          secretHash,
        );
        return row === undefined ? null : { staffId: row.staff_id, name: row.name };
      }),
  };
};
