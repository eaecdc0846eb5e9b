// One fault at one call of a port, chosen by the call's number.
import * as E from 'fp-ts/lib/Either.js';
import type { Interceptor } from './port-calls.js';

/** What goes wrong with a call: refused before its effect, its answer lost, its caller dead before or after its effect. */
export type Fault = 'fails' | 'answer lost' | 'caller dies before' | 'caller dies after';

/** Every kind of fault. */
export const everyFault: readonly Fault[] = [
  'fails',
  'answer lost',
  'caller dies before',
  'caller dies after',
];

/** What stands between the application and its ports in one run. */
export type FaultPlan = {
  readonly through: Interceptor;
  /** Names of the calls so far. */
  readonly calls: readonly string[];
  /** A promise of the death of the worker at work; the fault keeps it. */
  readonly death: () => Promise<'died'>;
};

const lose = <Failure, Answer>(
  answer: E.Either<Failure, Answer>,
  lost: Failure,
): E.Either<Failure, Answer> => (E.isRight(answer) ? E.left(lost) : answer);

/** Faults by the number of the call, from 0; `before` is done before each call, with its number. */
export const faultsAt = (
  faults: ReadonlyMap<number, Fault> = new Map(),
  before: (call: number) => Promise<void> = async () => undefined,
): FaultPlan => {
  const calls: string[] = [];
  let die = (): void => undefined;
  // What the call answered is never heard of.
  const dead = async (_unheard?: unknown): Promise<never> => {
    die();
    return new Promise<never>(() => undefined);
  };

  const through: Interceptor = (name, call, errors) => async () => {
    const number = calls.length;
    calls.push(name);
    await before(number);
    switch (faults.get(number)) {
      case 'fails':
        return E.left(errors.failed);
      case 'answer lost':
        return lose(await call(), errors.lost);
      case 'caller dies before':
        return dead();
      case 'caller dies after':
        return dead(await call());
      case undefined:
        return call();
    }
  };
  const death = async (): Promise<'died'> =>
    new Promise((resolve) => {
      die = () => resolve('died');
    });
  return { through, calls, death };
};
