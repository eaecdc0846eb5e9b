import { eventStoreDbStore } from '../../../adapters/event-store/eventstoredb/store.js';
import { postgresEventStore } from '../../../adapters/event-store/postgres.js';
import { openPool } from '../../../infrastructure/database/pool.js';
import { openEventStoreClient } from '../../../infrastructure/event-store-client.js';
import { databaseOnOwnServer } from '../../support/databases.js';
import { connectedEventStoreContract } from './connected-suite.js';
import { openGate } from './server/gate.js';
import { startEventStoreServer } from './server/server.js';

connectedEventStoreContract('Postgres', async () => {
  const database = await databaseOnOwnServer('orders');
  const behind = new URL(database.url);
  const gate = await openGate(Number(behind.port), 0);
  behind.hostname = '127.0.0.1';
  behind.port = String(gate.port);
  const { pool, close } = openPool({ url: behind.href, max: 10, applicationName: 'behind-a-gate' });
  return {
    store: postgresEventStore({ pool, notifications: null }),
    gate,
    closeStore: close,
    close: async () => {
      await close();
      await gate.close();
      await database.close();
    },
  };
});

for (const [name, batchAppend] of [
  ['EventStoreDB', true],
  ['EventStoreDB without batches', false],
] as const) {
  connectedEventStoreContract(name, async () => {
    const server = await startEventStoreServer({ batchAppend });
    const connection = openEventStoreClient(server.url);
    return {
      store: eventStoreDbStore({ connection, timeoutMilliseconds: 1_500 }),
      gate: server.gate,
      closeStore: connection.close,
      close: async () => {
        await connection.close();
        await server.stop();
      },
    };
  });
}
