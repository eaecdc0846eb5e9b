// The process's one client of EventStoreDB.
import { EventStoreDBClient } from '@eventstore/db-client';
import type { Pool } from 'pg';
import {
  eventStoreConnection,
  type EventStoreConnection,
} from '../adapters/event-store/eventstoredb/connection.js';
import { eventStoreDbStore } from '../adapters/event-store/eventstoredb/store.js';
import { postgresEventStore } from '../adapters/event-store/postgres.js';
import type { EventStore } from '../application/ports/event-store.js';

/** Opens the connection to the node or cluster of a text such as `esdb://host:2113`; nothing is sent yet. */
export const openEventStoreClient = (url: string): EventStoreConnection =>
  eventStoreConnection(() => EventStoreDBClient.connectionString(url));

/**
 * The store that the setting CHECKOUT_EVENT_STORE names, for programs that look in from time to time and wait for no
 * news. `pool` is the orders database's, null where it is known to be elsewhere; `close` ends what was opened here, and
 * that is not the pool.
 */
export const eventStoreAt = (
  setting: string,
  pool: Pool | null,
): { readonly store: EventStore; readonly close: () => Promise<void> } => {
  if (setting === 'postgres') {
    if (pool === null) throw new Error('the orders database is needed');
    return { store: postgresEventStore({ pool, notifications: null }), close: () => Promise.resolve() };
  }
  const connection = openEventStoreClient(setting);
  return { store: eventStoreDbStore({ connection }), close: connection.close };
};
