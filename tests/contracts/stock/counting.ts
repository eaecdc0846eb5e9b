// What every stock ledger does with units that pickers do not find, and when somebody counts.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ArticleCode } from '../../../domain/catalogue.js';
import { newOrderId } from '../../support/ids.js';
import { answerOf } from '../samples.js';
import type { LedgerTools } from './ledger-tools.js';
import { newArticleCodes, orderLines, receiptOf } from './stock-samples.js';

/** Missing units and counts. */
export function countingContract(tools: LedgerTools): void {
  const { stock, reserve, commit, release, settle, books, stocked, held } = tools;
  const count = (code: ArticleCode, units: number, countId: string = randomUUID()) =>
    answerOf(stock().count(countId, code, units));
  /** A fresh article with that many units. */
  async function article(units: number): Promise<ArticleCode> {
    const [code] = await stocked(units);
    if (code === undefined) throw new Error('an article is missing');
    return code;
  }
  const available = async (code: ArticleCode): Promise<number> => {
    const asked = await reserve(newOrderId(), orderLines([code], [1_000]));
    return asked.type === 'unavailable' ? (asked.lines[0]?.available ?? 0) : 1_000;
  };

  describe('keeps units that were not found apart', () => {
    it('does not sell them after a short parcel was shipped, until somebody counts', async () => {
      const code = await article(5);
      const { orderId } = await held([code], [4]);
      await commit(orderId);
      await settle(orderId, [1], [3]);
      expect(await books([code])).toEqual([[4, 0, 3]]);
      expect(await available(code)).toBe(1);
      expect(await count(code, 2)).toBe('booked');
      expect(await books([code])).toEqual([[2, 0, 0]]);
      expect(await available(code)).toBe(2);
    });

    it('does not sell them after their order was cancelled', async () => {
      const code = await article(5);
      const { orderId } = await held([code], [4]);
      await commit(orderId);
      await release(orderId, [4]);
      expect(await books([code])).toEqual([[5, 0, 4]]);
      expect(await available(code)).toBe(1);
    });

    it('counts them once, however often the call is repeated', async () => {
      const code = await article(9);
      const [shipped, cancelled] = [await held([code], [3]), await held([code], [3])];
      await commit(shipped.orderId);
      await commit(cancelled.orderId);
      await Promise.all([1, 2, 3].map(() => settle(shipped.orderId, [2], [1])));
      await Promise.all([1, 2, 3].map(() => release(cancelled.orderId, [2])));
      await release(shipped.orderId, [1]);
      await settle(cancelled.orderId, [1], [2]);
      expect(await books([code])).toEqual([[7, 0, 3]]);
    });

    it('takes no more for missing than was held and not shipped', async () => {
      const code = await article(6);
      const { orderId } = await held([code, code], [2, 3]);
      await settle(orderId, [1, 3], [9, 9, 9]);
      expect(await books([code])).toEqual([[2, 0, 1]]);
    });

    it('sums a line that is reported twice', async () => {
      const code = await article(6);
      const { orderId } = await held([code], [5]);
      const once = { lineNumber: 1, units: 2 };
      await answerOf(stock().release(orderId, [once, once]));
      expect(await books([code])).toEqual([[6, 0, 4]]);
    });
  });

  describe('books counts', () => {
    it('once by their id, also of another article and side by side', async () => {
      const [code, other] = [await article(5), await article(5)];
      const countId = randomUUID();
      const twins = await Promise.all([1, 2, 3].map(() => count(code, 8, countId)));
      expect([...twins].sort()).toEqual(['booked', 'repeated', 'repeated']);
      await answerOf(stock().receive(receiptOf([[code, 1]])));
      expect(await count(code, 3, countId)).toBe('repeated');
      expect(await count(other, 3, countId)).toBe('repeated');
      expect(await books([code, other])).toEqual([
        [9, 0, 0],
        [5, 0, 0],
      ]);
    });

    it('of no article that never arrived, and keeps the id free', async () => {
      const [code] = newArticleCodes(1);
      if (code === undefined) throw new Error('an article is missing');
      const countId = randomUUID();
      expect(await count(code, 3, countId)).toBe('article_unknown');
      await answerOf(stock().receive(receiptOf([[code, 1]])));
      expect(await count(code, 3, countId)).toBe('booked');
    });

    it('leaves what orders hold alone when more or as much is there', async () => {
      const code = await article(5);
      await held([code], [3]);
      await count(code, 3);
      expect(await books([code])).toEqual([[3, 3, 0]]);
      await count(code, 7);
      expect(await books([code])).toEqual([[7, 3, 0]]);
    });

    it('sells nothing that it did not find: held units that it missed are missing once the hold ends', async () => {
      const code = await article(5);
      const { orderId } = await held([code], [4]);
      await count(code, 1);
      expect(await books([code])).toEqual([[4, 4, 0]]);
      await release(orderId);
      expect(await books([code])).toEqual([[4, 0, 3]]);
      expect(await available(code)).toBe(1);
    });

    it('takes no unit for missing twice, when the picker misses it as well', async () => {
      const code = await article(5);
      const { orderId } = await held([code, code], [2, 2]);
      await count(code, 1);
      await settle(orderId, [1, 0], [1, 2]);
      expect(await books([code])).toEqual([[3, 0, 3]]);
    });

    it('lets goods that arrive stand in for held units that it did not find', async () => {
      const code = await article(5);
      const { orderId } = await held([code], [5]);
      await count(code, 2);
      await answerOf(stock().receive(receiptOf([[code, 4]])));
      expect(await books([code])).toEqual([[6, 5, 0]]);
      expect(await available(code)).toBe(1);
      await release(orderId);
      expect(await books([code])).toEqual([[6, 0, 0]]);
    });

    it('is wrong about units that were shipped after all', async () => {
      const code = await article(5);
      const { orderId } = await held([code], [5]);
      await count(code, 0);
      await settle(orderId, [5]);
      await answerOf(stock().receive(receiptOf([[code, 3]])));
      expect(await books([code])).toEqual([[3, 0, 0]]);
    });
  });
}
