import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { TrustedShop } from '../../adapters/cart-tokens/jws.js';
import {
  bearerSecret,
  oneOf,
  optional,
  secret,
  serviceUrl,
  Setting,
  text,
  url,
  wholeNumber,
} from './setting.js';
import { policySettings } from './policy-settings.js';

// Every setting of every role, by its environment variable. A role names the groups it needs; nothing else reads the
// environment. The same settings point at AWS, Stripe and RDS or at the stand-ins of the local stack.

const port = (about: string, fallback: number): Setting<number> =>
  wholeNumber(1, 65_535, { about, fallback });

/** EventStoreDB's address may name several hosts, so it is taken apart here; null when it cannot be used. */
const parseEventStore = (value: string): string | null => {
  if (value === 'postgres') return value;
  const [, hosts = '', options = ''] =
    /^esdb(?:\+discover)?:\/\/(?:[^@/?\s]+@)?([^@/?\s]+)\/?(?:\?(\S*))?$/.exec(value) ?? [];
  const isLocal = hosts.split(',').every((host) => /^(localhost|127(\.\d{1,3}){3})(:\d+)?$/.test(host));
  const isPlain = /(^|&)tls=false(&|$)/i.test(options);
  // The client would answer a refused append with a revision that is wrong.
  const hidesRefusals = /(^|&)throwOnAppendFailure=false(&|$)/i.test(options);
  return hosts === '' || (isPlain && !isLocal) || hidesRefusals ? null : value;
};

/** The two databases, and where the events are. */
export const databaseSettings = {
  CHECKOUT_EVENT_STORE: new Setting({
    about: "the store of the orders' events",
    shape:
      'postgres for the orders database, or an address that begins with esdb:// or esdb+discover://, with tls=false ' +
      'on loopback hosts only',
    fallback: 'postgres',
    secret: true,
    parse: parseEventStore,
  }),
  CHECKOUT_ORDERS_DATABASE_URL: url(['postgres', 'postgresql'], {
    about: 'the database of events, stock and read models',
    secret: true,
  }),
  CHECKOUT_CUSTOMERS_DATABASE_URL: url(['postgres', 'postgresql'], {
    about: 'the database of accounts, sign-ins and addresses',
    secret: true,
  }),
  CHECKOUT_DATABASE_CONNECTIONS: wholeNumber(2, 100, {
    about: 'most connections of one process to each database',
    fallback: 10,
  }),
};

/** The workflow service. */
export const workflowSettings = {
  CHECKOUT_AWS_REGION: text({ about: 'the AWS region of SWF and SES', fallback: 'eu-west-1' }),
  CHECKOUT_SWF_ENDPOINT: optional(
    serviceUrl({ about: 'the address of the workflow service; nothing means AWS' }),
  ),
  CHECKOUT_SWF_DOMAIN: text({ about: 'the SWF domain of this shop', fallback: 'checkout' }),
  CHECKOUT_SITE: text({ about: 'the warehouse whose floor tasks are served', fallback: 'main' }),
};

const TrustedShops = t.array(
  t.strict({
    issuer: t.string,
    keys: t.record(t.string, t.strict({ kty: t.literal('OKP'), crv: t.literal('Ed25519'), x: t.string })),
  }),
);

const parseShops = (value: string): readonly TrustedShop[] | null => {
  try {
    const decoded = TrustedShops.decode(JSON.parse(value));
    return E.isRight(decoded) && decoded.right.length > 0 ? decoded.right : null;
  } catch {
    return null;
  }
};

/** The public web process. */
export const webSettings = {
  CHECKOUT_WEB_HOST: text({ about: 'the interface the checkout listens on', fallback: '127.0.0.1' }),
  CHECKOUT_WEB_PORT: port('the port of the checkout', 4000),
  CHECKOUT_PROXY_HOPS: wholeNumber(0, 5, { about: 'load balancers in front of the checkout', fallback: 0 }),
  CHECKOUT_CART_AUDIENCE: text({ about: 'the audience that cart tokens must name', fallback: 'checkout' }),
  CHECKOUT_CART_ISSUERS: new Setting<readonly TrustedShop[]>({
    about: 'the shops whose carts are trusted, with their Ed25519 public keys by key id',
    shape: 'a JSON list of {"issuer": text, "keys": {key id: {"kty": "OKP", "crv": "Ed25519", "x": text}}}',
    parse: parseShops,
  }),
  CHECKOUT_PASSWORD_COST: wholeNumber(14, 20, {
    about: 'work of one password check: 2 to this power, for scrypt with r=8, p=1',
    fallback: 17,
  }),
};

