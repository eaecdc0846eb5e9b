// The event store on Postgres 14 and later. Hard here: a reader of all events must not skip those of a transaction
// that commits late (see migrations/orders/001-events.sql), and a writer must know what a lost reply means.
import * as E from 'fp-ts/lib/Either.js';
import type { Pool, QueryResult } from 'pg';
import type { AppendError, EventStore, ReadError } from '../../application/ports/event-store.js';
import { type EventSchema, orderEvents } from '../event-schema/order-events.js';
import { announcements, type Announcements } from './announcements.js';
import { judge } from './expectation.js';
import { appendFailure, isConflict, isTransient, unavailable } from './postgres-failure.js';
import {
  appendStatement,
  idsStatement,
  newsStatement,
  readAllStatement,
  readStatement,
  type Statement,
} from './postgres-statements.js';
import { appendLimitBytes, areTooLarge, decodeEvent, encodeEvents, type RawEvent } from './stored-events.js';

type EventRow = {
  readonly order_id: string;
  readonly revision: number;
  readonly event_id: string;
  readonly position: string;
  readonly recorded_at: string;
  readonly name: string;
  readonly data: unknown;
  readonly metadata: unknown;
};

const rawOf = (row: EventRow): RawEvent => ({
  orderId: row.order_id,
  revision: row.revision,
  eventId: row.event_id,
  position: row.position,
  recordedAt: Number(row.recorded_at),
  name: row.name,
  data: row.data,
  metadata: row.metadata,
});

type Attempt =
  | { readonly type: 'appended'; readonly revision: number }
  /** Nothing was stored by this attempt: the expectation was not met, or the server asks to try again. */
  | { readonly type: 'not_appended' }
  | { readonly type: 'failed'; readonly error: AppendError };

/** Attempts of one append while other writers keep getting in between. */
const mostAttempts = 10;

/**
 * The order streams in the database `orders`. An append is one statement and one round trip; only when it is not
 * accepted at once are the stream's ids read, to tell a repeat from a conflict. `notifications` calls back when some
 * process has appended; without it, or when a call is lost, news is found by looking once a second.
 */
export const postgresEventStore = (options: {
  readonly pool: Pool;
  readonly notifications: Announcements | null;
  readonly schema?: EventSchema;
}): EventStore => {
  const { pool, schema = orderEvents } = options;
  const { announce, awaitNews } = announcements(pool, options.notifications);

  const attempt = async (statement: Statement): Promise<Attempt> => {
    let client;
    try {
      client = await pool.connect();
    } catch (failure) {
      return { type: 'failed', error: unavailable(failure) };
    }
    try {
      const { rows }: QueryResult<{ revision: number }> = await client.query(statement);
      client.release();
      const revision = rows.at(-1)?.revision;
      return revision === undefined ? { type: 'not_appended' } : { type: 'appended', revision };
    } catch (failure) {
      client.release(failure instanceof Error ? failure : true);
      return isConflict(failure) || isTransient(failure)
        ? { type: 'not_appended' }
        : { type: 'failed', error: appendFailure(failure) };
    }
  };

  const idsOf = async (orderId: string): Promise<readonly string[]> => {
    const { rows } = await pool.query<{ event_id: string }>(idsStatement(orderId));
    return rows.map(({ event_id }) => event_id);
  };

  const readRows = async (statement: Statement): Promise<E.Either<ReadError, readonly EventRow[]>> => {
    try {
      return E.right((await pool.query<EventRow>(statement)).rows);
    } catch (failure) {
      return E.left(unavailable(failure));
    }
  };

  return {
    append: (orderId, expected, events) => async () => {
      const encoded = encodeEvents(schema, events);
      if (areTooLarge(encoded)) return E.left({ type: 'events_too_large', limitBytes: appendLimitBytes });
      const ids = events.map(({ eventId }) => eventId);
      const statement = appendStatement(orderId, expected, encoded);
      for (let attempts = 1; attempts <= mostAttempts; attempts += 1) {
        const result = await attempt(statement);
        if (result.type === 'failed') return E.left(result.error);
        if (result.type === 'appended') {
          announce();
          return E.right({ revision: result.revision });
        }
        try {
          const verdict = judge(expected, await idsOf(orderId), ids);
          if (verdict.type === 'refused') return E.left(verdict.error);
          if (verdict.type === 'repeated') return E.right({ revision: verdict.revision });
        } catch (failure) {
          return E.left(unavailable(failure));
        }
      }
      return E.left({ type: 'store_unavailable', reason: 'other writers were always first' });
    },

    read:
      (orderId, { direction, from, limit }) =>
      async () => {
        const rows = await readRows(readStatement(orderId, direction, from, limit));
        if (E.isLeft(rows)) return rows;
        const read = [];
        for (const row of rows.right) {
          const event = decodeEvent(schema, rawOf(row));
          if (E.isLeft(event)) return E.left({ type: 'unreadable_event', event: event.left });
          read.push(event.right);
        }
        return E.right(read);
      },

    readAll: (after, limit) => async () => {
      const rows = await readRows(readAllStatement(after, limit));
      if (E.isLeft(rows)) return rows;
      const events = rows.right.map((row) => {
        const event = decodeEvent(schema, rawOf(row));
        return E.isRight(event) ? ({ type: 'event', stored: event.right } as const) : event.left;
      });
      const last = events.at(-1);
      const next = last === undefined ? after : last.type === 'event' ? last.stored.position : last.position;
      return E.right({ events, next });
    },

    awaitAppend: (after, milliseconds) => async () => {
      try {
        const look = async () => (await pool.query<News>(newsStatement(after))).rows[0];
        return E.right(await awaitNews(look, milliseconds));
      } catch (failure) {
        return E.left(unavailable(failure));
      }
    },
  };
};

type News = { readonly readable: boolean; readonly held_back: boolean };
