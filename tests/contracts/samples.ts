// What the contract suites share.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { isInstant, type Instant } from '../../domain/instant.js';
import { checked } from '../support/ids.js';

/** What the call answered; throws with the error when it failed. */
export async function answerOf<Failure, Answer>(call: TE.TaskEither<Failure, Answer>): Promise<Answer> {
  const outcome = await call();
  if (E.isLeft(outcome)) throw new Error(`the call failed: ${JSON.stringify(outcome.left)}`);
  return outcome.right;
}

/** Seconds after noon of the day on which the suites play. */
export const afterNoon = (seconds: number): Instant =>
  checked(isInstant, Date.UTC(2026, 2, 9, 12) + Math.round(seconds * 1000));
