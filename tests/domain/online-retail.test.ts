// Two months of real invoices through the cart's rules alone. Needs ../shared/data.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { giftWholesalerScheme } from '../../domain/catalogue.js';
import { cartRules, reviewCart } from '../../domain/order/cart.js';
import { ordersOf, sharedDataIsHere, sharedFile } from '../support/order/online-retail.js';

const folder = 'online-retail-sample/online-retail-2011-07-13_2011-08-31';

type Counts = {
  readonly orders_against_rules: {
    readonly orders: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly rejected_having_reason: Readonly<Record<string, number>>;
    readonly rejected_by_first_reason: Readonly<Record<string, number>>;
    readonly rejected_for_this_reason_alone: Readonly<Record<string, number>>;
    readonly reason_combinations: Readonly<Record<string, number>>;
    readonly accepted_orders_with_shipping_line: number;
    readonly accepted_product_lines: number;
    readonly accepted_units: number;
    readonly accepted_goods_pence: number;
    readonly accepted_shipping_pence: number;
    readonly accepted_total_pence: number;
    readonly accepted_total_pence_min: number;
    readonly accepted_total_pence_max: number;
    readonly accepted_customers: number;
  };
};

const countsOf = (): Counts['orders_against_rules'] => {
  const counts: Counts = JSON.parse(sharedFile(`${folder}.counts.json`));
  return counts.orders_against_rules;
};

const tally = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counted: Record<string, number> = {};
  for (const name of names) counted[name] = (counted[name] ?? 0) + 1;
  return counted;
};

const withoutZeros = (counted: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counted).filter(([, count]) => count > 0));

describe.skipIf(!sharedDataIsHere)('every order of the shared retail sample (needs ../shared/data)', () => {
  const reviews = sharedDataIsHere
    ? ordersOf(sharedFile(`${folder}.csv.gz`)).map(({ draft }) => reviewCart(draft, giftWholesalerScheme))
    : [];
  const refused = reviews.filter(E.isLeft).map(({ left }) => [...new Set(left.map(({ reason }) => reason))]);
  const carts = reviews.filter(E.isRight).map(({ right }) => right);
  const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

  it('is accepted or refused as counted', () => {
    const { orders, accepted, rejected } = countsOf();
    expect({ orders: reviews.length, accepted: carts.length, rejected: refused.length }).toStrictEqual({
      orders,
      accepted,
      rejected,
    });
    expect([orders, accepted, rejected]).toStrictEqual([2_532, 2_097, 435]);
  });

  it('is refused for every reason that it has', () => {
    const counts = countsOf();
    expect(tally(refused.flat())).toStrictEqual(withoutZeros(counts.rejected_having_reason));
    expect(tally(refused.flatMap(([first = '']) => [first]))).toStrictEqual(
      withoutZeros(counts.rejected_by_first_reason),
    );
    const alone = refused.filter((reasons) => reasons.length === 1).flat();
    expect(tally(alone)).toStrictEqual(withoutZeros(counts.rejected_for_this_reason_alone));
  });

  it('is refused for its reasons in the order of the rules', () => {
    const order = cartRules.map(({ reason }) => reason);
    for (const reasons of refused) {
      expect(reasons).toStrictEqual(order.filter((reason) => reasons.includes(reason)));
    }
    const combinations = [...refused.map((reasons) => reasons.join('+')), ...carts.map(() => 'accepted')];
    expect(tally(combinations)).toStrictEqual({ ...countsOf().reason_combinations });
  });

  it('adds up to the penny', () => {
    const counts = countsOf();
    const lines = carts.flatMap((cart) => cart.lines);
    const totals = carts.map((cart) => cart.total.minor);
    expect({
      shippingOrders: carts.filter((cart) => cart.delivery.minor > 0).length,
      lines: lines.length,
      units: total(lines.map(({ quantity }) => quantity)),
      goods: total(lines.map(({ quantity, unitPrice }) => quantity * unitPrice.minor)),
      shipping: total(carts.map((cart) => cart.delivery.minor)),
      total: total(totals),
      least: Math.min(...totals),
      most: Math.max(...totals),
      customers: new Set(carts.map((cart) => cart.customerReference)).size,
    }).toStrictEqual({
      shippingOrders: counts.accepted_orders_with_shipping_line,
      lines: counts.accepted_product_lines,
      units: counts.accepted_units,
      goods: counts.accepted_goods_pence,
      shipping: counts.accepted_shipping_pence,
      total: 103_925_806,
      least: counts.accepted_total_pence_min,
      most: counts.accepted_total_pence_max,
      customers: counts.accepted_customers,
    });
    expect(counts.accepted_total_pence).toBe(103_925_806);
  });
});
