import { randomUUID } from 'node:crypto';
import type { AllPage, EventStore, NewEvent, Position } from '../../../application/ports/event-store.js';
import { isCommandId, isSignInId } from '../../../domain/ids.js';
import { isInstant, type Instant } from '../../../domain/instant.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import { checked } from '../../support/ids.js';
import { answerOf } from '../samples.js';

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

/** Reads all events after a position, page by page, until a page is empty. */
export async function readToEnd(
  store: Pick<EventStore, 'readAll'>,
  after: Position | null,
  limit: number,
): Promise<AllPage> {
  const events: AllPage['events'][number][] = [];
  for (let next = after; ;) {
    const page = await answerOf(store.readAll(next, limit));
    if (page.events.length === 0) return { events, next: page.next };
    events.push(...page.events);
    next = page.next;
  }
}
