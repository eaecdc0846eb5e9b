// The rules of a cart: every broken rule is named with its field, all at once, and every amount is computed anew.
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { giftWholesalerScheme } from '../../../domain/catalogue.js';
import {
  type CartDraft,
  type CartDraftLine,
  type CartProblem,
  type CartProblemReason,
  cartRules,
  mostLines,
  reviewCart,
} from '../../../domain/order/cart.js';
import { aHostileCart, aValidCart } from '../../support/order/arbitraries.js';
import { cakeStands, heartHolders, pence, pounds } from '../../support/examples.js';
import { countryOf } from '../../support/ids.js';

const hearts: CartDraftLine = {
  code: '85123A',
  description: heartHolders.description,
  quantity: 6,
  unitPrice: '2.55',
};
const stands: CartDraftLine = {
  code: '22423',
  description: cakeStands.description,
  quantity: 2,
  unitPrice: '12.75',
};
const postage: CartDraftLine = { code: 'POST', description: 'Postage', quantity: 1, unitPrice: '5' };
const draft: CartDraft = {
  customerReference: '17850',
  country: 'United Kingdom',
  currency: 'GBP',
  lines: [hearts, stands, postage],
  total: '45.80',
};

const review = (changed: Partial<CartDraft>) => reviewCart({ ...draft, ...changed }, giftWholesalerScheme);
const refuses = (changed: Partial<CartDraft>, ...problems: readonly CartProblem[]): void =>
  expect(review(changed)).toStrictEqual(E.left(problems));
/** The first line is changed; the total is not looked at as long as a rule is broken. */
const refusesLine = (changed: Partial<CartDraftLine>, ...reasons: readonly CartProblem[]): void =>
  refuses({ lines: [{ ...hearts, ...changed }, stands, postage] }, ...reasons);

describe('a cart that breaks no rule', () => {
  it('becomes lines of goods, a delivery charge and a total', () => {
    expect(review({})).toStrictEqual(
      E.right({
        customerReference: '17850',
        destinations: [countryOf('GB')],
        currency: pounds,
        lines: [heartHolders, cakeStands],
        delivery: pence(500),
        total: pence(4580),
      }),
    );
  });

  it('keeps the line numbers of the cart when delivery stands between the goods', () => {
    const reviewed = review({ lines: [postage, hearts, stands] });
    expect(E.isRight(reviewed) && reviewed.right.lines.map(({ lineNumber }) => lineNumber)).toStrictEqual([
      2, 3,
    ]);
  });

  it('may have several delivery charges, or none', () => {
    const several = review({ lines: [hearts, postage, { ...postage, code: 'DOT' }], total: '25.30' });
    expect(E.isRight(several) && several.right.delivery).toStrictEqual(pence(1000));
    const none = review({ lines: [hearts], total: '15.30' });
    expect(E.isRight(none) && none.right.delivery).toStrictEqual(pence(0));
  });

  it('loses the outer blanks of its texts', () => {
    const reviewed = review({
      customerReference: ' 17850 ',
      lines: [{ ...hearts, description: '  Heart ' }],
      total: '15.3',
    });
    expect(E.isRight(reviewed) && [reviewed.right.customerReference, reviewed.right.lines[0]]).toStrictEqual([
      '17850',
      { ...heartHolders, description: 'Heart' },
    ]);
  });

  it('may have the same article in several lines', () => {
    expect(E.isRight(review({ lines: [hearts, hearts], total: '30.60' }))).toBe(true);
  });

  it('may have as many lines as the limit', () => {
    const lines = Array.from({ length: mostLines }, () => ({ ...hearts, quantity: 1, unitPrice: '1.00' }));
    expect(E.isRight(review({ lines, total: '1000.00' }))).toBe(true);
  });
});

