// What becomes of a cancellation, rule by rule, on invoices made by hand.
import { describe, expect, it } from 'vitest';
import { countCancellations } from '../../../infrastructure/orders/invoices/cancellation-counts.js';
import type {
  CancellationOutcome,
  RefusalReason,
} from '../../../infrastructure/orders/invoices/cancellation-outcome.js';
import { resolveCancellations } from '../../../infrastructure/orders/invoices/cancellations.js';
import type { FiledInvoice } from '../../../infrastructure/orders/invoices/invoices.js';
import { judgeOrders } from '../../../infrastructure/orders/invoices/judged-orders.js';
import { invoice, line } from './made-invoices.js';

const outcomes = (
  orders: readonly FiledInvoice[],
  cancellations: readonly FiledInvoice[],
): readonly CancellationOutcome[] => resolveCancellations(judgeOrders(orders), cancellations);

const order = invoice(1, '1', [
  line('85123A', 6, '2.55'),
  line('22423', 2, '10.95'),
  line('POST', 1, '4.95'),
]);

/** The reasons line by line of the only cancellation, and the order lines that each might mean. */
const refusedLines = (
  orders: readonly FiledInvoice[],
  cancellation: FiledInvoice,
): ReadonlyArray<readonly [lineNumber: number, reason: RefusalReason, candidates: string]> => {
  const [outcome] = outcomes(orders, [cancellation]);
  if (outcome?.type !== 'refused') throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  return outcome.lines.map(({ lineNumber, reason, candidates }) => [
    lineNumber,
    reason,
    candidates.map((place) => `${place.invoiceNumber}:${String(place.lineNumber)}`).join(' '),
  ]);
};

describe('a whole order', () => {
  it('is cancelled when every line of it is taken back, delivery too, in any sequence', () => {
    const reversed = [line('POST', -1, '4.95'), line('22423', -2, '10.950'), line('85123a', -6, '2.55')];
    expect(outcomes([order], [invoice(2, 'C2', reversed)])).toStrictEqual([
      { type: 'whole_order', cancellation: 'C2', invoiceNumber: '1', amount: 4_215 },
    ]);
  });

  it('is only refunded when its delivery charge is kept', () => {
    const goods = [line('85123A', -6, '2.55'), line('22423', -2, '10.95')];
    expect(outcomes([order], [invoice(2, 'C2', goods)])).toMatchObject([
      { type: 'refund', refunds: [{ invoiceNumber: '1', amount: 3_720 }] },
    ]);
  });

  it('is preferred where its line would fit a line of another order too', () => {
    const single = invoice(2, '2', [line('22423', 2, '10.95')]);
    expect(outcomes([order, single], [invoice(3, 'C3', [line('22423', -2, '10.95')])])).toMatchObject([
      { type: 'whole_order', invoiceNumber: '2' },
    ]);
  });

  it('is ambiguous when there are several identical ones, whichever of their lines fit others besides', () => {
    const twice = ['561645', '562374'].map((number, index) =>
      invoice(index + 1, number, [line('23318', 96, '2.08'), line('POST', 1, '4.95')], '14911'),
    );
    const cancellation = invoice(
      3,
      'C562375',
      [line('POST', -1, '4.95'), line('23318', -96, '2.08')],
      '14911',
    );
    expect(refusedLines(twice, cancellation)).toStrictEqual([
      [1, 'ambiguous', '561645:2 562374:2'],
      [2, 'ambiguous', '561645:1 562374:1'],
    ]);
  });

  it('cannot be taken back after a part of it was', () => {
    const part = invoice(2, 'C2', [line('22423', -1, '10.95')]);
    const whole = invoice(3, 'C3', [
      line('POST', -1, '4.95'),
      line('22423', -2, '10.95'),
      line('85123A', -6, '2.55'),
    ]);
    expect(outcomes([order], [part, whole])).toMatchObject([
      { type: 'refund' },
      { type: 'refused', reasons: ['over_refunding'], lines: [{ lineNumber: 2, code: '22423' }] },
    ]);
  });

  it('has nothing left afterwards', () => {
    const single = invoice(1, '1', [line('22423', 2, '10.95')]);
    const back = (position: number) =>
      invoice(position, `C${String(position)}`, [line('22423', -2, '10.95')]);
    expect(outcomes([single], [back(2), back(3)])).toMatchObject([
      { type: 'whole_order' },
      { type: 'refused', reasons: ['over_refunding'] },
    ]);
  });
});

