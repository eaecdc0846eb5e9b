import { table } from '../../adapters/cli/table.js';
import { fold } from '../../domain/order/evolve.js';
import type { GroundTruths } from './books/ground-truths.js';
import { type MoneySums, moneySums } from './books/money-differences.js';
import { type Difference, expectedCharge, type Picks } from './books/reconcile.js';
import { type CancellationCounts, countCancellations } from './invoices/cancellation-counts.js';
import { type Plan, refundAnswersFor } from './plan.js';
import type { Played } from './play-invoice.js';

/** The figures of a play. Amounts in minor units. */
export type Summary = {
  readonly orders: number;
  readonly placed: number;
  readonly repeated: number;
  readonly refused: number;
  /** How many refused orders have each reason; an order with two counts under both. */
  readonly refusedByReason: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  /** What the cancellations of the file come to by its own rules. */
  readonly cancellations: CancellationCounts;
  /** Orders that were cancelled because their file says so. */
  readonly cancelledOrders: number;
  /** Refunds of orders by what the checkout answered. */
  readonly refundsByAnswer: Readonly<Record<string, number>>;
  /** Orders whose first card was declined and that got another one now. */
  readonly otherCards: number;
  /** Orders of which less was picked than ordered. */
  readonly shortPicked: number;
  /** Sums of the processor's ledger. */
  readonly ledger: MoneySums;
  /** What the ledger must say by the invoices and the picks. */
  readonly expected: { readonly charged: number; readonly refunded: number };
  readonly charged: number;
  readonly mails: number;
  readonly mailsByKind: Readonly<Record<string, number>>;
  /** Whether the shelves could be compared: not after an interrupted play, or when others ordered meanwhile. */
  readonly hasShelves: boolean;
  readonly seconds: number;
  readonly ordersPerSecond: number;
  readonly placeMilliseconds: { readonly p50: number; readonly p99: number };
  readonly differences: readonly Difference[];
};

/** Everything that a play came to. */
export type PlayResult = Pick<Summary, 'seconds' | 'differences' | 'hasShelves'> & {
  readonly plan: Plan;
  readonly played: readonly Played[];
  readonly truths: GroundTruths;
  readonly picks: Picks;
};

type Ordered = Extract<Played, { readonly type: 'ordered' }>;

const tally = (words: readonly string[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([left], [right]) => left.localeCompare(right)));
};

const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** What must have been charged and refunded over all orders, and how many were picked short. */
const expectations = (ordered: readonly Ordered[], { events }: GroundTruths, picks: Picks) => {
  const sums = { charged: 0, refunded: 0, shortPicked: 0 };
  for (const item of ordered) {
    const order = fold((events.get(item.orderId) ?? []).map(({ event }) => event));
    if (order.type === 'no_order') continue;
    const charged = expectedCharge(item, order, picks);
    sums.charged += charged;
    for (const { answer, amount } of refundAnswersFor(charged, item.planned.refunds)) {
      if (answer === 'given') sums.refunded += amount;
    }
    const { fulfilment } = order;
    const isShort = fulfilment.status !== 'waiting' && fulfilment.lines.some(({ short }) => short > 0);
    if (isShort) sums.shortPicked += 1;
  }
  return sums;
};

/** Adds a play up. */
export const summarise = ({ plan, played, truths, picks, ...rest }: PlayResult): Summary => {
  const ordered = played.flatMap((item) => (item.type === 'ordered' ? [item] : []));
  const refused = played.flatMap((item) => (item.type === 'refused' ? [item] : []));
  const times = ordered.map(({ placeMilliseconds }) => placeMilliseconds);
  const ledger = moneySums([...truths.payments.values()].flat());
  const mails = [...truths.mails.values()].flat();
  const { shortPicked, ...expected } = expectations(ordered, truths, picks);
  return {
    orders: played.length,
    placed: ordered.filter(({ repeated }) => !repeated).length,
    repeated: ordered.filter(({ repeated }) => repeated).length,
    refused: refused.length,
    refusedByReason: tally(refused.flatMap(({ reasons }) => reasons)),
    byStatus: tally(ordered.map(({ status }) => status ?? 'not final in time')),
    cancellations: countCancellations(plan.outcomes),
    cancelledOrders: ordered.filter(
      ({ planned, status }) => planned.cancellation !== null && status === 'Cancelled',
    ).length,
    refundsByAnswer: tally(ordered.flatMap(({ refunds }) => refunds.map(({ answer }) => answer))),
    otherCards: ordered.filter(({ namedCard }) => namedCard).length,
    shortPicked,
    ledger,
    expected,
    charged: ledger.captured,
    mails: mails.length,
    mailsByKind: tally(mails),
    hasShelves: rest.hasShelves,
    seconds: rounded(rest.seconds),
    ordersPerSecond: rounded(ordered.length / rest.seconds),
    placeMilliseconds: { p50: rounded(percentile(times, 0.5)), p99: rounded(percentile(times, 0.99)) },
    differences: rest.differences,
  };
};

const counts = (record: Readonly<Record<string, number>>, indent = '  '): ReadonlyArray<readonly string[]> =>
  Object.entries(record).map(([name, count]) => [`${indent}${name}`, String(count)]);

const mostShown = 20;

/** The summary for people, with the reconciliation's verdict last. */
export const summaryText = (summary: Summary): string => {
  const { cancellations } = summary;
  const rows = [
    ['orders played', String(summary.orders)],
    ['placed now', String(summary.placed)],
    ['placed before', String(summary.repeated)],
    ...counts(summary.byStatus),
    ['refused', String(summary.refused)],
    ...counts(summary.refusedByReason),
    ['cancellations in the file', String(cancellations.cancellations)],
    ['  of whole orders', String(cancellations.wholeOrders)],
    ['  refunds', String(cancellations.refunds)],
    ['  refused', String(cancellations.refused)],
    ...counts(cancellations.refusedByReason, '    '),
    ['cancelled before shipping', String(summary.cancelledOrders)],
    ['refunds of orders asked for', String(cancellations.orderRefunds)],
    ...counts(summary.refundsByAnswer),
    ['another card named', String(summary.otherCards)],
    ['picked short', String(summary.shortPicked)],
    ['charged (minor units)', String(summary.charged)],
    ['  by invoices and picks', String(summary.expected.charged)],
    ['refunded (minor units)', String(summary.ledger.refunded)],
    ['  by invoices and picks', String(summary.expected.refunded)],
    ['let go (minor units)', String(summary.ledger.released)],
    ['mails', String(summary.mails)],
    ...counts(summary.mailsByKind),
    ['seconds', String(summary.seconds)],
    ['orders/s', String(summary.ordersPerSecond)],
    ['POST /orders p50, ms', String(summary.placeMilliseconds.p50)],
    ['POST /orders p99, ms', String(summary.placeMilliseconds.p99)],
  ];
  const { differences } = summary;
  const verdict =
    differences.length === 0
      ? `Reconciled: answers, stored events, processor, stock ledger, mailbox, processes and read models agree${summary.hasShelves ? ', and so do the shelves' : ''}.`
      : `NOT reconciled: ${String(differences.length)} differences`;
  const shown = differences
    .slice(0, mostShown)
    .map(({ invoice, orderId, what }) =>
      orderId === '' ? `  ${what}` : `  invoice ${invoice}, order ${orderId}: ${what}`,
    );
  return [table(['', ''], rows, new Set([1])).trimStart(), '', verdict, ...shown].join('\n');
};
