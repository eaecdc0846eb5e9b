import { jwsCartTokens } from '../../adapters/cart-tokens/jws.js';
import { postgresCheckpoints } from '../../adapters/event-store/postgres-checkpoints.js';
import { postgresFloorTasks } from '../../adapters/floor-tasks/postgres.js';
import { createAdminApp } from '../../adapters/http/admin/app.js';
import { createCheckoutApp } from '../../adapters/http/checkout/app.js';
import { createOrderFeed } from '../../adapters/http/checkout/order-feed.js';
import { postgresOrderViews } from '../../adapters/projections/postgres.js';
import { promisedKeyLife } from '../../adapters/request-keys/settings.js';
import { postgresRequestKeys } from '../../adapters/request-keys/postgres.js';
import {
  snsDeliveryNotices,
  usualNoticeTimes,
} from '../../adapters/ses/delivery-reports/delivery-notices.js';
import { actOnDeliveryNotice } from '../../application/emails/record-delivery-report.js';
import { readNotice } from '../../adapters/payment/stripe/notice.js';
import { createOrderDesk } from '../../application/orders/order-desk.js';
import { replacePaymentMethod } from '../../application/orders/replace-payment-method.js';
import type { ChangeOrderPorts } from '../../application/orders/change-order.js';
import { cancelOrder } from '../../application/orders/cancel-order.js';
import { handOverCart } from '../../application/orders/hand-over-cart.js';
import { placeOrder } from '../../application/orders/place-order.js';
import { readOrder } from '../../application/orders/read-order.js';
import { giftWholesalerScheme } from '../../domain/catalogue.js';
import type { ValuesOf } from '../config/setting.js';
import {
  adminSettings,
  databaseSettings,
  noticeSettings,
  operatorSettings,
  webSettings,
  workflowSettings,
} from '../config/settings.js';
import { policySettings } from '../config/policy-settings.js';
import { listen } from '../process/http-listener.js';
import type { RoleContext, RoleDefinition } from '../process/role.js';
import { httpObserverOf, httpSettingsOf, publicHttpSettingsOf } from '../process/http.js';
import { processSettingsOf } from './policy.js';
import {
  databaseChecks,
  openCarts,
  openCustomers,
  openEventStore,
  openPaymentNotices,
  openStock,
  ordersPool,
} from './stores.js';
import { openOrderProcesses } from './workflow.js';

const settings = {
  ...databaseSettings,
  ...workflowSettings,
  ...policySettings,
  ...webSettings,
  ...noticeSettings,
  ...adminSettings,
  ...operatorSettings,
};

type WebValues = ValuesOf<typeof settings>;

/** What changing an order needs, for customers and operators alike. */
const openOrderPorts = async (values: WebValues, context: RoleContext): Promise<ChangeOrderPorts> => {
  const { scope, system, observer } = context;
  const eventStore = await openEventStore(scope, values);
  const orderProcesses = await openOrderProcesses(values, context);
  return { eventStore, system, observer, orderProcesses, settings: processSettingsOf(values) };
};

const openCheckout = async (values: WebValues, context: RoleContext, orderPorts: ChangeOrderPorts) => {
  const { scope, system, observer } = context;
  const { eventStore, settings } = orderPorts;
  const pool = await ordersPool(scope, values);
  const [carts, customers] = await Promise.all([openCarts(values, context), openCustomers(values, context)]);
  const cartTokens = jwsCartTokens({
    audience: values.CHECKOUT_CART_AUDIENCE,
    issuers: values.CHECKOUT_CART_ISSUERS,
  });
  const readPayment = readNotice(values.CHECKOUT_PAYMENT_WEBHOOK_SECRETS);
  const feed = createOrderFeed({ eventStore, checkpoints: postgresCheckpoints(pool), system, observer });
  const app = createCheckoutApp(
    {
      handOver: handOverCart({ cartTokens, carts, eventStore, system }, giftWholesalerScheme),
      place: placeOrder({ ...orderPorts, carts, customers }, giftWholesalerScheme, settings),
      cancel: cancelOrder(orderPorts),
      replacePaymentMethod: replacePaymentMethod(orderPorts),
      readPaymentNotice: (body, signature) => readPayment({ body, signature }, system.now()),
      paymentNotices: await openPaymentNotices(values, context),
      ...snsDeliveryNotices(
        {
          topicArns: new Set(values.CHECKOUT_SNS_TOPIC_ARNS),
          serviceOrigin: values.CHECKOUT_SNS_ENDPOINT,
          ...usualNoticeTimes,
        },
        fetch,
      ),
      actOnDeliveryNotice: actOnDeliveryNotice({ eventStore, system, observer, customers }),
      read: readOrder({ eventStore }),
      waitLimits: settings,
      requestKeys: postgresRequestKeys(pool, promisedKeyLife),
      customers,
      eventStore,
      orderViews: postgresOrderViews(pool),
      feed,
      system,
      observer,
    },
    publicHttpSettingsOf(values),
    httpObserverOf(context),
  );
  return { app, feed };
};

const openAdministration = async (values: WebValues, context: RoleContext, orderPorts: ChangeOrderPorts) => {
  const { scope, system, metrics } = context;
  const pool = await ordersPool(scope, values);
  return createAdminApp(
    {
      ports: {
        stock: await openStock(values, context),
        floorTasks: postgresFloorTasks(pool),
        eventStore: orderPorts.eventStore,
        desk: createOrderDesk(orderPorts),
        cancel: cancelOrder(orderPorts),
        waitLimits: orderPorts.settings,
        orderViews: postgresOrderViews(pool),
        system,
      },
      operatorKey: values.CHECKOUT_OPERATOR_KEY,
      operational: { checks: await databaseChecks(values, context), metrics: metrics.registry },
    },
    httpSettingsOf(`http://127.0.0.1:${String(values.CHECKOUT_ADMIN_PORT)}`),
    httpObserverOf(context),
  );
};

/** The checkout's web process: the public API, and the administration on loopback. */
export const webRole: RoleDefinition<typeof settings> = {
  name: 'web',
  about: 'The checkout application: takes signed carts, signs customers in, takes and shows orders.',
  settings,
  hasOwnAdministration: true,
  start: async (values, context) => {
    const orderPorts = await openOrderPorts(values, context);
    const { app, feed } = await openCheckout(values, context, orderPorts);
    const administration = await openAdministration(values, context, orderPorts);
    const web = await listen(app.callback(), {
      host: values.CHECKOUT_WEB_HOST,
      port: values.CHECKOUT_WEB_PORT,
      settingName: 'CHECKOUT_WEB_PORT',
    });
    context.scope.onRelease(web.close);
    const admin = await listen(administration.callback(), {
      host: '127.0.0.1',
      port: values.CHECKOUT_ADMIN_PORT,
      settingName: 'CHECKOUT_ADMIN_PORT',
    });
    context.scope.onRelease(admin.close);
    return { run: feed.run };
  },
};
