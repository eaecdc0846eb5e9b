// The event store on EventStoreDB 22.6 and later, where a stream's events know their place in the log. What is hard
// here is the client: see connection.ts for the faults that must not reach the application.
import * as E from 'fp-ts/lib/Either.js';
import {
  type AllStreamRecordedEvent,
  BACKWARDS,
  type Credentials,
  END,
  FORWARDS,
  type Position as LogPosition,
  type ReadStreamOptions,
  type RecordedEvent,
  START,
} from '@eventstore/db-client';
import type {
  AllPage,
  EventStore,
  Position,
  ReadError,
  ReadOptions,
  StoredEvent,
} from '../../../application/ports/event-store.js';
import { type EventSchema, orderEvents } from '../../event-schema/order-events.js';
import { appendLimitBytes, areTooLarge, decodeEvent, encodeEvents } from '../stored-events.js';
import { appending } from './appending.js';
import type { EventStoreConnection, Lease } from './connection.js';
import { ClientGone, isAnswer, isMissingStream, unavailable } from './failure.js';
import { eventNews } from './news.js';
import { isAfter, logPositionOf, positionOf } from './position.js';
import { collect } from './reading.js';

const prefix = 'order-';
/** Least number of events asked for at once: most of a shared log may belong to others. */
const leastRead = 64;
/** Tries of one read whose client was given up by others. */
const mostTries = 3;
/** What a node before 22.6 writes where a place is asked for and it knows none. */
const noPosition = 0xffff_ffff_ffff_ffffn;

class NoPosition extends Error {}
class ForeignPosition extends Error {}

const decoded = (schema: EventSchema, event: RecordedEvent) => {
  const { position } = event;
  if (position === undefined || position.commit === noPosition) throw new NoPosition();
  return decodeEvent(schema, {
    orderId: event.streamId.slice(prefix.length),
    revision: Number(event.revision),
    eventId: event.id,
    position: positionOf(position),
    recordedAt: event.created.getTime(),
    name: event.type,
    data: event.data,
    metadata: event.metadata ?? {},
  });
};

const readFailure = (failure: unknown): ReadError => {
  if (failure instanceof NoPosition) {
    return { type: 'store_unavailable', reason: 'the node is older than 22.6' };
  }
  return failure instanceof ForeignPosition
    ? { type: 'store_unavailable', reason: 'the position is of another store' }
    : unavailable(failure);
};

const placeOf = (position: Position | null): LogPosition | null => {
  if (position === null) return null;
  const place = logPositionOf(position);
  if (place === null) throw new ForeignPosition();
  return place;
};

const streamOptions = ({ direction, from, limit }: ReadOptions): ReadStreamOptions => ({
  direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
  fromRevision: from === undefined ? (direction === 'forwards' ? START : END) : BigInt(from),
  ...(limit === undefined ? {} : { maxCount: limit }),
});

/**
 * The order streams in EventStoreDB, as `order-` and the order's id. No call takes longer than `timeoutMilliseconds`
 * without a sign of the node (5 s unless told). With `credentials`, each append is a call of its own; without, the
 * client sends all appends over one stream.
 */
