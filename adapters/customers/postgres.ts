import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Pool } from 'pg';
import type {
  Account,
  ContactSnapshot,
  Customers,
  CustomersError,
} from '../../application/ports/customers.js';
import type { ContactSnapshotId, CustomerId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import { failureReason } from '../postgres/database-failure.js';
import { addressMark, markAddress } from './postgres-address-marks.js';
import { lockAccount, unlockAccount } from './postgres-locks.js';
import { currentSignIn, endSignIn, evidenceOf, signIn, type SigningIn } from './postgres-sign-ins.js';
import { storedCustomerId } from './postgres-values.js';
import { emailKey } from './sign-in-secret.js';
import { contactOf, contactText } from './stored-documents.js';

async function register(
  pool: Pool,
  { customerId, email, name }: Account,
  passwordHash: string,
  now: Instant,
): Promise<Account | null> {
  const { rowCount } = await pool.query({
    name: 'register_account',
    text: `insert into accounts (customer_id, email, email_key, name, password_hash, registered_at)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    values: [customerId, email, emailKey(email), name, passwordHash, new Date(now)],
  });
  return rowCount === 1 ? { customerId, email, name } : null;
}

async function keepSnapshot(pool: Pool, snapshot: ContactSnapshot): Promise<void> {
  await pool.query({
    name: 'keep_snapshot',
    text: `insert into contact_snapshots (contact_snapshot_id, customer_id, contact) values ($1, $2, $3)
           on conflict do nothing`,
    values: [snapshot.contactSnapshotId, snapshot.customerId, contactText(snapshot)],
  });
}

async function findSnapshot(pool: Pool, id: ContactSnapshotId): Promise<ContactSnapshot | null> {
  const { rows } = await pool.query<{ readonly customer_id: string; readonly contact: unknown }>({
    name: 'find_snapshot',
    text: 'select customer_id, contact from contact_snapshots where contact_snapshot_id = $1',
    values: [id],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return { contactSnapshotId: id, customerId: storedCustomerId(row.customer_id), ...contactOf(row.contact) };
}

async function bindShopCustomer(
  pool: Pool,
  issuer: string,
  reference: string,
  customerId: CustomerId,
): Promise<boolean> {
  const { rows } = await pool.query<{ readonly customer_id: string }>({
    name: 'bind_shop_customer',
    text: `with known as (
             select customer_id from shop_customers where issuer = $1 and customer_reference = $2
           ), bound as (
             insert into shop_customers (issuer, customer_reference, customer_id)
             select $1, $2, customer_id from accounts where customer_id = $3 and not exists (select from known)
             on conflict do nothing returning customer_id)
           select customer_id from known union all select customer_id from bound`,
    values: [issuer, reference, customerId],
  });
  const [row] = rows;
  if (row !== undefined) return row.customer_id === customerId;
  // Bound otherwise, or by a twin of this call whose row this statement could not see yet.
  const again = await pool.query({
    name: 'is_shop_customer',
    text: 'select from shop_customers where issuer = $1 and customer_reference = $2 and customer_id = $3',
    values: [issuer, reference, customerId],
  });
  return again.rowCount === 1;
}

const once = <Answer>(call: () => Promise<Answer>): TE.TaskEither<CustomersError, Answer> =>
  TE.tryCatch(call, (failure) => ({ type: 'customers_unavailable', reason: failureReason(failure) }));

/** Accounts, sign-ins and contact snapshots in the `customers` database, the only one with personal data. */
export const postgresCustomers = (pool: Pool, signingIn: SigningIn): Customers => ({
  register: (account, password, now) =>
    once(async () => register(pool, account, await signingIn.passwords.hash(password), now)),
  signIn: (email, password, now) => once(() => signIn(pool, signingIn, email, password, now)),
  currentSignIn: (secret, now) => once(() => currentSignIn(pool, signingIn.settings, secret, now)),
  signOut: (signInId, now) => once(() => endSignIn(pool, 'ended', signInId, now)),
  revokeSignIn: (signInId, now) => once(() => endSignIn(pool, 'revoked', signInId, now)),
  lockAccount: (customerId, now) => once(() => lockAccount(pool, customerId, now)),
  unlockAccount: (customerId) => once(() => unlockAccount(pool, customerId)),
  evidenceOf: (signInId) => once(() => evidenceOf(pool, signInId)),
  keepSnapshot: (snapshot) => once(() => keepSnapshot(pool, snapshot)),
  snapshot: (id) => once(() => findSnapshot(pool, id)),
  bindShopCustomer: (issuer, reference, customerId) =>
    once(() => bindShopCustomer(pool, issuer, reference, customerId)),
  markAddress: (email, reason, at) => once(() => markAddress(pool, email, reason, at)),
  addressMark: (email) => once(() => addressMark(pool, email)),
});
