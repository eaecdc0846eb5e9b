import * as E from 'fp-ts/lib/Either.js';
import { type Currency, exponentOf } from './currency.js';

/** An amount of money: a whole number of the currency's minor units (pence, yen, fils), never a fraction. */
export type Money = { readonly minor: number; readonly currency: Currency };

/** Why an amount could not be computed. No amount is ever rounded or clamped into range. */
export type MoneyProblem =
  | { readonly type: 'currency_mismatch'; readonly left: Currency; readonly right: Currency }
  | { readonly type: 'amount_out_of_range' };

/** Why a decimal text is not an amount of the currency. */
export type DecimalProblem =
  | { readonly type: 'not_a_decimal' }
  | { readonly type: 'not_whole_minor_units'; readonly sign: -1 | 1 }
  | { readonly type: 'amount_out_of_range' };

/** The largest absolute amount in minor units: 12 digits, what card processors accept with room to spare. */
export const largestAmount = 999_999_999_999;

const checked = (
  minor: number,
  currency: Currency,
): E.Either<{ readonly type: 'amount_out_of_range' }, Money> =>
  Number.isSafeInteger(minor) && Math.abs(minor) <= largestAmount
    ? E.right({ minor: minor + 0, currency })
    : E.left({ type: 'amount_out_of_range' });

/** `minor` whole minor units; refused when it is no whole number or beyond `largestAmount`. */
export const money = checked;

/** Nothing, in that currency. */
export const zero = (currency: Currency): Money => ({ minor: 0, currency });

/** Sum of two amounts of one currency. */
export const add = (left: Money, right: Money): E.Either<MoneyProblem, Money> =>
  left.currency === right.currency
    ? checked(left.minor + right.minor, left.currency)
    : E.left({ type: 'currency_mismatch', left: left.currency, right: right.currency });

/** `left` less `right`; negative when `right` is larger. */
export const subtract = (left: Money, right: Money): E.Either<MoneyProblem, Money> =>
  add(left, { minor: -right.minor, currency: right.currency });

/** `unit` taken `count` times; `count` must be a whole number. */
export const multiply = (unit: Money, count: number): E.Either<MoneyProblem, Money> =>
  checked(unit.minor * count, unit.currency);

/** Sum of all amounts; nothing for an empty list. */
export const sum = (amounts: readonly Money[], currency: Currency): E.Either<MoneyProblem, Money> =>
  amounts.reduce<E.Either<MoneyProblem, Money>>(
    (total, amount) => (E.isLeft(total) ? total : add(total.right, amount)),
    E.right(zero(currency)),
  );

/** True when both are the same amount of the same currency. */
export const equals = (left: Money, right: Money): boolean =>
  left.minor === right.minor && left.currency === right.currency;

const decimal = /^(-?)(\d{1,12})(?:\.(\d{1,12}))?$/;

/**
 * Reads a plain decimal text such as `2.10` or `2.1`: an optional minus, digits, optionally a point and digits.
 * Digits beyond the currency's minor unit must be zeros; no exponent form, no grouping, no blanks.
 */
export const fromDecimal = (text: string, currency: Currency): E.Either<DecimalProblem, Money> => {
  const match = decimal.exec(text);
  if (match === null) return E.left({ type: 'not_a_decimal' });
  const [, minus = '', whole = '', fraction = ''] = match;
  const sign = minus === '-' ? -1 : 1;
  const exponent = exponentOf(currency);
  if (/[1-9]/.test(fraction.slice(exponent))) return E.left({ type: 'not_whole_minor_units', sign });
  return checked(sign * Number(whole + fraction.slice(0, exponent).padEnd(exponent, '0')), currency);
};

/** The plain decimal text of an amount with all digits of the minor unit: `2.10`, `-0.05`, `1500` for JPY. */
export const toDecimal = ({ minor, currency }: Money): string => {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
};
