import type { Branded } from './brand.js';

/** The shop's code of an article, exactly as written: `85123A` and `85123a` are two articles. */
export type ArticleCode = Branded<string, 'ArticleCode'>;

/** True for 1 to 40 printable ASCII characters without outer blanks. */
export const isArticleCode = (value: string): value is ArticleCode =>
  /^[!-~](?:[ -~]{0,38}[!-~])?$/.test(value);

/** What a line of a cart stands for: goods to pick, the delivery charge, or something a cart must not sell. */
export type ArticleClass = 'product' | 'delivery' | 'not_sellable';

/** How a shop's article codes are to be read; a pattern names products, a list names delivery charges. */
export type CodeScheme = {
  readonly productPattern: RegExp;
  readonly deliveryCodes: ReadonlySet<string>;
};

/**
 * The scheme of the gift wholesaler whose invoices we play: five digits and at most two letters, gift-set codes
 * (`DCGS…`) and two named articles are products; `POST`, `DOT` and `C2` are delivery. Manual lines, discounts,
 * vouchers, fees and samples are booked by its office and cannot be bought.
 */
export const giftWholesalerScheme: CodeScheme = {
  productPattern: /^(?:\d{5}[A-Za-z]{0,2}|DCGS.*|PADS|SP1002)$/,
  deliveryCodes: new Set(['POST', 'DOT', 'C2']),
};

/** The class of an article code under the shop's scheme. */
export const classifyCode = (code: string, scheme: CodeScheme): ArticleClass => {
  if (scheme.productPattern.test(code)) return 'product';
  return scheme.deliveryCodes.has(code) ? 'delivery' : 'not_sellable';
};
