import { stripeGateway } from '../../adapters/payment/stripe.js';
import type { PaymentGateway } from '../../application/ports/payment-gateway.js';
import { openPaymentClient } from '../payment-client.js';
import type { RoleContext } from '../process/role.js';

/** The card processor's gateway, with a client of its own. */
export const openGateway = (
  options: { readonly url: string; readonly secretKey: string },
  { scope }: RoleContext,
): PaymentGateway => {
  const client = openPaymentClient(options);
  scope.onRelease(() => {
    client.close();
    return Promise.resolve();
  });
  return stripeGateway(client.stripe);
};
