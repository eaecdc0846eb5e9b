// The books of a play: they agree for an order that went well, and each single entry that is wrong is told.
import { describe, expect, it } from 'vitest';
import { orderViewOf } from '../../../application/read-models/order-view.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import { fold } from '../../../domain/order/evolve.js';
import type { GroundTruths, PaymentBook } from '../../../infrastructure/orders/books/ground-truths.js';
import { areSettled, type Picks, reconcile } from '../../../infrastructure/orders/books/reconcile.js';
import type { Played } from '../../../infrastructure/orders/play-invoice.js';
import * as the from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { invoice, line } from '../invoices/made-invoices.js';
import { storedOf } from './stored.js';

type Ordered = Extract<Played, { readonly type: 'ordered' }>;

const { orderId } = the;
const at = the.after(6_000);
const exampleInvoice = invoice(1, '1', [
  line('85123A', 6, '2.55'),
  line('22423', 2, '12.75'),
  line('POST', 1, '5'),
]);

const refund = { refundId: 'C2', amount: the.pence(500) } as const;
const refundFacts = [
  { type: 'RefundRequested', at, ...refund, number: 1, key: `${orderId}:refund:1`, reason: 'return' },
  { type: 'Refunded', at, ...refund, reference: 're_1' },
] as const satisfies readonly OrderEvent[];

const sent = (
  events: readonly OrderEvent[],
  type: OrderEvent['type'],
  kind: Parameters<typeof the.mailSent>[0],
) => {
  const revision = events.findIndex((event) => event.type === type);
  return [the.mailRequested(kind, revision), the.mailSent(kind, revision)] as const;
};

/** Shipped, told, refunded in part, told. */
const goodEvents: readonly OrderEvent[] = (() => {
  const { events } = histories.completed;
  const shippedAndTold = [
    ...events,
    ...sent(events, 'CardReserved', 'order_confirmed'),
    ...sent(events, 'Shipped', 'order_shipped'),
    ...refundFacts,
  ];
  return [...shippedAndTold, ...sent(shippedAndTold, 'Refunded', 'order_refunded')];
})();

const goodPayment: PaymentBook = {
  ...{ sequence: 1, id: 'pi_1', order: orderId, status: 'succeeded', reserved: 4_580, captured: 4_580 },
  ...{ released: 0, held: 0, refunded: 500, refundsPending: 0, disputed: 0, declines: [] },
};

const goodMails = ['order_confirmed', 'order_shipped', 'order_refunded'];

type Books = {
  readonly events?: readonly OrderEvent[];
  readonly payments?: readonly PaymentBook[];
  readonly mails?: readonly string[];
  readonly truths?: Partial<GroundTruths>;
};

const truthsOf = ({ events = goodEvents, payments = [goodPayment], mails = goodMails, truths }: Books) => {
  const order = fold(events);
  const views = order.type === 'no_order' ? [] : [[orderId, orderViewOf(order, order.revision, at)] as const];
  return {
    ...{ events: new Map([[orderId, storedOf(events)]]), payments: new Map([[orderId, payments]]) },
    ...{ mails: new Map([[orderId, mails]]), views: new Map<string, (typeof views)[0][1]>(views) },
    ...{ holds: new Map([[orderId, 'none' as const]]), openProcesses: new Set<string>(), lastStrangerAt: 0 },
    ...truths,
  };
};

const goodPlay: Ordered = {
  ...{ type: 'ordered', invoice: '1', orderId, total: 4_580, repeated: false, status: 'Completed' },
  ...{ placeMilliseconds: 1, namedCard: false },
  planned: {
    ...{ invoice: exampleInvoice, firstCard: null, cancellation: null },
    refunds: [{ refundId: 'C2', amount: 500 }],
  },
  refunds: [{ refundId: 'C2', amount: 500, answer: 'given' }],
};

const picked = (first: number): Picks =>
  new Map([
    [
      orderId,
      [
        { lineNumber: 2, units: 2 },
        { lineNumber: 1, units: first },
      ],
    ],
  ]);

const whatDiffers = (books: Books, play: Partial<Ordered> = {}, picks: Picks = new Map()) =>
  reconcile([{ ...goodPlay, ...play }], truthsOf(books), picks).map(({ what }) => what);

describe('the books of an order that went well', () => {
  it('agree, with the picks of the crew and without', () => {
    expect(whatDiffers({})).toStrictEqual([]);
    expect(whatDiffers({}, {}, picked(6))).toStrictEqual([]);
    expect(areSettled(truthsOf({}))).toBe(true);
  });

  it('agree when a mail in doubt arrived twice', () => {
    const events = goodEvents.flatMap((event) =>
      event.type === 'NotificationSent' && event.kind === 'order_shipped'
        ? [
            the.mailPossiblySent(event.kind, event.factRevision),
            the.mailRequested(event.kind, event.factRevision),
            event,
          ]
        : [event],
    );
    expect(whatDiffers({ events, mails: [...goodMails, 'order_shipped'] })).toStrictEqual([]);
    expect(whatDiffers({ events, mails: [...goodMails, 'order_shipped', 'order_shipped'] })).toHaveLength(1);
  });

  it('agree for one that was refused a refund above its charge', () => {
    const planned = {
      ...goodPlay.planned,
      refunds: [...goodPlay.planned.refunds, { refundId: 'C3', amount: 4_500 }],
    };
    const answered = { refundId: 'C3', amount: 4_500, answer: 'refund_above_charge' } as const;
    expect(whatDiffers({}, { planned, refunds: [...goodPlay.refunds, answered] })).toStrictEqual([]);
    expect(whatDiffers({}, { planned })).toStrictEqual([
      'refund C3 was answered not asked for instead of refund_above_charge',
    ]);
  });
});

