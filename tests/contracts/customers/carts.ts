// What every keeper of carts must do.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Carts, HandedOverCart } from '../../../application/ports/carts.js';
import { afterNoon, answerOf } from '../samples.js';
import { newOrderId } from '../../support/ids.js';

/** A keeper of carts under test. */
export type CartsUnderTest = { readonly carts: Carts; readonly close: () => Promise<void> };

const newCart = (lineCount = 2): HandedOverCart => ({
  orderId: newOrderId(),
  issuer: 'https://shop.example',
  tokenId: randomUUID(),
  draft: {
    customerReference: '17850',
    country: 'United Kingdom',
    currency: 'GBP',
    lines: Array.from({ length: lineCount }, (_, index) => ({
      code: `8512${index % 10}A`,
      description: 'WHITE "HANGING" HEART \u0000 \ud83d\ude42 \ud800',
      quantity: 6,
      unitPrice: '2.55',
    })),
    total: '30.60',
  },
  expiresAt: afterNoon(900.001),
});

/** The contract of a keeper of carts; `open` is called once. */
export function cartsContract(name: string, open: () => Promise<CartsUnderTest>): void {
  describe(`${name} as a keeper of carts`, () => {
    let keeper: CartsUnderTest;
    beforeAll(async () => {
      keeper = await open();
    });
    afterAll(() => keeper.close());

    const keep = (cart: HandedOverCart) => answerOf(keeper.carts.keep(cart));
    const find = (cart: HandedOverCart) => answerOf(keeper.carts.find(cart.orderId));

    it.each([1, 2, 1_000])('gives back a cart of %d lines as it was handed over', async (lines) => {
      const cart = newCart(lines);
      expect(await keep(cart)).toBe('kept');
      expect(await find(cart)).toEqual(cart);
    });

    it('keeps the absence of a customer number', async () => {
      const { draft, ...rest } = newCart();
      const cart = { ...rest, draft: { ...draft, customerReference: null } };
      await keep(cart);
      expect(await find(cart)).toEqual(cart);
    });

    it('knows a cart again, and keeps it as it was first', async () => {
      const cart = newCart();
      await keep(cart);
      expect(await keep(cart)).toBe('known');
      expect(await keep({ ...cart, expiresAt: afterNoon(9_999) })).toBe('known');
      expect(await find(cart)).toEqual(cart);
    });

    it('knows a cart again whatever the order of its fields', async () => {
      const cart = newCart();
      await keep(cart);
      const { total, lines, currency, country, customerReference } = cart.draft;
      expect(await keep({ ...cart, draft: { total, lines, currency, country, customerReference } })).toBe(
        'known',
      );
    });

    it('tells another content under the same token', async () => {
      const cart = newCart();
      await keep(cart);
      const { draft } = cart;
      const [first, ...others] = draft.lines;
      if (first === undefined) throw new Error('the cart has no lines');
      const changed: readonly HandedOverCart[] = [
        { ...cart, issuer: 'https://other.example' },
        { ...cart, tokenId: randomUUID() },
        { ...cart, draft: { ...draft, total: '30.61' } },
        { ...cart, draft: { ...draft, customerReference: null } },
        { ...cart, draft: { ...draft, lines: [{ ...first, quantity: 7 }, ...others] } },
        { ...cart, draft: { ...draft, lines: [...others, first].reverse().slice(1) } },
      ];
      for (const other of changed) expect(await keep(other)).toBe('conflicting');
      expect(await find(cart)).toEqual(cart);
    });

    it('keeps one of many that come at once', async () => {
      const cart = newCart();
      const answers = await Promise.all(Array.from({ length: 12 }, () => keep(cart)));
      expect(answers.sort()).toEqual(['kept', ...Array.from({ length: 11 }, () => 'known')]);
    });

    it('knows no cart that was never handed over', async () => {
      expect(await find(newCart())).toBeNull();
    });
  });
}
