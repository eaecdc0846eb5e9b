import { type Money, toDecimal } from '../../domain/money.js';

const formats = new Map<string, Intl.NumberFormat>();

const formatOf = (currency: string): Intl.NumberFormat => {
  const known = formats.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en-GB', { style: 'currency', currency });
  formats.set(currency, format);
  return format;
};

const isNumeric = (text: string): text is `${number}` => /^-?\d+(?:\.\d+)?$/.test(text);

/** An amount as people read it, with the currency's own sign and digits: `£35.64`, `¥1,500`. Exact for every amount. */
export const readableAmount = (amount: Money): string => {
  const text = toDecimal(amount);
  return isNumeric(text) ? formatOf(amount.currency).format(text) : text;
};
