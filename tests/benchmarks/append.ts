import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Pool } from 'pg';
import { orderEvents } from '../../adapters/event-schema/order-events.js';
import { postgresEventStore } from '../../adapters/event-store/postgres.js';
import { encodeEvents } from '../../adapters/event-store/stored-events.js';
import type { EventStore, NewEvent } from '../../application/ports/event-store.js';
import { isCommandId, isOrderId } from '../../domain/ids.js';
import { isCurrency } from '../../domain/currency.js';
import { isInstant } from '../../domain/instant.js';
import { migrate } from '../../infrastructure/database/migrate.js';
import { openPool } from '../../infrastructure/database/pool.js';
import { startPostgres } from '../../infrastructure/local/postgres.js';
import type { Scope } from '../../infrastructure/process/scope.js';
import { median } from './figures.js';

/** Appends per second beside bare one-row inserts of the same bytes, measured in turns in one run. */
export interface AppendRate {
  readonly connections: number;
  readonly bareInsertsPerSecond: number;
  readonly appendsPerSecond: number;
  readonly ratio: number;
}

const sampleEvent = (): NewEvent => {
  const at = Date.UTC(2026, 2, 14);
  const currency = 'GBP';
  const commandId = randomUUID();
  if (!isInstant(at) || !isCurrency(currency) || !isCommandId(commandId)) throw new Error('sample refused');
  return {
    eventId: randomUUID(),
    event: {
      type: 'Charged',
      at,
      attempt: 1,
      amount: { minor: 4605, currency },
      reference: 'pi_3Pq7Z2LkdIwHu7ix',
    },
    metadata: { commandId, correlationId: randomUUID(), actor: { type: 'worker', name: 'payments-1' } },
  };
};

const bareInsert = (pool: Pool) => async (): Promise<void> => {
  // Encoding is part of the work: whoever inserts rows makes their bytes first.
  const [event] = encodeEvents(orderEvents, [sampleEvent()]);
  await pool.query({
    name: 'bare-insert',
    text: 'insert into bare_events (event_id, name, data, metadata) values ($1, $2, $3, $4)',
    values: [event?.eventId, event?.name, event?.data, event?.metadata],
  });
};

const append = (store: EventStore) => async (): Promise<void> => {
  const orderId = randomUUID();
  if (!isOrderId(orderId)) throw new Error('sample refused');
  const result = await store.append(orderId, { type: 'no_stream' }, [sampleEvent()])();
  if (E.isLeft(result)) throw new Error(`append failed: ${JSON.stringify(result.left)}`);
};

async function ratePerSecond(
  work: () => Promise<void>,
  connections: number,
  milliseconds: number,
): Promise<number> {
  const start = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return done / ((performance.now() - start) / 1_000);
}

/**
 * Measures appends through the whole store adapter, notifications included, against a durable server of its own. The
 * two kinds take turns, `rounds` times each for `milliseconds`, and the median counts. The server ends with the scope.
 */
export async function measureAppends(
  options: {
    readonly connections: readonly number[];
    readonly rounds: number;
    readonly milliseconds: number;
  },
  scope: Scope,
  measured: (rate: AppendRate) => void,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'checkout-append-'));
  scope.onRelease(() => rm(directory, { recursive: true, force: true }));
  const most = Math.max(...options.connections);
  const settings = { max_connections: String(most + 10) };
  const server = await startPostgres({ directory, port: 0, settings, databases: ['orders'] });
  scope.onRelease(server.stop);
  const url = server.url('orders');
  await migrate({ url, database: 'orders' });
  const { pool, close } = openPool({ url, max: most, applicationName: 'append-benchmark' });
  scope.onRelease(close);
  await pool.query(
    `create table bare_events (
       id bigint generated always as identity primary key,
       event_id uuid not null, name text not null, data json not null, metadata json not null)`,
  );
  const works = [bareInsert(pool), append(postgresEventStore({ pool, notifications: null }))] as const;
  for (const connections of options.connections) {
    for (const work of works) await ratePerSecond(work, connections, options.milliseconds / 2);
    const bare: number[] = [];
    const appended: number[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      bare.push(await ratePerSecond(works[0], connections, options.milliseconds));
      appended.push(await ratePerSecond(works[1], connections, options.milliseconds));
    }
    const [bareInsertsPerSecond, appendsPerSecond] = [median(bare) ?? 0, median(appended) ?? 0];
    const ratio = appendsPerSecond / bareInsertsPerSecond;
    measured({ connections, bareInsertsPerSecond, appendsPerSecond, ratio });
  }
}
