// The books always add up. Seen through the port only, so the ledger in memory stands for the one in Postgres, which
// answers alike (stock-ledger.test.ts).
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import type { StockLevel } from '../../../application/ports/stock.js';
import type { OrderId } from '../../../domain/ids.js';
import { newOrderId } from '../../support/ids.js';
import { afterNoon, answerOf } from '../samples.js';
import { unitsOfLines } from './ledger-tools.js';
import { newArticleCodes, orderLines, receiptOf } from './stock-samples.js';

const articleCount = 3;
const firstUnits = 8;

/** An order with the units that it wants of each article. */
type Buyer = { readonly orderId: OrderId; readonly wants: readonly number[] };

/** A ledger with some articles, and orders that each want some of every one. */
async function openShop(demand: ReadonlyArray<readonly number[]>) {
  const stock = inMemoryStock();
  const codes = newArticleCodes(articleCount);
  const buyers = demand.map((wants): Buyer => ({ orderId: newOrderId(), wants }));
  await answerOf(stock.receive(receiptOf(codes.map((code) => [code, firstUnits] as const))));
  /** What the order holds of each article now; none when its hold is over. */
  const heldBy = async ({ orderId, wants }: Buyer): Promise<readonly number[]> =>
    (await answerOf(stock.holdOf(orderId))).type === 'none' ? wants.map(() => 0) : wants;
  return { stock, codes, buyers, heldBy, levels: () => answerOf(stock.levels(codes)) };
}
type Shop = Awaited<ReturnType<typeof openShop>>;

const at = <Item>(items: readonly Item[], index: number): Item => {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
};
const within = (limit: number, units: number): number => Math.max(0, Math.min(limit, units));

const buyer = fc.nat({ max: 5 });
const article = fc.nat({ max: articleCount - 1 });
const perArticle = (least: number, most: number) =>
  fc.array(fc.integer({ min: least, max: most }), { minLength: articleCount, maxLength: articleCount });
const demand = fc.array(perArticle(1, 4), { minLength: 6, maxLength: 6 });
const pause = fc.nat({ max: 10 });

const reserve = async ({ stock, codes }: Shop, { orderId, wants }: Buyer, now: number): Promise<void> => {
  const [until, moment] = [afterNoon(now + 20), afterNoon(now)];
  await answerOf(stock.reserve(orderId, orderLines(codes, wants), until, moment));
};

/** One thing that happens, and what the tester expects it to do to the articles. */
type Books = { readonly onHand: number[]; readonly missing: number[] };
type Step = (shop: Shop, books: Books, now: number) => Promise<void>;

const endHold = async (
  shop: Shop,
  books: Books,
  who: number,
  shipped: readonly number[],
  lost: readonly number[],
): Promise<void> => {
  const held = await shop.heldBy(at(shop.buyers, who));
  held.forEach((units, index) => {
    const gone = within(units, shipped[index] ?? 0);
    books.onHand[index] = (books.onHand[index] ?? 0) - gone;
    books.missing[index] = (books.missing[index] ?? 0) + within(units - gone, lost[index] ?? 0);
  });
};

const steps: fc.Arbitrary<Step> = fc.oneof(
  buyer.map(
    (who): Step =>
      (shop, _, now) =>
        reserve(shop, at(shop.buyers, who), now),
  ),
  buyer.map((who): Step => async ({ stock, buyers }, _, now) => {
    await answerOf(stock.commit(at(buyers, who).orderId, afterNoon(now)));
  }),
  fc.tuple(buyer, perArticle(0, 5)).map(([who, lost]): Step => async (shop, books) => {
    await endHold(shop, books, who, [], lost);
    await answerOf(shop.stock.release(at(shop.buyers, who).orderId, unitsOfLines(lost)));
  }),
  fc
    .tuple(buyer, perArticle(0, 5), perArticle(0, 5))
    .map(([who, shipped, lost]): Step => async (shop, books) => {
      await endHold(shop, books, who, shipped, lost);
      const { orderId } = at(shop.buyers, who);
      await answerOf(shop.stock.settle(orderId, unitsOfLines(shipped), unitsOfLines(lost)));
    }),
  fc.tuple(article, fc.nat({ max: 6 })).map(([index, units]): Step => async ({ stock, codes }, books) => {
    books.onHand[index] = (books.onHand[index] ?? 0) + units;
    await answerOf(stock.receive(receiptOf([[at(codes, index), units]])));
  }),
  // Of what orders hold everything is found, and something beside it.
  fc.tuple(article, fc.nat({ max: 6 })).map(([index, beside]): Step => async (shop, books) => {
    const counted = at(await shop.levels(), index).held + beside;
    books.onHand[index] = counted;
    books.missing[index] = 0;
    await answerOf(shop.stock.count(randomUUID(), at(shop.codes, index), counted));
  }),
);

