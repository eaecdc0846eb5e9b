import { absurd } from '../../domain/brand.js';
import type { Instant } from '../../domain/instant.js';
import { type Money, money, zero } from '../../domain/money.js';
import { type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import { openRefunds, refundableAmount, refundedAmount } from '../../domain/order/rules/kept-money.js';
import type { CardSummary, Reservation } from '../../domain/payment.js';
import * as E from 'fp-ts/lib/Either.js';

// The truth about an order's money: what is held until when, what was taken, let go and given back.

/** Money on a card that is not ours yet; it can be taken until `until` and is free again after that. */
export type HeldMoney = {
  readonly attempt: number;
  readonly amount: Money;
  readonly until: Instant;
  readonly card: CardSummary;
  readonly reference: string;
};

/** Money that was asked of a card and of which nobody here knows yet whether it was given. */
export type AskedMoney = {
  readonly request: 'reservation' | 'charge';
  readonly amount: Money;
  /** awaited: no answer yet; unknown: the answer was lost; challenged: the customer must confirm with the bank. */
  readonly state: 'awaited' | 'unknown' | 'challenged';
};

/** Where an order's money is. All amounts are in the order's currency. */
export type OrderMoney = {
  /** Held for the order and not charged; null when nothing is. */
  readonly held: HeldMoney | null;
  /** Under way at the processor; null when nothing is. */
  readonly asked: AskedMoney | null;
  /** Held by reservations that nobody wants any more; each ends as soon as the processor lets it go. */
  readonly lettingGo: readonly HeldMoney[];
  /** What was taken; null until then. */
  readonly charged: Money | null;
  /** What the charge left of its reservation and the card has back; null until the charge. */
  readonly released: Money | null;
  readonly refunded: Money;
  /** Asked to go back and not known to have arrived. */
  readonly refunding: Money;
  /** What can still be refunded. */
  readonly refundable: Money;
};

const heldMoney = ({ attempt, amount, captureBefore, card, reference }: Reservation): HeldMoney => ({
  attempt,
  amount,
  until: captureBefore,
  card,
  reference,
});

const amountIn = (order: PlacedOrder, minor: number): Money => {
  const amount = money(minor, order.terms.currency);
  return E.isRight(amount) ? amount.right : zero(order.terms.currency);
};

const askedMoney = ({ payment }: PlacedOrder): AskedMoney | null => {
  switch (payment.status) {
    case 'reserving':
      return { request: 'reservation', amount: payment.request.amount, state: payment.request.outcome };
    case 'authenticating':
      return { request: 'reservation', amount: payment.request.amount, state: 'challenged' };
    case 'charging':
      return { request: 'charge', amount: payment.request.amount, state: payment.request.outcome };
    case 'none':
    case 'declined':
    case 'reserved':
    case 'charge_failed':
    case 'expired':
    case 'charged':
    case 'voided':
      return null;
    default:
      return absurd(payment);
  }
};

/** Where the money of an order is now. */
export const orderMoney = (order: PlacedOrder): OrderMoney => {
  const { payment } = order;
  const reservation = reservationOf(payment);
  const charged = payment.status === 'charged' ? payment : null;
  return {
    held: reservation === null || charged !== null ? null : heldMoney(reservation),
    asked: askedMoney(order),
    lettingGo: order.surplus.map(heldMoney),
    charged: charged?.amount ?? null,
    released:
      charged === null
        ? null
        : amountIn(order, Math.max(0, charged.reservation.amount.minor - charged.amount.minor)),
    refunded: refundedAmount(order),
    refunding: amountIn(
      order,
      openRefunds(order).reduce((total, { amount }) => total + amount.minor, 0),
    ),
    refundable: refundableAmount(order),
  };
};
