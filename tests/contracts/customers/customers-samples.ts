// Values that the contract suites share.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { randomUUID } from 'node:crypto';
import { isCustomerId, type CustomerId, isOrderId, type OrderId } from '../../../domain/ids.js';
import { isInstant, type Instant } from '../../../domain/instant.js';

/** The value under the name its check stands for; throws when the check refuses it. */
export function checked<Value, Name extends Value>(
  isNamed: (value: Value) => value is Name,
  value: Value,
): Name {
  if (!isNamed(value)) throw new Error('a test used a value that its own check refuses');
  return value;
}

/** What the call answered; throws with the error when it failed. */
export async function answerOf<Failure, Answer>(call: TE.TaskEither<Failure, Answer>): Promise<Answer> {
  const outcome = await call();
  if (E.isLeft(outcome)) throw new Error(`the call failed: ${JSON.stringify(outcome.left)}`);
  return outcome.right;
}

/** An order that no other test knows. */
export const newOrderId = (): OrderId => checked(isOrderId, randomUUID());

/** A customer that no other test knows. */
export const newCustomerId = (): CustomerId => checked(isCustomerId, randomUUID());

/** Seconds after noon of the day on which the suites play. */
export const afterNoon = (seconds: number): Instant =>
  checked(isInstant, Date.UTC(2026, 2, 9, 12) + Math.round(seconds * 1000));
