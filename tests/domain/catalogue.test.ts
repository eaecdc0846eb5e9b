// Article codes of the wholesaler whose invoices we play.
import { describe, expect, it } from 'vitest';
import {
  type ArticleClass,
  classifyCode,
  giftWholesalerScheme,
  isArticleCode,
} from '../../domain/catalogue.js';

describe('an article code', () => {
  const codes: ReadonlyArray<readonly [code: string, articleClass: ArticleClass]> = [
    ['85123', 'product'],
    ['85123A', 'product'],
    ['85123a', 'product'],
    ['15056BL', 'product'],
    ['DCGS0003', 'product'],
    ['PADS', 'product'],
    ['SP1002', 'product'],
    ['POST', 'delivery'],
    ['DOT', 'delivery'],
    ['C2', 'delivery'],
    ['post', 'not_sellable'],
    ['8512', 'not_sellable'],
    ['851234', 'not_sellable'],
    ['85123ABC', 'not_sellable'],
    ['M', 'not_sellable'],
    ['D', 'not_sellable'],
    ['S', 'not_sellable'],
    ['B', 'not_sellable'],
    ['AMAZONFEE', 'not_sellable'],
    ['BANK CHARGES', 'not_sellable'],
    ['gift_0001_20', 'not_sellable'],
    ['CRUK', 'not_sellable'],
    ['', 'not_sellable'],
  ];
  it.each(codes)('%j is a %s', (code, articleClass) => {
    expect(classifyCode(code, giftWholesalerScheme)).toBe(articleClass);
  });

  it.each(['85123A', 'BANK CHARGES', '!', 'x'.repeat(40)])('may be %j', (code) => {
    expect(isArticleCode(code)).toBe(true);
  });

  it.each(['', ' ', ' 85123', '85123 ', 'x'.repeat(41), '85123\n', 'é', '\u0000'])('is not %j', (code) => {
    expect(isArticleCode(code)).toBe(false);
  });
});
