import type { CancellationOutcome, RefusalReason } from './cancellation-outcome.js';

/** Outcomes of cancellations added up. Amounts in pence. */
export type CancellationCounts = {
  readonly cancellations: number;
  readonly wholeOrders: number;
  readonly wholeOrderAmount: number;
  /** Cancellations that are refunds of lines. */
  readonly refunds: number;
  /** Refunds of orders; a cancellation may be several. */
  readonly orderRefunds: number;
  readonly refundAmount: number;
  /** Different orders that give something back, whole or in part. */
  readonly ordersTouched: number;
  readonly refused: number;
  /** How many refused cancellations have each reason; one with two counts under both. */
  readonly refusedByReason: Readonly<Partial<Record<RefusalReason, number>>>;
  /** How many lines are refused for each reason; a line has one. */
  readonly refusedLinesByReason: Readonly<Partial<Record<RefusalReason, number>>>;
};

const tally = (reasons: readonly RefusalReason[]): Readonly<Partial<Record<RefusalReason, number>>> => {
  const counts: Partial<Record<RefusalReason, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
};

const sumOf = (items: ReadonlyArray<{ readonly amount: number }>): number =>
  items.reduce((total, { amount }) => total + amount, 0);

/** Adds outcomes up. */
export const countCancellations = (outcomes: readonly CancellationOutcome[]): CancellationCounts => {
  const wholeOrders = outcomes.flatMap((outcome) => (outcome.type === 'whole_order' ? [outcome] : []));
  const refunds = outcomes.flatMap((outcome) => (outcome.type === 'refund' ? [outcome] : []));
  const refusals = outcomes.flatMap((outcome) => (outcome.type === 'refused' ? [outcome] : []));
  const orderRefunds = refunds.flatMap((outcome) => outcome.refunds);
  const touched = [...wholeOrders, ...orderRefunds].map(({ invoiceNumber }) => invoiceNumber);
  return {
    cancellations: outcomes.length,
    wholeOrders: wholeOrders.length,
    wholeOrderAmount: sumOf(wholeOrders),
    refunds: refunds.length,
    orderRefunds: orderRefunds.length,
    refundAmount: sumOf(orderRefunds),
    ordersTouched: new Set(touched).size,
    refused: refusals.length,
    refusedByReason: tally(refusals.flatMap(({ reasons }) => reasons)),
    refusedLinesByReason: tally(refusals.flatMap(({ lines }) => lines.map(({ reason }) => reason))),
  };
};
