import { absurd } from '../../../domain/brand.js';
import type { CancellationReason, RefundReason, RejectionReason } from '../../../domain/order/events.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import { readableAmount } from '../amounts.js';

// Why an order went the way it went, in plain words.

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

const cancellationSentences: Readonly<Record<CancellationReason, string>> = {
  customer_request: 'You asked us to cancel your order, and we did.',
  operator_request: 'Our team cancelled your order. Write to us if you did not expect this.',
  payment_not_completed: 'The payment was not completed, so we cancelled your order.',
  out_of_stock: 'We are sorry: the goods are not available any more, so we cancelled your order.',
  not_shipped: 'We are sorry: your parcel did not leave our warehouse in time, so we cancelled your order.',
};

/** Why an order was cancelled. */
export const cancellationSentence = ({ lifecycle }: PlacedOrder): string =>
  lifecycle.stage === 'cancelling' || lifecycle.stage === 'cancelled'
    ? cancellationSentences[lifecycle.reason]
    : 'The order was cancelled.';

/** What a refund is for, to follow an amount. */
export const refundPurposes: Readonly<Record<RefundReason, string>> = {
  cancellation: 'because the order was cancelled',
  return: 'for what you returned',
  goodwill: 'as a gesture of goodwill',
};
