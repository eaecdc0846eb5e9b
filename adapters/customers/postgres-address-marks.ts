import type { Pool } from 'pg';
import type { AddressMark, AddressMarkReason } from '../../application/ports/customers.js';
import type { Instant } from '../../domain/instant.js';
import { addressKey } from './address-marks.js';
import { storedInstant } from '../postgres/stored-instant.js';

/** Marks an address unless the mark that is there counts as much or more. */
export async function markAddress(
  pool: Pool,
  email: string,
  reason: AddressMarkReason,
  at: Instant,
): Promise<void> {
  await pool.query({
    name: 'mark_address',
    text: `insert into address_marks as known (address_key, reason, marked_at) values ($1, $2, $3)
           on conflict (address_key) do update set reason = excluded.reason, marked_at = excluded.marked_at
           where known.reason = 'bounced_transiently' and excluded.reason <> 'bounced_transiently'`,
    values: [addressKey(email), reason, new Date(at)],
  });
}

/** The mark of an address; null when there is none. */
export async function addressMark(pool: Pool, email: string): Promise<AddressMark | null> {
  const { rows } = await pool.query<{ readonly reason: AddressMarkReason; readonly marked_at: Date }>({
    name: 'address_mark',
    text: 'select reason, marked_at from address_marks where address_key = $1',
    values: [addressKey(email)],
  });
  const [row] = rows;
  return row === undefined ? null : { reason: row.reason, at: storedInstant(row.marked_at) };
}
