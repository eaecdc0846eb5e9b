// What is due for packed goods.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { amountDue } from '../../../../domain/order/rules/totals.js';
import { allPicked, cakeStands, pence, placed } from '../../../support/examples.js';
import { currencyOf, quantityOf } from '../../../support/ids.js';

const picked = (...units: readonly number[]) =>
  units.map((count, index) => ({
    lineNumber: index + 1,
    picked: count,
    short: 0,
    shortReason: null,
  }));

describe('the amount due', () => {
  it('is the total when everything was packed', () => {
    expect(amountDue(placed, allPicked)).toStrictEqual(E.right(placed.total));
  });

  it('is the packed units at their price and the whole delivery', () => {
    expect(amountDue(placed, picked(1, 0))).toStrictEqual(E.right(pence(255 + 500)));
  });

  it('is nothing, delivery included, when nothing was packed', () => {
    expect(amountDue(placed, picked(0, 0))).toStrictEqual(E.right(pence(0)));
    expect(amountDue(placed, [])).toStrictEqual(E.right(pence(0)));
  });

  it('is refused when it is beyond every amount', () => {
    const dear = { ...cakeStands, quantity: quantityOf(1_000_000), unitPrice: pence(999_999_999_999) };
    expect(amountDue({ ...placed, lines: [dear] }, picked(0, 1_000_000))).toStrictEqual(
      E.left({ type: 'amount_out_of_range' }),
    );
  });

  it('is refused when the lines are of several currencies', () => {
    const yen = { ...cakeStands, unitPrice: { minor: 100, currency: currencyOf('JPY') } };
    expect(amountDue({ ...placed, lines: [yen] }, picked(0, 1))).toStrictEqual(
      E.left({ type: 'currency_mismatch', left: 'GBP', right: 'JPY' }),
    );
  });
});
