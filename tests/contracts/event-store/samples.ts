import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { AllPage, EventStore, NewEvent, Position } from '../../../application/ports/event-store.js';
import { isCommandId, isOrderId, isSignInId, type OrderId } from '../../../domain/ids.js';
import { isInstant, type Instant } from '../../../domain/instant.js';
import type { OrderEvent } from '../../../domain/order/events.js';

/** The value, if it passes the check that its type stands for. */
export function checked<Base, Value extends Base>(
  guard: (value: Base) => value is Value,
  value: Base,
): Value {
  if (!guard(value)) throw new Error(`${String(value)} is not what it should be`);
  return value;
}

/** An order that nothing is stored of. */
export const newOrderId = (): OrderId => checked(isOrderId, randomUUID());

/** 2026-03-14T09:26:53.589Z and that many milliseconds. */
export const instantAfter = (milliseconds: number): Instant =>
  checked(isInstant, 1_773_480_413_589 + milliseconds);

const commandId = checked(isCommandId, randomUUID());

/** An event with new ids. */
export const newEvent = (event: OrderEvent = { type: 'OrderValidated', at: instantAfter(0) }): NewEvent => ({
  eventId: randomUUID(),
  event,
  metadata: {
    commandId,
    correlationId: 'request "1" \\ ü \u0000 🙂',
    actor: { type: 'worker', name: 'payments-1' },
  },
});

/** That many events, each told apart by its time. */
export const newEvents = (count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, index) =>
    newEvent({
      type: 'CustomerAuthenticated',
      at: instantAfter(index),
      signInId: checked(isSignInId, randomUUID()),
    }),
  );

/** The answer; throws the error of a call that should have succeeded. */
export async function answered<Failure, Answer>(call: TE.TaskEither<Failure, Answer>): Promise<Answer> {
  const result = await call();
  if (E.isLeft(result)) throw new Error(`refused with ${JSON.stringify(result.left)}`);
  return result.right;
}

/** Reads all events after a position, page by page, until a page is empty. */
export async function readToEnd(
  store: Pick<EventStore, 'readAll'>,
  after: Position | null,
  limit: number,
): Promise<AllPage> {
  const events: AllPage['events'][number][] = [];
  for (let next = after; ;) {
    const page = await answered(store.readAll(next, limit));
    if (page.events.length === 0) return { events, next: page.next };
    events.push(...page.events);
    next = page.next;
  }
}
