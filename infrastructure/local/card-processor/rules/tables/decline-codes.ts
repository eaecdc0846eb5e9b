/**
 * The two-character answers of the card networks and the decline code that the API makes of each. Codes that are not
 * here cannot be asked for.
 */
const networkCodes: ReadonlyMap<string, string> = new Map([
  ...coded('call_issuer', '01 02'),
  ...coded('service_not_allowed', '03'),
  ...coded('pickup_card', '04'),
  ...coded('do_not_honor', '05'),
  ...coded('processing_error', '06 22 30 96'),
  ...coded('fraudulent', '07 34'),
  ...coded('transaction_not_allowed', '12 40 57 58 93 5C N3'),
  ...coded('invalid_amount', '13 Z5'),
  ...coded('incorrect_number', '14 56'),
  ...coded('invalid_account', '15 39 42 44 46 52 53'),
  ...coded('reenter_transaction', '19'),
  ...coded('no_action_taken', '21'),
  ...coded('issuer_not_available', '31 91 92'),
  ...coded('expired_card', '33 54'),
  ...coded('restricted_card', '36 62 78 9G'),
  ...coded('pin_try_exceeded', '38 75'),
  ...coded('lost_card', '41'),
  ...coded('stolen_card', '43'),
  ...coded('insufficient_funds', '51'),
  ...coded('incorrect_pin', '55 86'),
  ...coded('security_violation', '59 63 83'),
  ...coded('card_velocity_exceeded', '61'),
  ...coded('withdrawal_count_limit_exceeded', '65 N4'),
  ...coded('online_or_offline_pin_required', '70'),
  ...coded('incorrect_cvc', '82 N7'),
  ...coded('duplicate_transaction', '94'),
  ...coded('authentication_required', '1A'),
  ...coded('incorrect_zip', '6P'),
  ...coded('stop_payment_order', 'R0'),
  ...coded('revocation_of_authorization', 'R1'),
  ...coded('revocation_of_all_authorizations', 'R3'),
]);

function coded(declineCode: string, codes: string): readonly (readonly [string, string])[] {
  return codes.split(' ').map((code) => [code, declineCode]);
}

/** Whether a two-character code of the card networks is known. */
export function isNetworkCode(code: string): boolean {
  return networkCodes.has(code);
}

/** What the API says of an issuer's answer: either a decline code as it is, or a network's code with its translation. */
export function stripeCodeOf(code: string): {
  readonly declineCode: string;
  readonly networkDeclineCode: string | null;
} {
  const translated = networkCodes.get(code);
  return translated === undefined
    ? { declineCode: code, networkDeclineCode: null }
    : { declineCode: translated, networkDeclineCode: code };
}

/** What is wrong with a code to decline with; null when it is a known network code or looks like a decline code. */
export function declineCodeProblem(code: string | null): string | null {
  if (code !== null && (isNetworkCode(code) || /^[a-z][a-z_]{2,59}$/.test(code))) return null;
  return 'code is a decline code such as insufficient_funds, or a two-character code of the card networks such as 51';
}

const ownErrorCodes = [
  'authentication_required',
  'expired_card',
  'incorrect_address',
  'incorrect_cvc',
  'incorrect_number',
  'incorrect_zip',
  'invalid_cvc',
  'invalid_expiry_month',
  'invalid_expiry_year',
  'invalid_number',
  'processing_error',
];

/** The error code that goes with a decline code: the same for a few, `card_declined` for all others. */
export function errorCodeOf(declineCode: string): string {
  if (declineCode === 'authentication_not_handled') return 'authentication_required';
  return ownErrorCodes.includes(declineCode) ? declineCode : 'card_declined';
}

const neverAgain =
  /^(lost_card|stolen_card|pickup_card|restricted_card|fraudulent|invalid_account|do_not_try_again|revocation_of_.*|stop_payment_order|security_violation)$/;
const correctData = /^(incorrect_.*|invalid_.*|expired_card)$/;

/** What the network advises after a decline. */
export function adviceOf(declineCode: string): 'confirm_card_data' | 'do_not_try_again' | 'try_again_later' {
  if (neverAgain.test(declineCode)) return 'do_not_try_again';
  return correctData.test(declineCode) ? 'confirm_card_data' : 'try_again_later';
}
