import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Pool } from 'pg';
import type {
  KeyState,
  KeyUse,
  RequestKeys,
  RequestKeysError,
} from '../../application/ports/request-keys.js';
import type { Instant } from '../../domain/instant.js';
import { failureReason } from '../postgres/database-failure.js';
import type { RequestKeySettings } from './settings.js';

// One statement claims, or reads what stands in the way, and removes two of the oldest forgotten keys, so that the
// table never holds many more than were used within their life. It answers no row when a twin's claim became visible
// only while it waited for it.
const claimText = `
with forgotten as (
  delete from request_keys where (scope, key) in (
    select scope, key from request_keys
    where claimed_at <= $6 and (scope, key) <> ($1, $2)
    order by claimed_at limit 2 for update skip locked)
), claim as (
  insert into request_keys as kept (scope, key, body_hash, claimed_at) values ($1, $2, $3, $4)
  on conflict (scope, key) do update
    set body_hash = excluded.body_hash, claimed_at = excluded.claimed_at, status = null, body = null
    where kept.claimed_at <= $6
      or (kept.body_hash = excluded.body_hash and kept.status is null and kept.claimed_at <= $5)
  returning true
)
select true as claimed, null as body_hash, null::integer as status, null as body from claim
union all
select false, body_hash, status, body from request_keys
where scope = $1 and key = $2 and not exists (select from claim)`;

type ClaimRow = {
  readonly claimed: boolean;
  readonly body_hash: string | null;
  readonly status: number | null;
  readonly body: string | null;
};

const mostAttempts = 3;
const earlier = (now: Instant, seconds: number): Date => new Date(now - seconds * 1000);

async function claim(
  pool: Pool,
  { claimSeconds, keptSeconds }: RequestKeySettings,
  { scope, key, bodyHash }: KeyUse,
  now: Instant,
): Promise<KeyState> {
  const values = [scope, key, bodyHash, new Date(now), earlier(now, claimSeconds), earlier(now, keptSeconds)];
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const { rows } = await pool.query<ClaimRow>({ name: 'claim_request_key', text: claimText, values });
    const [row] = rows;
    if (row === undefined) continue;
    if (row.claimed) return { type: 'claimed' };
    if (row.body_hash !== bodyHash) return { type: 'other_body' };
    if (row.status === null || row.body === null) return { type: 'in_flight' };
    return { type: 'answered', answer: { status: row.status, body: row.body } };
  }
  return { type: 'in_flight' };
}

const once = <Answer>(call: () => Promise<Answer>): TE.TaskEither<RequestKeysError, Answer> =>
  TE.tryCatch(call, (failure) => ({ type: 'request_keys_unavailable', reason: failureReason(failure) }));

/** Request keys in the `orders` database. The first answer of a key stays; a key nobody claimed gets none. */
export const postgresRequestKeys = (pool: Pool, settings: RequestKeySettings): RequestKeys => ({
  claim: (use, now) => once(() => claim(pool, settings, use, now)),
  answer: ({ scope, key, bodyHash }, { status, body }) =>
    once(async () => {
      await pool.query({
        name: 'answer_request_key',
        text: `update request_keys set status = $4, body = $5
               where scope = $1 and key = $2 and body_hash = $3 and status is null`,
        values: [scope, key, bodyHash, status, body],
      });
    }),
  abandon: ({ scope, key, bodyHash }) =>
    once(async () => {
      await pool.query({
        name: 'abandon_request_key',
        text: 'delete from request_keys where scope = $1 and key = $2 and body_hash = $3 and status is null',
        values: [scope, key, bodyHash],
      });
    }),
});
