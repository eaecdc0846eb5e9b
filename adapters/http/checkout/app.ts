// The public API of the checkout.
import type { CurrentSignIn, Customers } from '../../../application/ports/customers.js';
import type { System } from '../../../application/ports/system.js';
import { createHttpApp, type HttpObserver, type HttpSettings } from '../app.js';
import type { Endpoint, Guard } from '../endpoint.js';
import { withDescription } from '../open-api.js';
import { accountEndpoints } from './accounts.js';
import { cartEndpoints, type CartPorts } from './carts.js';
import { customerGuard } from './customer-guard.js';
import { orderEndpoints, type OrderEndpointPorts } from './orders.js';
import { deliveryReportEndpoint, type DeliveryReportEndpointPorts } from '../webhooks/delivery-reports.js';
import { paymentNoticeEndpoint, type PaymentNoticePorts } from '../webhooks/payment-notices.js';

/** All that the public API needs. */
export type CheckoutPorts = CartPorts &
  OrderEndpointPorts &
  PaymentNoticePorts &
  DeliveryReportEndpointPorts & { readonly customers: Customers; readonly system: System };

/** Endpoints of the public API. */
function checkoutEndpoints(ports: CheckoutPorts, publicUrl: URL): readonly Endpoint[] {
  const guard: Guard<CurrentSignIn> = customerGuard(ports.customers, ports.system, publicUrl);
  return [
    ...cartEndpoints(ports),
    ...accountEndpoints(ports, publicUrl),
    ...orderEndpoints(ports, guard),
    paymentNoticeEndpoint(ports),
    deliveryReportEndpoint(ports),
  ];
}

/** The public API as a Koa application. It does not listen; `ports.feed` must be run beside it. */
export const createCheckoutApp = (ports: CheckoutPorts, settings: HttpSettings, observer: HttpObserver) => {
  const { publicUrl } = settings;
  const endpoints = withDescription('Checkout', publicUrl, checkoutEndpoints(ports, publicUrl));
  return createHttpApp(endpoints, settings, observer);
};
