import { setTimeout as sleep } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Answer, type ApiClient, bodyOf, UnexpectedAnswer } from './http-client.js';

const Task = t.type({
  taskId: t.string,
  orderId: t.string,
  step: t.union([t.literal('Pick'), t.literal('Pack'), t.literal('Ship'), t.literal('PutBack')]),
  epoch: t.number,
  lines: t.array(t.type({ lineNumber: t.number, code: t.string, quantity: t.number, scanned: t.number })),
});
type Task = t.TypeOf<typeof Task>;

const Enrolled = t.type({ secret: t.string });
const Problem = t.type({ code: t.string });

/** Units of a line that lay in the tote at the end of a pick. */
export type PickedUnits = { readonly lineNumber: number; readonly units: number };

/**
 * What a crew did: tasks finished by step, tasks that were taken from its hands (cancelled or handed on), parcels that
 * had to wait for money or for a hold (each time one was brought), and picks of which it left a unit on the shelf.
 * `picks` has what people really took from the shelves for each order whose pick they finished.
 */
export type CrewTally = {
  readonly finished: Map<string, number>;
  readonly picks: Map<string, readonly PickedUnits[]>;
  takenAway: number;
  keptWaiting: number;
  shortPicks: number;
};

const idleMilliseconds = 150;
const weightGrams = 1_250;

/** All that is left to scan, one entry an article: the same article on several lines is scanned in one go. */
const scansOf = (task: Task, leftOut: string | null): ReadonlyArray<{ code: string; units: number }> => {
  const units = new Map<string, number>();
  for (const { code, quantity, scanned } of task.lines) {
    units.set(code, (units.get(code) ?? 0) + quantity - scanned);
  }
  if (leftOut !== null) units.set(leftOut, (units.get(leftOut) ?? 0) - 1);
  return [...units].filter(([, count]) => count > 0).map(([code, count]) => ({ code, units: count }));
};

/** The floor gives scanned units to the lines of an article in turn, so any of them may be the short one. */
const shortagesOf = (task: Task, leftOut: string | null) =>
  task.lines
    .filter(({ code }) => code === leftOut)
    .map(({ lineNumber }) => ({ lineNumber, reason: 'not_in_bin' }));

const reportOf = (task: Task, leftOut: string | null): Readonly<Record<string, unknown>> => {
  switch (task.step) {
    case 'Pick':
      return { step: 'Pick', shortages: shortagesOf(task, leftOut) };
    case 'Pack':
      return { step: 'Pack', parcels: [{ weightGrams }] };
    case 'Ship':
      return { step: 'Ship', carrier: 'Example Post', trackingLabel: `EX${task.taskId.slice(0, 8)}` };
    case 'PutBack':
      return { step: 'PutBack' };
  }
};

/** An article with a unit left to scan; the first that stands on one line only, so that it is clear which is short. */
const leftOutCode = ({ lines }: Task): string | null => {
  const open = lines.filter(({ quantity, scanned }) => scanned < quantity);
  const once = open.find(({ code }) => lines.filter((line) => line.code === code).length === 1);
  return (once ?? open[0])?.code ?? null;
};

/** What lies in the tote. The floor gives units of an article to its lines in turn, so the last one is short. */
const inTheTote = ({ lines }: Task, leftOut: string | null): readonly PickedUnits[] => {
  const short = lines.findLast(({ code }) => code === leftOut)?.lineNumber;
  return lines.map(({ lineNumber, quantity }) => ({
    lineNumber,
    units: lineNumber === short ? quantity - 1 : quantity,
  }));
};

/**
 * Chooses the picks of which a unit is left out: every n-th in the order in which the crew sees them first, none when
 * null. A task that comes again keeps its choice.
 */
const shortPicking = (every: number | null, tally: CrewTally) => {
  const seen = new Map<string, string | null>();
  return (task: Task): string | null => {
    if (task.step !== 'Pick' || every === null) return null;
    const known = seen.get(task.taskId);
    if (known !== undefined) return known;
    const leftOut = (seen.size + 1) % every === 0 ? leftOutCode(task) : null;
    seen.set(task.taskId, leftOut);
    if (leftOut !== null) tally.shortPicks += 1;
    return leftOut;
  };
};

/** One device at work: its calls, what its crew counts, which article a pick leaves out, and whether work is over. */
type Worker = {
  readonly post: (path: string, body: unknown) => Promise<Answer>;
  readonly tally: CrewTally;
  readonly leftOutOf: (task: Task) => string | null;
  readonly before: (orderId: string) => Promise<void>;
  readonly isOver: () => boolean;
};