describe('a cart is refused', () => {
  it.each([null, '', '   '])('without a customer: %j', (customerReference) =>
    refuses({ customerReference }, { reason: 'customer_missing', path: 'customerReference' }),
  );

  it.each(['Unspecified', 'European Community', ''])('for a country text such as %j', (country) =>
    refuses({ country }, { reason: 'country_unresolvable', path: 'country' }),
  );

  it.each(['M', 'D', 'gift_0001_10', 'BANK CHARGES', 'TEST001', '', 'ü', '85123ABC', '8512', ' 85123A'])(
    'for what cannot be sold: %j',
    (code) => refusesLine({ code }, { reason: 'code_not_sellable', path: 'lines/0/code' }),
  );

  it('without a product', () =>
    refuses({ lines: [postage], total: '5.00' }, { reason: 'no_product_line', path: 'lines' }));

  it('without any line', () =>
    refuses({ lines: [], total: '0.00' }, { reason: 'no_product_line', path: 'lines' }));

  it.each([0, -1, -0, Number.NaN, Number.NEGATIVE_INFINITY])('for %d units', (quantity) =>
    refusesLine({ quantity }, { reason: 'quantity_not_positive', path: 'lines/0/quantity' }),
  );

  it.each([1_000_001, Number.POSITIVE_INFINITY, 2.5])('for %d units', (quantity) =>
    refusesLine({ quantity }, { reason: 'quantity_too_large', path: 'lines/0/quantity' }),
  );

  it.each(['0', '0.00', '-0', '-2.55', '-0.001'])('for a price of %s', (unitPrice) =>
    refusesLine({ unitPrice }, { reason: 'price_not_positive', path: 'lines/0/unitPrice' }),
  );

  it.each(['0.001', '2.555'])('for a price of %s', (unitPrice) =>
    refusesLine({ unitPrice }, { reason: 'price_not_whole_pence', path: 'lines/0/unitPrice' }),
  );

  it.each(['', 'free', '2,55', '1e2', '£2.55', ' 2.55'])('for the price %j', (unitPrice) =>
    refusesLine({ unitPrice }, { reason: 'price_malformed', path: 'lines/0/unitPrice' }),
  );

  it('for a price beyond every amount', () =>
    refusesLine({ unitPrice: '99999999999' }, { reason: 'amount_out_of_range', path: 'lines/0/unitPrice' }));

  it('for a line that comes to more than any amount', () =>
    refusesLine(
      { unitPrice: '9999999999.99', quantity: 2 },
      { reason: 'amount_out_of_range', path: 'lines/0' },
    ));

  it('for lines that together come to more than any amount', () =>
    refuses(
      { lines: [hearts, hearts].map((line) => ({ ...line, quantity: 1, unitPrice: '9999999999.99' })) },
      { reason: 'amount_out_of_range', path: 'total' },
    ));

  it.each(['', ' \t '])('without a description: %j', (description) =>
    refusesLine({ description }, { reason: 'description_missing', path: 'lines/0/description' }),
  );

  it.each(['4242424242424242', 'Engraved: 4242 4242 4242 4242', '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢', '4-242424242424242'])(
    'for what may be a card number in a description: %j',
    (description) =>
      refusesLine({ description }, { reason: 'card_number_in_text', path: 'lines/0/description' }),
  );

  it('for what may be a card number in a code that could be sold', () =>
    refusesLine({ code: 'DCGS4242424242424242' }, { reason: 'card_number_in_text', path: 'lines/0/code' }));

  it('not for other long numbers', () => {
    const description = 'Batch 4242424242424241, 42424242-4242-4242-8000-00000000000a, 20250131 20250228';
    const reviewed = review({ lines: [{ ...hearts, description }, stands, postage] });
    expect(E.isRight(reviewed)).toBe(true);
  });

  it.each(['gbp', 'XAU', ''])('in the currency %j, whose prices cannot be read', (currency) =>
    refuses({ currency }, { reason: 'currency_unknown', path: 'currency' }),
  );

  it('for too many lines', () =>
    refuses(
      { lines: Array.from({ length: mostLines + 1 }, () => hearts) },
      { reason: 'too_many_lines', path: 'lines' },
    ));

  it.each(['45.79', '45.81', '-45.80', '45.805', 'forty', '', '99999999999'])(
    'when the shop signed another total: %j',
    (total) => refuses({ total }, { reason: 'total_mismatch', path: 'total' }),
  );

  it('for a price in pence where the currency has none', () =>
    refuses(
      { currency: 'JPY' },
      { reason: 'price_not_whole_pence', path: 'lines/0/unitPrice' },
      { reason: 'price_not_whole_pence', path: 'lines/1/unitPrice' },
    ));

  it('with every problem of every line at once, in the order of the rules', () => {
    const writeOff = { code: '22423', description: '', quantity: -5, unitPrice: '0' };
    refuses(
      {
        customerReference: null,
        country: 'Unspecified',
        lines: [writeOff, { ...hearts, code: 'M', unitPrice: '0.001' }, { ...writeOff, unitPrice: 'x' }],
        total: 'x',
      },
      { reason: 'customer_missing', path: 'customerReference' },
      { reason: 'country_unresolvable', path: 'country' },
      { reason: 'code_not_sellable', path: 'lines/1/code' },
      { reason: 'quantity_not_positive', path: 'lines/0/quantity' },
      { reason: 'quantity_not_positive', path: 'lines/2/quantity' },
      { reason: 'price_not_positive', path: 'lines/0/unitPrice' },
      { reason: 'price_not_whole_pence', path: 'lines/1/unitPrice' },
      { reason: 'description_missing', path: 'lines/0/description' },
      { reason: 'description_missing', path: 'lines/2/description' },
      { reason: 'price_malformed', path: 'lines/2/unitPrice' },
    );
  });
});

