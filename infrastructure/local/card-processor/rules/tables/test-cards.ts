import { isNetworkCode } from './decline-codes.js';

/** What a check of the card's data came to. */
export type Check = 'pass' | 'fail' | 'unavailable' | 'unchecked' | null;

/** What becomes of a refund: how it begins and, when that is not the end, what its bank says later. */
export interface RefundCourse {
  readonly first: 'succeeded' | 'pending';
  readonly last: 'succeeded' | 'failed' | null;
  readonly failureReason: string | null;
}

/** A card that behaves in a known way. */
export interface TestCard {
  readonly name: string;
  readonly brand: string;
  readonly last4: string;
  readonly country: string;
  readonly funding: 'credit' | 'debit';
  readonly addressLine1Check: Check;
  readonly postalCodeCheck: Check;
  readonly cvcCheck: Check;
  /** The issuer's refusal, null when it approves. */
  readonly declineCode: string | null;
  /** Whether the cardholder must prove who they are while present; without them the charge is declined. */
  readonly challenge: boolean;
  /** The issuer's refusal when a reservation is to be captured, null when it pays. */
  readonly captureDeclineCode: string | null;
  readonly refunds: RefundCourse;
  readonly meaning: string;
}

const plain = {
  brand: 'visa',
  last4: '4242',
  country: 'US',
  funding: 'credit',
  addressLine1Check: null,
  postalCodeCheck: null,
  cvcCheck: 'pass',
  declineCode: null,
  challenge: false,
  captureDeclineCode: null,
  refunds: { first: 'succeeded', last: null, failureReason: null },
} as const;

function card(
  name: string,
  meaning: string,
  details: Partial<Omit<TestCard, 'name' | 'meaning'>> = {},
): TestCard {
  return { ...plain, ...details, name, meaning };
}

function declining(suffix: string, declineCode: string, last4: string, meaning: string): TestCard {
  return card(`pm_card_visa_chargeDeclined${suffix}`, meaning, { declineCode, last4 });
}

