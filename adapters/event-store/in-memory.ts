// The reference for every store, and the store of simulations: all in this process, no clock or timer of its own, and
// nothing happens between two of its answers. It keeps JSON texts like the others, so that what it gives back has
// been through the same codecs.
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, Position, ReadError, StoredEvent } from '../../application/ports/event-store.js';
import type { System } from '../../application/ports/system.js';
import type { OrderId } from '../../domain/ids.js';
import { orderEvents } from '../event-schema/order-events.js';
import { judge } from './expectation.js';
import {
  appendLimitBytes,
  areTooLarge,
  decodeEvent,
  encodeEvents,
  positionFrom,
  type EncodedEvent,
} from './stored-events.js';

type Entry = EncodedEvent & {
  readonly orderId: OrderId;
  readonly revision: number;
  readonly recordedAt: number;
};

/** The store, and a hand that reaches into it. */
export type InMemoryEventStore = EventStore & {
  /** Puts an event at the end of a stream as a program of another version may have written it. */
  readonly plant: (orderId: OrderId, name: string, data: unknown) => void;
};

/** An empty store. Its clock is the system's, and so is the waiting for an append that does not come. */
export const inMemoryEventStore = (system: Pick<System, 'now' | 'wait'>): InMemoryEventStore => {
  const all: Entry[] = [];
  const streams = new Map<OrderId, Entry[]>();
  const waiting = new Set<() => void>();
  const schema = orderEvents;
  const indexes = new Map<Entry, number>();

  const add = (orderId: OrderId, encoded: EncodedEvent): void => {
    const stream = streams.get(orderId) ?? [];
    const entry = { ...encoded, orderId, revision: stream.length, recordedAt: system.now() };
    streams.set(orderId, [...stream, entry]);
    indexes.set(entry, all.length);
    all.push(entry);
  };

  const wake = (): void => {
    const woken = [...waiting];
    waiting.clear();
    for (const wakeUp of woken) wakeUp();
  };

  const positionOf = (entry: Entry): Position => positionFrom(String(indexes.get(entry) ?? 0));
  /** Index of the first entry after a position. */
  const after = (position: Position | null): number => (position === null ? 0 : Number(position) + 1);

  // Events never change, so each is decoded once, however often simulations read it.
  const decoded = new Map<Entry, ReturnType<typeof decodeEvent>>();
  const opened = (entry: Entry): ReturnType<typeof decodeEvent> => {
    const known = decoded.get(entry);
    if (known !== undefined) return known;
    const data: unknown = JSON.parse(entry.data);
    const metadata: unknown = JSON.parse(entry.metadata);
    const event = decodeEvent(schema, { ...entry, position: positionOf(entry), data, metadata });
    decoded.set(entry, event);
    return event;
  };

  return {
    append: (orderId, expected, events) => async () => {
      const stream = streams.get(orderId) ?? [];
      const encoded = encodeEvents(schema, events);
      if (areTooLarge(encoded)) return E.left({ type: 'events_too_large', limitBytes: appendLimitBytes });
      const verdict = judge(
        expected,
        stream.map(({ eventId }) => eventId),
        events.map(({ eventId }) => eventId),
      );
      if (verdict.type === 'refused') return E.left(verdict.error);
      if (verdict.type === 'repeated') return E.right({ revision: verdict.revision });
      for (const event of encoded) add(orderId, event);
      wake();
      return E.right({ revision: stream.length + encoded.length - 1 });
    },

    read:
      (orderId, { direction, from, limit }) =>
      async () => {
        const stream = streams.get(orderId) ?? [];
        const ordered =
          direction === 'forwards'
            ? stream.filter(({ revision }) => revision >= (from ?? 0))
            : stream.filter(({ revision }) => revision <= (from ?? revision)).reverse();
        const read: StoredEvent[] = [];
        for (const entry of ordered.slice(0, limit ?? ordered.length)) {
          const event = opened(entry);
          if (E.isLeft(event)) return E.left<ReadError>({ type: 'unreadable_event', event: event.left });
          read.push(event.right);
        }
        return E.right(read);
      },

    readAll: (position, limit) => async () => {
      const first = after(position);
      const page = all.slice(first, first + limit);
      const last = page.at(-1);
      return E.right({
        events: page.map((entry) => {
          const event = opened(entry);
          return E.isRight(event) ? { type: 'event', stored: event.right } : event.left;
        }),
        next: last === undefined ? position : positionOf(last),
      });
    },

    awaitAppend: (position, milliseconds) => async () => {
      if (all.length > after(position)) return E.right(true);
      let wakeUp = (): void => undefined;
      const appended = new Promise<boolean>((resolve) => {
        wakeUp = () => resolve(true);
      });
      waiting.add(wakeUp);
      const found = await Promise.race([
        appended,
        system
          .wait(milliseconds)()
          .then(() => false),
      ]);
      waiting.delete(wakeUp);
      return E.right(found);
    },

    plant: (orderId, name, data) => {
      const eventId = `planted-${String(all.length)}`;
      add(orderId, { eventId, name, data: JSON.stringify(data), metadata: '{}' });
      wake();
    },
  };
};