describe('the rules', () => {
  it('are all there, each once, in the order in which a refusal names them', () => {
    const names: readonly CartProblemReason[] = [
      ...(['customer_missing', 'country_unresolvable', 'code_not_sellable', 'no_product_line'] as const),
      ...(['quantity_not_positive', 'price_not_positive', 'price_not_whole_pence'] as const),
      ...(['description_missing', 'quantity_too_large', 'price_malformed', 'amount_out_of_range'] as const),
      ...(['currency_unknown', 'too_many_lines', 'card_number_in_text'] as const),
    ];
    expect(cartRules.map(({ reason }) => reason)).toStrictEqual(names);
  });
});

describe('any cart', () => {
  it('that was made by the rules is accepted, and adds up', () => {
    fc.assert(
      fc.property(aValidCart, ({ draft: made, goods, delivery }) => {
        const reviewed = reviewCart(made, giftWholesalerScheme);
        if (E.isLeft(reviewed)) throw new Error(JSON.stringify(reviewed.left));
        const { lines, total } = reviewed.right;
        expect(total).toStrictEqual(pence(goods + delivery));
        expect(reviewed.right.delivery).toStrictEqual(pence(delivery));
        const sum = lines.reduce((minor, { quantity, unitPrice }) => minor + quantity * unitPrice.minor, 0);
        expect(sum).toBe(goods);
      }),
    );
  });

  it('of any texts and numbers is reviewed without a throw, and refused with known paths', () => {
    fc.assert(
      fc.property(aHostileCart, (hostile) => {
        const reviewed = reviewCart(hostile, giftWholesalerScheme);
        if (E.isRight(reviewed)) return;
        expect(reviewed.left.length).toBeGreaterThan(0);
        for (const { path } of reviewed.left) {
          expect(path).toMatch(
            /^(customerReference|country|currency|total|lines(\/\d+(\/(code|description|quantity|unitPrice))?)?)$/,
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is not saved by more lines: what is wrong stays wrong', () => {
    fc.assert(
      fc.property(aHostileCart, aValidCart, (hostile, { draft: good }) => {
        const alone = reviewCart(hostile, giftWholesalerScheme);
        const both = reviewCart(
          { ...hostile, lines: [...hostile.lines, ...good.lines] },
          giftWholesalerScheme,
        );
        if (E.isRight(alone)) return;
        const found = E.isLeft(both) ? both.left.map(({ reason, path }) => `${reason} ${path}`) : [];
        for (const { reason, path } of alone.left) {
          const perLine = /^lines\/\d+\/./.test(path);
          if (perLine) expect(found).toContain(`${reason} ${path}`);
        }
      }),
    );
  });
});
