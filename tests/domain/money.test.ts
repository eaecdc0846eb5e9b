// Amounts: whole minor units of a currency with 0, 2, 3 or 4 digits; nothing is ever rounded or clamped.
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  equals,
  fromDecimal,
  largestAmount,
  type Money,
  money,
  multiply,
  subtract,
  sum,
  toDecimal,
  zero,
} from '../../domain/money.js';
import { anAmount, aCurrency } from '../support/order/arbitraries.js';
import { currencyOf } from '../support/ids.js';

const pounds = currencyOf('GBP');
const yen = currencyOf('JPY');
const dinars = currencyOf('KWD');
const unidades = currencyOf('CLF');
const of = (minor: number, currency = pounds): Money => ({ minor, currency });
const outOfRange = E.left({ type: 'amount_out_of_range' });

describe('a decimal text', () => {
  it.each([
    ['2.10', pounds, 210],
    ['2.1', pounds, 210],
    ['2', pounds, 200],
    ['0', pounds, 0],
    ['-0', pounds, 0],
    ['-0.05', pounds, -5],
    ['007.50', pounds, 750],
    ['2.100000000000', pounds, 210],
    ['9999999999.99', pounds, 999_999_999_999],
    ['-9999999999.99', pounds, -999_999_999_999],
    ['1500', yen, 1500],
    ['1500.00', yen, 1500],
    ['999999999999', yen, 999_999_999_999],
    ['1.234', dinars, 1234],
    ['1.2', dinars, 1200],
    ['0.0001', unidades, 1],
    ['99999999.9999', unidades, 999_999_999_999],
  ])('%s is read in %s', (text, currency, minor) => {
    expect(fromDecimal(text, currency)).toStrictEqual(E.right({ minor, currency }));
  });

  it.each(['', ' ', '.', '.5', '5.', '1e3', '+1', '--1', '1,000', '1 000', '£1', 'NaN', 'Infinity', '0x10'])(
    '%j is no decimal',
    (text) => {
      expect(fromDecimal(text, pounds)).toStrictEqual(E.left({ type: 'not_a_decimal' }));
    },
  );

  it.each(['1.00\n', '\u0661', '1234567890123', '0.1234567890123', '1\u00a0'])('%j is no decimal', (text) => {
    expect(fromDecimal(text, pounds)).toStrictEqual(E.left({ type: 'not_a_decimal' }));
  });

  it.each([
    ['0.001', pounds, 1],
    ['-2.105', pounds, -1],
    ['0.5', yen, 1],
    ['1.2345', dinars, 1],
    ['1.23456', unidades, 1],
  ])('%s in %s is not a whole number of minor units', (text, currency, sign) => {
    expect(fromDecimal(text, currency)).toStrictEqual(E.left({ type: 'not_whole_minor_units', sign }));
  });

  it.each([
    ['10000000000.00', pounds],
    ['999999999999', pounds],
    ['-10000000000', pounds],
    ['999999999999', unidades],
  ])('%s in %s is out of range', (text, currency) => {
    expect(fromDecimal(text, currency)).toStrictEqual(outOfRange);
  });

  it.each([
    [of(210), '2.10'],
    [of(5), '0.05'],
    [of(-5), '-0.05'],
    [of(0), '0.00'],
    [of(-100), '-1.00'],
    [of(1500, yen), '1500'],
    [of(-7, yen), '-7'],
    [of(1, dinars), '0.001'],
    [of(12_345, unidades), '1.2345'],
    [of(largestAmount), '9999999999.99'],
  ])('%j is written %s', (amount, text) => {
    expect(toDecimal(amount)).toBe(text);
  });

  it('written and read again is the same amount', () => {
    fc.assert(
      fc.property(aCurrency, fc.integer({ min: -largestAmount, max: largestAmount }), (currency, minor) => {
        const amount = { minor: minor + 0, currency };
        expect(fromDecimal(toDecimal(amount), currency)).toStrictEqual(E.right(amount));
      }),
    );
  });
});

describe('arithmetic', () => {
  it('adds, subtracts and multiplies', () => {
    expect(add(of(210), of(5))).toStrictEqual(E.right(of(215)));
    expect(subtract(of(5), of(210))).toStrictEqual(E.right(of(-205)));
    expect(subtract(of(5), of(5))).toStrictEqual(E.right(of(0)));
    expect(multiply(of(255), 6)).toStrictEqual(E.right(of(1530)));
    expect(multiply(of(255), 0)).toStrictEqual(E.right(of(0)));
    expect(multiply(of(-255), 0)).toStrictEqual(E.right(of(0)));
  });

  it('keeps currencies apart', () => {
    const mismatch = E.left({ type: 'currency_mismatch', left: pounds, right: yen });
    expect(add(of(1), of(1, yen))).toStrictEqual(mismatch);
    expect(subtract(of(1), of(1, yen))).toStrictEqual(mismatch);
    expect(sum([of(1), of(1, yen)], pounds)).toStrictEqual(mismatch);
    expect(equals(of(1), of(1, yen))).toBe(false);
    expect(equals(of(1), of(1))).toBe(true);
    expect(equals(of(1), of(2))).toBe(false);
  });

  it('refuses what is beyond the largest amount', () => {
    expect(money(largestAmount, pounds)).toStrictEqual(E.right(of(largestAmount)));
    expect(money(largestAmount + 1, pounds)).toStrictEqual(outOfRange);
    expect(money(-largestAmount - 1, pounds)).toStrictEqual(outOfRange);
    expect(add(of(largestAmount), of(1))).toStrictEqual(outOfRange);
    expect(subtract(of(-largestAmount), of(1))).toStrictEqual(outOfRange);
    expect(multiply(of(largestAmount), 2)).toStrictEqual(outOfRange);
    expect(multiply(of(largestAmount), 1_000_000)).toStrictEqual(outOfRange);
    expect(sum([of(largestAmount), of(1), of(-1)], pounds)).toStrictEqual(outOfRange);
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, 2 ** 60])(
    'takes no %d',
    (minor) => {
      expect(money(minor, pounds)).toStrictEqual(outOfRange);
    },
  );

  it('sums nothing to nothing', () => {
    expect(sum([], pounds)).toStrictEqual(E.right(zero(pounds)));
  });

  it('is exact: a sum does not depend on its order, and what is added can be taken away', () => {
    fc.assert(
      fc.property(fc.array(anAmount(pounds), { maxLength: 50 }), (amounts) => {
        const total = amounts.reduce((minor, amount) => minor + amount.minor, 0);
        expect(sum(amounts, pounds)).toStrictEqual(money(total, pounds));
        expect(sum(amounts.toReversed(), pounds)).toStrictEqual(money(total, pounds));
      }),
    );
    fc.assert(
      fc.property(anAmount(pounds), anAmount(pounds), (left, right) => {
        const both = add(left, right);
        if (E.isRight(both)) expect(subtract(both.right, right)).toStrictEqual(E.right(left));
        else expect(left.minor + right.minor).toBeGreaterThan(largestAmount);
      }),
    );
  });
});
