import { directoryOf, type StackLayout, urlOf } from './layout.js';
import type { StackSecrets } from './secrets.js';

/** The topic of the mailbox's reports. */
export const mailTopic = 'arn:aws:sns:eu-west-1:000000000000:mail-events';

/** The SWF domain of local stacks. */
const domain = 'checkout';

/**
 * The settings that point the roles at a local stack. They are the same settings as in production with other values;
 * whatever the caller's environment sets (a longer grace period, another log level) goes before.
 */
export const roleEnvironment = (
  layout: StackLayout,
  secrets: StackSecrets,
  databaseUrl: (database: string) => string,
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv => {
  const { issuer, kid, privateKey } = secrets.storefront;
  const { kty, crv, x } = privateKey;
  return {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    CHECKOUT_ORDERS_DATABASE_URL: databaseUrl('orders'),
    CHECKOUT_CUSTOMERS_DATABASE_URL: databaseUrl('customers'),
    CHECKOUT_SWF_ENDPOINT: urlOf(layout, 'swf'),
    CHECKOUT_SWF_DOMAIN: domain,
    CHECKOUT_SES_ENDPOINT: urlOf(layout, 'mailbox'),
    CHECKOUT_MAIL_SENDER: 'The Gift Shop <orders@shop.example>',
    CHECKOUT_PAYMENT_URL: urlOf(layout, 'processor'),
    CHECKOUT_PAYMENT_SECRET_KEY: secrets.processorKey,
    CHECKOUT_PAYMENT_WEBHOOK_SECRETS: secrets.processorWebhookSecret,
    CHECKOUT_SNS_TOPIC_ARNS: mailTopic,
    CHECKOUT_SNS_ENDPOINT: urlOf(layout, 'mailbox'),
    CHECKOUT_MAIL_CONFIGURATION_SET: 'checkout',
    CHECKOUT_PUBLIC_URL: urlOf(layout, 'web'),
    CHECKOUT_WEB_PORT: String(layout.ports.web),
    CHECKOUT_FLOOR_PORT: String(layout.ports.floor),
    CHECKOUT_ADMIN_PORT: String(layout.ports.admin),
    CHECKOUT_OPERATOR_KEY: secrets.operatorKey,
    CHECKOUT_CART_ISSUERS: JSON.stringify([{ issuer, keys: { [kid]: { kty, crv, x } } }]),
    CHECKOUT_TOTAL_LIMITS: 'GBP:5000000,EUR:5000000,USD:5000000,JPY:5000000',
    // A person who tries the stack does not want to wait 20 minutes, and registers hundreds of customers at once.
    CHECKOUT_GRACE_SECONDS: '0',
    CHECKOUT_PASSWORD_COST: '14',
    ...environment,
  };
};

/**
 * The settings that a local stack decides itself, because they lead to its own parts: a connection to anybody else's
 * database or processor that a person has in the environment must never be mixed with them.
 */
export const ownSettings = [
  'CHECKOUT_ORDERS_DATABASE_URL',
  'CHECKOUT_CUSTOMERS_DATABASE_URL',
  'CHECKOUT_SWF_ENDPOINT',
  'CHECKOUT_SWF_DOMAIN',
  'CHECKOUT_SES_ENDPOINT',
  'CHECKOUT_PAYMENT_URL',
  'CHECKOUT_PAYMENT_SECRET_KEY',
  'CHECKOUT_PAYMENT_WEBHOOK_SECRETS',
  'CHECKOUT_SNS_TOPIC_ARNS',
  'CHECKOUT_SNS_ENDPOINT',
  'CHECKOUT_PUBLIC_URL',
  'CHECKOUT_WEB_PORT',
  'CHECKOUT_FLOOR_PORT',
  'CHECKOUT_ADMIN_PORT',
  'CHECKOUT_OPERATOR_KEY',
  'CHECKOUT_CART_ISSUERS',
] as const;

/** The parts that keep data below the stack's folder. */
export const dataDirectories = (layout: StackLayout): readonly string[] => [
  directoryOf(layout, 'swf'),
  directoryOf(layout, 'processor'),
  directoryOf(layout, 'mailbox'),
];
