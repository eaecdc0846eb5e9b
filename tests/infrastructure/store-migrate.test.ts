// Streams from Postgres to EventStoreDB and back: broken off, gone on with, and refused where histories differ.
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { postgresEventStore } from '../../adapters/event-store/postgres.js';
import type { EventStore, StoredEvent } from '../../application/ports/event-store.js';
import { CommandFailed } from '../../infrastructure/cli/command.js';
import { storeMigrate } from '../../infrastructure/cli/store-migrate.js';
import { openPool } from '../../infrastructure/database/pool.js';
import { eventStoreAt } from '../../infrastructure/event-store-client.js';
import { openContext } from '../../infrastructure/process/role.js';
import { newEvents, readToEnd } from '../contracts/event-store/samples.js';
import { answerOf } from '../contracts/samples.js';
import { type EventStoreServer, startEventStoreServer } from '../contracts/event-store/server/server.js';
import { databaseOnOwnServer, type FreshDatabase } from '../support/databases.js';
import { newOrderId } from '../support/ids.js';

const none = { type: 'no_stream' } as const;
const forwards = { direction: 'forwards' } as const;

let first: FreshDatabase;
let second: FreshDatabase;
let server: EventStoreServer;
beforeAll(async () => {
  first = await databaseOnOwnServer('orders');
  second = await databaseOnOwnServer('orders');
  server = await startEventStoreServer();
});
afterAll(async () => {
  await server.stop();
  await first.close();
  await second.close();
});

beforeEach(() => {
  // The progress bars.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

const migrate = async (from: string, to: string): Promise<unknown> => {
  const { context, stop } = openContext('cli', 'silent');
  try {
    return (await storeMigrate.run({ positional: [], options: { from, to } }, {}, context)).json;
  } finally {
    stop();
    await context.scope.release();
  }
};
const storeIn = ({ pool }: FreshDatabase): EventStore => postgresEventStore({ pool, notifications: null });
const contents = (events: readonly StoredEvent[]) =>
  events.map(({ eventId, revision, event, metadata }) => ({ eventId, revision, event, metadata }));

it('copies every stream, goes on after more was written or it was broken off, and comes back the same', async () => {
  const source = storeIn(first);
  const orders = Array.from({ length: 30 }, newOrderId);
  for (const orderId of orders) await answerOf(source.append(orderId, none, newEvents(4)));
  expect(await migrate(first.url, server.url)).toEqual({ orders: 30, events: 120 });

  for (const orderId of orders.slice(0, 10)) {
    await answerOf(source.append(orderId, { type: 'exactly', revision: 3 }, newEvents(2)));
  }
  const late = newOrderId();
  await answerOf(source.append(late, none, newEvents(3)));
  server.faults.next('append', { type: 'access_denied' });
  await expect(migrate(first.url, server.url)).rejects.toThrow(CommandFailed);
  server.faults.next('append', { type: 'cut_after' });
  await migrate(first.url, server.url).catch(() => undefined);
  expect(await migrate(first.url, server.url)).toEqual({ orders: 31, events: 143 });

  expect(await migrate(server.url, second.url)).toEqual({ orders: 31, events: 143 });
  for (const orderId of [...orders, late]) {
    const [here, there] = await Promise.all(
      [source, storeIn(second)].map((store) => answerOf(store.read(orderId, forwards))),
    );
    expect(contents(there ?? [])).toEqual(contents(here ?? []));
  }
  expect((await readToEnd(storeIn(second), null, 500)).events).toHaveLength(143);
});

it('refuses a target with another history of an order, and an address of nothing', async () => {
  const orderId = newOrderId();
  await answerOf(storeIn(first).append(orderId, none, newEvents(2)));
  const { pool, close } = openPool({ url: second.url, max: 1, applicationName: 'another-history' });
  const { store } = eventStoreAt('postgres', pool);
  expect(E.isRight(await store.append(orderId, none, newEvents(1))())).toBe(true);
  await close();
  await expect(migrate(first.url, second.url)).rejects.toThrow(`another history of order ${orderId}`);
  await expect(migrate('mysql://somewhere', second.url)).rejects.toThrow('--from must be an address');
  await expect(migrate(first.url, 'esdb://127.0.0.1:1?tls=false')).rejects.toThrow(CommandFailed);
});
