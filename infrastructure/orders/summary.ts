import { table } from '../../adapters/cli/table.js';
import type { GroundTruths } from './ground-truths.js';
import type { Played } from './play-invoice.js';
import type { Difference } from './reconcile.js';

/** The figures of a play. Amounts in minor units. */
export type Summary = {
  readonly orders: number;
  readonly placed: number;
  readonly repeated: number;
  readonly refused: number;
  /** How many refused orders have each reason; an order with two counts under both. */
  readonly refusedByReason: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly charged: number;
  readonly mails: number;
  readonly seconds: number;
  readonly ordersPerSecond: number;
  readonly placeMilliseconds: { readonly p50: number; readonly p99: number };
  readonly differences: readonly Difference[];
};

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

/** Adds a play up. */
export const summarise = (
  played: readonly Played[],
  truths: GroundTruths,
  differences: readonly Difference[],
  seconds: number,
): Summary => {
  const ordered = played.flatMap((item) => (item.type === 'ordered' ? [item] : []));
  const refused = played.flatMap((item) => (item.type === 'refused' ? [item] : []));
  const times = ordered.map(({ placeMilliseconds }) => placeMilliseconds);
  const captured = [...truths.ledger.values()].flat().filter(({ kind }) => kind === 'captured');
  return {
    orders: played.length,
    placed: ordered.filter(({ repeated }) => !repeated).length,
    repeated: ordered.filter(({ repeated }) => repeated).length,
    refused: refused.length,
    refusedByReason: tally(refused.flatMap(({ reasons }) => reasons)),
    byStatus: tally(ordered.map(({ status }) => status ?? 'not final in time')),
    charged: captured.reduce((total, { amount }) => total + amount, 0),
    mails: [...truths.mails.values()].flat().length,
    seconds: rounded(seconds),
    ordersPerSecond: rounded(ordered.length / seconds),
    placeMilliseconds: { p50: rounded(percentile(times, 0.5)), p99: rounded(percentile(times, 0.99)) },
    differences,
  };
};

const counts = (record: Readonly<Record<string, number>>): ReadonlyArray<readonly string[]> =>
  Object.entries(record).map(([name, count]) => [`  ${name}`, String(count)]);

const mostShown = 20;

/** The summary for people, with the reconciliation's verdict last. */
export const summaryText = (summary: Summary): string => {
  const rows = [
    ['orders played', String(summary.orders)],
    ['placed now', String(summary.placed)],
    ['placed before', String(summary.repeated)],
    ...counts(summary.byStatus),
    ['refused', String(summary.refused)],
    ...counts(summary.refusedByReason),
    ['charged (minor units)', String(summary.charged)],
    ['mails', String(summary.mails)],
    ['seconds', String(summary.seconds)],
    ['orders/s', String(summary.ordersPerSecond)],
    ['POST /orders p50, ms', String(summary.placeMilliseconds.p50)],
    ['POST /orders p99, ms', String(summary.placeMilliseconds.p99)],
  ];
  const { differences } = summary;
  const verdict =
    differences.length === 0
      ? 'Reconciled: answers, stored events, processor, mailbox and read models agree.'
      : `NOT reconciled: ${String(differences.length)} differences`;
  const shown = differences
    .slice(0, mostShown)
    .map(({ invoice, orderId, what }) => `  invoice ${invoice}, order ${orderId}: ${what}`);
  return [table(['', ''], rows, new Set([1])).trimStart(), '', verdict, ...shown].join('\n');
};
