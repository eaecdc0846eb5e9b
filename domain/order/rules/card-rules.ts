import type { CardPolicy, Reservation } from '../../payment.js';

/** A rule by which the shop refuses a card that its issuer approved. */
export type CardRule = {
  readonly code: 'address_check_failed' | 'security_code_check_failed';
  readonly broken: (reservation: Reservation, policy: CardPolicy) => boolean;
};

/** Every rule about approved cards; a check that the issuer did not make breaks none. */
const cardRules: readonly CardRule[] = [
  {
    code: 'address_check_failed',
    broken: ({ addressCheck }, policy) => policy.refuseFailedAddressCheck && addressCheck === 'fail',
  },
  {
    code: 'security_code_check_failed',
    broken: ({ securityCodeCheck }, policy) =>
      policy.refuseFailedSecurityCodeCheck && securityCodeCheck === 'fail',
  },
];

/** The first rule that an approved card breaks; null when the shop takes it. */
export const approvalProblem = (reservation: Reservation, policy: CardPolicy): CardRule['code'] | null =>
  cardRules.find((rule) => rule.broken(reservation, policy))?.code ?? null;
