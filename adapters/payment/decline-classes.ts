import type { Decline, DeclineClass } from '../../domain/payment.js';

// What each of Stripe's decline codes allows next. Codes are for us alone: a shopper is told the class at most, so
// that nobody learns from us that a card is reported stolen.
const codesByClass: Readonly<Record<Exclude<DeclineClass, 'policy'>, readonly string[]>> = {
  soft: [
    'approve_with_id',
    'issuer_not_available',
    'processing_error',
    'reenter_transaction',
    'try_again_later',
  ],
  fixable: [
    'expired_card',
    'incorrect_address',
    'incorrect_cvc',
    'incorrect_pin',
    'incorrect_zip',
    'invalid_cvc',
    'invalid_expiry_month',
    'invalid_expiry_year',
    'invalid_pin',
    'new_account_information_available',
  ],
  funds: [
    'call_issuer',
    'card_declined',
    'card_velocity_exceeded',
    'do_not_honor',
    'duplicate_transaction',
    'generic_decline',
    'insufficient_funds',
    'invalid_amount',
    'no_action_taken',
    'pin_try_exceeded',
    'security_violation',
    'withdrawal_count_limit_exceeded',
  ],
  authentication: [
    'authentication_not_handled',
    'authentication_required',
    'mobile_device_authentication_required',
    'offline_pin_required',
    'online_or_offline_pin_required',
    'payment_intent_authentication_failure',
  ],
  hard: [
    'card_not_supported',
    'currency_not_supported',
    'do_not_try_again',
    'fraudulent',
    'incorrect_number',
    'invalid_account',
    'invalid_number',
    'lost_card',
    'merchant_blacklist',
    'not_permitted',
    'payment_method_unusable',
    'pickup_card',
    'restricted_card',
    'revocation_of_all_authorizations',
    'revocation_of_authorization',
    'service_not_allowed',
    'stolen_card',
    'stop_payment_order',
    'testmode_decline',
    'transaction_not_allowed',
  ],
};

const classes: ReadonlyMap<string, DeclineClass> = new Map([
  ...codesByClass.soft.map((code) => [code, 'soft'] as const),
  ...codesByClass.fixable.map((code) => [code, 'fixable'] as const),
  ...codesByClass.funds.map((code) => [code, 'funds'] as const),
  ...codesByClass.authentication.map((code) => [code, 'authentication'] as const),
  ...codesByClass.hard.map((code) => [code, 'hard'] as const),
]);

/** The class of a code; null for one that this version does not know. */
export const declineClassOf = (code: string): DeclineClass | null => classes.get(code) ?? null;

/**
 * A decline with its class. A code that is new to us may be tried again later, a few times: never at once, and not as
 * if the card were lost.
 */
export const declineOf = (code: string): Decline => ({ class: declineClassOf(code) ?? 'funds', code });
