// Articles, lines and receipts for the suites of the stock ledger.
import { randomUUID } from 'node:crypto';
import type { StockReceipt } from '../../../application/ports/stock.js';
import { type ArticleCode, isArticleCode } from '../../../domain/catalogue.js';
import { isCurrency } from '../../../domain/currency.js';
import type { OrderLine } from '../../../domain/order/events.js';
import { isQuantity } from '../../../domain/quantity.js';
import { checked } from '../../support/ids.js';

const pounds = checked(isCurrency, 'GBP');
let articlesMade = 0;

/** That many article codes that no other test uses. */
export const newArticleCodes = (count: number, prefix = 'A'): readonly ArticleCode[] =>
  Array.from({ length: count }, () => {
    articlesMade += 1;
    return checked(isArticleCode, `${prefix}${String(articlesMade).padStart(6, '0')}`);
  });

/** Lines 1, 2, … of these articles; an article without a number of units gets one. */
export const orderLines = (codes: readonly ArticleCode[], units: readonly number[]): readonly OrderLine[] =>
  codes.map((code, index) => ({
    lineNumber: index + 1,
    code,
    description: `Article ${code}`,
    quantity: checked(isQuantity, units[index] ?? 1),
    unitPrice: { minor: 250, currency: pounds },
  }));

/** A receipt that was never reported, of these articles with these quantities. */
export const receiptOf = (
  articles: ReadonlyArray<readonly [code: ArticleCode, quantity: number]>,
  bin = 'A-1',
): StockReceipt => ({
  receiptId: randomUUID(),
  articles: articles.map(([code, quantity]) => ({ code, description: `Article ${code}`, bin, quantity })),
});
