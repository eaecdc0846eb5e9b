// The port UnfinishedNotices over the table `payment_notices`.
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Pool } from 'pg';
import type { UnfinishedNotices } from '../../../application/ports/payment-notices.js';
import { failureReason } from '../../postgres/database-failure.js';
import { storedInstant } from '../../postgres/stored-instant.js';

const unfinishedText = `
select id, received_at, tries, last_problem
from payment_notices
where done_at is null and received_at <= $1
order by received_at, id limit $2`;

type UnfinishedRow = {
  readonly id: string;
  readonly received_at: Date;
  readonly tries: number;
  readonly last_problem: string | null;
};

/** Reads without taking: whoever has a notice in hand keeps it. */
export const postgresUnfinishedNotices = (pool: Pool): UnfinishedNotices => ({
  unfinished: (receivedUntil, limit) =>
    TE.tryCatch(
      async () => {
        const values = [new Date(receivedUntil), limit];
        const { rows } = await pool.query<UnfinishedRow>({
          name: 'unfinished_notices',
          text: unfinishedText,
          values,
        });
        return rows.map((row) => ({
          noticeId: row.id,
          receivedAt: storedInstant(row.received_at),
          tries: row.tries,
          problem: row.last_problem,
        }));
      },
      (failure) => ({ type: 'notices_unavailable', reason: failureReason(failure) }),
    ),
});
