// What the suites of the stock ledger share: calls with everyday values, and what the books say afterwards.
import { expect } from 'vitest';
import type { LineUnits, Stock } from '../../../application/ports/stock.js';
import type { ArticleCode } from '../../../domain/catalogue.js';
import type { OrderId } from '../../../domain/ids.js';
import type { OrderLine } from '../../../domain/order/events.js';
import { newOrderId } from '../../support/ids.js';
import { afterNoon, answerOf } from '../samples.js';
import { newArticleCodes, orderLines, receiptOf } from './stock-samples.js';

/** A ledger under test. `withdraw` takes an article out of sale, which the port leaves to its operator. */
export type StockUnderTest = {
  readonly stock: Stock;
  readonly withdraw: (code: ArticleCode) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The moment of calls that name none. */
const noon = afterNoon(0);
/** The end of reservations that name none. */
export const quarterPast = afterNoon(15 * 60);
/** The answer of a commit that succeeded. */
export const committed = { type: 'committed' };

/** The units of lines 1, 2, … */
export const unitsOfLines = (units: readonly number[]): readonly LineUnits[] =>
  units.map((count, index) => ({ lineNumber: index + 1, units: count }));

/** Calls of the ledger that `open` names when they are made. */
export type LedgerTools = ReturnType<typeof ledgerTools>;

/** The tools for a ledger that is opened before the first test. */
export function ledgerTools(open: () => StockUnderTest) {
  const stock = (): Stock => open().stock;
  const reserve = (orderId: OrderId, lines: readonly OrderLine[], until = quarterPast, now = noon) =>
    answerOf(stock().reserve(orderId, lines, until, now));
  /** Levels in the order asked; undefined for articles that never arrived. */
  async function levelsOf(codes: readonly ArticleCode[]) {
    const found = await answerOf(stock().levels(codes));
    return codes.map((code) => found.find((level) => level.code === code));
  }
  return {
    stock,
    reserve,
    withdraw: (code: ArticleCode) => open().withdraw(code),
    commit: (orderId: OrderId, now = noon) => answerOf(stock().commit(orderId, now)),
    holdOf: (orderId: OrderId) => answerOf(stock().holdOf(orderId)),
    /** Releases with these units missing of lines 1, 2, … */
    release: (orderId: OrderId, missing: readonly number[] = []) =>
      answerOf(stock().release(orderId, unitsOfLines(missing))),
    /** Settles with these units shipped of lines 1, 2, …, and these missing. */
    settle: (orderId: OrderId, shipped: readonly number[], missing: readonly number[] = []) =>
      answerOf(stock().settle(orderId, unitsOfLines(shipped), unitsOfLines(missing))),
    /** Fresh articles with that many units each. */
    stocked: async (...quantities: readonly number[]): Promise<readonly ArticleCode[]> => {
      const codes = newArticleCodes(quantities.length);
      const articles = codes.map((code, index) => [code, quantities[index] ?? 0] as const);
      expect(await answerOf(stock().receive(receiptOf(articles)))).toBe('booked');
      return codes;
    },
    /** On-hand and held of each article, in the order asked. */
    levels: async (codes: readonly ArticleCode[]) =>
      (await levelsOf(codes)).map((level) => level && [level.onHand, level.held]),
    /** On-hand, held and missing of each article, in the order asked. */
    books: async (codes: readonly ArticleCode[]) =>
      (await levelsOf(codes)).map((level) => level && [level.onHand, level.held, level.missing]),
    /** An order that has reserved these units of these articles. */
    held: async (codes: readonly ArticleCode[], units: readonly number[], until = quarterPast) => {
      const orderId = newOrderId();
      const lines = orderLines(codes, units);
      expect(await reserve(orderId, lines, until)).toEqual({ type: 'reserved', until });
      return { orderId, lines };
    },
  };
}
