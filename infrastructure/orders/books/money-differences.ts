import type { PlacedOrder } from '../../../domain/order/order.js';
import { refundedAmount, takenAmount } from '../../../domain/order/rules/kept-money.js';
import type { OrderView } from '../../../application/read-models/order-view.js';
import { type GivenRefund } from '../people/refund-order.js';
import { type PlannedOrder, refundAnswersFor } from '../plan.js';
import type { PaymentBook } from './ground-truths.js';

const amounts = ['reserved', 'captured', 'released', 'held', 'refunded', 'refundsPending'] as const;

/** The sums of an order's payments, in minor units. */
export type MoneySums = Readonly<Record<(typeof amounts)[number], number>>;

/** Adds payments up. */
export const moneySums = (payments: readonly PaymentBook[]): MoneySums => {
  const sums = { reserved: 0, captured: 0, released: 0, held: 0, refunded: 0, refundsPending: 0 };
  for (const payment of payments) for (const name of amounts) sums[name] += payment[name];
  return sums;
};

const unequal = (what: string, expected: number, found: number): readonly string[] =>
  expected === found ? [] : [`${what}: ${String(found)} instead of ${String(expected)}`];

/** What the refunds of a plan were answered, compared with what they must come to. */
const refundAnswers = (
  planned: PlannedOrder,
  charged: number,
  given: readonly GivenRefund[],
): readonly string[] =>
  refundAnswersFor(charged, planned.refunds).flatMap(({ refundId, answer }) => {
    const answered = given.find((refund) => refund.refundId === refundId)?.answer ?? 'not asked for';
    return answered === answer ? [] : [`refund ${refundId} was answered ${answered} instead of ${answer}`];
  });

/**
 * Money by all that tell of it, compared with what was worked out from the invoice and the picks (`charged`, in minor
 * units): the processor's ledger, the stored order, the answers to refunds, the read models.
 */
export const moneyDifferences = (
  order: PlacedOrder,
  view: OrderView | undefined,
  payments: readonly PaymentBook[],
  expected: {
    readonly planned: PlannedOrder;
    readonly charged: number;
    readonly given: readonly GivenRefund[];
  },
): readonly string[] => {
  const { planned, charged, given } = expected;
  const sums = moneySums(payments);
  const refunded = refundAnswersFor(charged, planned.refunds).reduce(
    (total, { answer, amount }) => (answer === 'given' ? total + amount : total),
    0,
  );
  return [
    ...unequal('the processor took', charged, sums.captured),
    ...unequal('stored as charged', charged, takenAmount(order).minor),
    ...unequal('read models, charged', charged, view?.charged?.minor ?? 0),
    ...unequal('the processor gave back', refunded, sums.refunded),
    ...unequal('stored as refunded', refunded, refundedAmount(order).minor),
    ...unequal('read models, refunded', refunded, view?.refunded.minor ?? 0),
    ...unequal('refunds still pending', 0, sums.refundsPending),
    ...unequal('the processor still holds', 0, sums.held),
    ...unequal('let go of what was held', sums.reserved - charged, sums.released),
    ...unequal('payments that were taken', charged > 0 ? 1 : 0, payments.filter(isTaken).length),
    ...refundAnswers(planned, charged, given),
  ];
};

const isTaken = ({ captured }: PaymentBook): boolean => captured > 0;