describe('a refund', () => {
  it('takes an exact line and a part of a line, and names them as the order has them', () => {
    const claims = [line('85123a', -4, '2.550'), line('22423', -2, '10.95')];
    expect(outcomes([order], [invoice(2, 'C2', claims)])).toStrictEqual([
      {
        type: 'refund',
        cancellation: 'C2',
        refunds: [
          {
            invoiceNumber: '1',
            amount: 3_210,
            lines: [
              { lineNumber: 1, code: '85123A', quantity: 4, amount: 1_020 },
              { lineNumber: 2, code: '22423', quantity: 2, amount: 2_190 },
            ],
          },
        ],
      },
    ]);
  });

  it('prefers the line of exactly that quantity to larger ones', () => {
    const larger = invoice(2, '2', [line('22423', 9, '10.95'), line('22424', 1, '1.00')]);
    expect(outcomes([order, larger], [invoice(3, 'C3', [line('22423', -2, '10.95')])])).toMatchObject([
      { refunds: [{ invoiceNumber: '1' }] },
    ]);
  });

  it('may come from several orders, one refund each', () => {
    const other = invoice(2, '2', [line('21754', 3, '5.95'), line('22424', 1, '1.00')]);
    const claims = [line('21754', -1, '5.95'), line('22423', -1, '10.95'), line('22424', -1, '1.00')];
    expect(outcomes([order, other], [invoice(3, 'C3', claims)])).toMatchObject([
      {
        type: 'refund',
        refunds: [
          { invoiceNumber: '2', amount: 695, lines: [{ lineNumber: 1 }, { lineNumber: 2 }] },
          { invoiceNumber: '1', amount: 1_095, lines: [{ lineNumber: 2 }] },
        ],
      },
    ]);
  });

  it('may take a line bit by bit until nothing is left, and not a unit more', () => {
    const bit = (position: number, units: number) =>
      invoice(position, `C${String(position)}`, [line('85123A', -units, '2.55')]);
    expect(outcomes([order], [bit(2, 4), bit(3, 3), bit(4, 2), bit(5, 1)])).toMatchObject([
      { type: 'refund', cancellation: 'C2' },
      { type: 'refused', cancellation: 'C3', reasons: ['over_refunding'] },
      { type: 'refund', cancellation: 'C4' },
      { type: 'refused', cancellation: 'C5', reasons: ['over_refunding'] },
    ]);
  });

  it('counts what an earlier line of the same cancellation took', () => {
    const claims = [line('85123A', -4, '2.55'), line('85123A', -3, '2.55')];
    expect(refusedLines([order], invoice(2, 'C2', claims))).toStrictEqual([[2, 'over_refunding', '1:1']]);
  });
});

