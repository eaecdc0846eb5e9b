// What every store of order views must do, whole.
import * as E from 'fp-ts/lib/Either.js';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { isPosition, type Position, type UnreadableEvent } from '../../../application/ports/event-store.js';
import type {
  OrderViewCheckpoint,
  OrderViewFilter,
  OrderViewPlace,
  OrderViewProjection,
  OrderViews,
  OrderViewTables,
} from '../../../application/ports/order-views.js';
import type { OrderView } from '../../../application/read-models/order-view.js';
import { eventsNamed, lives, newCustomerId, stored, viewOf } from '../../adapters/projections/histories.js';
import { paths } from '../../adapters/projections/paths.js';
import { answerOf } from '../samples.js';
import { checked, newOrderId } from '../../support/ids.js';

/** Empty tables of their own. */
export type OrderViewsUnderTest = {
  readonly views: OrderViews & OrderViewTables;
  readonly close: () => Promise<void>;
};

const position = (text: string): Position => checked(isPosition, text);
const nothing = { views: [], parked: [] };

const sample = (
  life: keyof typeof lives,
  order: { readonly customerId?: OrderView['customerId']; readonly at?: number } = {},
): OrderView => {
  const orderId = newOrderId();
  return viewOf(stored(orderId, eventsNamed(lives[life], { ...order, orderId })));
};