const sellable = ({ onHand, held, missing }: StockLevel): number => onHand - held - missing;

describe('the books of the stock ledger', () => {
  it('account for every unit: received, counted, held, missing and shipped', async () => {
    await fc.assert(
      fc.asyncProperty(demand, fc.array(fc.tuple(steps, pause), { maxLength: 40 }), async (wants, played) => {
        const shop = await openShop(wants);
        const books: Books = {
          onHand: shop.codes.map(() => firstUnits),
          missing: shop.codes.map(() => 0),
        };
        let now = 0;
        for (const [step, seconds] of played) {
          now += seconds;
          await step(shop, books, now);
          const levels = await shop.levels();
          const holds = await Promise.all(shop.buyers.map(shop.heldBy));
          expect(levels.map(({ onHand, held, missing }) => [onHand, held, missing])).toEqual(
            shop.codes.map((_, index) => [
              books.onHand[index],
              holds.reduce((total, held) => total + (held[index] ?? 0), 0),
              books.missing[index],
            ]),
          );
          expect(levels.every((level) => sellable(level) >= 0)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('offers what is neither held nor missing, no more and no less', async () => {
    await fc.assert(
      fc.asyncProperty(demand, fc.array(fc.tuple(steps, pause), { maxLength: 30 }), async (wants, played) => {
        const shop = await openShop(wants);
        const books: Books = { onHand: [], missing: [] };
        let now = 0;
        for (const [step, seconds] of played) await step(shop, books, (now += seconds));
        // Commits, so that no expired hold makes room for whoever asks.
        for (const { orderId } of shop.buyers) {
          const hold = await answerOf(shop.stock.holdOf(orderId));
          if (hold.type === 'reserved') await answerOf(shop.stock.commit(orderId, afterNoon(now)));
        }
        for (const level of await shop.levels()) {
          const units = sellable(level);
          const ask = (count: number) =>
            answerOf(
              shop.stock.reserve(
                newOrderId(),
                orderLines([level.code], [count]),
                afterNoon(now + 9),
                afterNoon(now),
              ),
            );
          const lines = [{ lineNumber: 1, available: units }];
          expect(await ask(units + 1)).toEqual({ type: 'unavailable', lines });
          if (units > 0) expect((await ask(units)).type).toBe('reserved');
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never sell a unit that nobody saw in the last count, whatever orders held then', async () => {
    /** What is really on the shelf of each article. */
    type Shelf = number[];
    type Honest = (shop: Shop, shelf: Shelf, now: number) => Promise<void>;
    const honestly: fc.Arbitrary<Honest> = fc.oneof(
      buyer.map(
        (who): Honest =>
          (shop, _, now) =>
            reserve(shop, at(shop.buyers, who), now),
      ),
      buyer.map((who): Honest => async ({ stock, buyers }) => {
        await answerOf(stock.release(at(buyers, who).orderId, []));
      }),
      buyer.map((who): Honest => async (shop, shelf) => {
        const held = await shop.heldBy(at(shop.buyers, who));
        const found = held.map((units, index) => within(units, shelf[index] ?? 0));
        const lost = held.map((units, index) => units - (found[index] ?? 0));
        found.forEach((units, index) => (shelf[index] = (shelf[index] ?? 0) - units));
        const { orderId } = at(shop.buyers, who);
        await answerOf(shop.stock.settle(orderId, unitsOfLines(found), unitsOfLines(lost)));
      }),
      fc.tuple(article, fc.nat({ max: 6 })).map(([index, units]): Honest => async (shop, shelf) => {
        shelf[index] = (shelf[index] ?? 0) + units;
        await answerOf(shop.stock.receive(receiptOf([[at(shop.codes, index), units]])));
      }),
    );
    const day = fc.array(fc.tuple(honestly, pause), { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(demand, day, perArticle(0, firstUnits), day, async (wants, before, stolen, after) => {
        const shop = await openShop(wants);
        const shelf: Shelf = shop.codes.map(() => firstUnits);
        let now = 0;
        const play = async (played: typeof before) => {
          for (const [step, seconds] of played) await step(shop, shelf, (now += seconds));
        };
        await play(before);
        stolen.forEach((units, index) => (shelf[index] = Math.max(0, (shelf[index] ?? 0) - units)));
        for (const [index, code] of shop.codes.entries()) {
          await answerOf(shop.stock.count(randomUUID(), code, shelf[index] ?? 0));
        }
        await play(after);
        for (const { orderId } of shop.buyers) await answerOf(shop.stock.release(orderId, []));
        expect((await shop.levels()).map(sellable)).toEqual(shelf);
      }),
      { numRuns: 300 },
    );
  });
});
