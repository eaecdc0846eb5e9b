import type { StepPolicy } from '../../application/steps/step-ports.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import type { ValuesOf } from '../config/setting.js';
import type { policySettings } from '../config/settings.js';

type PolicyValues = ValuesOf<typeof policySettings>;

/** What is fixed for an order when its process starts. */
export const processSettingsOf = (values: PolicyValues): ProcessSettings => ({
  graceSeconds: values.CHECKOUT_GRACE_SECONDS,
  payAgainSeconds: values.CHECKOUT_PAY_AGAIN_SECONDS,
});

/** What the workers' steps go by. */
export const stepPolicyOf = (values: PolicyValues): StepPolicy => ({
  settings: processSettingsOf(values),
  stockHoldSeconds: values.CHECKOUT_STOCK_HOLD_SECONDS,
  destinations: values.CHECKOUT_DESTINATIONS,
  totalLimits: values.CHECKOUT_TOTAL_LIMITS,
  publicUrl: values.CHECKOUT_PUBLIC_URL,
  shopName: values.CHECKOUT_SHOP_NAME,
});
