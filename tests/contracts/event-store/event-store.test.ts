import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { postgresEventStore } from '../../../adapters/event-store/postgres.js';
import type { System } from '../../../application/ports/system.js';
import type { OrderId } from '../../../domain/ids.js';
import { isInstant } from '../../../domain/instant.js';
import { openListener } from '../../../infrastructure/database/listener.js';
import { databaseOnOwnServer } from '../../support/databases.js';
import { eventStoreDbAt, eventStoreDbOnOwnServer } from './eventstoredb-under-test.js';
import { eventStoreContract } from './suite.js';
import { checked } from '../../support/ids.js';

const system: Pick<System, 'now' | 'wait'> = {
  now: () => checked(isInstant, Date.now()),
  wait: (milliseconds) => () => pause(milliseconds),
};

const plantIn = async (pool: Pool, orderId: OrderId, name: string, data: unknown): Promise<void> => {
  await pool.query(
    `insert into events (order_id, revision, event_id, name, data, metadata)
     select $1, coalesce(max(revision), -1) + 1, $2, $3, $4, '{}' from events where order_id = $1`,
    [orderId, randomUUID(), name, JSON.stringify(data)],
  );
};

eventStoreContract('memory', async () => {
  const store = inMemoryEventStore(system);
  return {
    store,
    plant: async (orderId, name, data) => store.plant(orderId, name, data),
    close: async () => undefined,
  };
});

eventStoreContract('Postgres', async () => {
  const { pool, url, close } = await databaseOnOwnServer('orders');
  const listener = openListener({ url, applicationName: 'checkout-tests' });
  return {
    store: postgresEventStore({ pool, notifications: listener }),
    plant: (orderId, name, data) => plantIn(pool, orderId, name, data),
    close: async () => {
      await listener.close();
      await close();
    },
  };
});

eventStoreContract('Postgres without notifications', async () => {
  const { pool, close } = await databaseOnOwnServer('orders');
  return {
    store: postgresEventStore({ pool, notifications: null }),
    plant: (orderId, name, data) => plantIn(pool, orderId, name, data),
    close,
  };
});

eventStoreContract('EventStoreDB', () => eventStoreDbOnOwnServer());

eventStoreContract('EventStoreDB with a call for each append', () =>
  eventStoreDbOnOwnServer({ credentials: { username: 'checkout', password: 'ignored without TLS' } }),
);

eventStoreContract('EventStoreDB of a version without batches', () =>
  eventStoreDbOnOwnServer({ batchAppend: false }),
);

// A real node, which keeps what the suite leaves there: `EVENTSTORE_URL=esdb://… npm run test:eventstore`.
const nodeUrl = process.env['EVENTSTORE_URL'];
if (nodeUrl !== undefined) {
  eventStoreContract('EventStoreDB at EVENTSTORE_URL', async () => eventStoreDbAt(nodeUrl));
}
