import type { StepPolicy } from '../../application/steps/step-ports.js';
import type { CardPolicy } from '../../domain/payment.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import type { ValuesOf } from '../config/setting.js';
import { policySettings } from '../config/policy-settings.js';

type PolicyValues = ValuesOf<typeof policySettings>;

/** The settings that decide about an order's process. */
export const processSettings = {
  CHECKOUT_GRACE_SECONDS: policySettings.CHECKOUT_GRACE_SECONDS,
  CHECKOUT_PAY_AGAIN_SECONDS: policySettings.CHECKOUT_PAY_AGAIN_SECONDS,
  CHECKOUT_PAY_AGAIN_LATER_SECONDS: policySettings.CHECKOUT_PAY_AGAIN_LATER_SECONDS,
  CHECKOUT_CHALLENGE_SECONDS: policySettings.CHECKOUT_CHALLENGE_SECONDS,
  CHECKOUT_RENEW_MARGIN_SECONDS: policySettings.CHECKOUT_RENEW_MARGIN_SECONDS,
  CHECKOUT_PICK_SECONDS: policySettings.CHECKOUT_PICK_SECONDS,
  CHECKOUT_UNSHIPPED_SECONDS: policySettings.CHECKOUT_UNSHIPPED_SECONDS,
};

/** What is fixed for an order when its process starts. */
export const processSettingsOf = (values: ValuesOf<typeof processSettings>): ProcessSettings => ({
  graceSeconds: values.CHECKOUT_GRACE_SECONDS,
  payAgainSeconds: values.CHECKOUT_PAY_AGAIN_SECONDS,
  payAgainLaterSeconds: values.CHECKOUT_PAY_AGAIN_LATER_SECONDS,
  challengeSeconds: values.CHECKOUT_CHALLENGE_SECONDS,
  renewMarginSeconds: values.CHECKOUT_RENEW_MARGIN_SECONDS,
  pickSeconds: values.CHECKOUT_PICK_SECONDS,
  unshippedSeconds: values.CHECKOUT_UNSHIPPED_SECONDS,
});

/** Which approved cards the shop refuses. */
export const cardPolicyOf = ({
  CHECKOUT_REFUSE_CHECKS: checks,
}: Pick<PolicyValues, 'CHECKOUT_REFUSE_CHECKS'>): CardPolicy => ({
  refuseFailedAddressCheck: checks.has('address'),
  refuseFailedSecurityCodeCheck: checks.has('security_code'),
});

/** What the workers' steps go by. */
export const stepPolicyOf = (values: PolicyValues): StepPolicy => ({
  settings: processSettingsOf(values),
  stockHoldSeconds: values.CHECKOUT_STOCK_HOLD_SECONDS,
  cardPolicy: cardPolicyOf(values),
  destinations: values.CHECKOUT_DESTINATIONS,
  totalLimits: values.CHECKOUT_TOTAL_LIMITS,
  publicUrl: values.CHECKOUT_PUBLIC_URL,
  shopName: values.CHECKOUT_SHOP_NAME,
});
