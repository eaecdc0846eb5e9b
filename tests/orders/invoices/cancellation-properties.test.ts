// What holds for every file of orders and cancellations, however they mix.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CancellationOutcome } from '../../../infrastructure/orders/invoices/cancellation-outcome.js';
import { resolveCancellations } from '../../../infrastructure/orders/invoices/cancellations.js';
import type { FiledInvoice, InvoiceLine } from '../../../infrastructure/orders/invoices/invoices.js';
import { invoice, line } from './made-invoices.js';

type File = {
  readonly accepted: readonly FiledInvoice[];
  readonly refused: readonly FiledInvoice[];
  readonly cancellations: readonly FiledInvoice[];
};

const aLine = fc
  .tuple(
    fc.constantFrom('22423', '22423a', '22423A', 'POST'),
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom('2.5', '2.50', '0.85'),
  )
  .map((parts): InvoiceLine => line(...parts));

const someLines = fc.array(aLine, { minLength: 1, maxLength: 3 });

const anEntry = fc.record({
  kind: fc.constantFrom('accepted', 'accepted', 'refused', 'claim', 'claim', 'reverse', 'reverse'),
  customer: fc.constantFrom('1', '1', '2', null),
  lines: someLines,
  of: fc.nat(),
});

const negated = (lines: readonly InvoiceLine[]): readonly InvoiceLine[] =>
  lines.map((item) => ({ ...item, quantity: -item.quantity }));

/** Files in which some cancellations reverse an earlier order and some claim at random. */
const aFile: fc.Arbitrary<File> = fc.array(anEntry, { minLength: 1, maxLength: 25 }).map((entries) => {
  const accepted: FiledInvoice[] = [];
  const refused: FiledInvoice[] = [];
  const cancellations: FiledInvoice[] = [];
  for (const [position, { kind, customer, lines, of }] of entries.entries()) {
    const number = String(position);
    if (kind === 'accepted') {
      // No order is accepted without a customer.
      accepted.push(invoice(position, number, lines, customer ?? '2'));
    } else if (kind === 'refused') {
      refused.push(invoice(position, number, lines, customer));
    } else {
      const original = kind === 'reverse' ? accepted[of % Math.max(1, accepted.length)] : undefined;
      const claimed = original ?? { lines, customer };
      cancellations.push(invoice(position, `C${number}`, negated(claimed.lines), claimed.customer));
    }
  }
  return { accepted, refused, cancellations };
});

const resolve = ({ accepted, refused, cancellations }: File): readonly CancellationOutcome[] =>
  resolveCancellations({ accepted, refused }, cancellations);

const pence = (lines: readonly InvoiceLine[]): number =>
  lines.reduce((total, { quantity, unitPrice }) => total + quantity * Math.round(Number(unitPrice) * 100), 0);

const orderOf = (file: File, number: string): FiledInvoice => {
  const found = file.accepted.find((order) => order.number === number);
  if (found === undefined) throw new Error(`${number} is no accepted order`);
  return found;
};

type Taking = {
  readonly isWholeOrder: boolean;
  readonly cancellation: string;
  readonly order: FiledInvoice;
  readonly amount: number;
  readonly lines: ReadonlyArray<{ readonly lineNumber: number; readonly quantity: number }>;
};

const takingsOf = (file: File, outcome: CancellationOutcome): readonly Taking[] => {
  const { cancellation } = outcome;
  switch (outcome.type) {
    case 'whole_order': {
      const order = orderOf(file, outcome.invoiceNumber);
      const lines = order.lines.map(({ quantity }, index) => ({ lineNumber: index + 1, quantity }));
      return [{ isWholeOrder: true, cancellation, order, amount: outcome.amount, lines }];
    }
    case 'refund':
      return outcome.refunds.map(({ invoiceNumber, amount, lines }) => ({
        isWholeOrder: false,
        cancellation,
        order: orderOf(file, invoiceNumber),
        amount,
        lines,
      }));
    case 'refused':
      return [];
  }
};

const runs = { numRuns: 500 };

describe('cancellations of any file', () => {
  it('never take more of an order line than was ordered, nor more money than its order cost', () => {
    fc.assert(
      fc.property(aFile, (file) => {
        const takings = resolve(file).flatMap((outcome) => takingsOf(file, outcome));
        for (const order of file.accepted) {
          const own = takings.filter((taking) => taking.order === order);
          const goods = order.lines.filter(({ stockCode }) => stockCode !== 'POST');
          const given = own.reduce((total, { amount }) => total + amount, 0);
          const isWhole = own.some(({ isWholeOrder }) => isWholeOrder);
          expect(given).toBeLessThanOrEqual(pence(isWhole ? order.lines : goods));
          for (const [index, ordered] of order.lines.entries()) {
            const units = own
              .flatMap(({ lines }) => lines)
              .filter(({ lineNumber }) => lineNumber === index + 1)
              .reduce((total, { quantity }) => total + quantity, 0);
            expect(units).toBeLessThanOrEqual(ordered.quantity);
          }
        }
      }),
      runs,
    );
  });

  it('give exactly what was claimed or nothing, from earlier orders of the same customer', () => {
    fc.assert(
      fc.property(aFile, (file) => {
        const outcomes = resolve(file);
        expect(outcomes.map(({ cancellation }) => cancellation)).toStrictEqual(
          file.cancellations.map(({ number }) => number),
        );
        for (const [index, outcome] of outcomes.entries()) {
          const claim = file.cancellations[index];
          const takings = takingsOf(file, outcome);
          const given = takings.reduce((total, { amount }) => total + amount, 0);
          expect(given).toBe(outcome.type === 'refused' || claim === undefined ? 0 : -pence(claim.lines));
          for (const { order } of takings) {
            expect(order.customer).toBe(claim?.customer);
            expect(order.position).toBeLessThan(claim?.position ?? 0);
          }
        }
      }),
      runs,
    );
  });

  it('are decided by what came before them alone, in whatever sequence the lists are', () => {
    fc.assert(
      fc.property(aFile, fc.nat({ max: 25 }), (file, end) => {
        const before = (invoices: readonly FiledInvoice[]) =>
          invoices.filter(({ position }) => position < end).reverse();
        const start = {
          accepted: before(file.accepted),
          refused: before(file.refused),
          cancellations: before(file.cancellations),
        };
        expect(resolve(start)).toStrictEqual(resolve(file).slice(0, start.cancellations.length));
      }),
      runs,
    );
  });

  it('come in all kinds here', () => {
    const outcomes = fc.sample(aFile, { numRuns: 500, seed: 1 }).flatMap(resolve);
    const kinds = outcomes.flatMap((outcome) =>
      outcome.type === 'refused' ? [...outcome.reasons] : [outcome.type],
    );
    expect([...new Set<string>(kinds)].sort()).toStrictEqual([
      'ambiguous',
      'no_customer',
      'no_prior_order',
      'not_a_product',
      'order_refused',
      'over_refunding',
      'price_differs',
      'quantity_exceeds',
      'refund',
      'whole_order',
    ]);
  });
});