export const eventStoreDbStore = (options: {
  readonly connection: EventStoreConnection;
  readonly timeoutMilliseconds?: number;
  readonly credentials?: Credentials | null;
  readonly schema?: EventSchema;
}): EventStore => {
  const { connection, timeoutMilliseconds = 5_000, credentials = null, schema = orderEvents } = options;
  const append = appending({ connection, milliseconds: timeoutMilliseconds, credentials });
  const news = eventNews(connection, prefix);

  /**
   * Reads over the client of now, and gives it up when it is in doubt afterwards. When it was given up for another
   * call's sake, the read is made again over the next one.
   */
  const reading = async <Answer>(work: (lease: Lease) => Promise<Answer>, tries = 1): Promise<Answer> => {
    const lease = await connection.lease();
    try {
      const answer = await work(lease);
      lease.prove();
      return answer;
    } catch (failure) {
      if (failure instanceof ClientGone && tries < mostTries) return await reading(work, tries + 1);
      if (!isAnswer(failure)) connection.doubt(lease);
      throw failure;
    }
  };

  const readStream = (stream: string, how: ReadStreamOptions): Promise<readonly RecordedEvent[]> =>
    reading(async ({ client, ended }) => {
      try {
        const events = await collect(() => client.readStream(stream, how), timeoutMilliseconds, ended);
        return events.flatMap(({ event }) => (event === undefined ? [] : [event]));
      } catch (failure) {
        if (isMissingStream(failure)) return [];
        throw failure;
      }
    });

  /** The events asked for. A node that reads backwards from behind the end may count what is not there. */
  const recorded = async (stream: string, how: ReadOptions): Promise<readonly RecordedEvent[]> => {
    const { direction, from, limit } = how;
    const events = await readStream(stream, streamOptions(how));
    if (direction === 'forwards' || from === undefined || limit === undefined) return events;
    if (events.length === limit || events.at(-1)?.revision === 0n) return events;
    const [last] = await readStream(stream, streamOptions({ direction, limit: 1 }));
    const isBehindEnd = last !== undefined && last.revision < BigInt(from);
    return isBehindEnd ? readStream(stream, streamOptions({ direction, limit })) : events;
  };

  /** Up to `limit` events of orders after a place, and where the reading ended. */
  const readLog = async (after: LogPosition | null, limit: number) => {
    const found: AllStreamRecordedEvent[] = [];
    for (let end = after; ;) {
      // Reading begins with the event at the place itself.
      const maxCount = Math.max(limit - found.length, leastRead) + 1;
      const fromPosition = end ?? START;
      const events = await reading(({ client, ended }) =>
        collect(() => client.readAll({ fromPosition, maxCount }), timeoutMilliseconds, ended),
      );
      for (const { event } of events) {
        if (event === undefined || !isAfter(event.position, end)) continue;
        if (found.length === limit) return { found, end };
        end = event.position;
        if (event.streamId.startsWith(prefix)) found.push(event);
      }
      if (events.length < maxCount || found.length === limit) return { found, end };
    }
  };

  const page = async (after: Position | null, limit: number): Promise<AllPage> => {
    const { found, end } = await readLog(placeOf(after), limit);
    const events = found.map((recordedEvent) => {
      const event = decoded(schema, recordedEvent);
      return E.isRight(event) ? ({ type: 'event', stored: event.right } as const) : event.left;
    });
    return { events, next: end === null ? null : positionOf(end) };
  };

  return {
    append: (orderId, expected, events) => async () => {
      const encoded = encodeEvents(schema, events);
      if (areTooLarge(encoded)) return E.left({ type: 'events_too_large', limitBytes: appendLimitBytes });
      return append(`${prefix}${orderId}`, expected, encoded);
    },

    read: (orderId, how) => async () => {
      if (how.limit === 0) return E.right([]);
      try {
        const read: StoredEvent[] = [];
        for (const recordedEvent of await recorded(`${prefix}${orderId}`, how)) {
          const event = decoded(schema, recordedEvent);
          if (E.isLeft(event)) return E.left({ type: 'unreadable_event', event: event.left });
          read.push(event.right);
        }
        return E.right(read);
      } catch (failure) {
        return E.left(readFailure(failure));
      }
    },

    readAll: (after, limit) => async () => {
      try {
        return E.right(await page(after, limit));
      } catch (failure) {
        return E.left(readFailure(failure));
      }
    },

    awaitAppend: (after, milliseconds) => async () => {
      try {
        let seen = placeOf(after);
        const look = async (): Promise<boolean> => {
          const newest = news.heard();
          if (newest !== null && isAfter(newest, seen)) return true;
          const { found, end } = await readLog(seen, 1);
          seen = end;
          return found.length > 0;
        };
        return E.right(await news.awaitNews(look, milliseconds));
      } catch (failure) {
        return E.left(readFailure(failure));
      }
    },
  };
};
