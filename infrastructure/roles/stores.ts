import { randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Pool } from 'pg';
import { scryptPasswords } from '../../adapters/customers/password.js';
import { postgresCarts } from '../../adapters/customers/postgres-carts.js';
import { postgresCustomers } from '../../adapters/customers/postgres.js';
import { eventStoreDbStore } from '../../adapters/event-store/eventstoredb/store.js';
import { postgresEventStore } from '../../adapters/event-store/postgres.js';
import { postgresPaymentNotices } from '../../adapters/payment/notices/postgres.js';
import { postgresStock } from '../../adapters/stock/postgres.js';
import type { ReadinessCheck } from '../../adapters/http/admin/operational.js';
import type { Carts } from '../../application/ports/carts.js';
import type { Customers } from '../../application/ports/customers.js';
import type { EventStore } from '../../application/ports/event-store.js';
import type { PaymentNotices } from '../../application/ports/payment-notices.js';
import type { Stock } from '../../application/ports/stock.js';
import { signInLifeSeconds } from '../../domain/customer.js';
import type { ValuesOf } from '../config/setting.js';
import type { databaseSettings, webSettings } from '../config/settings.js';
import { type Listener, openListener } from '../database/listener.js';
import { openPool } from '../database/pool.js';
import { openEventStoreClient } from '../event-store-client.js';
import type { RoleContext } from '../process/role.js';
import { resource, type Scope } from '../process/scope.js';

type DatabaseValues = ValuesOf<typeof databaseSettings>;
type PasswordValues = Pick<ValuesOf<typeof webSettings>, 'CHECKOUT_PASSWORD_COST'>;

const poolOf = (url: string, values: DatabaseValues, scope: Scope): Promise<Pool> => {
  const opened = openPool({ url, max: values.CHECKOUT_DATABASE_CONNECTIONS, applicationName: 'checkout' });
  scope.onRelease(opened.close);
  return Promise.resolve(opened.pool);
};

/** The process's connections to the orders database. */
export const ordersPool = resource((values: DatabaseValues, scope) =>
  poolOf(values.CHECKOUT_ORDERS_DATABASE_URL, values, scope),
);

/** The process's connections to the customers database. */
const customersPool = resource((values: DatabaseValues, scope) =>
  poolOf(values.CHECKOUT_CUSTOMERS_DATABASE_URL, values, scope),
);

/** News of the orders database, one connection a process. */
const ordersListener = resource((values: DatabaseValues, scope): Promise<Listener> => {
  const listener = openListener({
    url: values.CHECKOUT_ORDERS_DATABASE_URL,
    applicationName: 'checkout-listener',
  });
  scope.onRelease(listener.close);
  return Promise.resolve(listener);
});

const isInOrdersDatabase = (values: DatabaseValues): boolean => values.CHECKOUT_EVENT_STORE === 'postgres';

/** The order streams, with news of appends by other processes. */
export const openEventStore = resource(async (values: DatabaseValues, scope): Promise<EventStore> => {
  if (!isInOrdersDatabase(values)) {
    const connection = openEventStoreClient(values.CHECKOUT_EVENT_STORE);
    scope.onRelease(connection.close);
    return eventStoreDbStore({ connection });
  }
  const pool = await ordersPool(scope, values);
  return postgresEventStore({ pool, notifications: await ordersListener(scope, values) });
});

/** The card processor's notices, stored before they are acknowledged. */
export const openPaymentNotices = async (
  values: DatabaseValues,
  { scope }: RoleContext,
): Promise<PaymentNotices> =>
  postgresPaymentNotices(await ordersPool(scope, values), await ordersListener(scope, values));

/** The stock ledger. */
export const openStock = async (values: DatabaseValues, { scope }: RoleContext): Promise<Stock> =>
  postgresStock(await ordersPool(scope, values));

/** Carts between hand-over and order. */
export const openCarts = async (values: DatabaseValues, { scope }: RoleContext): Promise<Carts> =>
  postgresCarts(await customersPool(scope, values));

// Guessing is slowed down from the fifth failure on; the longest pause lasts a quarter of an hour, so that nobody
// can keep an owner out for ever.
const pauseSchedule = [0, 0, 0, 0, 5, 15, 60, 300, 900] as const;

/** Accounts, sign-ins and snapshots. */
export const openCustomers = async (
  values: DatabaseValues & PasswordValues,
  { scope }: RoleContext,
): Promise<Customers> =>
  postgresCustomers(await customersPool(scope, values), {
    passwords: scryptPasswords({ cost: values.CHECKOUT_PASSWORD_COST, randomBytes }),
    randomBytes,
    settings: {
      idleSeconds: 30 * 60,
      lifeSeconds: signInLifeSeconds,
      pauseSchedule,
      failuresForgottenSeconds: 24 * 60 * 60,
    },
  });

/** Ready when both databases answer, and the event store where it is elsewhere. */
export const databaseChecks = async (
  values: DatabaseValues,
  { scope }: RoleContext,
): Promise<readonly ReadinessCheck[]> => {
  const [orders, customers] = await Promise.all([ordersPool(scope, values), customersPool(scope, values)]);
  const answers = (pool: Pool) => async (): Promise<boolean> => (await pool.query('select 1')).rowCount === 1;
  const databases = [
    { name: 'orders database', isReady: answers(orders) },
    { name: 'customers database', isReady: answers(customers) },
  ];
  if (isInOrdersDatabase(values)) return databases;
  const eventStore = await openEventStore(scope, values);
  return [
    ...databases,
    { name: 'event store', isReady: async () => E.isRight(await eventStore.readAll(null, 1)()) },
  ];
};
