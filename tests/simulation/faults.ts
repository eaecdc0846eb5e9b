// What goes wrong between a role and its ports: each call's outcome is drawn. A role that dies takes all its open calls
// with it: none of them is ever answered.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { System } from '../../application/ports/system.js';
import type { Interceptor } from '../support/order/port-calls.js';
import type { Scheduler } from './scheduler.js';

/** One life of a role: from its start to its death. */
export type Life = { readonly role: string; alive: boolean; readonly die: () => void };

/** What can become of a call. */
export type CallOutcome =
  'ok' | 'fails' | 'answer lost' | 'answer late' | 'twice' | 'dies before' | 'dies after';

/** Draws the outcome of a call; `weather` is the number of bad ones in a thousand, and counts what was drawn. */
export type Weather = { badInThousand: number; readonly seen: Map<string, number> };

const badOutcomes: readonly CallOutcome[] = [
  ...(['fails', 'answer lost', 'answer late', 'twice', 'dies before', 'dies after'] as const),
];
/** The network may deliver these twice; a mail service delivers what it is given twice, so nobody does that to it. */
const mayArriveTwice = /^(eventStore\.append|stock\.|gateway\.|stepTasks\.done|orderProcesses\.)/;

const never = async (): Promise<never> => new Promise(() => undefined);

/** Stands between one life of a role and all its ports. */
export const interceptorOf =
  (scheduler: Scheduler, weather: Weather, life: Life): Interceptor =>
  (name, call, errors) =>
  async () => {
    const drawn = draw(scheduler, weather, name);
    const key = `${life.role} ${name} ${drawn}`;
    weather.seen.set(key, (weather.seen.get(key) ?? 0) + 1);
    if (drawn !== 'ok') scheduler.note(key);
    await scheduler.sleep(1 + scheduler.choose('latency', 20));
    if (drawn === 'fails') return life.alive ? E.left(errors.failed) : never();
    if (drawn === 'dies before') life.die();
    if (!life.alive) return never();
    const answer = await (drawn === 'twice' ? twice(call) : call());
    if (drawn === 'dies after') life.die();
    // Some answers come after the lease, the run or the decision they belong to is over.
    if (drawn === 'answer late') await scheduler.sleep(1_000 * (1 + scheduler.choose('late', 40)));
    if (!life.alive) return never();
    return drawn === 'answer lost' && E.isRight(answer) ? E.left(errors.lost) : answer;
  };

const twice = async <Failure, Answer>(
  call: TE.TaskEither<Failure, Answer>,
): Promise<E.Either<Failure, Answer>> => {
  const first = await call();
  const second = await call();
  return E.isRight(first) ? first : second;
};

const draw = (scheduler: Scheduler, weather: Weather, name: string): CallOutcome => {
  // The card processor is asked seldom and matters most: it has the worst weather.
  const bad = weather.badInThousand * (name.startsWith('gateway.') ? 4 : 1);
  if (scheduler.choose(`weather ${name}`, 1_000) >= bad) return 'ok';
  const outcome = badOutcomes[scheduler.choose(`outcome ${name}`, badOutcomes.length)] ?? 'ok';
  return outcome === 'twice' && !mayArriveTwice.test(name) ? 'answer late' : outcome;
};

/** The system of one life: its waits end with it. */
export const systemOf = (scheduler: Scheduler, system: System, life: Life): System => ({
  ...system,
  wait: (milliseconds) => async () => {
    await scheduler.sleep(milliseconds);
    if (!life.alive) await never();
  },
});
