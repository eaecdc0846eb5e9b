// What every event store behind a network must do when the network fails.
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventStore } from '../../../application/ports/event-store.js';
import { newOrderId } from '../../support/ids.js';
import { answerOf } from '../samples.js';
import { newEvents, readToEnd } from './samples.js';
import type { Gate } from './server/gate.js';

/** A store, and the network between it and its server. */
export type ConnectedEventStore = {
  readonly store: EventStore;
  readonly gate: Gate;
  /** Ends the store's connections. */
  readonly closeStore: () => Promise<void>;
  /** Ends everything else. */
  readonly close: () => Promise<void>;
};

const none = { type: 'no_stream' } as const;
const forwards = { direction: 'forwards' } as const;
const unavailable = E.left({ type: 'store_unavailable', reason: expect.any(String) });
const unknown = E.left({ type: 'append_outcome_unknown', reason: expect.any(String) });
/** Longer than any store's own time-out. */
const longest = 12_000;

/** Repeats a call until the store has noticed that its server is back. */
const untilAnswered = async <Answer>(call: () => Promise<E.Either<unknown, Answer>>): Promise<Answer> => {
  for (;;) {
    const answer = await call();
    if (E.isRight(answer)) return answer.right;
  }
};

/** The contract of an event store that has a server; `open` is called once. */
export function connectedEventStoreContract(name: string, open: () => Promise<ConnectedEventStore>): void {
  describe(`${name} behind a network that fails`, () => {
    let opened: ConnectedEventStore;
    let store: EventStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.close());
    // Every test begins with a few connections that have proven themselves.
    beforeEach(async () => {
      await untilAnswered(store.append(newOrderId(), none, newEvents(1)));
      await Promise.all(Array.from({ length: 6 }, () => untilAnswered(store.readAll(null, 1))));
    });

    it(
      'says in time that a swallowed append is unknown and a read unavailable, and appends once when repeated',
      async () => {
        const orderId = newOrderId();
        const append = store.append(orderId, none, newEvents(2));
        opened.gate.swallow('requests');
        const [appended, read, readAll] = await Promise.all([
          append(),
          store.read(orderId, forwards)(),
          store.readAll(null, 1)(),
        ]);
        opened.gate.release();
        expect(appended).toEqual(unknown);
        expect([read, readAll]).toEqual([unavailable, unavailable]);
        expect(await untilAnswered(append)).toEqual({ revision: 1 });
        expect(await append()).toEqual(E.right({ revision: 1 }));
        expect(await answerOf(store.read(orderId, forwards))).toHaveLength(2);
      },
      2 * longest,
    );

    it(
      'says in time that an append is unknown whose answer was swallowed, and finds it when repeated',
      async () => {
        const orderId = newOrderId();
        const append = store.append(orderId, none, newEvents(2));
        opened.gate.swallow('answers');
        const appended = await append();
        opened.gate.release();
        expect(appended).toEqual(unknown);
        expect(await untilAnswered(append)).toEqual({ revision: 1 });
        expect(await answerOf(store.read(orderId, forwards))).toHaveLength(2);
      },
      2 * longest,
    );

    it('survives cut connections under load: every append is repeated until known, and is there once', async () => {
      const { next } = await untilAnswered(async () => E.right(await readToEnd(store, null, 1_000)));
      const orders = Array.from({ length: 60 }, () => ({ orderId: newOrderId(), events: newEvents(2) }));
      const cutting = { over: false };
      const cutter = (async () => {
        for (let cuts = 0; cuts < 4; cuts += 1) {
          await answerOf(store.awaitAppend(next, 200)).catch(() => undefined);
          opened.gate.cut();
        }
        cutting.over = true;
      })();
      await Promise.all(
        orders.map(async ({ orderId, events }) => {
          expect(await untilAnswered(store.append(orderId, none, events))).toEqual({ revision: 1 });
        }),
      );
      await cutter;
      expect(cutting.over).toBe(true);
      await untilAnswered(store.readAll(null, 1));
      const { events } = await readToEnd(store, next, 50);
      const ids = events.map((entry) => (entry.type === 'event' ? entry.stored.eventId : ''));
      expect(ids.sort()).toEqual(
        orders.flatMap((order) => order.events.map(({ eventId }) => eventId)).sort(),
      );
    });

    it('is unavailable while the server refuses, stores nothing, and recovers without being opened again', async () => {
      const { next } = await readToEnd(store, null, 1_000);
      opened.gate.shut();
      const orderId = newOrderId();
      // The first calls may still meet a connection that was cut under them.
      expect(await store.append(orderId, none, newEvents(1))()).toMatchObject({ _tag: 'Left' });
      const refused = newOrderId();
      const many = await Promise.all(
        Array.from({ length: 60 }, () => store.append(refused, none, newEvents(1))()),
      );
      const reads = await Promise.all([
        store.read(refused, forwards)(),
        store.readAll(null, 1)(),
        store.awaitAppend(next, 10)(),
      ]);
      opened.gate.open();
      expect(many).toEqual(many.map(() => unavailable));
      expect(reads).toEqual(reads.map(() => unavailable));
      expect(await untilAnswered(store.read(refused, forwards))).toEqual([]);
      expect(await untilAnswered(store.append(refused, none, newEvents(1)))).toEqual({ revision: 0 });
    });

    it('once closed is unavailable to every call, and closing again does nothing', async () => {
      const { next } = await readToEnd(store, null, 1_000);
      await opened.closeStore();
      await opened.closeStore();
      const closed = await Promise.all([
        store.append(newOrderId(), none, newEvents(1))(),
        store.read(newOrderId(), forwards)(),
        store.readAll(null, 1)(),
        store.awaitAppend(next, 10_000)(),
      ]);
      expect(closed).toEqual(closed.map(() => unavailable));
    });
  });
}
