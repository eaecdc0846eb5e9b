import { setTimeout as sleep } from 'node:timers/promises';
import * as t from 'io-ts';
import { type ApiClient, bodyOf, UnexpectedAnswer } from './http-client.js';

const Task = t.type({
  taskId: t.string,
  step: t.union([t.literal('Pick'), t.literal('Pack'), t.literal('Ship')]),
  epoch: t.number,
  lines: t.array(t.type({ code: t.string, quantity: t.number, scanned: t.number })),
});
type Task = t.TypeOf<typeof Task>;

const Enrolled = t.type({ secret: t.string });

/** What a crew did: tasks finished by step, and tasks that were taken from its hands (cancelled or handed on). */
export type CrewTally = { readonly finished: Map<string, number>; takenAway: number };

const idleMilliseconds = 150;
const weightGrams = 1_250;

/** All that is left to scan, one entry an article: the same article on several lines is scanned in one go. */
const scansOf = (task: Task): ReadonlyArray<{ readonly code: string; readonly units: number }> => {
  const units = new Map<string, number>();
  for (const { code, quantity, scanned } of task.lines) {
    units.set(code, (units.get(code) ?? 0) + quantity - scanned);
  }
  return [...units].filter(([, count]) => count > 0).map(([code, count]) => ({ code, units: count }));
};

const reportOf = (task: Task): Readonly<Record<string, unknown>> => {
  switch (task.step) {
    case 'Pick':
      return { step: 'Pick', shortages: [] };
    case 'Pack':
      return { step: 'Pack', parcels: [{ weightGrams }] };
    case 'Ship':
      return { step: 'Ship', carrier: 'Example Post', trackingLabel: `EX${task.taskId.slice(0, 8)}` };
  }
};

/** One person with an enrolled device who takes every task there is: picks all units, packs one parcel, ships it. */
const work = async (
  floor: ApiClient,
  secret: string,
  tally: CrewTally,
  isOver: () => boolean,
): Promise<void> => {
  const headers = { authorization: `Bearer ${secret}` };
  const post = (path: string, body: unknown) => floor.call({ method: 'POST', path, body, headers });
  while (!isOver()) {
    const claimed = await post('/floor/tasks/claim', { steps: ['Pick', 'Pack', 'Ship'] });
    if (claimed.status === 204) {
      await sleep(idleMilliseconds);
      continue;
    }
    const task = bodyOf(Task, claimed, 'claim of a task');
    const { taskId, epoch, step } = task;
    const scans = step === 'Pick' ? scansOf(task) : [];
    if (scans.length > 0) {
      const scanned = await post(`/floor/tasks/${taskId}/scans`, {
        epoch,
        commandId: `${taskId}-${String(epoch)}`,
        scans,
      });
      if (scanned.status === 409) {
        tally.takenAway += 1;
        continue;
      }
      if (scanned.status !== 200)
        throw new UnexpectedAnswer(`scans of ${taskId}: status ${String(scanned.status)}`);
    }
    const finished = await post(`/floor/tasks/${taskId}/finish`, { epoch, ...reportOf(task) });
    if (finished.status === 200) tally.finished.set(step, (tally.finished.get(step) ?? 0) + 1);
    else if (finished.status === 409 || finished.status === 404) tally.takenAway += 1;
    else throw new UnexpectedAnswer(`finish of ${taskId}: status ${String(finished.status)}`);
  }
};

/** A crew at work. `stop` lets everybody finish what is in their hands and rejects if one met an unexpected answer. */
export type FloorCrew = { readonly tally: CrewTally; readonly stop: () => Promise<void> };

/** Enrols that many people through the administration and lets them work until stopped. */
export const startFloorCrew = async (
  admin: ApiClient,
  floor: ApiClient,
  operatorKey: string,
  people: number,
): Promise<FloorCrew> => {
  const headers = { authorization: `Bearer ${operatorKey}` };
  const secrets: string[] = [];
  for (let person = 1; person <= people; person += 1) {
    const body = { name: `Picker ${String(person)}` };
    const enrolled = await admin.call({ method: 'POST', path: '/admin/floor/staff', body, headers });
    secrets.push(bodyOf(Enrolled, enrolled, 'enrolment of floor staff').secret);
  }
  const tally: CrewTally = { finished: new Map(), takenAway: 0 };
  const state = { over: false };
  const crew = Promise.all(secrets.map((secret) => work(floor, secret, tally, () => state.over)));
  crew.catch(() => undefined);
  return {
    tally,
    stop: async () => {
      state.over = true;
      await crew;
    },
  };
};
