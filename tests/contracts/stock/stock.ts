// What every stock ledger must do, whatever keeps it. Each test uses articles and orders of its own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stock } from '../../../application/ports/stock.js';
import { type ArticleCode, isArticleCode } from '../../../domain/catalogue.js';
import type { OrderId } from '../../../domain/ids.js';
import type { OrderLine } from '../../../domain/order/events.js';
import { afterNoon, answerOf } from '../samples.js';
import { checked, newOrderId } from '../../support/ids.js';
import { newArticleCodes, orderLines, receiptOf } from './stock-samples.js';

/** A ledger under test. `withdraw` takes an article out of sale, which the port leaves to its operator. */
export type StockUnderTest = {
  readonly stock: Stock;
  readonly withdraw: (code: ArticleCode) => Promise<void>;
  readonly close: () => Promise<void>;
};

const noon = afterNoon(0);
const quarterPast = afterNoon(15 * 60);
const committed = { type: 'committed' };

/** The contract of a stock ledger; `open` is called once. */
export function stockContract(name: string, open: () => Promise<StockUnderTest>): void {
  describe(`${name} as a stock ledger`, () => {
    let ledger: StockUnderTest;
    beforeAll(async () => {
      ledger = await open();
    });
    afterAll(() => ledger.close());

    const reserve = (orderId: OrderId, lines: readonly OrderLine[], until = quarterPast, now = noon) =>
      answerOf(ledger.stock.reserve(orderId, lines, until, now));
    const commit = (orderId: OrderId, now = noon) => answerOf(ledger.stock.commit(orderId, now));
    const release = (orderId: OrderId) => answerOf(ledger.stock.release(orderId));
    const settle = (orderId: OrderId, ...units: readonly number[]) =>
      answerOf(
        ledger.stock.settle(
          orderId,
          units.map((shipped, index) => ({ lineNumber: index + 1, units: shipped })),
        ),
      );
    /** Fresh articles with that many units each. */
    async function stocked(...quantities: readonly number[]): Promise<readonly ArticleCode[]> {
      const codes = newArticleCodes(quantities.length);
      const articles = codes.map((code, index) => [code, quantities[index] ?? 0] as const);
      expect(await answerOf(ledger.stock.receive(receiptOf(articles)))).toBe('booked');
      return codes;
    }
    /** On-hand and held of each article, in the order asked. */
    async function levels(codes: readonly ArticleCode[]) {
      const found = await answerOf(ledger.stock.levels(codes));
      return codes.map((code) => {
        const level = found.find((one) => one.code === code);
        return level && [level.onHand, level.held];
      });
    }
    async function held(codes: readonly ArticleCode[], units: readonly number[], until = quarterPast) {
      const orderId = newOrderId();
      const lines = orderLines(codes, units);
      expect(await reserve(orderId, lines, until)).toEqual({ type: 'reserved', until });
      return { orderId, lines };
    }

    describe('receives goods', () => {
      it('adds what arrives, and leaves out what never arrived', async () => {
        const codes = await stocked(3, 0);
        const [first] = codes;
        if (first === undefined) throw new Error('an article is missing');
        await answerOf(ledger.stock.receive(receiptOf([[first, 4]], 'B-7')));
        const [unknown] = newArticleCodes(1);
        expect(await levels([...codes, ...(unknown ? [unknown] : [])])).toEqual([[7, 0], [0, 0], undefined]);
        expect(await answerOf(ledger.stock.levels([first]))).toEqual([
          { code: first, bin: 'B-7', onHand: 7, held: 0 },
        ]);
      });

      it('books a receipt once, however often it is reported', async () => {
        const [code] = newArticleCodes(1);
        if (code === undefined) throw new Error('an article is missing');
        const receipt = receiptOf([[code, 5]]);
        const twins = await Promise.all([1, 2, 3].map(() => answerOf(ledger.stock.receive(receipt))));
        expect([...twins].sort()).toEqual(['booked', 'repeated', 'repeated']);
        expect(await answerOf(ledger.stock.receive(receipt))).toBe('repeated');
        expect(await levels([code])).toEqual([[5, 0]]);
      });

      it('sums an article that stands in a receipt twice', async () => {
        const [code] = newArticleCodes(1);
        if (code === undefined) throw new Error('an article is missing');
        await answerOf(
          ledger.stock.receive(
            receiptOf([
              [code, 2],
              [code, 3],
            ]),
          ),
        );
        expect(await levels([code])).toEqual([[5, 0]]);
      });

      it('takes thousands of articles in one call', async () => {
        const codes = newArticleCodes(3_000);
        await answerOf(ledger.stock.receive(receiptOf(codes.map((code) => [code, 2] as const))));
        const found = await answerOf(ledger.stock.levels(codes));
        expect(found.map(({ onHand }) => onHand)).toEqual(codes.map(() => 2));
      });

      it('tells articles apart that differ in case only', async () => {
        const [code] = newArticleCodes(1);
        if (code === undefined) throw new Error('an article is missing');
        const other = checked(isArticleCode, code.toLowerCase());
        await answerOf(
          ledger.stock.receive(
            receiptOf([
              [code, 1],
              [other, 2],
            ]),
          ),
        );
        await held([other], [2]);
        expect(await levels([code, other])).toEqual([
          [1, 0],
          [2, 2],
        ]);
      });

      it('knows which articles were withdrawn, of those asked for', async () => {
        const [sold, gone, alsoGone] = await stocked(1, 1, 1);
        if (!sold || !gone || !alsoGone) throw new Error('an article is missing');
        await ledger.withdraw(gone);
        await ledger.withdraw(alsoGone);
        expect(await answerOf(ledger.stock.withdrawn([sold, gone]))).toEqual([gone]);
        expect(await answerOf(ledger.stock.withdrawn([]))).toEqual([]);
      });
    });

    describe('reserves', () => {
      it('holds every line until the given moment', async () => {
        const codes = await stocked(5, 9);
        await held(codes, [2, 9]);
        expect(await levels(codes)).toEqual([
          [5, 2],
          [9, 9],
        ]);
      });

      it('answers a repeat as before, without holding more', async () => {
        const codes = await stocked(5);
        const { orderId, lines } = await held(codes, [4]);
        expect(await reserve(orderId, lines, afterNoon(2_000), afterNoon(100))).toEqual({
          type: 'reserved',
          until: quarterPast,
        });
        expect(await levels(codes)).toEqual([[5, 4]]);
      });

      it('holds nothing when one line is missing, and names every missing line', async () => {
        const codes = [...(await stocked(5, 1, 0)), ...newArticleCodes(1)];
        expect(await reserve(newOrderId(), orderLines(codes, [5, 3, 1, 2]))).toEqual({
          type: 'unavailable',
          lines: [
            { lineNumber: 2, available: 1 },
            { lineNumber: 3, available: 0 },
            { lineNumber: 4, available: 0 },
          ],
        });
        expect((await levels(codes)).slice(0, 3)).toEqual([
          [5, 0],
          [1, 0],
          [0, 0],
        ]);
      });

      it('serves several lines of one article in line order', async () => {
        const [code] = await stocked(7);
        if (code === undefined) throw new Error('an article is missing');
        const codes = [code, code, code];
        expect(await reserve(newOrderId(), orderLines(codes, [4, 5, 1]))).toEqual({
          type: 'unavailable',
          lines: [
            { lineNumber: 2, available: 3 },
            { lineNumber: 3, available: 0 },
          ],
        });
        await held(codes, [4, 2, 1]);
        expect(await levels([code])).toEqual([[7, 7]]);
      });

      it('takes the longest order there is', async () => {
        const codes = await stocked(...Array.from({ length: 450 }, () => 3));
        const units = codes.map(() => 2);
        await held(codes, units);
        expect(await levels(codes)).toEqual(codes.map(() => [3, 2]));
      });

      it('gives the last unit to exactly one of many buyers', async () => {
        const codes = await stocked(1, 1, 1);
        const buyers = Array.from({ length: 20 }, (_, index) =>
          index % 2 === 0 ? codes : [...codes].reverse(),
        );
        const outcomes = await Promise.all(
          buyers.map((wanted) => reserve(newOrderId(), orderLines(wanted, [1, 1, 1]))),
        );
        expect(outcomes.filter(({ type }) => type === 'reserved')).toHaveLength(1);
        expect(await levels(codes)).toEqual([
          [1, 1],
          [1, 1],
          [1, 1],
        ]);
      });

      it('answers twins of one order alike, also for the last unit', async () => {
        const codes = await stocked(1);
        const orderId = newOrderId();
        const twins = await Promise.all([1, 2, 3, 4].map(() => reserve(orderId, orderLines(codes, [1]))));
        expect(twins).toEqual(twins.map(() => ({ type: 'reserved', until: quarterPast })));
        expect(await levels(codes)).toEqual([[1, 1]]);
      });
    });

    describe('lets holds expire', () => {
      it('counts a hold up to its last moment and not from then on', async () => {
        const codes = await stocked(2);
        await held(codes, [2]);
        const wanted = orderLines(codes, [1]);
        const justBefore = await reserve(newOrderId(), wanted, afterNoon(9_000), afterNoon(15 * 60 - 0.001));
        expect(justBefore).toEqual({ type: 'unavailable', lines: [{ lineNumber: 1, available: 0 }] });
        const then = await reserve(newOrderId(), wanted, afterNoon(9_000), quarterPast);
        expect(then).toEqual({ type: 'reserved', until: afterNoon(9_000) });
        expect(await levels(codes)).toEqual([[2, 1]]);
      });

      it('leaves an expired hold alone while there is enough for everybody', async () => {
        const codes = await stocked(3);
        const { orderId } = await held(codes, [2]);
        await reserve(newOrderId(), orderLines(codes, [1]), afterNoon(9_000), afterNoon(8_000));
        expect(await levels(codes)).toEqual([[3, 3]]);
        expect(await commit(orderId, afterNoon(8_000))).toEqual(committed);
      });

      it('renews the hold of an order that asks again', async () => {
        const codes = await stocked(2);
        const { orderId, lines } = await held(codes, [2]);
        const again = await reserve(orderId, lines, afterNoon(9_000), afterNoon(8_000));
        expect(again).toEqual({ type: 'reserved', until: afterNoon(9_000) });
        const other = await reserve(newOrderId(), lines, afterNoon(9_000), afterNoon(8_500));
        expect(other.type).toBe('unavailable');
      });

      it('holds anew for an order whose goods went to another, once there are enough again', async () => {
        const codes = await stocked(2);
        const { orderId, lines } = await held(codes, [2]);
        const other = newOrderId();
        await reserve(other, lines, afterNoon(9_000), afterNoon(8_000));
        expect(await reserve(orderId, lines, afterNoon(9_000), afterNoon(8_001))).toEqual({
          type: 'unavailable',
          lines: [{ lineNumber: 1, available: 0 }],
        });
        await release(other);
        expect((await reserve(orderId, lines, afterNoon(9_000), afterNoon(8_002))).type).toBe('reserved');
        expect(await levels(codes)).toEqual([[2, 2]]);
      });

      it('lets buyers share what many expired holds give back', async () => {
        const codes = await stocked(10);
        await Promise.all(Array.from({ length: 10 }, () => held(codes, [1])));
        const late = await Promise.all(
          Array.from({ length: 12 }, () =>
            reserve(newOrderId(), orderLines(codes, [1]), afterNoon(9_000), afterNoon(8_000)),
          ),
        );
        expect(late.filter(({ type }) => type === 'reserved')).toHaveLength(10);
        expect(await levels(codes)).toEqual([[10, 10]]);
      });
    });

    describe('commits', () => {
      it('makes a hold permanent, and again when repeated', async () => {
        const codes = await stocked(2);
        const { orderId, lines } = await held(codes, [2]);
        expect(await commit(orderId)).toEqual(committed);
        expect(await commit(orderId, afterNoon(90_000))).toEqual(committed);
        const other = await reserve(newOrderId(), lines, afterNoon(99_000), afterNoon(90_000));
        expect(other.type).toBe('unavailable');
        expect(await reserve(orderId, lines)).toEqual({ type: 'reserved', until: quarterPast });
      });

      it('has nothing to commit for an order that holds nothing', async () => {
        expect(await commit(newOrderId())).toEqual({ type: 'unavailable', lines: [] });
      });

      it('renews an expired hold if the goods are there, and names what is gone if not', async () => {
        const codes = await stocked(2, 5);
        const { orderId, lines } = await held(codes, [2, 5]);
        const [first] = codes;
        if (first === undefined) throw new Error('an article is missing');
        const other = newOrderId();
        await reserve(other, orderLines([first], [1]), afterNoon(9_000), afterNoon(8_000));
        expect(await commit(orderId, afterNoon(8_001))).toEqual({
          type: 'unavailable',
          lines: [{ lineNumber: 1, available: 1 }],
        });
        expect(await levels(codes)).toEqual([
          [2, 1],
          [5, 0],
        ]);
        expect(await commit(orderId, afterNoon(9_000))).toEqual(committed);
        expect(await levels(codes)).toEqual([
          [2, 2],
          [5, 5],
        ]);
        expect(await reserve(orderId, lines)).toMatchObject({ type: 'reserved' });
      });
    });

    describe('releases', () => {
      it('gives back a hold and a committed hold once', async () => {
        const codes = await stocked(4);
        const { orderId } = await held(codes, [1]);
        const other = await held(codes, [2]);
        await commit(other.orderId);
        await release(orderId);
        await release(orderId);
        expect(await levels(codes)).toEqual([[4, 2]]);
        await release(other.orderId);
        expect(await levels(codes)).toEqual([[4, 0]]);
      });

      it('succeeds for an order that holds nothing', async () => {
        await expect(release(newOrderId())).resolves.toBeUndefined();
      });

      it('gives nothing back twice when the goods went to another before', async () => {
        const codes = await stocked(1);
        const { orderId, lines } = await held(codes, [1]);
        await reserve(newOrderId(), lines, afterNoon(9_000), afterNoon(8_000));
        await release(orderId);
        expect(await levels(codes)).toEqual([[1, 1]]);
      });

      it('holds nothing again for late repeats of earlier calls', async () => {
        const codes = await stocked(3);
        const { orderId, lines } = await held(codes, [2]);
        await release(orderId);
        expect(await reserve(orderId, lines)).toEqual({ type: 'reserved', until: quarterPast });
        expect(await commit(orderId)).toEqual({
          type: 'unavailable',
          lines: [{ lineNumber: 1, available: 0 }],
        });
        await settle(orderId, 2);
        expect(await levels(codes)).toEqual([[3, 0]]);
      });
    });

    describe('settles', () => {
      it('takes what was shipped off the shelf and releases the rest, once', async () => {
        const codes = await stocked(10, 10, 10);
        const { orderId, lines } = await held(codes, [4, 5, 6]);
        await commit(orderId);
        await settle(orderId, 4, 2);
        await settle(orderId, 4, 2);
        await release(orderId);
        expect(await levels(codes)).toEqual([
          [6, 0],
          [8, 0],
          [10, 0],
        ]);
        expect(await commit(orderId)).toEqual(committed);
        expect(await reserve(orderId, lines)).toEqual({ type: 'reserved', until: quarterPast });
        expect((await levels(codes))[0]).toEqual([6, 0]);
      });

      it('takes no more than was held', async () => {
        const codes = await stocked(3);
        const { orderId } = await held(codes, [2]);
        await settle(orderId, 9, 9);
        expect(await levels(codes)).toEqual([[1, 0]]);
      });

      it('changes nothing for an order that holds nothing', async () => {
        await expect(settle(newOrderId(), 1)).resolves.toBeUndefined();
      });
    });

    it('serves many orders of the same articles at once, whatever the order of their lines', async () => {
      const codes = await stocked(...Array.from({ length: 12 }, () => 1_000));
      const orders = Array.from({ length: 24 }, (_, index) => {
        const turned = [...codes.slice(index % 12), ...codes.slice(0, index % 12)];
        return { orderId: newOrderId(), wanted: index % 2 === 0 ? turned : turned.reverse() };
      });
      await Promise.all(
        orders.map(async ({ orderId, wanted }, index) => {
          expect(
            (
              await reserve(
                orderId,
                orderLines(
                  wanted,
                  wanted.map(() => 3),
                ),
              )
            ).type,
          ).toBe('reserved');
          if (index % 3 === 0) return release(orderId);
          expect(await commit(orderId)).toEqual(committed);
          return settle(orderId, ...wanted.map(() => 3));
        }),
      );
      expect(await levels(codes)).toEqual(codes.map(() => [1_000 - 16 * 3, 0]));
    });
  });
}