const mustWait = (finished: Answer): boolean => {
  const problem = Problem.decode(finished.body);
  return E.isRight(problem) && ['on_hold', 'not_charged'].includes(problem.right.code);
};

/** Carries one task out as far as the floor lets it. */
const carryOut = async ({ post, tally, leftOutOf, before }: Worker, task: Task): Promise<void> => {
  const { taskId, orderId, epoch, step } = task;
  await before(orderId);
  const leftOut = leftOutOf(task);
  const scans = step === 'Pick' || step === 'PutBack' ? scansOf(task, leftOut) : [];
  if (scans.length > 0) {
    const commandId = `${taskId}-${String(epoch)}`;
    const scanned = await post(`/floor/tasks/${taskId}/scans`, { epoch, commandId, scans });
    if (scanned.status === 409 || scanned.status === 404) {
      tally.takenAway += 1;
      return;
    }
    if (scanned.status !== 200) {
      throw new UnexpectedAnswer(`scans of ${taskId}: status ${String(scanned.status)}`);
    }
  }
  const finished = await post(`/floor/tasks/${taskId}/finish`, { epoch, ...reportOf(task, leftOut) });
  if (finished.status === 200) {
    tally.finished.set(step, (tally.finished.get(step) ?? 0) + 1);
    if (step === 'Pick') tally.picks.set(orderId, inTheTote(task, leftOut));
  } else if (finished.status === 409 && mustWait(finished)) {
    tally.keptWaiting += 1;
    // Whether it is still theirs to give back does not matter: somebody tries again later.
    await post(`/floor/tasks/${taskId}/release`, { epoch });
    await sleep(idleMilliseconds);
  } else if (finished.status === 409 || finished.status === 404) {
    tally.takenAway += 1;
  } else throw new UnexpectedAnswer(`finish of ${taskId}: status ${String(finished.status)}`);
};

/** One person with an enrolled device who takes every task there is. */
const work = async (worker: Worker): Promise<void> => {
  while (!worker.isOver()) {
    const claimed = await worker.post('/floor/tasks/claim', { steps: ['Pick', 'Pack', 'Ship', 'PutBack'] });
    if (claimed.status === 204) await sleep(idleMilliseconds);
    else await carryOut(worker, bodyOf(Task, claimed, 'claim of a task'));
  }
};

/** A crew at work. `stop` lets everybody finish what is in their hands and rejects if one met an unexpected answer. */
export type FloorCrew = { readonly tally: CrewTally; readonly stop: () => Promise<void> };

/**
 * Enrols that many people through the administration and lets them work until stopped. They pick all units, pack one
 * parcel, ship it, and put the goods of cancelled orders back; of every `shortPickEvery`-th pick they leave one unit
 * of one article on the shelf (an order of one unit is then cancelled, as nothing of it was found). They begin with an
 * order's task when `before` resolves.
 */
export const startFloorCrew = async (
  admin: ApiClient,
  floor: ApiClient,
  operatorKey: string,
  people: number,
  shortPickEvery: number | null = null,
  before: (orderId: string) => Promise<void> = () => Promise.resolve(),
): Promise<FloorCrew> => {
  const headers = { authorization: `Bearer ${operatorKey}` };
  const secrets: string[] = [];
  for (let person = 1; person <= people; person += 1) {
    const body = { name: `Picker ${String(person)}` };
    const enrolled = await admin.call({ method: 'POST', path: '/admin/floor/staff', body, headers });
    secrets.push(bodyOf(Enrolled, enrolled, 'enrolment of floor staff').secret);
  }
  const tally: CrewTally = {
    ...{ finished: new Map<string, number>(), picks: new Map<string, readonly PickedUnits[]>() },
    ...{ takenAway: 0, keptWaiting: 0, shortPicks: 0 },
  };
  const state = { over: false };
  const leftOutOf = shortPicking(shortPickEvery, tally);
  const workerOf = (secret: string): Worker => {
    const authorised = { authorization: `Bearer ${secret}` };
    const post = (path: string, body: unknown) =>
      floor.call({ method: 'POST', path, body, headers: authorised });
    return { post, tally, leftOutOf, before, isOver: () => state.over };
  };
  const crew = Promise.all(secrets.map((secret) => work(workerOf(secret))));
  crew.catch(() => undefined);
  return {
    tally,
    stop: async () => {
      state.over = true;
      await crew;
    },
  };
};
