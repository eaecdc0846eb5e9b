// The port Checkpoints in Postgres: one row per reader, overwritten in place.
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Pool } from 'pg';
import type { CheckpointError, Checkpoints } from '../../application/ports/checkpoints.js';
import { isPosition, type Position } from '../../application/ports/event-store.js';

const unavailable = (error: unknown): CheckpointError => {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const name = error instanceof Error ? error.name : 'unknown problem';
  return { type: 'checkpoints_unavailable', reason: `${name}${code}` };
};

const positionOf = (stored: string | undefined): Position | null => {
  if (stored === undefined) return null;
  if (isPosition(stored)) return stored;
  throw new TypeError('a stored checkpoint is not a position');
};

/** Checkpoints in the table `checkpoints` of the orders database. */
export const postgresCheckpoints = (pool: Pool): Checkpoints => ({
  load: (name) =>
    TE.tryCatch(async () => {
      const { rows } = await pool.query<{ position: string }>(
        'select position from checkpoints where name = $1',
        [name],
      );
      return positionOf(rows[0]?.position);
    }, unavailable),
  save: (name, position) =>
    TE.tryCatch(async () => {
      await pool.query(
        `insert into checkpoints (name, position) values ($1, $2)
         on conflict (name) do update set position = excluded.position, saved_at = now()`,
        [name, position],
      );
    }, unavailable),
});
