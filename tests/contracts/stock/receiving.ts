// What every stock ledger does with goods that arrive, and with articles taken out of sale.
import { describe, expect, it } from 'vitest';
import { isArticleCode } from '../../../domain/catalogue.js';
import { checked } from '../../support/ids.js';
import { answerOf } from '../samples.js';
import type { LedgerTools } from './ledger-tools.js';
import { newArticleCodes, receiptOf } from './stock-samples.js';

/** Receipts and articles that were withdrawn. */
export function receivingContract({ stock, withdraw, levels, stocked, held }: LedgerTools): void {
  describe('receives goods', () => {
    it('adds what arrives, and leaves out what never arrived', async () => {
      const codes = await stocked(3, 0);
      const [first] = codes;
      if (first === undefined) throw new Error('an article is missing');
      await answerOf(stock().receive(receiptOf([[first, 4]], 'B-7')));
      const [unknown] = newArticleCodes(1);
      expect(await levels([...codes, ...(unknown ? [unknown] : [])])).toEqual([[7, 0], [0, 0], undefined]);
      expect(await answerOf(stock().levels([first]))).toEqual([
        { code: first, bin: 'B-7', onHand: 7, held: 0, missing: 0 },
      ]);
    });

    it('books a receipt once, however often it is reported', async () => {
      const [code] = newArticleCodes(1);
      if (code === undefined) throw new Error('an article is missing');
      const receipt = receiptOf([[code, 5]]);
      const twins = await Promise.all([1, 2, 3].map(() => answerOf(stock().receive(receipt))));
      expect([...twins].sort()).toEqual(['booked', 'repeated', 'repeated']);
      expect(await answerOf(stock().receive(receipt))).toBe('repeated');
      expect(await levels([code])).toEqual([[5, 0]]);
    });

    it('sums an article that stands in a receipt twice', async () => {
      const [code] = newArticleCodes(1);
      if (code === undefined) throw new Error('an article is missing');
      await answerOf(
        stock().receive(
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
      await answerOf(stock().receive(receiptOf(codes.map((code) => [code, 2] as const))));
      const found = await answerOf(stock().levels(codes));
      expect(found.map(({ onHand }) => onHand)).toEqual(codes.map(() => 2));
    });

    it('tells articles apart that differ in case only', async () => {
      const [code] = newArticleCodes(1);
      if (code === undefined) throw new Error('an article is missing');
      const other = checked(isArticleCode, code.toLowerCase());
      await answerOf(
        stock().receive(
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
      await withdraw(gone);
      await withdraw(alsoGone);
      expect(await answerOf(stock().withdrawn([sold, gone]))).toEqual([gone]);
      expect(await answerOf(stock().withdrawn([]))).toEqual([]);
    });
  });
}