describe('a line is refused', () => {
  const one = (reason: RefusalReason, candidates = '') => [[1, reason, candidates]];
  const claim = (code: string, quantity: number, price: string, customer?: string | null) =>
    invoice(9, 'C9', [line(code, quantity, price)], customer);

  it('that is no product, whoever asks', () => {
    for (const code of ['POST', 'M', 'D', 'S', 'CRUK']) {
      expect(refusedLines([order], claim(code, -1, '4.95'))).toStrictEqual(one('not_a_product'));
      expect(refusedLines([order], claim(code, -1, '4.95', null))).toStrictEqual(one('not_a_product'));
    }
  });

  it('of nobody', () => {
    expect(refusedLines([order], claim('22423', -2, '10.95', null))).toStrictEqual(one('no_customer'));
  });

  it('of something never bought, bought by somebody else, or bought later', () => {
    expect(refusedLines([order], claim('21754', -1, '5.95'))).toStrictEqual(one('no_prior_order'));
    expect(refusedLines([order], claim('22423', -1, '10.95', '13047'))).toStrictEqual(one('no_prior_order'));
    const later = { ...order, position: 10 };
    expect(refusedLines([later], claim('22423', -2, '10.95'))).toStrictEqual(one('no_prior_order'));
  });

  it('at a price that nobody paid', () => {
    expect(refusedLines([order], claim('22423', -2, '10.94'))).toStrictEqual(one('price_differs', '1:2'));
  });

  it('of more than any one line has', () => {
    const more = invoice(2, '2', [line('22423', 2, '10.95')]);
    expect(refusedLines([order, more], claim('22423', -3, '10.95'))).toStrictEqual(
      one('quantity_exceeds', '1:2 2:1'),
    );
  });

  it('that fits several exactly, or none exactly and several in part', () => {
    const more = invoice(2, '2', [line('22423', 2, '10.95'), line('85123A', 9, '2.55')]);
    expect(refusedLines([order, more], claim('22423', -2, '10.95'))).toStrictEqual(
      one('ambiguous', '1:2 2:1'),
    );
    expect(refusedLines([order, more], claim('85123A', -1, '2.55'))).toStrictEqual(
      one('ambiguous', '1:1 2:2'),
    );
  });

  it('that takes nothing back', () => {
    for (const quantity of [0, 1]) {
      expect(refusedLines([order], claim('22423', quantity, '10.95'))).toStrictEqual(one('nothing_reversed'));
    }
  });

  const withVoucher = invoice(2, '2', [line('22423', 2, '10.95'), line('gift_0001_30', 1, '25.00')]);

  it('that fits only an order that the checkout refused', () => {
    expect(refusedLines([withVoucher], claim('22423', -2, '10.95'))).toStrictEqual(
      one('order_refused', '2:1'),
    );
  });

  it('but not when an accepted order fits as well', () => {
    expect(outcomes([order, withVoucher], [claim('22423', -2, '10.95')])).toMatchObject([
      { type: 'refund', refunds: [{ invoiceNumber: '1' }] },
    ]);
  });

  it('when it was taken back before, though another order would fit', () => {
    const larger = invoice(2, '2', [line('22423', 9, '10.95')]);
    const again = [
      claim('22423', -2, '10.95'),
      { ...claim('22423', -2, '10.95'), number: 'C10', position: 10 },
    ];
    expect(outcomes([order, larger], again)).toMatchObject([
      { type: 'refund', refunds: [{ invoiceNumber: '1' }] },
      { type: 'refused', lines: [{ reason: 'over_refunding', candidates: [{ invoiceNumber: '1' }] }] },
    ]);
  });
});

describe('a cancellation', () => {
  it('is refused as a whole for one bad line, with every reason, and takes nothing', () => {
    const mixed = invoice(2, 'C2', [
      line('85123A', -7, '2.55'),
      line('22423', -2, '10.95'),
      line('M', -1, '1.00'),
      line('22423', -1, '10.95'),
    ]);
    const after = invoice(3, 'C3', [line('22423', -2, '10.95')]);
    expect(outcomes([order], [mixed, after])).toMatchObject([
      {
        type: 'refused',
        reasons: ['not_a_product', 'quantity_exceeds', 'over_refunding'],
        lines: [
          { lineNumber: 1, reason: 'quantity_exceeds' },
          { lineNumber: 3, reason: 'not_a_product' },
          { lineNumber: 4, reason: 'over_refunding' },
        ],
      },
      { type: 'refund' },
    ]);
  });

  it('has its turn by its place in the file, not in the list', () => {
    const all = [4, 2, 3].map((position) =>
      invoice(position, `C${String(position)}`, [line('22423', -1, '10.95')]),
    );
    expect(outcomes([order], all)).toMatchObject([
      { cancellation: 'C2', type: 'refund' },
      { cancellation: 'C3', type: 'refund' },
      { cancellation: 'C4', type: 'refused' },
    ]);
  });

  it('is counted once by its outcome and once under each of its reasons', () => {
    const single = invoice(2, '2', [line('21754', 1, '5.95')]);
    const all = [
      invoice(3, 'C3', [line('21754', -1, '5.95')]),
      invoice(4, 'C4', [line('22423', -1, '10.95')]),
      invoice(5, 'C5', [line('22423', -1, '10.95')]),
      invoice(6, 'C6', [line('M', -1, '1.00'), line('M', -1, '2.00'), line('22423', -1, '10.95')]),
    ];
    expect(countCancellations(outcomes([order, single], all))).toStrictEqual({
      cancellations: 4,
      wholeOrders: 1,
      wholeOrderAmount: 595,
      refunds: 2,
      orderRefunds: 2,
      refundAmount: 2_190,
      ordersTouched: 2,
      refused: 1,
      refusedByReason: { not_a_product: 1, over_refunding: 1 },
      refusedLinesByReason: { not_a_product: 2, over_refunding: 1 },
    });
  });
});
