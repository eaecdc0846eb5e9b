import { createHash } from 'node:crypto';
import { classifyCode, giftWholesalerScheme, isArticleCode } from '../../domain/catalogue.js';
import { type ApiClient, UnexpectedAnswer } from './http-client.js';
import type { Invoice } from './invoices/invoices.js';

const binOf = (code: string): string => {
  const digest = createHash('sha256').update(code).digest();
  const aisle = String.fromCharCode(65 + ((digest[0] ?? 0) % 20));
  return `${aisle}-${String(1 + ((digest[1] ?? 0) % 40)).padStart(2, '0')}-${String(1 + ((digest[2] ?? 0) % 6))}`;
};

/** What the orders of a file need: for every product code the units of all lines that ask for some. */
const neededArticles = (invoices: readonly Invoice[]) => {
  const needed = new Map<string, { description: string; quantity: number }>();
  for (const { stockCode, description, quantity } of invoices.flatMap(({ lines }) => lines)) {
    const sellable = isArticleCode(stockCode) && classifyCode(stockCode, giftWholesalerScheme) === 'product';
    if (!sellable || quantity <= 0) continue;
    const before = needed.get(stockCode);
    needed.set(stockCode, {
      description: before?.description || description.trim() || stockCode,
      quantity: (before?.quantity ?? 0) + quantity,
    });
  }
  return [...needed].map(([code, article]) => ({ code, bin: binOf(code), ...article }));
};

const articlesPerReceipt = 500;

/**
 * Receives, as the operator, all goods that the orders need. The receipts' ids follow from the source and their place,
 * so receiving the same file twice books nothing twice.
 */
export const receiveStock = async (
  admin: ApiClient,
  operatorKey: string,
  source: string,
  invoices: readonly Invoice[],
): Promise<number> => {
  const articles = neededArticles(invoices);
  for (let start = 0; start < articles.length; start += articlesPerReceipt) {
    const receiptId = `${source}-${String(start)}`;
    const answer = await admin.call({
      method: 'POST',
      path: '/admin/stock/receipts',
      body: { receiptId, articles: articles.slice(start, start + articlesPerReceipt) },
      headers: { authorization: `Bearer ${operatorKey}` },
    });
    if (answer.status !== 201 && answer.status !== 200) {
      throw new UnexpectedAnswer(`stock receipt: status ${String(answer.status)}`);
    }
  }
  return articles.length;
};