/** The floor gateway. */
export const floorSettings = {
  CHECKOUT_FLOOR_HOST: text({ about: 'the interface the floor gateway listens on', fallback: '127.0.0.1' }),
  CHECKOUT_FLOOR_PORT: port('the port of the floor gateway', 4001),
  CHECKOUT_FLOOR_LEASE_SECONDS: wholeNumber(5, 3_600, {
    about: 'how long a phone may be silent before its task is handed on',
    fallback: 180,
  }),
};

/** The administration surface that every process has, on loopback only. */
export const adminSettings = {
  CHECKOUT_ADMIN_PORT: wholeNumber(0, 65_535, {
    about: 'the loopback port of health, metrics and administration; 0 takes any free one',
    fallback: 4002,
  }),
  CHECKOUT_LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error', 'silent'] as const, {
    about: 'the least important line that is logged',
    fallback: 'info',
  }),
};

/** The operator's key of the administration surface. */
export const operatorSettings = {
  CHECKOUT_OPERATOR_KEY: bearerSecret({ about: 'the key that operators show' }),
};

/** The card processor; only the payments workers have these. */
export const paymentSettings = {
  CHECKOUT_PAYMENT_URL: serviceUrl({
    about: "the address of the card processor's API",
    fallback: 'https://api.stripe.com',
  }),
  CHECKOUT_PAYMENT_SECRET_KEY: secret({ about: "the card processor's secret key" }),
};

/** The secrets of notices that other services send to the web process. */
export const noticeSettings = {
  CHECKOUT_PAYMENT_WEBHOOK_SECRETS: new Setting<readonly string[]>({
    about: "the secrets with which the card processor's notices may be signed, newest first",
    shape: 'one or more secrets of at least 16 characters, separated by commas',
    secret: true,
    parse: (value) => {
      const secrets = value.split(',').map((part) => part.trim());
      return secrets.every(({ length }) => length >= 16) ? secrets : null;
    },
  }),
  CHECKOUT_SNS_TOPIC_ARNS: new Setting<readonly string[]>({
    about: 'the SNS topics whose reports of bounced and unwanted mails are believed',
    shape: '`none`, or topic ARNs separated by commas',
    fallback: [],
    parse: (value) => {
      if (value === 'none') return [];
      const topics = value.split(',').map((part) => part.trim());
      return topics.every((topic) => /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/.test(topic))
        ? topics
        : null;
    },
  }),
  CHECKOUT_SNS_ENDPOINT: optional(
    serviceUrl({ about: 'the address of the notification service; nothing means AWS' }),
  ),
};

/** The mail service; only the mail workers have these. */
export const mailSettings = {
  CHECKOUT_MAIL_CONFIGURATION_SET: optional(
    text({ about: 'the SES configuration set that reports bounces, with the tags of each mail' }),
  ),
  CHECKOUT_SES_ENDPOINT: optional(
    serviceUrl({ about: 'the address of the mail service; nothing means AWS' }),
  ),
  CHECKOUT_MAIL_SENDER: text({ about: 'the sender of all mails, such as Shop <orders@shop.example>' }),
};

/** How many tasks each role works on side by side. */
export const concurrencySettings = {
  CHECKOUT_DECIDER_CONCURRENCY: wholeNumber(1, 64, { about: 'decisions at once', fallback: 6 }),
  CHECKOUT_WORKER_CONCURRENCY: wholeNumber(1, 64, { about: 'steps at once, of each group', fallback: 6 }),
  CHECKOUT_WORKER_GROUPS: new Setting<ReadonlySet<'orders' | 'payments' | 'mail'>>({
    about: 'the groups of steps that a worker process does',
    shape: 'a list of orders, payments, mail',
    fallback: new Set(['orders', 'payments', 'mail'] as const),
    parse: (value) => {
      const parts = value.split(',').map((part) => part.trim());
      const groups = (['orders', 'payments', 'mail'] as const).filter((group) => parts.includes(group));
      return groups.length === parts.length ? new Set(groups) : null;
    },
  }),
};

/** All settings of all roles. */
export const allSettings = {
  ...databaseSettings,
  ...workflowSettings,
  ...policySettings,
  ...webSettings,
  ...floorSettings,
  ...adminSettings,
  ...operatorSettings,
  ...paymentSettings,
  ...mailSettings,
  ...noticeSettings,
  ...concurrencySettings,
};
