import { absurd } from '../../domain/brand.js';
import type { RejectionReason } from '../../domain/order/events.js';
import type { Payment, PlacedOrder } from '../../domain/order/order.js';
import type { CardSummary } from '../../domain/payment.js';
import { readableAmount } from './amounts.js';

// What mails say of money and reasons: the truth of the stored facts, in plain words.

// The processor's names of card brands, as their holders know them.
const brands: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

const cardName = ({ brand, lastFour }: CardSummary): string => {
  const named = [brands[brand], 'card'].filter((word) => word !== undefined).join(' ');
  return lastFour === '' ? `your ${named}` : `your ${named} ending in ${lastFour}`;
};

const chargedSentence = ({
  amount,
  reservation,
}: Extract<Payment, { readonly status: 'charged' }>): string => {
  const charged = `${readableAmount(amount)} was charged to ${cardName(reservation.card)}.`;
  const { amount: held } = reservation;
  const isLess = held.currency === amount.currency && amount.minor < held.minor;
  return isLess ? `${charged} The rest of the ${readableAmount(held)} that was held is released.` : charged;
};

/** What was done to the customer's money, and what will be. */
export const moneySentence = ({ payment, lifecycle }: PlacedOrder): string => {
  switch (payment.status) {
    case 'none':
      return 'Your card was not touched.';
    case 'reserving':
      return 'We asked your bank to hold the amount and are waiting for its answer. Nothing was charged.';
    case 'declined':
      return 'Your bank did not approve the payment. Nothing was charged.';
    case 'reserved':
    case 'charging':
    case 'charge_failed': {
      const held = readableAmount(payment.reservation.amount);
      return lifecycle.stage === 'cancelling'
        ? `${held} that was held on ${cardName(payment.reservation.card)} is being released. Nothing was charged.`
        : `${held} is held on ${cardName(payment.reservation.card)}. It is charged when your parcel is packed.`;
    }
    case 'charged':
      return chargedSentence(payment);
    case 'voided':
      return 'The amount held on your card was released. Nothing was charged.';
    default:
      return absurd(payment);
  }
};

const rejectionSentence = (order: PlacedOrder, reason: RejectionReason): string => {
  const describe = (lineNumber: number): string =>
    order.terms.lines.find((line) => line.lineNumber === lineNumber)?.description ?? 'An article';
  switch (reason.type) {
    case 'authentication':
      return 'We could not confirm that it was you who placed the order.';
    case 'article_withdrawn':
      return `${describe(reason.lineNumber)} is not sold any more.`;
    case 'destination_not_served':
      return 'We do not deliver to this country.';
    case 'currency_not_accepted':
      return `We do not accept payments in ${reason.currency}.`;
    case 'total_above_limit':
      return `The total of ${readableAmount(reason.total)} is above our limit of ${readableAmount(reason.limit)} for one order.`;
    case 'out_of_stock':
      return reason.available === 0
        ? `${describe(reason.lineNumber)} is sold out.`
        : `${describe(reason.lineNumber)}: only ${String(reason.available)} left.`;
    default:
      return absurd(reason);
  }
};

/** Every reason of a rejection, a sentence each; none for an order that was not rejected. */
export const rejectionSentences = (order: PlacedOrder): readonly string[] =>
  order.lifecycle.stage === 'rejected'
    ? [...new Set(order.lifecycle.reasons.map((reason) => rejectionSentence(order, reason)))]
    : [];

/** Why an order was cancelled. */
export const cancellationSentence = ({ lifecycle }: PlacedOrder): string => {
  if (lifecycle.stage !== 'cancelling' && lifecycle.stage !== 'cancelled') return 'The order was cancelled.';
  switch (lifecycle.reason) {
    case 'customer_request':
      return 'You asked us to cancel your order, and we did.';
    case 'operator_request':
      return 'Our team cancelled your order. Write to us if you did not expect this.';
    case 'payment_not_completed':
      return 'The payment was not completed in time, so we cancelled your order.';
    case 'out_of_stock':
      return 'We are sorry: the goods are not available any more, so we cancelled your order.';
    default:
      return absurd(lifecycle.reason);
  }
};
