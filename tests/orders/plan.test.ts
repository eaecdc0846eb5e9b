// What is to happen to the orders of a file and what must come of it, worked out without a checkout.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatedFile, generatedInvoices } from '../../infrastructure/orders/invoices/generated-invoices.js';
import {
  firstOrders,
  type InvoiceFile,
  readInvoiceFile,
} from '../../infrastructure/orders/invoices/invoices.js';
import { judgeOrders } from '../../infrastructure/orders/invoices/judged-orders.js';
import { chargeFor, planOf, refundAnswersFor, totalOf } from '../../infrastructure/orders/plan.js';
import { sharedDataIsHere } from '../support/order/online-retail.js';
import { invoice, line } from './invoices/made-invoices.js';

const orderOf = (index: number, customer: string) =>
  invoice(10 * index, String(index), [line('85123A', 2, '2.5'), line('POST', 1, '4')], customer);

const reverseOf = (position: number, number: string, customer: string, ...quantities: readonly number[]) =>
  invoice(
    position,
    number,
    quantities.map((quantity, index) =>
      line(['85123A', 'POST'][index] ?? '', -quantity, ['2.5', '4'][index] ?? ''),
    ),
    customer,
  );

const file: InvoiceFile = {
  orders: [1, 2, 3, 4, 5, 6].map((index) => orderOf(index, `1785${String(index)}`)),
  cancellations: [
    reverseOf(11, 'C11', '17851', 2, 1),
    reverseOf(21, 'C21', '17852', 1),
    reverseOf(22, 'C22', '17852', 1),
    reverseOf(31, 'C31', '17853', 2, 1),
    reverseOf(61, 'C61', '17859', 1),
  ],
};

describe('the plan of a file', () => {
  const planned = (declineEvery: number | null) =>
    planOf(file, declineEvery).orders.map(({ firstCard, cancellation, refunds }) => ({
      card: firstCard?.replace('pm_card_visa_chargeDeclined', '') ?? null,
      cancellation,
      refunds: refunds.map(({ refundId, amount }) => `${refundId} ${String(amount)}`),
    }));

  it('cancels whole orders, before and after their release in turn, and refunds the others', () => {
    expect(planned(null)).toStrictEqual([
      { card: null, cancellation: { number: 'C11', after: 'release' }, refunds: [] },
      { card: null, cancellation: null, refunds: ['C21 250', 'C22 250'] },
      { card: null, cancellation: { number: 'C31', after: 'placing' }, refunds: [] },
      ...[4, 5, 6].map(() => ({ card: null, cancellation: null, refunds: [] })),
    ]);
  });

  it('gives every n-th order that is to be paid a card that declines, a different one each time', () => {
    expect(planned(2).map(({ card }) => card)).toStrictEqual([
      ...[null, null, null, 'InsufficientFunds', null, 'ExpiredCard'],
    ]);
    expect(planned(1).map(({ card }) => card)).toStrictEqual([
      ...[null, 'InsufficientFunds', null, 'ExpiredCard', 'IncorrectCvc', 'LostCard'],
    ]);
  });

  it('of the first orders has only the cancellations before the next', () => {
    const { orders, cancellations } = firstOrders(file, 2);
    expect(orders.map(({ number }) => number)).toStrictEqual(['1', '2']);
    expect(cancellations.map(({ number }) => number)).toStrictEqual(['C11', 'C21', 'C22']);
    expect(firstOrders(file, 6)).toStrictEqual(file);
  });
});

describe('what must come of an order', () => {
  const order = invoice(1, '1', [
    line('85123A', 2, '2.5'),
    line('22423', 1, '0.99'),
    line('POST', 2, '4'),
    line('85123A', 3, '2.1'),
  ]);

  it('costs what was picked, and delivery only with goods', () => {
    const picked = (...units: readonly number[]) =>
      [1, 2, 4].map((lineNumber, index) => ({ lineNumber, units: units[index] ?? 0 }));
    expect(totalOf(order)).toBe(500 + 99 + 800 + 630);
    expect(chargeFor(order, picked(2, 1, 3))).toBe(totalOf(order));
    expect(chargeFor(order, picked(2, 1, 2))).toBe(totalOf(order) - 210);
    expect(chargeFor(order, picked(0, 1, 0))).toBe(99 + 800);
    expect(chargeFor(order, picked(0, 0, 0))).toBe(0);
    expect(chargeFor(order, [])).toBe(0);
  });

  it('gives back in turn as long as the charge covers it', () => {
    const refunds = [
      { refundId: 'C1', amount: 300 },
      { refundId: 'C2', amount: 250 },
      { refundId: 'C3', amount: 200 },
    ];
    const answers = (charged: number) => refundAnswersFor(charged, refunds).map(({ answer }) => answer);
    expect(answers(750)).toStrictEqual(['given', 'given', 'given']);
    expect(answers(500)).toStrictEqual(['given', 'refund_above_charge', 'given']);
    expect(answers(299)).toStrictEqual(['refund_above_charge', 'given', 'refund_above_charge']);
    expect(answers(0)).toStrictEqual(['not_charged', 'not_charged', 'not_charged']);
  });

  it('never gives back more than was charged', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(1_000), amounts, (charged, list) => {
        const refunds = list.map((amount, index) => ({ refundId: `C${String(index)}`, amount }));
        const given = refundAnswersFor(charged, refunds).filter(({ answer }) => answer === 'given');
        expect(given.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(charged);
      }),
    );
  });
});

describe('a made-up file', () => {
  it('has the same orders as without cancellations, each cancellation after its order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(10_000), (count, seed) => {
        const made = generatedFile(count, seed);
        expect(made).toStrictEqual(generatedFile(count, seed));
        const plain = made.orders.map(({ position: _, ...order }) => order);
        expect(plain).toStrictEqual(generatedInvoices(count, seed));
        const places = [...made.orders, ...made.cancellations].map(({ position }) => position);
        expect(new Set(places).size).toBe(places.length);
        const numbers = made.cancellations.map(({ number }) => number);
        expect(new Set(numbers).size).toBe(numbers.length);
      }),
      { numRuns: 50 },
    );
  });

  it('has whole orders, refunds and refusals among its cancellations', () => {
    const kinds = planOf(generatedFile(200, 1), null).outcomes.map(({ type }) => type);
    expect(new Set(kinds)).toStrictEqual(new Set(['whole_order', 'refund', 'refused']));
  });
});

describe.skipIf(!sharedDataIsHere)('the shared sample (needs ../shared/data)', () => {
  it('costs what its README rules add up to, less the orders that are cancelled', async () => {
    const path = '../shared/data/online-retail-sample/online-retail-2011-07-13_2011-08-31.csv.gz';
    const sample = await readInvoiceFile(path);
    const { accepted } = judgeOrders(sample.orders);
    const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
    expect(sum(accepted.map(totalOf))).toBe(103_925_806);
    const { orders } = planOf(sample, 10);
    const cancelled = orders.filter(({ cancellation }) => cancellation !== null);
    expect(cancelled).toHaveLength(7);
    expect(sum(cancelled.map(({ invoice: whole }) => totalOf(whole)))).toBe(131_074);
    const refunds = orders.flatMap((order) => order.refunds);
    expect(refunds).toHaveLength(196);
    expect(sum(refunds.map(({ amount }) => amount))).toBe(553_462);
    expect(orders.filter(({ firstCard }) => firstCard !== null)).toHaveLength(
      Math.floor((accepted.length - 7) / 10),
    );
  });
});
