import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readableAmount } from '../../../application/emails/amounts.js';
import { isCurrency } from '../../../domain/currency.js';
import { largestAmount, toDecimal } from '../../../domain/money.js';
import { currencyOf } from '../../support/ids.js';

const shown = (minor: number, code: string): string => readableAmount({ minor, currency: currencyOf(code) });

describe('an amount for people', () => {
  it.each([
    [3564, 'GBP', '£35.64'],
    [5, 'GBP', '£0.05'],
    [0, 'EUR', '€0.00'],
    [123_456_789, 'USD', 'US$1,234,567.89'],
    [1500, 'JPY', 'JP¥1,500'],
    [12_340, 'KWD', 'KWD\u00a012.340'],
    [1250, 'RSD', 'RSD\u00a012.50'],
    [1_234_567, 'CLF', 'CLF\u00a0123.4567'],
  ])('%i minor units of %s are %s', (minor, code, text) => {
    expect(shown(minor, code)).toBe(text);
  });

  it('has exactly the digits of the amount, in every currency', () => {
    const codes = Intl.supportedValuesOf('currency').filter(isCurrency);
    expect(codes.length).toBeGreaterThan(140);
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.integer({ min: 0, max: largestAmount }),
        (currency, minor) => {
          const amount = { minor, currency };
          expect(
            readableAmount(amount)
              .replace(/[^\d.]/g, '')
              .replace(/^\.+|\.+$/g, ''),
          ).toBe(toDecimal(amount));
        },
      ),
    );
  });
});
