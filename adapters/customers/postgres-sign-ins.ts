import type { Pool } from 'pg';
import type { CurrentSignIn, NewSignIn } from '../../application/ports/customers.js';
import type { SignInEvidence } from '../../domain/customer.js';
import type { SignInId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import { storedInstant } from '../postgres/stored-instant.js';
import type { Passwords } from './password.js';
import { earlier, storedCustomerId, storedSignInId } from './postgres-values.js';
import { seenAgainSeconds, type SignInSettings } from './settings.js';
import { emailKey, newSecret, newSignInId, type RandomBytes, secretHash } from './sign-in-secret.js';

/** What signing in needs beside the database. */
export type SigningIn = {
  readonly passwords: Passwords;
  readonly randomBytes: RandomBytes;
  readonly settings: SignInSettings;
};

type Credentials = { readonly customer_id: string; readonly password_hash: string };

async function credentialsOf(pool: Pool, email: string): Promise<Credentials | null> {
  const key = emailKey(email);
  // No account has such an address, and the database takes no text with this character.
  if (key.includes('\0')) return null;
  const { rows } = await pool.query<Credentials>({
    name: 'credentials',
    text: 'select customer_id, password_hash from accounts where email_key = $1',
    values: [key],
  });
  return rows[0] ?? null;
}

/**
 * Checks a password and opens a sign-in; null when either is refused. A pause or lock that begins while the password is
 * being checked counts: many guesses at once are worth no more than the failures the schedule allows.
 */
export async function signIn(
  pool: Pool,
  { passwords, randomBytes, settings }: SigningIn,
  email: string,
  password: string,
  now: Instant,
): Promise<NewSignIn | null> {
  const found = await credentialsOf(pool, email);
  const comparison = await passwords.compare(password, found?.password_hash ?? null);
  if (found === null || comparison === 'differs') {
    await pool.query({
      name: 'count_failed_sign_in',
      text: 'select count_failed_sign_in($1, $2, $3, $4)',
      values: [
        found?.customer_id ?? null,
        new Date(now),
        settings.pauseSchedule,
        earlier(now, settings.failuresForgottenSeconds),
      ],
    });
    return null;
  }
  const customerId = storedCustomerId(found.customer_id);
  const signInId = newSignInId(randomBytes);
  const secret = newSecret(randomBytes);
  const renewed = comparison === 'outdated' ? await passwords.hash(password) : found.password_hash;
  const { rowCount } = await pool.query({
    name: 'open_sign_in',
    text: `with account as (
             update accounts set failures = 0, failed_at = null, no_password_before = null,
               password_hash = case when password_hash = $2 then $3 else password_hash end
             where customer_id = $1 and locked_at is null and (no_password_before is null or no_password_before <= $6)
             returning customer_id)
           insert into sign_ins (sign_in_id, customer_id, secret_hash, signed_in_at, last_seen_at)
           select $4, customer_id, $5, $6, $6 from account`,
    values: [customerId, found.password_hash, renewed, signInId, secretHash(secret), new Date(now)],
  });
  return rowCount === 1 ? { signInId, customerId, secret } : null;
}

type CurrentRow = {
  readonly sign_in_id: string;
  readonly signed_in_at: Date;
  readonly customer_id: string;
  readonly email: string;
  readonly name: string;
};

/** The sign-in in force that a secret belongs to; its use is written down at most every `seenAgainSeconds`. */
export async function currentSignIn(
  pool: Pool,
  settings: SignInSettings,
  secret: string,
  now: Instant,
): Promise<CurrentSignIn | null> {
  const { rows } = await pool.query<CurrentRow>({
    name: 'current_sign_in',
    text: `with current as (
             select sign_in_id, signed_in_at, last_seen_at, customer_id from sign_ins
             where secret_hash = $1 and ended_at is null and revoked_at is null
               and last_seen_at > $3 and signed_in_at > $4
           ), seen as (
             update sign_ins set last_seen_at = $2
             where sign_in_id in (select sign_in_id from current where last_seen_at <= $5) and last_seen_at <= $5)
           select sign_in_id, signed_in_at, customer_id, email, name from current join accounts using (customer_id)`,
    values: [
      secretHash(secret),
      new Date(now),
      earlier(now, settings.idleSeconds),
      earlier(now, settings.lifeSeconds),
      earlier(now, seenAgainSeconds(settings)),
    ],
  });
  const [row] = rows;
  if (row === undefined) return null;
  const { email, name } = row;
  return {
    signInId: storedSignInId(row.sign_in_id),
    account: { customerId: storedCustomerId(row.customer_id), email, name },
    signedInAt: storedInstant(row.signed_in_at),
  };
}

type EvidenceRow = {
  readonly customer_id: string;
  readonly signed_in_at: Date;
  readonly revoked_at: Date | null;
  readonly locked: boolean;
};

/** What is known of a sign-in, in force or not; null when it never was or its customer was erased. */
export async function evidenceOf(pool: Pool, signInId: SignInId): Promise<SignInEvidence | null> {
  const { rows } = await pool.query<EvidenceRow>({
    name: 'sign_in_evidence',
    text: `select customer_id, signed_in_at, revoked_at, locked_at is not null as locked
           from sign_ins join accounts using (customer_id) where sign_in_id = $1`,
    values: [signInId],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    signInId,
    customerId: storedCustomerId(row.customer_id),
    signedInAt: storedInstant(row.signed_in_at),
    revokedAt: row.revoked_at === null ? null : storedInstant(row.revoked_at),
    accountLocked: row.locked,
  };
}

/** Ends a sign-in, by its customer or by revoking it; the first time counts. */
export async function endSignIn(
  pool: Pool,
  how: 'ended' | 'revoked',
  signInId: SignInId,
  now: Instant,
): Promise<void> {
  await pool.query({
    name: `sign_in_${how}`,
    text: `update sign_ins set ${how}_at = $2 where sign_in_id = $1 and ${how}_at is null`,
    values: [signInId, new Date(now)],
  });
}
