// Codecs of the records that several events share or that are too long to stand in the table of events.
import * as t from 'io-ts';
import {
  articleCode,
  contactSnapshotId,
  countingNumber,
  countryCode,
  currency,
  customerId,
  instant,
  money,
  oneOf,
  orderId,
  orNull,
  paymentMethodToken,
  quantity,
  signInId,
  wholeNumber,
} from './values.js';

const orderLine = t.strict(
  { lineNumber: countingNumber, code: articleCode, description: t.string, quantity, unitPrice: money },
  'OrderLine',
);

/** What an order was placed with. */
export const orderTerms = {
  orderId,
  customerId,
  signInId,
  contactSnapshotId,
  cart: t.strict({ issuer: t.string, tokenId: t.string }, 'CartToken'),
  destination: countryCode,
  currency,
  lines: t.readonlyArray(orderLine),
  delivery: money,
  total: money,
  paymentMethod: paymentMethodToken,
};

export const missingLine = t.strict({ lineNumber: countingNumber, available: wholeNumber }, 'MissingLine');

export const cancelledBy = oneOf('CancelledBy', 'customer', 'operator', 'checkout');

export const cancellationReason = oneOf(
  'CancellationReason',
  'customer_request',
  'operator_request',
  'payment_not_completed',
  'out_of_stock',
  'not_shipped',
);

export const holdReason = oneOf('HoldReason', 'address', 'fraud', 'operator');

export const refundReason = oneOf('RefundReason', 'cancellation', 'return', 'goodwill');

export const mailReturn = oneOf('MailReturn', 'permanent', 'transient', 'complaint');

export const notificationKind = oneOf(
  'NotificationKind',
  'order_confirmed',
  'payment_needed',
  'order_shipped',
  'order_rejected',
  'order_cancelled',
  'order_refunded',
);

const authenticationProblem = oneOf(
  'AuthenticationProblem',
  'sign_in_unknown',
  'sign_in_of_another_customer',
  'sign_in_revoked',
  'sign_in_too_old',
  'account_locked',
);

export const rejectionReason = t.union(
  [
    t.strict({ type: t.literal('authentication'), problem: authenticationProblem }),
    t.strict({ type: t.literal('article_withdrawn'), lineNumber: countingNumber, code: articleCode }),
    t.strict({ type: t.literal('destination_not_served'), destination: countryCode }),
    t.strict({ type: t.literal('currency_not_accepted'), currency }),
    t.strict({ type: t.literal('total_above_limit'), total: money, limit: money }),
    t.strict({ type: t.literal('out_of_stock'), lineNumber: countingNumber, available: wholeNumber }),
  ],
  'RejectionReason',
);

export const decline = t.strict(
  {
    class: oneOf('DeclineClass', 'soft', 'fixable', 'funds', 'authentication', 'hard', 'policy'),
    code: t.string,
  },
  'Decline',
);

const cardCheck = oneOf('CardCheck', 'pass', 'fail', 'unavailable', 'unchecked');

export const reservation = t.strict(
  {
    attempt: countingNumber,
    reference: t.string,
    amount: money,
    captureBefore: instant,
    card: t.strict({ brand: t.string, lastFour: t.string }, 'CardSummary'),
    addressCheck: cardCheck,
    securityCodeCheck: cardCheck,
  },
  'Reservation',
);

export const challenge = t.strict({ reference: t.string, url: t.string }, 'Challenge');

export const pickedLine = t.strict(
  {
    lineNumber: countingNumber,
    picked: wholeNumber,
    short: wholeNumber,
    shortReason: orNull(oneOf('ShortReason', 'not_in_bin', 'damaged', 'wrong_article')),
  },
  'PickedLine',
);

export const parcel = t.strict({ parcelNumber: countingNumber, weightGrams: countingNumber }, 'Parcel');

export const handover = t.strict({ carrier: t.string, trackingNumber: t.string }, 'Handover');
