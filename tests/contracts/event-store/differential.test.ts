// The stores must not be told apart by what they answer: the same random commands, one after another, on all three.
import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { postgresEventStore } from '../../../adapters/event-store/postgres.js';
import type { EventStore, ExpectedRevision, Position } from '../../../application/ports/event-store.js';
import { isInstant } from '../../../domain/instant.js';
import { databaseOnOwnServer } from '../../support/databases.js';
import { checked, newOrderId } from '../../support/ids.js';
import { eventStoreDbOnOwnServer } from './eventstoredb-under-test.js';
import { newEvents, readToEnd } from './samples.js';

type Command =
  | {
      readonly type: 'append';
      readonly stream: number;
      readonly expected: ExpectedRevision;
      /** Events by number, so that commands repeat each other's. */
      readonly events: readonly number[];
    }
  | {
      readonly type: 'read';
      readonly stream: number;
      readonly direction: 'forwards' | 'backwards';
      readonly from: number | null;
      readonly limit: number | null;
    }
  | { readonly type: 'read_all'; readonly limit: number };

const expectation: fc.Arbitrary<ExpectedRevision> = fc.oneof(
  fc.constant<ExpectedRevision>({ type: 'no_stream' }),
  fc.constant<ExpectedRevision>({ type: 'any' }),
  fc.constant<ExpectedRevision>({ type: 'stream_exists' }),
  fc.integer({ min: 0, max: 6 }).map((revision): ExpectedRevision => ({ type: 'exactly', revision })),
);
const stream = fc.integer({ min: 0, max: 1 });
const limit = fc.integer({ min: 1, max: 9 });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      stream,
      expected: expectation,
      events: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('read' as const),
      stream,
      direction: fc.constantFrom('forwards' as const, 'backwards' as const),
      from: fc.option(fc.integer({ min: 0, max: 9 })),
      limit: fc.option(limit),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('read_all' as const), limit }) },
);

const stores: EventStore[] = [];
/** Where each store ended before the run. */
const ends = new Map<EventStore, Position | null>();
const closing: Array<() => Promise<void>> = [];
beforeAll(async () => {
  const clock = { now: () => checked(isInstant, Date.now()), wait: (ms: number) => () => pause(ms) };
  const database = await databaseOnOwnServer('orders');
  const eventStoreDb = await eventStoreDbOnOwnServer();
  stores.push(
    inMemoryEventStore(clock),
    postgresEventStore({ pool: database.pool, notifications: null }),
    eventStoreDb.store,
  );
  closing.push(database.close, eventStoreDb.close);
});
afterAll(() => Promise.all(closing.map((close) => close())));

it('any commands are answered alike by all stores', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 25 }), async (commands) => {
      const orders = [newOrderId(), newOrderId()];
      const events = newEvents(10);

      const answersOf = async (store: EventStore): Promise<readonly unknown[]> => {
        let position = (await readToEnd(store, ends.get(store) ?? null, 1_000)).next;
        ends.set(store, position);
        const answers: unknown[] = [];
        for (const asked of commands) {
          const orderId = orders['stream' in asked ? asked.stream : 0] ?? newOrderId();
          switch (asked.type) {
            case 'append': {
              const batch = asked.events.flatMap((number) => events[number] ?? []);
              answers.push(await store.append(orderId, asked.expected, batch)());
              break;
            }
            case 'read': {
              const read = await store.read(orderId, {
                direction: asked.direction,
                ...(asked.from === null ? {} : { from: asked.from }),
                ...(asked.limit === null ? {} : { limit: asked.limit }),
              })();
              answers.push(
                E.isRight(read) ? read.right.map(({ eventId, revision }) => ({ eventId, revision })) : read,
              );
              break;
            }
            case 'read_all': {
              const page = await store.readAll(position, asked.limit)();
              if (E.isRight(page)) position = page.right.next;
              answers.push(
                E.isRight(page)
                  ? page.right.events.map((entry) =>
                      entry.type === 'event'
                        ? [entry.stored.orderId, entry.stored.revision, entry.stored.event]
                        : entry.problem,
                    )
                  : page,
              );
              break;
            }
          }
        }
        return answers;
      };

      const [memory, ...others] = await Promise.all(stores.map(answersOf));
      for (const other of others) expect(other).toEqual(memory);
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
