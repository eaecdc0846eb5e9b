import { randomUUID } from 'node:crypto';
import type { Credentials } from '@eventstore/db-client';
import { eventStoreDbStore } from '../../../adapters/event-store/eventstoredb/store.js';
import { openEventStoreClient } from '../../../infrastructure/event-store-client.js';
import { startEventStoreServer } from './server/server.js';
import type { EventStoreUnderTest } from './suite.js';

/** A store at a node; events are planted as another program would write them. */
export const eventStoreDbAt = (
  url: string,
  options: { readonly credentials?: Credentials } = {},
): EventStoreUnderTest => {
  const connection = openEventStoreClient(url);
  return {
    store: eventStoreDbStore({ connection, ...options }),
    plant: async (orderId, type, data) => {
      const { client } = await connection.lease();
      const event = {
        id: randomUUID(),
        contentType: 'application/json' as const,
        type,
        data: { ...data },
        metadata: {},
      };
      await client.appendToStream(`order-${orderId}`, event);
    },
    close: connection.close,
  };
};

/** A store at a node of its own. */
export const eventStoreDbOnOwnServer = async (
  options: { readonly credentials?: Credentials; readonly batchAppend?: boolean } = {},
): Promise<EventStoreUnderTest> => {
  const { batchAppend = true, ...storeOptions } = options;
  const server = await startEventStoreServer({ batchAppend });
  const opened = eventStoreDbAt(server.url, storeOptions);
  return {
    ...opened,
    close: async () => {
      await opened.close();
      await server.stop();
    },
  };
};
