import type { Pool } from 'pg';
import type { CustomerId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';

/** Locks an account and revokes its sign-ins, all at once; the first time counts. False when there is no account. */
export async function lockAccount(pool: Pool, customerId: CustomerId, now: Instant): Promise<boolean> {
  const { rows } = await pool.query<{ readonly found: boolean }>({
    name: 'lock_account',
    text: 'select lock_account($1, $2) as found',
    values: [customerId, new Date(now)],
  });
  return rows[0]?.found === true;
}

/** Unlocks an account. False when there is no such account. */
export async function unlockAccount(pool: Pool, customerId: CustomerId): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'unlock_account',
    text: 'update accounts set locked_at = null where customer_id = $1',
    values: [customerId],
  });
  return rowCount === 1;
}