/** The cards with a name of their own, as the processor documents them. */
export const namedCards: readonly TestCard[] = [
  card('pm_card_visa', 'approves'),
  card('pm_card_visa_debit', 'approves', { last4: '5556', funding: 'debit' }),
  card('pm_card_mastercard', 'approves', { brand: 'mastercard', last4: '4444' }),
  card('pm_card_mastercard_debit', 'approves', { brand: 'mastercard', last4: '8210', funding: 'debit' }),
  card('pm_card_amex', 'approves', { brand: 'amex', last4: '0005' }),
  card('pm_card_discover', 'approves', { brand: 'discover', last4: '1117' }),
  card('pm_card_diners', 'approves', { brand: 'diners', last4: '0004' }),
  card('pm_card_jcb', 'approves', { brand: 'jcb', last4: '0505' }),
  card('pm_card_gb', 'approves, issued in the United Kingdom', { last4: '0000', country: 'GB' }),
  declining('', 'generic_decline', '0002', 'declined without a reason'),
  declining('InsufficientFunds', 'insufficient_funds', '9995', 'declined: not enough money'),
  declining('LostCard', 'lost_card', '9987', 'declined: reported lost'),
  declining('StolenCard', 'stolen_card', '9979', 'declined: reported stolen'),
  declining('ExpiredCard', 'expired_card', '0069', 'declined: expired'),
  declining('IncorrectCvc', 'incorrect_cvc', '0127', 'declined: wrong security code'),
  declining('ProcessingError', 'processing_error', '0119', 'declined: technical error at the issuer'),
  declining(
    'VelocityLimitExceeded',
    'card_velocity_exceeded',
    '6975',
    'declined: too often or too much in a short time',
  ),
  declining('Fraudulent', 'fraudulent', '0019', 'declined: held for fraud'),
  card('pm_card_authenticationRequired', 'asks the cardholder to prove who they are', {
    last4: '3155',
    challenge: true,
  }),
  card('pm_card_threeDSecure2Required', 'asks the cardholder to prove who they are', {
    last4: '3220',
    challenge: true,
  }),
  card(
    'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    'asks for proof, then declined: not enough money',
    {
      last4: '9995',
      challenge: true,
      declineCode: 'insufficient_funds',
    },
  ),
  card('pm_card_avsFail', 'approves, but street and postcode are wrong', {
    last4: '0010',
    addressLine1Check: 'fail',
    postalCodeCheck: 'fail',
  }),
  card('pm_card_avsLine1Fail', 'approves, but the street is wrong', {
    last4: '0028',
    addressLine1Check: 'fail',
    postalCodeCheck: 'pass',
  }),
  card('pm_card_avsZipFail', 'approves, but the postcode is wrong', {
    last4: '0036',
    addressLine1Check: 'pass',
    postalCodeCheck: 'fail',
  }),
  card('pm_card_avsUnchecked', 'approves, address not checked by the issuer', {
    last4: '0044',
    addressLine1Check: 'unavailable',
    postalCodeCheck: 'unavailable',
  }),
  card('pm_card_cvcCheckFail', 'approves, but the security code is wrong', {
    last4: '0101',
    cvcCheck: 'fail',
  }),
  card('pm_card_cvcUnavailable', 'approves, security code not checked by the issuer', {
    last4: '0150',
    cvcCheck: 'unavailable',
  }),
  card('pm_card_checksUnchecked', 'approves before anything was checked', {
    last4: '0168',
    addressLine1Check: 'unchecked',
    postalCodeCheck: 'unchecked',
    cvcCheck: 'unchecked',
  }),
  card('pm_card_captureDeclined', 'approves, but refuses the capture', {
    last4: '0176',
    captureDeclineCode: 'generic_decline',
  }),
  card('pm_card_refundFail', 'approves; a refund succeeds and fails later', {
    last4: '5126',
    refunds: { first: 'succeeded', last: 'failed', failureReason: 'expired_or_canceled_card' },
  }),
  card('pm_card_pendingRefund', 'approves; a refund is pending and succeeds later', {
    last4: '7726',
    refunds: { first: 'pending', last: 'succeeded', failureReason: null },
  }),
  card('pm_card_pendingRefundFail', 'approves; a refund is pending and fails later', {
    last4: '5134',
    refunds: { first: 'pending', last: 'failed', failureReason: 'lost_or_stolen_card' },
  }),
];

const byName = new Map(namedCards.map((known) => [known.name, known]));
const anyDecline = /^pm_card_decline_([a-z][a-z_]{2,59})$/;
const networkDecline = /^pm_card_networkDecline_([0-9A-Z]{2})$/;

/**
 * The test card of this name, null when there is none. `pm_card_decline_<decline code>` declines with any code,
 * `pm_card_networkDecline_<two characters>` with a code of the card networks that is known here;
 * `pm_card_chargeDeclined…` and `pm_card_visa_chargeDeclined…` are the same card.
 */
export function testCard(name: string): TestCard | null {
  const known =
    byName.get(name) ?? byName.get(name.replace(/^pm_card_chargeDeclined/, 'pm_card_visa_chargeDeclined'));
  if (known !== undefined) return known;
  const networkCode = networkDecline.exec(name)?.[1];
  const declineCode = networkCode === undefined ? anyDecline.exec(name)?.[1] : networkCode;
  if (declineCode === undefined || (networkCode !== undefined && !isNetworkCode(networkCode))) return null;
  return card(name, `declined: ${declineCode}`, { declineCode, last4: '0341' });
}

/** The test card of a token such as `tok_visa`, null when there is none. */
export function testCardOfToken(token: string): TestCard | null {
  return token.startsWith('tok_') ? testCard(`pm_card_${token.slice('tok_'.length)}`) : null;
}
