import { classifyCode, giftWholesalerScheme } from '../../domain/catalogue.js';
import type { CancellationOutcome } from './invoices/cancellation-outcome.js';
import { resolveCancellations } from './invoices/cancellations.js';
import { millionths } from './invoices/decimals.js';
import type { PickedUnits } from './floor-crew.js';
import type { Invoice, InvoiceFile } from './invoices/invoices.js';
import { judgeOrders } from './invoices/judged-orders.js';

// What is to happen to each order of a file, and what must come of it, worked out from the file and from what was
// picked alone: nothing here asks the checkout.

/** Money to give back for a cancellation; the refund's id is the cancellation's number. */
export type PlannedRefund = { readonly refundId: string; readonly amount: number };

/** A cancellation by its number: asked for as soon as the order is placed, or when the floor may have it. */
export type PlannedCancellation = { readonly number: string; readonly after: 'placing' | 'release' };

/** One order of the file with all that people will do to it. Amounts in pence. */
export type PlannedOrder = {
  readonly invoice: Invoice;
  /** A card that declines, to be named first; null when the first one is to pay. */
  readonly firstCard: string | null;
  /** The cancellation that takes all of it back before it ships; null when it is to be shipped. */
  readonly cancellation: PlannedCancellation | null;
  /** In the order of their cancellations. */
  readonly refunds: readonly PlannedRefund[];
};

/** All orders of a play, and what its cancellations come to. */
export type Plan = {
  readonly orders: readonly PlannedOrder[];
  readonly outcomes: readonly CancellationOutcome[];
};

/** Test cards that are declined for a reason that another card, or the corrected one, heals. */
const decliningCards = [
  'pm_card_visa_chargeDeclinedInsufficientFunds',
  'pm_card_visa_chargeDeclinedExpiredCard',
  'pm_card_visa_chargeDeclinedIncorrectCvc',
  'pm_card_visa_chargeDeclinedLostCard',
] as const;

/**
 * Plans a file. Of every `declineEvery`-th order that the checkout will take, and that nobody cancels, the first card is
 * one that declines; null: of none. Of the orders that are cancelled whole, every other one is released to the floor first.
 */
export const planOf = (file: InvoiceFile, declineEvery: number | null): Plan => {
  const judged = judgeOrders(file.orders);
  const outcomes = resolveCancellations(judged, file.cancellations);
  const cancelled = new Map<string, PlannedCancellation>();
  const refunds = new Map<string, PlannedRefund[]>();
  for (const outcome of outcomes) {
    if (outcome.type === 'whole_order') {
      const after = cancelled.size % 2 === 0 ? 'release' : 'placing';
      cancelled.set(outcome.invoiceNumber, { number: outcome.cancellation, after });
    }
    if (outcome.type !== 'refund') continue;
    for (const { invoiceNumber, amount } of outcome.refunds) {
      const planned = { refundId: outcome.cancellation, amount };
      refunds.set(invoiceNumber, [...(refunds.get(invoiceNumber) ?? []), planned]);
    }
  }
  const firstCards = new Map<string, string>();
  const paying = judged.accepted.filter(({ number }) => !cancelled.has(number));
  for (const [index, { number }] of paying.entries()) {
    if (declineEvery === null || (index + 1) % declineEvery !== 0) continue;
    const turn = firstCards.size % decliningCards.length;
    firstCards.set(number, decliningCards[turn] ?? decliningCards[0]);
  }
  const orders = file.orders.map((invoice) => ({
    invoice,
    firstCard: firstCards.get(invoice.number) ?? null,
    cancellation: cancelled.get(invoice.number) ?? null,
    refunds: refunds.get(invoice.number) ?? [],
  }));
  return { orders, outcomes };
};

const pence = (price: string, units: number): number =>
  Number(((millionths(price) ?? 0n) * BigInt(units)) / 10_000n);

/** What all of an order costs, delivery included. */
export const totalOf = ({ lines }: Invoice): number =>
  lines.reduce((sum, { unitPrice, quantity }) => sum + pence(unitPrice, quantity), 0);

/** What an order costs of which this was picked: these units, and delivery if there are any. */
export const chargeFor = ({ lines }: Invoice, picked: readonly PickedUnits[]): number => {
  const units = new Map(picked.map((line) => [line.lineNumber, line.units]));
  const isGoods = (stockCode: string): boolean => classifyCode(stockCode, giftWholesalerScheme) === 'product';
  const sum = (ofGoods: boolean): number =>
    lines.reduce((total, { stockCode, unitPrice, quantity }, index) => {
      if (isGoods(stockCode) !== ofGoods) return total;
      return total + pence(unitPrice, ofGoods ? (units.get(index + 1) ?? 0) : quantity);
    }, 0);
  const goods = sum(true);
  return goods === 0 ? 0 : goods + sum(false);
};

/** What a refund must come to: given, more than is left of the charge, or nothing was charged at all. */
export type RefundAnswer = 'given' | 'refund_above_charge' | 'not_charged';

/** What each refund of an order must come to, when this was charged. */
export const refundAnswersFor = (
  charged: number,
  refunds: readonly PlannedRefund[],
): ReadonlyArray<PlannedRefund & { readonly answer: RefundAnswer }> => {
  let left = charged;
  return refunds.map((refund) => {
    if (charged === 0) return { ...refund, answer: 'not_charged' };
    if (refund.amount > left) return { ...refund, answer: 'refund_above_charge' };
    left -= refund.amount;
    return { ...refund, answer: 'given' };
  });
};
