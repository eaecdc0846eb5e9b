import { type Currency, exponentOf } from '../../domain/currency.js';
import { type Money, toDecimal } from '../../domain/money.js';

const formats = new Map<string, Intl.NumberFormat>();

const formatOf = (currency: Currency): Intl.NumberFormat => {
  const known = formats.get(currency);
  if (known !== undefined) return known;
  // The platform's own digits follow custom and round some currencies (dinars, forints) to whole units.
  const digits = exponentOf(currency);
  const format = new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(currency, format);
  return format;
};

const isNumeric = (text: string): text is `${number}` => /^-?\d+(?:\.\d+)?$/.test(text);

/** An amount as people read it, with a sign that no other currency has: `£35.64`, `JP¥1,500`. Never rounded. */
export const readableAmount = (amount: Money): string => {
  const text = toDecimal(amount);
  return isNumeric(text) ? formatOf(amount.currency).format(text) : text;
};
