import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { raisedBefore } from '../../application/floor/floor-ports.js';
import {
  type FloorStaff,
  type FloorTask,
  floorTaskId,
  type FloorTasks,
  type LeaseAnswer,
  type NewScan,
} from '../../application/ports/workflow/floor-tasks.js';
import type { FloorStepName } from '../../domain/process/steps.js';
import { hasPassed, type Instant } from '../../domain/instant.js';

/** A task with all that was scanned and reported for it; a closed one stays, as its step may be offered again. */
type Kept = {
  task: Omit<FloorTask, 'scanned'>;
  closed: boolean;
  /** How often somebody gave it back since it was offered. */
  givenBack: number;
  readonly units: Map<number, number>;
  readonly reports: Set<string>;
};

/** Tasks of the floor in this process; `revoke` shuts a device out. */
export type InMemoryFloorTasks = FloorTasks & { readonly revoke: (secretHash: string) => void };

const byAge = (left: Kept, right: Kept): number =>
  left.task.offeredAt - right.task.offeredAt || (left.task.taskId < right.task.taskId ? -1 : 1);

const later = (left: Instant, right: Instant): Instant => (left > right ? left : right);

/** An empty floor in memory. Each call happens at once, when its task is run. */
export function inMemoryFloorTasks(): InMemoryFloorTasks {
  const tasks = new Map<string, Kept>();
  const devices = new Map<string, FloorStaff>();
  const revoked = new Set<string>();

  const shown = ({ task, units }: Kept): FloorTask => ({
    ...task,
    scanned: [...units]
      .map(([lineNumber, scanned]) => ({ lineNumber, units: scanned }))
      .sort((left, right) => left.lineNumber - right.lineNumber),
  });
  const openOnes = (): readonly Kept[] => [...tasks.values()].filter(({ closed }) => !closed).sort(byAge);
  const underEpoch = (taskId: string, epoch: number): Kept | null => {
    const kept = tasks.get(taskId);
    return kept === undefined || kept.closed || kept.task.epoch !== epoch ? null : kept;
  };

  function offer(offered: Pick<FloorTask, 'orderId' | 'step' | 'run' | 'token'>, now: Instant): void {
    const { orderId, step, run, token } = offered;
    const taskId = floorTaskId(orderId, step);
    const kept = tasks.get(taskId);
    if (kept === undefined) {
      const task = { taskId, orderId, step, run, token, epoch: 0, offeredAt: now, lease: null };
      tasks.set(taskId, { task, closed: false, givenBack: 0, units: new Map(), reports: new Set() });
      return;
    }
    const isNew = kept.closed ? kept.task.token !== token : kept.task.run < run;
    if (!isNew) return;
    const offeredAt = kept.closed ? now : kept.task.offeredAt;
    kept.task = { ...kept.task, run, token, offeredAt, lease: null };
    if (kept.closed) kept.givenBack = 0;
    kept.closed = false;
  }

  function claim(
    staffId: string,
    steps: readonly FloorStepName[],
    until: Instant,
    now: Instant,
  ): FloorTask | null {
    const wanted = openOnes().filter(({ task }) => steps.includes(task.step));
    const isLeased = ({ task }: Kept): boolean => task.lease !== null && !hasPassed(task.lease.until, now);
    const theirs = wanted.find((kept) => isLeased(kept) && kept.task.lease?.staffId === staffId);
    const waiting = wanted.filter((kept) => !isLeased(kept));
    const raised = waiting.find(({ task }) => task.offeredAt <= raisedBefore(now));
    const claimed =
      theirs ?? raised ?? [...waiting].sort((left, right) => left.givenBack - right.givenBack)[0];
    if (claimed === undefined) return null;
    const { task } = claimed;
    claimed.task =
      theirs === undefined
        ? { ...task, epoch: task.epoch + 1, lease: { staffId, until } }
        : { ...task, lease: { staffId, until: later(task.lease?.until ?? until, until) } };
    return shown(claimed);
  }

  function renew(taskId: string, epoch: number, until: Instant): LeaseAnswer<'renewed'> {
    const kept = underEpoch(taskId, epoch);
    if (kept === null || kept.task.lease === null) return 'stale_epoch';
    const { staffId, until: before } = kept.task.lease;
    kept.task = { ...kept.task, lease: { staffId, until: later(before, until) } };
    return 'renewed';
  }

  function addScans(
    taskId: string,
    epoch: number,
    commandId: string,
    scans: readonly NewScan[],
  ): LeaseAnswer<'added' | 'repeated' | 'too_many'> {
    const kept = underEpoch(taskId, epoch);
    if (kept === null || kept.task.lease === null) return 'stale_epoch';
    if (kept.reports.has(commandId)) return 'repeated';
    const inAll = scans.map((scan) => ({
      ...scan,
      units: scan.units + (kept.units.get(scan.lineNumber) ?? 0),
    }));
    if (inAll.some(({ units, most }) => units > most)) return 'too_many';
    kept.reports.add(commandId);
    for (const { lineNumber, units } of inAll) kept.units.set(lineNumber, units);
    return 'added';
  }

  function release(taskId: string, epoch: number): LeaseAnswer<'released'> {
    const kept = underEpoch(taskId, epoch);
    if (kept === null) return 'stale_epoch';
    if (kept.task.lease !== null) kept.givenBack += 1;
    kept.task = { ...kept.task, lease: null };
    return 'released';
  }

  function close(taskId: string, run: number): void {
    const kept = tasks.get(taskId);
    if (kept === undefined || kept.task.run !== run) return;
    kept.task = { ...kept.task, lease: null };
    kept.closed = true;
  }

  function find(taskId: string): FloorTask | null {
    const kept = tasks.get(taskId);
    return kept === undefined || kept.closed ? null : shown(kept);
  }

  const answering =
    <Answer>(call: () => Answer): TE.TaskEither<never, Answer> =>
    async () =>
      E.right(call());

  return {
    offer: (task, now) => answering(() => offer(task, now)),
    claim: (staffId, steps, until, now) => answering(() => claim(staffId, steps, until, now)),
    find: (taskId) => answering(() => find(taskId)),
    renew: (taskId, epoch, until) => answering(() => renew(taskId, epoch, until)),
    addScans: (taskId, epoch, commandId, scans) => answering(() => addScans(taskId, epoch, commandId, scans)),
    isReported: (taskId, commandId) => answering(() => tasks.get(taskId)?.reports.has(commandId) === true),
    release: (taskId, epoch) => answering(() => release(taskId, epoch)),
    close: (taskId, run) => answering(() => close(taskId, run)),
    open: () => answering(() => openOnes().map(shown)),
    enrol: (staff, secretHash) => answering(() => void devices.set(secretHash, { ...staff })),
    staffBySecret: (secretHash) =>
      answering(() => (revoked.has(secretHash) ? null : (devices.get(secretHash) ?? null))),
    revoke: (secretHash) => void revoked.add(secretHash),
  };
}