/** The contract of the order views; `open` is called once a test. */
export function orderViewsContract(name: string, open: () => Promise<OrderViewsUnderTest>): void {
  describe(`${name} as a store of order views`, () => {
    let opened: OrderViewsUnderTest;
    let views: OrderViewsUnderTest['views'];
    beforeEach(async () => {
      opened = await open();
      views = opened.views;
    });
    afterEach(() => opened.close());

    const stand = (projection: OrderViewProjection = views.live) => answerOf(projection.checkpoint());
    const put = async (list: readonly OrderView[], to: string, projection = views.live): Promise<string> =>
      answerOf(projection.advance(await stand(projection), position(to), { views: list, parked: [] }));
    const pageAfter = (after: OrderViewPlace | undefined) =>
      answerOf(views.list({ limit: 3, ...(after === undefined ? {} : { after }) }));
    const listed = async (filter: OrderViewFilter) =>
      (await answerOf(views.list(filter))).views.map(({ orderId }) => orderId);

    it('is empty at first and stands before the first event', async () => {
      expect(await answerOf(views.find(newOrderId()))).toBeNull();
      expect(await answerOf(views.list({ limit: 10 }))).toEqual({ views: [], next: null });
      expect(await answerOf(views.totals())).toEqual([]);
      expect(await answerOf(views.parked())).toEqual([]);
      expect(await answerOf(views.position())).toBeNull();
    });

    it.each(['shipped', 'refunded', 'rejected', 'cancelled', 'waiting'] as const)(
      'gives the view of a %s order back as it was stored',
      async (life) => {
        const view = sample(life);
        expect(await put([view], '1')).toBe('advanced');
        expect(await answerOf(views.find(view.orderId))).toEqual(view);
        expect(await answerOf(views.position())).toBe('1');
      },
    );

    it.each(Object.entries(paths))('gives the view of an order back that is %s', async (_, events) => {
      const view = viewOf(events);
      await put([view], '1');
      expect(await answerOf(views.find(view.orderId))).toEqual(view);
      expect(await listed({ phase: view.phase, limit: 10 })).toEqual([view.orderId]);
    });

    it('replaces a view by its successor', async () => {
      const orderId = newOrderId();
      const events = stored(orderId, eventsNamed(lives.shipped, { orderId }));
      await put([viewOf(events.slice(0, 3))], '1');
      await put([viewOf(events)], '2');
      expect(await answerOf(views.find(orderId))).toEqual(viewOf(events));
      expect(await listed({ limit: 10 })).toEqual([orderId]);
      expect(await listed({ phase: 'Validated', limit: 10 })).toEqual([]);
    });

    describe('moving on', () => {
      it('stores nothing when the checkpoint stands elsewhere', async () => {
        const from = await stand();
        const [first, second] = [sample('waiting'), sample('waiting')];
        const advance = (to: string, view: OrderView) =>
          answerOf(views.live.advance(from, position(to), { views: [view], parked: [] }));
        expect(await advance('1', first)).toBe('advanced');
        expect(await advance('2', second)).toBe('overtaken');
        expect(await answerOf(views.find(second.orderId))).toBeNull();
        expect(await stand()).toEqual({ ...from, position: '1' });
      });

      it('lets one of several win a checkpoint, with its rows only', async () => {
        const from = await stand();
        const candidates = Array.from({ length: 6 }, () => sample('waiting'));
        const outcomes = await Promise.all(
          candidates.map((view) =>
            answerOf(views.live.advance(from, position('1'), { views: [view], parked: [] })),
          ),
        );
        const winners = candidates.filter((_, index) => outcomes[index] === 'advanced');
        expect(winners).toHaveLength(1);
        expect(await listed({ limit: 10 })).toEqual(winners.map(({ orderId }) => orderId));
      });

      it('moves without rows as well', async () => {
        const from = await stand();
        expect(await answerOf(views.live.advance(from, position('9:9'), nothing))).toBe('advanced');
        expect(await answerOf(views.position())).toBe('9:9');
      });
    });

    it('keeps the first unreadable event of an order as evidence', async () => {
      const orderId = newOrderId();
      const view = sample('shipped');
      const unreadable: UnreadableEvent = {
        type: 'unreadable',
        stream: `order-${orderId}`,
        revision: 3,
        position: position('7'),
        storedName: 'OrderTeleported.v1',
        problem: 'the stored name is unknown',
      };
      await answerOf(
        views.live.advance(await stand(), position('7'), { views: [view], parked: [unreadable] }),
      );
      const again = { ...unreadable, revision: 4 };
      await answerOf(views.live.advance(await stand(), position('8'), { views: [], parked: [again] }));
      expect(await answerOf(views.parked())).toEqual([unreadable]);
      const { build } = await stand();
      const loaded = await answerOf(views.live.load(build, [orderId, view.orderId, newOrderId()]));
      expect([...loaded.parkedStreams]).toEqual([unreadable.stream]);
      expect([...loaded.views]).toEqual([[view.orderId, view]]);
    });

    describe('listing', () => {
      it('goes newest first, page by page, each order once', async () => {
        // Two orders of each moment, so that the id has to decide.
        const all = Array.from({ length: 10 }, (_, index) =>
          sample('waiting', { at: Math.floor(index / 2) * 1_000 }),
        );
        await put(all, '1');
        const expected = [...all]
          .sort((left, right) => right.placedAt - left.placedAt || (left.orderId < right.orderId ? 1 : -1))
          .map(({ orderId }) => orderId);
        const pages: (readonly string[])[] = [];
        for (let after: OrderViewPlace | null | undefined; after !== null;) {
          const page: Awaited<ReturnType<typeof pageAfter>> = await pageAfter(after);
          pages.push(page.views.map(({ orderId }) => orderId));
          after = page.next;
        }
        expect(pages.map(({ length }) => length)).toEqual([3, 3, 3, 1]);
        expect(pages.flat()).toEqual(expected);
        expect(await listed({ limit: 10 })).toEqual(expected);
      });

      it('filters by phase and customer', async () => {
        const customerId = newCustomerId();
        const mine = [sample('shipped', { customerId, at: 2 }), sample('rejected', { customerId, at: 1 })];
        const others = [sample('shipped', { at: 3 }), sample('waiting')];
        await put([...mine, ...others], '1');
        const ids = (list: readonly (OrderView | undefined)[]) => list.map((view) => view?.orderId);
        expect(await listed({ customerId, limit: 10 })).toEqual(ids(mine));
        expect(await listed({ phase: 'Completed', limit: 10 })).toEqual(ids([others[0], mine[0]]));
        expect(await listed({ phase: 'Rejected', customerId, limit: 10 })).toEqual(ids([mine[1]]));
        expect(await listed({ phase: 'Picked', limit: 10 })).toEqual([]);
      });

      it('adds up orders and money by phase and currency', async () => {
        await put([sample('shipped'), sample('refunded'), sample('cancelled'), sample('waiting')], '1');
        const nothingMoved = { reserved: 0, charged: 0, refunded: 0 };
        const sums = { currency: 'GBP', units: 7, ordered: 4_605, ...nothingMoved, orders: 1 };
        expect(await answerOf(views.totals())).toEqual([
          { ...sums, phase: 'Cancelled' },
          {
            ...sums,
            phase: 'Completed',
            orders: 2,
            units: 14,
            ordered: 9_210,
            reserved: 9_210,
            charged: 8_700,
            refunded: 1_275,
          },
          { ...sums, phase: 'Placed' },
        ]);
      });
    });

    describe('rebuilding', () => {
      const begin = () => answerOf(views.beginRebuild());
      const done = async (): Promise<E.Either<never, void>> => E.right(undefined);

      it('is not seen before the swap, and wholly after it', async () => {
        const [live, rebuilt] = [sample('waiting'), sample('shipped')];
        await put([live], '1');
        const before = await stand();
        const { projection, swap } = await begin();
        expect((await stand(projection)).position).toBeNull();
        await put([rebuilt], '2', projection);
        expect(await listed({ limit: 10 })).toEqual([live.orderId]);
        expect(await stand()).toEqual(before);
        expect(await swap(done)()).toEqual(E.right(undefined));
        expect(await listed({ limit: 10 })).toEqual([rebuilt.orderId]);
        expect(await answerOf(views.find(live.orderId))).toBeNull();
        expect((await stand()).position).toBe('2');
        // Whoever still works on the old build is told so.
        expect(await answerOf(views.live.advance(before, position('3'), nothing))).toBe('overtaken');
        expect(await put([live], '3')).toBe('advanced');
      });

      it('changes nothing when catching up fails', async () => {
        const live = sample('waiting');
        await put([live], '1');
        const { swap } = await begin();
        const failure = { type: 'store_unavailable', reason: 'test' } as const;
        expect(await swap(async () => E.left(failure))()).toEqual(E.left(failure));
        expect(await listed({ limit: 10 })).toEqual([live.orderId]);
        expect(await put([], '2')).toBe('advanced');
      });

      it('holds the live views still while catching up', async () => {
        const { swap } = await begin();
        const from: OrderViewCheckpoint = await stand();
        const outcomes: Promise<string>[] = [];
        let settled = false;
        await answerOf(
          swap(async () => {
            const outcome = answerOf(views.live.advance(from, position('5'), nothing));
            outcomes.push(outcome.finally(() => (settled = true)));
            await answerOf(views.find(newOrderId()));
            expect(settled).toBe(false);
            return E.right(undefined);
          }),
        );
        expect(await Promise.all(outcomes)).toEqual(['overtaken']);
      });

      it('of an earlier beginning is thrown away by a later one', async () => {
        const first = await begin();
        const stale = await stand(first.projection);
        const second = await begin();
        expect(await answerOf(first.projection.advance(stale, position('1'), nothing))).toBe('overtaken');
        expect(await first.swap(done)()).toMatchObject(E.left({ type: 'order_views_unavailable' }));
        expect(await put([], '1', second.projection)).toBe('advanced');
        expect(await second.swap(done)()).toEqual(E.right(undefined));
      });
    });
  });
}
