import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { System } from '../ports/system.js';
import type { StopSignal } from './stop-signal.js';

// How every role waits: it never spins, and a stop ends each wait at once.

const firstPauseMilliseconds = 250;
const longestPauseMilliseconds = 15_000;
/** An empty answer that comes sooner was not waited for at the other side, so the waiting is done here. */
const shortestPollMilliseconds = 200;

/** Milliseconds to pause after that many failures in a row (from 1): doubles from 250 to at most 15,000. */
export const pauseAfter = (failures: number): number =>
  Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** Math.min(failures - 1, 16));

/** Waits, at most until the role is stopped. */
export const pause = async (system: System, stop: StopSignal, milliseconds: number): Promise<void> => {
  if (!stop.stopped) await Promise.race([system.wait(milliseconds)(), stop.whenStopped]);
};

/** A task that is asked for until the role stops, and what is done with each. */
export type PollLoop<Failure, Task> = {
  readonly poll: () => TE.TaskEither<Failure, Task | null>;
  readonly work: (task: Task) => Promise<void>;
  readonly hindered: (failure: Failure) => void;
};

/**
 * Polls and works until stopped. A task that was given is always worked on to its end, also when the stop came
 * meanwhile. Failed polls are repeated after growing pauses.
 */
export const runPollLoop = async <Failure, Task>(
  system: System,
  stop: StopSignal,
  { poll, work, hindered }: PollLoop<Failure, Task>,
): Promise<void> => {
  let failures = 0;
  while (!stop.stopped) {
    const asked = system.now();
    const polled = await poll()();
    if (E.isLeft(polled)) {
      if (stop.stopped) return;
      failures += 1;
      hindered(polled.left);
      await pause(system, stop, pauseAfter(failures));
    } else {
      failures = 0;
      if (polled.right !== null) await work(polled.right);
      else if (system.now() - asked < shortestPollMilliseconds) {
        await pause(system, stop, shortestPollMilliseconds);
      }
    }
  }
};

/** Repeats a call that may fail for a while: growing pauses, at most `most` calls in all, also while stopping. */
export const withRepeats = async <Failure, Answer>(
  system: System,
  most: number,
  call: () => TE.TaskEither<Failure, Answer>,
): Promise<E.Either<Failure, Answer>> => {
  for (let calls = 1; ; calls += 1) {
    const answer = await call()();
    if (E.isRight(answer) || calls >= most) return answer;
    await system.wait(pauseAfter(calls))();
  }
};

/** Runs the same loop several times at once; returns when all have ended. */
export const runSideBySide = async (count: number, run: () => Promise<void>): Promise<void> => {
  await Promise.all(Array.from({ length: count }, run));
};
