import { money, type Money, zero } from '../../money.js';
import * as E from 'fp-ts/lib/Either.js';
import type { PlacedOrder } from '../order.js';

// What was taken from the customer, and how much of it can still go back.

const amountOf = (order: PlacedOrder, minor: number): Money => {
  const amount = money(minor, order.terms.currency);
  return E.isRight(amount) ? amount.right : zero(order.terms.currency);
};

/** What was charged, whether or not some of it went back. */
export const takenAmount = (order: PlacedOrder): Money =>
  order.payment.status === 'charged' ? order.payment.amount : zero(order.terms.currency);

/** What went back to the customer so far. */
export const refundedAmount = (order: PlacedOrder): Money =>
  amountOf(
    order,
    order.refunds.reduce(
      (total, { status, amount }) => (status === 'refunded' ? total + amount.minor : total),
      0,
    ),
  );

/** What can still be refunded: captured less refunded and pending. Refunds that failed gave nothing back. */
export const refundableAmount = (order: PlacedOrder): Money =>
  amountOf(
    order,
    order.refunds.reduce(
      (left, { status, amount }) => (status === 'failed' ? left : left - amount.minor),
      takenAmount(order).minor,
    ),
  );

/** Refunds whose result is not known yet, oldest first. */
export const openRefunds = ({ refunds }: PlacedOrder): PlacedOrder['refunds'] =>
  refunds.filter(({ status }) => status === 'requested' || status === 'unknown');