describe('one wrong entry is told', () => {
  const payment = (change: Partial<PaymentBook>): Books => ({ payments: [{ ...goodPayment, ...change }] });
  const wrong: ReadonlyArray<readonly [string, Books, RegExp]> = [
    [
      'a penny too much taken',
      payment({ captured: 4_581, reserved: 4_581 }),
      /the processor took: 4581 instead/,
    ],
    ['nothing taken', payment({ captured: 0, released: 4_580 }), /the processor took: 0 instead of 4580/],
    ['money still held', payment({ reserved: 5_580, held: 1_000 }), /still holds: 1000/],
    ['a refund that is pending', payment({ refundsPending: 500, refunded: 0 }), /still pending: 500/],
    ['a refund that was made twice', payment({ refunded: 1_000 }), /gave back: 1000 instead of 500/],
    [
      'a second charge',
      { payments: [goodPayment, { ...goodPayment, id: 'pi_2' }] },
      /payments that were taken: 2 instead of 1/,
    ],
    ['a mail that was never sent', { mails: ['order_confirmed', 'order_shipped'] }, /0 mails order_refunded/],
    ['a mail that was sent twice', { mails: [...goodMails, 'order_shipped'] }, /2 mails order_shipped/],
    [
      'a mail of something that did not happen',
      { mails: [...goodMails, 'order_cancelled'] },
      /1 mails order_cancelled/,
    ],
    ['a mail that nobody knows', { mails: [...goodMails, 'advertisement'] }, /unknown kind advertisement/],
    ['goods still held', { truths: { holds: new Map([[orderId, 'committed']]) } }, /still committed/],
    ['an open process', { truths: { openProcesses: new Set([orderId]) } }, /process is still open/],
    ['no view', { truths: { views: new Map() } }, /read models do not know it/],
  ];

  it.each(wrong)('%s', (_, books, told) => {
    const differences = whatDiffers(books);
    expect(
      differences.some((what) => told.test(what)),
      differences.join('\n'),
    ).toBe(true);
  });

  it('picks that are stored otherwise', () => {
    expect(whatDiffers({}, {}, picked(5))).toContain('picked 1:5 2:2, stored is 1:6 2:2');
  });

  it('an answer that is not what is stored, and a total that is not the invoice’s', () => {
    expect(whatDiffers({}, { status: 'Cancelled' })).toContain('answered as Cancelled, stored as Completed');
    expect(whatDiffers({}, { total: 4_581 })).toContain('the invoice says 4580, answered was 4581');
  });

  it('an order that was shipped although its file cancels it', () => {
    const planned = { ...goodPlay.planned, cancellation: { number: 'C9', after: 'placing' } } as const;
    expect(whatDiffers({}, { planned })).toContain('ended Completed, cancelled by C9');
  });

  it('an order that was cancelled although nobody wanted it', () => {
    const { events } = histories.cancelled;
    const told = [...events, ...sent(events, 'OrderCancelled', 'order_cancelled')];
    const released = { ...goodPayment, captured: 0, released: 4_580, refunded: 0 };
    const books = { events: told, payments: [released], mails: ['order_cancelled'] };
    const plain = { status: 'Cancelled', refunds: [], planned: { ...goodPlay.planned, refunds: [] } };
    const cancellation = { number: 'C9', after: 'placing' } as const;
    expect(whatDiffers(books, { ...plain, planned: { ...plain.planned, cancellation } })).toStrictEqual([]);
    expect(whatDiffers(books, plain)).toStrictEqual([
      'cancelled for customer_request, which nothing explains',
    ]);
  });

  it('an order that never came to its end', () => {
    expect(whatDiffers({ events: histories.packed.events }, { status: null })).toContain(
      'stands at Packed, answered as not final',
    );
    expect(whatDiffers({ events: [] })).toStrictEqual(['answered as placed, but no order is stored']);
  });
});

describe('what is still to come', () => {
  it('is waited for: mails, refunds, processes, read models', () => {
    expect(areSettled(truthsOf({ events: histories.completed.events }))).toBe(false);
    expect(areSettled(truthsOf({ events: goodEvents.slice(0, -3) }))).toBe(false);
    expect(areSettled(truthsOf({ truths: { openProcesses: new Set([orderId]) } }))).toBe(false);
    const { views } = truthsOf({ events: goodEvents.slice(0, -1) });
    expect(areSettled(truthsOf({ truths: { views } }))).toBe(false);
  });
});
