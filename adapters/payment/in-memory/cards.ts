// How the test cards of the processor in memory behave, under the names that Stripe's own have.
import type { CardCheck, PaymentMethodToken } from '../../../domain/payment.js';

/** What a bank says of a refund at first, and later when that was not its last word. */
export type RefundCourse = {
  readonly first: 'refunded' | 'pending';
  readonly last: 'refunded' | 'failed' | null;
  readonly reason: string | null;
};

/** A card's behaviour; codes are Stripe's decline codes. */
export type TestCard = {
  readonly declineCode: string | null;
  readonly asksHolder: boolean;
  readonly captureDeclineCode: string | null;
  readonly addressCheck: CardCheck;
  readonly securityCodeCheck: CardCheck;
  readonly refunds: RefundCourse;
};

const plain: TestCard = {
  declineCode: null,
  asksHolder: false,
  captureDeclineCode: null,
  addressCheck: 'unchecked',
  securityCodeCheck: 'pass',
  refunds: { first: 'refunded', last: null, reason: null },
};

const special: ReadonlyMap<string, Partial<TestCard>> = new Map<string, Partial<TestCard>>([
  ['chargeDeclined', { declineCode: 'generic_decline' }],
  ['chargeDeclinedInsufficientFunds', { declineCode: 'insufficient_funds' }],
  ['chargeDeclinedLostCard', { declineCode: 'lost_card' }],
  ['chargeDeclinedStolenCard', { declineCode: 'stolen_card' }],
  ['chargeDeclinedExpiredCard', { declineCode: 'expired_card' }],
  ['chargeDeclinedIncorrectCvc', { declineCode: 'incorrect_cvc' }],
  ['chargeDeclinedProcessingError', { declineCode: 'processing_error' }],
  ['chargeDeclinedVelocityLimitExceeded', { declineCode: 'card_velocity_exceeded' }],
  ['chargeDeclinedFraudulent', { declineCode: 'fraudulent' }],
  ['authenticationRequired', { asksHolder: true }],
  ['threeDSecure2Required', { asksHolder: true }],
  [
    'authenticationRequiredChargeDeclinedInsufficientFunds',
    { asksHolder: true, declineCode: 'insufficient_funds' },
  ],
  ['captureDeclined', { captureDeclineCode: 'generic_decline' }],
  ['avsFail', { addressCheck: 'fail' }],
  ['avsLine1Fail', { addressCheck: 'fail' }],
  ['avsZipFail', { addressCheck: 'fail' }],
  ['avsUnchecked', { addressCheck: 'unavailable' }],
  ['cvcCheckFail', { securityCodeCheck: 'fail' }],
  ['cvcUnavailable', { securityCodeCheck: 'unavailable' }],
  ['checksUnchecked', { securityCodeCheck: 'unchecked' }],
  ['refundFail', { refunds: { first: 'refunded', last: 'failed', reason: 'expired_or_canceled_card' } }],
  ['pendingRefund', { refunds: { first: 'pending', last: 'refunded', reason: null } }],
  ['pendingRefundFail', { refunds: { first: 'pending', last: 'failed', reason: 'lost_or_stolen_card' } }],
]);

/**
 * The card of a token; null for one that the processor does not know. `pm_card_decline_<code>` declines with any code;
 * a name after `pm_card_` that is not listed approves.
 */
export const testCard = (token: PaymentMethodToken): TestCard | null => {
  const name = /^pm_card_(?:visa_)?(.+)$/.exec(token)?.[1];
  if (name === undefined) return null;
  const declineCode = /^decline_(\w+)$/.exec(name)?.[1];
  return { ...plain, ...(declineCode === undefined ? special.get(name) : { declineCode }) };
};
