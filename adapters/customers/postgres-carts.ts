import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Pool } from 'pg';
import type { Carts, HandedOverCart } from '../../application/ports/carts.js';
import type { CustomersError } from '../../application/ports/customers.js';
import type { OrderId } from '../../domain/ids.js';
import { failureReason } from '../postgres/database-failure.js';
import { storedInstant } from '../postgres/stored-instant.js';
import { draftOf, draftText } from './stored-documents.js';

type CartRow = {
  readonly issuer: string;
  readonly token_id: string;
  readonly draft: unknown;
  readonly expires_at: Date;
};

async function keep(pool: Pool, cart: HandedOverCart): Promise<'kept' | 'known' | 'conflicting'> {
  const { orderId, issuer, tokenId, draft, expiresAt } = cart;
  const content = [orderId, issuer, tokenId, draftText(draft)];
  const { rowCount } = await pool.query({
    name: 'keep_cart',
    text: `insert into carts (order_id, issuer, token_id, draft, expires_at) values ($1, $2, $3, $4, $5)
           on conflict do nothing`,
    values: [...content, new Date(expiresAt)],
  });
  if (rowCount === 1) return 'kept';
  const { rows } = await pool.query<{ readonly same: boolean }>({
    name: 'compare_cart',
    text: `select issuer = $2 and token_id = $3 and draft::text = $4 as same from carts where order_id = $1`,
    values: content,
  });
  return rows[0]?.same === true ? 'known' : 'conflicting';
}

async function find(pool: Pool, orderId: OrderId): Promise<HandedOverCart | null> {
  const { rows } = await pool.query<CartRow>({
    name: 'find_cart',
    text: 'select issuer, token_id, draft, expires_at from carts where order_id = $1',
    values: [orderId],
  });
  const [row] = rows;
  if (row === undefined) return null;
  const { issuer, token_id: tokenId, draft, expires_at: expiresAt } = row;
  return { orderId, issuer, tokenId, draft: draftOf(draft), expiresAt: storedInstant(expiresAt) };
}

const once = <Answer>(call: () => Promise<Answer>): TE.TaskEither<CustomersError, Answer> =>
  TE.tryCatch(call, (failure) => ({ type: 'customers_unavailable', reason: failureReason(failure) }));

/** Carts in the `customers` database. A cart is written once and never changed. */
export const postgresCarts = (pool: Pool): Carts => ({
  keep: (cart) => once(() => keep(pool, cart)),
  find: (orderId) => once(() => find(pool, orderId)),
});
