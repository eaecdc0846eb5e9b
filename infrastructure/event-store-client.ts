// The process's one client of EventStoreDB.
import { EventStoreDBClient } from '@eventstore/db-client';
import {
  eventStoreConnection,
  type EventStoreConnection,
} from '../adapters/event-store/eventstoredb/connection.js';

/** Opens the connection to the node or cluster of a text such as `esdb://host:2113`; nothing is sent yet. */
export const openEventStoreClient = (url: string): EventStoreConnection =>
  eventStoreConnection(() => EventStoreDBClient.connectionString(url));
