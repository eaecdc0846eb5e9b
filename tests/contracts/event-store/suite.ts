// What every event store must do, whole: no store runs a part of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { type EventStore, isPosition, type NewEvent } from '../../../application/ports/event-store.js';
import type { OrderId } from '../../../domain/ids.js';
import { answerOf } from '../samples.js';
import { newOrderId } from '../../support/ids.js';
import { instantAfter, newEvent, newEvents, readToEnd } from './samples.js';

/** A store under test that nobody else uses. `plant` adds an event as a program of another version may have. */
export type EventStoreUnderTest = {
  readonly store: EventStore;
  readonly plant: (orderId: OrderId, name: string, data: object) => Promise<void>;
  readonly close: () => Promise<void>;
};

const none = { type: 'no_stream' } as const;
const any = { type: 'any' } as const;
const exists = { type: 'stream_exists' } as const;
const exactly = (revision: number) => ({ type: 'exactly', revision }) as const;
const wrong = (actual: number | null) => E.left({ type: 'wrong_expected_revision', actual });
const idsOf = (events: readonly { readonly eventId: string }[]) => events.map(({ eventId }) => eventId);

/** The contract of an event store; `open` is called once. */
export function eventStoreContract(name: string, open: () => Promise<EventStoreUnderTest>): void {
  describe(`${name} as an event store`, () => {
    let opened: EventStoreUnderTest;
    let store: EventStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.close());

    const forwards = (orderId: OrderId, from?: number, limit?: number) =>
      answerOf(
        store.read(orderId, {
          direction: 'forwards',
          ...(from === undefined ? {} : { from }),
          ...(limit === undefined ? {} : { limit }),
        }),
      );
    const idsIn = async (orderId: OrderId) => idsOf(await forwards(orderId));
    /** A new stream with that many events. */
    const stream = async (count: number) => {
      const orderId = newOrderId();
      const events = newEvents(count);
      await answerOf(store.append(orderId, none, events));
      return { orderId, events };
    };

    describe('appending', () => {
      it('stores events with consecutive revisions, exactly as they were given', async () => {
        const orderId = newOrderId();
        const first = newEvent();
        const others = newEvents(2);
        expect(await store.append(orderId, none, [first])()).toEqual(E.right({ revision: 0 }));
        expect(await store.append(orderId, exactly(0), others)()).toEqual(E.right({ revision: 2 }));
        const stored = await forwards(orderId);
        expect(stored).toEqual(
          [first, ...others].map((event, revision) => ({
            ...event,
            orderId,
            revision,
            position: expect.any(String),
            recordedAt: expect.any(Number),
          })),
        );
        expect(stored.every(({ position }) => isPosition(position))).toBe(true);
      });

      it('keeps streams apart', async () => {
        const left = await stream(2);
        const right = await stream(3);
        expect(await idsIn(left.orderId)).toEqual(idsOf(left.events));
        expect(await idsIn(right.orderId)).toEqual(idsOf(right.events));
      });

      it('refuses an expectation that is not met, says where the stream stands and stores nothing', async () => {
        const missing = newOrderId();
        const { orderId, events } = await stream(2);
        const batch = newEvents(2);
        expect(await store.append(missing, exactly(0), batch)()).toEqual(wrong(null));
        expect(await store.append(missing, exists, batch)()).toEqual(wrong(null));
        expect(await store.append(orderId, none, batch)()).toEqual(wrong(1));
        expect(await store.append(orderId, exactly(0), batch)()).toEqual(wrong(1));
        expect(await store.append(orderId, exactly(2), batch)()).toEqual(wrong(1));
        expect(await idsIn(missing)).toEqual([]);
        expect(await idsIn(orderId)).toEqual(idsOf(events));
      });

      it('appends to any stream, or to one that exists, when asked so', async () => {
        const orderId = newOrderId();
        const events = newEvents(4);
        expect(await store.append(orderId, any, events.slice(0, 1))()).toEqual(E.right({ revision: 0 }));
        expect(await store.append(orderId, exists, events.slice(1, 3))()).toEqual(E.right({ revision: 2 }));
        expect(await store.append(orderId, any, events.slice(3))()).toEqual(E.right({ revision: 3 }));
        expect(await idsIn(orderId)).toEqual(idsOf(events));
      });

      it('takes a batch of five hundred', async () => {
        const { orderId, events } = await stream(500);
        expect(await idsIn(orderId)).toEqual(idsOf(events));
      });

      it('refuses events that are too large together, and stores none of them', async () => {
        const orderId = newOrderId();
        const large = (length: number) =>
          newEvent({
            type: 'NotificationSent',
            at: instantAfter(0),
            kind: 'order_shipped',
            factRevision: 0,
            messageId: 'x'.repeat(length),
          });
        const limitBytes = 1_048_576;
        const tooLarge = E.left({ type: 'events_too_large', limitBytes });
        expect(await store.append(orderId, none, [large(limitBytes)])()).toEqual(tooLarge);
        expect(await store.append(orderId, none, [large(600_000), large(600_000)])()).toEqual(tooLarge);
        expect(await idsIn(orderId)).toEqual([]);
        expect(await store.append(orderId, none, [large(1_000_000)])()).toEqual(E.right({ revision: 0 }));
      });
    });

    describe('repeating an append', () => {
      it('succeeds without effect when all ids stand right after the expected revision', async () => {
        const { orderId, events } = await stream(1);
        const batch = newEvents(2);
        const append = store.append(orderId, exactly(0), batch);
        expect(await append()).toEqual(E.right({ revision: 2 }));
        expect(await append()).toEqual(E.right({ revision: 2 }));
        await answerOf(store.append(orderId, exactly(2), newEvents(1)));
        expect(await append()).toEqual(E.right({ revision: 2 }));
        expect(await store.append(orderId, none, events)()).toEqual(E.right({ revision: 0 }));
        expect((await idsIn(orderId)).slice(0, 3)).toEqual(idsOf([...events, ...batch]));
        expect(await idsIn(orderId)).toHaveLength(4);
      });

      it('is refused when the ids are elsewhere, in another order, or only some are there', async () => {
        const { orderId, events } = await stream(3);
        const [first, second, third] = events;
        const appended = (list: readonly (NewEvent | undefined)[]) =>
          store.append(
            orderId,
            exactly(0),
            list.flatMap((event) => (event === undefined ? [] : [event])),
          )();
        expect(await appended([first])).toEqual(wrong(2));
        expect(await appended([third])).toEqual(wrong(2));
        expect(await appended([third, second])).toEqual(wrong(2));
        expect(await appended([second, third, newEvent()])).toEqual(wrong(2));
        expect(await appended([second, newEvent()])).toEqual(wrong(2));
        expect(await idsIn(orderId)).toEqual(idsOf(events));
      });

      it('is not recognised when the expectation is the present: ids are not looked at', async () => {
        const { orderId, events } = await stream(1);
        expect(await store.append(orderId, exactly(0), events)()).toEqual(E.right({ revision: 1 }));
        expect(await idsIn(orderId)).toEqual(idsOf([...events, ...events]));
      });

      it.each([any, exists])('is recognised under the expectation $type', async (expected) => {
        const { orderId, events } = await stream(3);
        expect(await store.append(orderId, expected, events.slice(1))()).toEqual(E.right({ revision: 2 }));
        expect(await store.append(orderId, expected, events.slice(0, 1))()).toEqual(E.right({ revision: 0 }));
        expect(await store.append(orderId, expected, [...events.slice(2), newEvent()])()).toEqual(wrong(2));
        expect(await idsIn(orderId)).toEqual(idsOf(events));
      });
    });

    describe('reading a stream', () => {
      it('finds nothing of an order that has no events', async () => {
        expect(await forwards(newOrderId())).toEqual([]);
      });

      it('goes forwards and backwards, from a revision, up to a limit', async () => {
        const { orderId } = await stream(6);
        const revisions = async (
          direction: 'forwards' | 'backwards',
          options: { from?: number; limit?: number },
        ) => (await answerOf(store.read(orderId, { direction, ...options }))).map(({ revision }) => revision);
        expect(await revisions('forwards', {})).toEqual([0, 1, 2, 3, 4, 5]);
        expect(await revisions('forwards', { from: 4 })).toEqual([4, 5]);
        expect(await revisions('forwards', { from: 1, limit: 2 })).toEqual([1, 2]);
        expect(await revisions('forwards', { from: 6 })).toEqual([]);
        expect(await revisions('backwards', {})).toEqual([5, 4, 3, 2, 1, 0]);
        expect(await revisions('backwards', { limit: 1 })).toEqual([5]);
        expect(await revisions('backwards', { from: 2, limit: 2 })).toEqual([2, 1]);
        expect(await revisions('backwards', { from: 99, limit: 1 })).toEqual([5]);
      });

      it('fails with evidence at an event that this version cannot read, and not before it', async () => {
        const { orderId } = await stream(2);
        await opened.plant(orderId, 'OrderTeleported.v1', { to: 'Mars' });
        await opened.plant(orderId, 'OrderCancelled.v1', { at: '2026-03-14T09:26:53.589Z', reason: 'Mars' });
        expect(await store.read(orderId, { direction: 'forwards' })()).toEqual(
          E.left({
            type: 'unreadable_event',
            event: {
              type: 'unreadable',
              stream: `order-${orderId}`,
              revision: 2,
              position: expect.any(String),
              storedName: 'OrderTeleported.v1',
              problem: 'the stored name is unknown',
            },
          }),
        );
        const backwards = await store.read(orderId, { direction: 'backwards', limit: 1 })();
        expect(backwards).toMatchObject(
          E.left({ event: { revision: 3, problem: 'reason: expected CancellationReason' } }),
        );
        expect(JSON.stringify(backwards)).not.toContain('Mars');
        expect(await forwards(orderId, 0, 2)).toHaveLength(2);
      });
    });

    describe('reading all', () => {
      it('gives every event once, each stream in its order, and goes on after any page', async () => {
        const start = (await readToEnd(store, null, 1_000)).next;
        const left = await stream(5);
        const right = await stream(1);
        const [leftMore, rightMore] = [newEvents(1), newEvents(3)];
        await answerOf(store.append(left.orderId, exactly(4), leftMore));
        await answerOf(store.append(right.orderId, exactly(0), rightMore));
        const expected = idsOf([...left.events, ...right.events, ...leftMore, ...rightMore]);
        for (const limit of [1, 3, 100]) {
          const { events } = await readToEnd(store, start, limit);
          expect(events.map((event) => (event.type === 'event' ? event.stored.eventId : ''))).toEqual(
            expected,
          );
        }
        const [first] = await forwards(left.orderId, 2, 1);
        const { events } = await readToEnd(store, first?.position ?? null, 100);
        expect(events[0]).toMatchObject({ stored: { orderId: left.orderId, revision: 3 } });
        expect(events).toHaveLength(expected.length - 3);
      });

      it('stays where it is when there is nothing more', async () => {
        const { next } = await readToEnd(store, null, 1_000);
        const more = await answerOf(store.readAll(next, 10));
        expect(more.events).toEqual([]);
        const { events } = await stream(2);
        const found = await answerOf(store.readAll(more.next, 10));
        expect(found.events).toMatchObject(events.map(({ eventId }) => ({ stored: { eventId } })));
        expect(await answerOf(store.readAll(next, 10))).toEqual(found);
      });

      it('gives a page of one stream as that stream gives it, to the last field', async () => {
        const { next } = await readToEnd(store, null, 1_000);
        const { orderId } = await stream(3);
        const { events } = await answerOf(store.readAll(next, 10));
        expect(events).toEqual((await forwards(orderId)).map((stored) => ({ type: 'event', stored })));
      });

      it('gives evidence of an unreadable event in its place, and what comes after', async () => {
        const { next: start } = await readToEnd(store, null, 1_000);
        const before = await stream(1);
        await opened.plant(before.orderId, 'OrderTeleported.v1', {});
        const after = await stream(1);
        const { events } = await readToEnd(store, start, 2);
        expect(events).toEqual([
          { type: 'event', stored: expect.objectContaining({ orderId: before.orderId, revision: 0 }) },
          expect.objectContaining({
            type: 'unreadable',
            stream: `order-${before.orderId}`,
            revision: 1,
            storedName: 'OrderTeleported.v1',
          }),
          { type: 'event', stored: expect.objectContaining({ orderId: after.orderId, revision: 0 }) },
        ]);
      });
    });

    describe('large streams', () => {
      it('are read whole, from either end and in pages', async () => {
        const orderId = newOrderId();
        const events = newEvents(6_000);
        for (let start = 0; start < events.length; start += 1_500) {
          const expected = start === 0 ? none : exactly(start - 1);
          await answerOf(store.append(orderId, expected, events.slice(start, start + 1_500)));
        }
        expect(await idsIn(orderId)).toEqual(idsOf(events));
        const last = await answerOf(store.read(orderId, { direction: 'backwards', limit: 2_500 }));
        expect(idsOf(last)).toEqual(idsOf(events.slice(-2_500).reverse()));
        expect(idsOf(await forwards(orderId, 4_000, 1_999))).toEqual(idsOf(events.slice(4_000, 5_999)));
      });

      it('of events of a quarter of a megabyte each arrive whole', async () => {
        const orderId = newOrderId();
        const large = (letter: string) =>
          newEvent({
            type: 'NotificationSent',
            at: instantAfter(0),
            kind: 'order_shipped',
            factRevision: 0,
            messageId: letter.repeat(250_000),
          });
        const events = ['a', 'b', 'ü', '🙂'].map((letter) => large(letter));
        for (const [index, event] of events.entries()) {
          await answerOf(store.append(orderId, index === 0 ? none : exactly(index - 1), [event]));
        }
        expect((await forwards(orderId)).map(({ event }) => event)).toEqual(events.map(({ event }) => event));
      });
    });

    describe('catching up', () => {
      it('after any stop goes on where it was stored, misses nothing and sees nothing twice', async () => {
        const { next: start } = await readToEnd(store, null, 1_000);
        const orders = Array.from({ length: 8 }, () => ({ orderId: newOrderId(), events: newEvents(9) }));
        const written = orders.flatMap(({ events }) => idsOf(events));
        const writing = Promise.all(
          orders.map(async ({ orderId, events }) => {
            for (const [revision, event] of events.entries()) {
              await answerOf(store.append(orderId, revision === 0 ? none : exactly(revision - 1), [event]));
            }
          }),
        );
        // A reader that keeps nothing but the position, and stops after every page.
        const seen: string[] = [];
        let kept = start;
        while (seen.length < written.length) {
          expect(await answerOf(store.awaitAppend(kept, 10_000))).toBe(true);
          const page = await answerOf(store.readAll(kept, 1 + (seen.length % 7)));
          seen.push(...page.events.map((entry) => (entry.type === 'event' ? entry.stored.eventId : '')));
          kept = page.next;
        }
        await writing;
        expect(seen).toHaveLength(written.length);
        expect(new Set(seen)).toEqual(new Set(written));
        for (const { events } of orders) {
          const ids = idsOf(events);
          expect(seen.filter((id) => ids.includes(id))).toEqual(ids);
        }
        expect(await answerOf(store.awaitAppend(kept, 20))).toBe(false);
      });
    });

    describe('awaiting an append', () => {
      it('returns at once when there is something already', async () => {
        await stream(1);
        const asked = performance.now();
        expect(await answerOf(store.awaitAppend(null, 60_000))).toBe(true);
        expect(performance.now() - asked).toBeLessThan(5_000);
      });

      it('returns when something is appended', async () => {
        const { next } = await readToEnd(store, null, 1_000);
        const waiting = answerOf(store.awaitAppend(next, 60_000));
        const { events } = await stream(1);
        expect(await waiting).toBe(true);
        const page = await answerOf(store.readAll(next, 10));
        expect(page.events).toMatchObject([{ stored: { eventId: events[0]?.eventId } }]);
      });

      it('wakes everybody who waits, each from an own position', async () => {
        const { next } = await readToEnd(store, null, 1_000);
        const waiting = Promise.all(
          [next, next, next].map((from) => answerOf(store.awaitAppend(from, 60_000))),
        );
        await stream(1);
        expect(await waiting).toEqual([true, true, true]);
        const { next: later } = await readToEnd(store, next, 1_000);
        expect(await answerOf(store.awaitAppend(later, 30))).toBe(false);
        expect(await answerOf(store.awaitAppend(next, 30))).toBe(true);
      });

      it('returns false when the time is up', async () => {
        const { next } = await readToEnd(store, null, 1_000);
        expect(await answerOf(store.awaitAppend(next, 30))).toBe(false);
      });
    });

    it('lets exactly one of many writers win a revision, however their calls are interleaved', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 6 }),
          async (scheduler, sizes) => {
            const orderId = newOrderId();
            await answerOf(store.append(orderId, none, newEvents(1)));
            const append = scheduler.scheduleFunction((batch: readonly NewEvent[]) =>
              store.append(orderId, exactly(0), batch)(),
            );
            const batches = sizes.map((size) => newEvents(size));
            const results = await scheduler.waitFor(Promise.all(batches.map((batch) => append(batch))));
            const winners = batches.filter((_, index) => results[index]?._tag === 'Right');
            expect(winners).toHaveLength(1);
            expect((await idsIn(orderId)).slice(1)).toEqual(idsOf(winners.flat()));
            const losers = results.filter(({ _tag }) => _tag === 'Left');
            const revision = winners[0]?.length ?? 0;
            expect(losers).toEqual(losers.map(() => wrong(revision)));
          },
        ),
        { numRuns: 25 },
      );
    });
  });
}
