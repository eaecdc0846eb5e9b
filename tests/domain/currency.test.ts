// ISO 4217: which currencies there are and how many digits their minor units have.
import { describe, expect, it } from 'vitest';
import { exponentOf, isCurrency } from '../../domain/currency.js';
import { csvRecords, sharedDataIsHere, sharedFile } from '../support/order/online-retail.js';
import { currencyOf } from '../support/ids.js';

describe('a currency', () => {
  it.each([
    ['GBP', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
  ])('%s has %i digits', (code, digits) => {
    expect(exponentOf(currencyOf(code))).toBe(digits);
  });

  it.each(['', 'gbp', 'GB', 'GBPP', ' GBP', 'XAU', 'XTS', 'XXX', 'DEM', 'constructor', '__proto__'])(
    '%j is none',
    (code) => {
      expect(isCurrency(code)).toBe(false);
    },
  );
});

describe.skipIf(!sharedDataIsHere)('the shared list of minor units (needs ../shared/data)', () => {
  const listed = sharedDataIsHere
    ? csvRecords(sharedFile('small/iso4217/minor-units.csv')).map((row) => ({
        code: row.get('AlphabeticCode') ?? '',
        digits: row.get('MinorUnit') ?? '',
      }))
    : [];

  it('was read', () => {
    expect(listed.length).toBeGreaterThan(170);
  });

  it('agrees on every code and digit', () => {
    const ours = listed.map(({ code }) => ({
      code,
      digits: isCurrency(code) ? String(exponentOf(code)) : 'none',
    }));
    const theirs = listed.map(({ code, digits }) => ({
      code,
      digits: /^\d$/.test(digits) ? digits : 'none',
    }));
    expect(ours).toStrictEqual(theirs);
  });
});
