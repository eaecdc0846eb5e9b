import type { StepPolicy } from '../../application/steps/step-ports.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import type { ValuesOf } from '../config/setting.js';
import type { policySettings } from '../config/policy-settings.js';

type PolicyValues = ValuesOf<typeof policySettings>;

/** What is fixed for an order when its process starts. */
export const processSettingsOf = (values: PolicyValues): ProcessSettings => ({
  graceSeconds: values.CHECKOUT_GRACE_SECONDS,
  payAgainSeconds: values.CHECKOUT_PAY_AGAIN_SECONDS,
  payAgainLaterSeconds: values.CHECKOUT_PAY_AGAIN_LATER_SECONDS,
  challengeSeconds: values.CHECKOUT_CHALLENGE_SECONDS,
  renewMarginSeconds: values.CHECKOUT_RENEW_MARGIN_SECONDS,
  pickSeconds: values.CHECKOUT_PICK_SECONDS,
  unshippedSeconds: values.CHECKOUT_UNSHIPPED_SECONDS,
});

/** What the workers' steps go by. */
export const stepPolicyOf = (values: PolicyValues): StepPolicy => ({
  settings: processSettingsOf(values),
  stockHoldSeconds: values.CHECKOUT_STOCK_HOLD_SECONDS,
  cardPolicy: {
    refuseFailedAddressCheck: values.CHECKOUT_REFUSE_CHECKS.has('address'),
    refuseFailedSecurityCodeCheck: values.CHECKOUT_REFUSE_CHECKS.has('security_code'),
  },
  destinations: values.CHECKOUT_DESTINATIONS,
  totalLimits: values.CHECKOUT_TOTAL_LIMITS,
  publicUrl: values.CHECKOUT_PUBLIC_URL,
  shopName: values.CHECKOUT_SHOP_NAME,
});
