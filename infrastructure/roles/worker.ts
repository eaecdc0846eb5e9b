import * as TE from 'fp-ts/lib/TaskEither.js';
import { sesMailer } from '../../adapters/ses/mailer.js';
import { sparingMailer } from '../../application/emails/sparing-mailer.js';
import type { Customers } from '../../application/ports/customers.js';
import type { Mailer } from '../../application/ports/mail/mailer.js';
import type { PaymentGateway } from '../../application/ports/payment-gateway.js';
import { createRunStep } from '../../application/steps/run-step.js';
import { actOnNotice } from '../../application/payments/act-on-notice.js';
import { createNoticeReader } from '../../application/roles/notice-reader.js';
import { createWorker } from '../../application/roles/worker.js';
import { openSesClient } from '../aws-clients/ses.js';
import { optional, type ValuesOf } from '../config/setting.js';
import {
  concurrencySettings,
  databaseSettings,
  mailSettings,
  paymentSettings,
  webSettings,
  workflowSettings,
} from '../config/settings.js';
import { policySettings } from '../config/policy-settings.js';
import { type RoleContext, type RoleDefinition, StartUpFailure } from '../process/role.js';
import { openGateway } from './payments.js';
import { stepPolicyOf } from './policy.js';
import { openCustomers, openEventStore, openPaymentNotices, openStock } from './stores.js';
import { openOrderProcesses, openStepTasks } from './workflow.js';

const settings = {
  ...databaseSettings,
  ...workflowSettings,
  ...policySettings,
  CHECKOUT_PASSWORD_COST: webSettings.CHECKOUT_PASSWORD_COST,
  CHECKOUT_PAYMENT_URL: paymentSettings.CHECKOUT_PAYMENT_URL,
  CHECKOUT_SES_ENDPOINT: mailSettings.CHECKOUT_SES_ENDPOINT,
  // Only the groups that use them must have these: a worker that does no payments is given no secret.
  CHECKOUT_PAYMENT_SECRET_KEY: optional(paymentSettings.CHECKOUT_PAYMENT_SECRET_KEY),
  CHECKOUT_MAIL_SENDER: optional(mailSettings.CHECKOUT_MAIL_SENDER),
  CHECKOUT_MAIL_CONFIGURATION_SET: mailSettings.CHECKOUT_MAIL_CONFIGURATION_SET,
  CHECKOUT_WORKER_CONCURRENCY: concurrencySettings.CHECKOUT_WORKER_CONCURRENCY,
  CHECKOUT_WORKER_GROUPS: concurrencySettings.CHECKOUT_WORKER_GROUPS,
};

type WorkerValues = ValuesOf<typeof settings>;

const needed = (value: string | null, name: string, group: string): string => {
  if (value !== null) return value;
  throw new StartUpFailure(`${name} is not set; a worker of the group ${group} needs it`);
};

const noGateway: PaymentGateway = (() => {
  const refused = TE.left({ type: 'nothing_happened', reason: 'not_a_payments_worker' } as const);
  return {
    reserve: () => refused,
    findReservation: () => refused,
    charge: () => refused,
    findCharge: () => refused,
    voidReservation: () => refused,
    refund: () => refused,
    findRefund: () => refused,
    findDispute: () => refused,
    paymentsOf: () => refused,
  };
})();

const gatewayOf = (values: WorkerValues, context: RoleContext): PaymentGateway =>
  values.CHECKOUT_WORKER_GROUPS.has('payments')
    ? openGateway(
        {
          url: values.CHECKOUT_PAYMENT_URL,
          secretKey: needed(values.CHECKOUT_PAYMENT_SECRET_KEY, 'CHECKOUT_PAYMENT_SECRET_KEY', 'payments'),
        },
        context,
      )
    : noGateway;

const noMailer: Mailer = {
  send: () => TE.left({ type: 'mail_service_unavailable', reason: 'not_a_mail_worker' }),
};

const openMailer = (values: WorkerValues, { scope }: RoleContext, customers: Customers): Mailer => {
  if (!values.CHECKOUT_WORKER_GROUPS.has('mail')) return noMailer;
  const client = openSesClient({
    region: values.CHECKOUT_AWS_REGION,
    ...(values.CHECKOUT_SES_ENDPOINT === null ? {} : { endpoint: values.CHECKOUT_SES_ENDPOINT }),
  });
  scope.onRelease(() => {
    client.destroy();
    return Promise.resolve();
  });
  const sender = needed(values.CHECKOUT_MAIL_SENDER, 'CHECKOUT_MAIL_SENDER', 'mail');
  const configurationSet = values.CHECKOUT_MAIL_CONFIGURATION_SET;
  const mailer = sesMailer(client, { sender, ...(configurationSet === null ? {} : { configurationSet }) });
  return sparingMailer(customers, mailer);
};

/** Does the steps of one or more groups of workers. Any number may run. */
export const workerRole: RoleDefinition<typeof settings> = {
  name: 'worker',
  about: 'SWF workers of the groups orders, payments and mail: validate, reserve, charge, notify.',
  settings,
  start: async (values, context) => {
    const { scope, system, observer, identity } = context;
    const policy = stepPolicyOf(values);
    const eventStore = await openEventStore(scope, values);
    const gateway = gatewayOf(values, context);
    const customers = await openCustomers(values, context);
    const orderPorts = { eventStore, system, observer };
    const runStep = createRunStep(
      {
        ...orderPorts,
        customers,
        stock: await openStock(values, context),
        gateway,
        mailer: openMailer(values, context, customers),
      },
      policy,
    );
    const stepTasks = await openStepTasks(values, context);
    const workers = [...values.CHECKOUT_WORKER_GROUPS].map((group) =>
      createWorker(
        { stepTasks, system, observer, runStep },
        { group, identity: identity(`worker-${group}`), concurrency: values.CHECKOUT_WORKER_CONCURRENCY },
      ),
    );
    // Only who may ask the processor can read back what a notice is about.
    const readers = values.CHECKOUT_WORKER_GROUPS.has('payments')
      ? [
          createNoticeReader({
            notices: await openPaymentNotices(values, context),
            act: actOnNotice(
              { ...orderPorts, gateway, orderProcesses: await openOrderProcesses(values, context) },
              policy,
            ),
            system,
            observer,
          }),
        ]
      : [];
    return {
      run: async (stop) => {
        await Promise.all([...workers, ...readers].map((role) => role.run(stop)));
      },
    };
  },
};
