import * as E from 'fp-ts/lib/Either.js';
import { giftWholesalerScheme } from '../../../domain/catalogue.js';
import { reviewCart } from '../../../domain/order/cart.js';
import { cartOf } from './cart-of-invoice.js';
import type { FiledInvoice } from './invoices.js';

/** Orders by what the checkout says to their carts. Only an accepted one has money and goods to give back. */
export type JudgedOrders = {
  readonly accepted: readonly FiledInvoice[];
  readonly refused: readonly FiledInvoice[];
};

/** Foresees by the cart's rules, without asking a running checkout, which orders it takes. Keeps their order. */
export const judgeOrders = (orders: readonly FiledInvoice[]): JudgedOrders => {
  const judged = orders.map((order) => ({
    order,
    isAccepted: E.isRight(reviewCart(cartOf(order), giftWholesalerScheme)),
  }));
  return {
    accepted: judged.filter(({ isAccepted }) => isAccepted).map(({ order }) => order),
    refused: judged.filter(({ isAccepted }) => !isAccepted).map(({ order }) => order),
  };
};
