// Two callers take turns in every order: each waits before every call of a port until it is let go. All interleavings
// are tried one after the other, by the choices that led to the one before.
import type { Interceptor } from '../port-calls.js';

type Caller = { waiting: (() => void) | null; finished: boolean };

/** The choices of one interleaving: which of the two goes on wherever both wait. */
type Path = number[];

const settled = async (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Runs two pieces of work side by side; `path` says who goes on at the first forks, after it always the first. */
const interleave = async (
  path: Path,
  works: readonly [(through: Interceptor) => Promise<unknown>, (through: Interceptor) => Promise<unknown>],
): Promise<{ readonly taken: Path; readonly calls: readonly string[] }> => {
  const callers: readonly [Caller, Caller] = [
    { waiting: null, finished: false },
    { waiting: null, finished: false },
  ];
  const calls: string[] = [];
  const taken: Path = [];
  const throughOf =
    (number: 0 | 1): Interceptor =>
    (name, call) =>
    async () => {
      await new Promise<void>((resolve) => {
        callers[number].waiting = resolve;
      });
      calls.push(`${String(number + 1)} ${name}`);
      return call();
    };
  const run = async (number: 0 | 1): Promise<void> => {
    await works[number](throughOf(number));
    callers[number].finished = true;
  };
  const both = Promise.all([run(0), run(1)]);
  for (;;) {
    await settled();
    const ready = callers.filter(({ waiting }) => waiting !== null);
    if (ready.length === 0) break;
    // A fork is where both could go on.
    const choice = ready.length === 2 ? (path[taken.length] ?? 0) : 0;
    if (ready.length === 2) taken.push(choice);
    const next = ready[choice];
    const go = next?.waiting;
    if (next !== undefined) next.waiting = null;
    go?.();
  }
  await both;
  return { taken, calls };
};

/**
 * Plays a pair in every order: `prepare` makes a new world each time, `check` looks at what came of it. Answers with the
 * number of orders. Throws with the order of the calls when a check fails.
 */
export const inEveryOrder = async <World>(
  prepare: () => Promise<World>,
  pair: (
    world: World,
  ) => readonly [(through: Interceptor) => Promise<unknown>, (through: Interceptor) => Promise<unknown>],
  check: (world: World) => Promise<unknown>,
): Promise<number> => {
  let path: Path = [];
  for (let orders = 1; ; orders += 1) {
    const world = await prepare();
    const { taken, calls } = await interleave(path, pair(world));
    try {
      await check(world);
    } catch (cause) {
      throw new Error(calls.join(', '), { cause });
    }
    const fork = taken.lastIndexOf(0);
    if (fork < 0) return orders;
    path = [...taken.slice(0, fork), 1];
  }
};
