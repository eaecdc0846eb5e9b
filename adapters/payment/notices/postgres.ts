// The port PaymentNotices in the `orders` database. The hard promises: a notice that was stored is there, and it is in
// one pair of hands at a time; each call is one statement, and so one transaction.
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Pool } from 'pg';
import type { PaymentNotices, PaymentNoticesError } from '../../../application/ports/payment-notices.js';
import { plusSeconds } from '../../../domain/instant.js';
import type { Announcements } from '../../event-store/announcements.js';
import { failureReason } from '../../postgres/database-failure.js';
import { storedInstant } from '../../postgres/stored-instant.js';
import { noticeArrivals } from './arrivals.js';
import { subjectOf } from './stored-subject.js';

/** How long notices are kept after they were acted on, in seconds: the processor repeats none after a month. */
const keptSeconds = 90 * 24 * 60 * 60;
const longestProblem = 500;

// Each new notice removes two of the oldest that need not be kept any more, so that the table never holds many more
// than arrived in that time.
const storeText = `
with forgotten as (
  delete from payment_notices where id in (
    select id from payment_notices
    where done_at <= $4 and id <> $1
    order by done_at limit 2 for update skip locked)
)
insert into payment_notices (id, subject, received_at, due_at) values ($1, $2, $3, $3)
on conflict (id) do nothing returning id`;

const takeText = `
update payment_notices set leased_until = $2, tries = tries + 1
where id = (
  select id from payment_notices
  where done_at is null and due_at <= $1 and (leased_until is null or leased_until <= $1)
  order by due_at, received_at, id limit 1 for update skip locked)
returning id, subject, received_at, tries - 1 as tries`;

const isDueText = `
select exists (
  select from payment_notices
  where done_at is null and due_at <= clock_timestamp()
    and (leased_until is null or leased_until <= clock_timestamp())) as due`;

type TakenRow = {
  readonly id: string;
  readonly subject: unknown;
  readonly received_at: Date;
  readonly tries: number;
};

const once = <Answer>(call: () => Promise<Answer>): TE.TaskEither<PaymentNoticesError, Answer> =>
  TE.tryCatch(call, (failure) => ({ type: 'notices_unavailable', reason: failureReason(failure) }));

/**
 * Notices in the table `payment_notices`. `notifications` are of the same database; without them a new notice is seen
 * within a second. A taken notice counts as tried, also when its taker died; a stored row that is no notice fails the
 * take that met it and comes back after its lease, so it stays for people to see.
 */
export const postgresPaymentNotices = (pool: Pool, notifications: Announcements | null): PaymentNotices => {
  const { announce, awaitArrival } = noticeArrivals(pool, notifications);
  const isDue = async (): Promise<boolean> => {
    const { rows } = await pool.query<{ readonly due: boolean }>({ name: 'is_notice_due', text: isDueText });
    return rows[0]?.due === true;
  };

  return {
    store: ({ noticeId, subject, receivedAt }) =>
      once(async () => {
        const forgottenBefore = new Date(plusSeconds(receivedAt, -keptSeconds));
        const values = [noticeId, JSON.stringify(subject), new Date(receivedAt), forgottenBefore];
        const { rowCount } = await pool.query({ name: 'store_notice', text: storeText, values });
        if (rowCount === 0) return 'known';
        announce();
        return 'stored';
      }),
    take: (now, until) =>
      once(async () => {
        const values = [new Date(now), new Date(until)];
        const { rows } = await pool.query<TakenRow>({ name: 'take_notice', text: takeText, values });
        const [row] = rows;
        if (row === undefined) return null;
        return {
          noticeId: row.id,
          subject: subjectOf(row.subject),
          receivedAt: storedInstant(row.received_at),
          tries: row.tries,
        };
      }),
    done: (noticeId) =>
      once(async () => {
        await pool.query({
          name: 'notice_done',
          text: `update payment_notices set done_at = now(), leased_until = null
                 where id = $1 and done_at is null`,
          values: [noticeId],
        });
      }),
    later: (noticeId, dueAt, problem) =>
      once(async () => {
        await pool.query({
          name: 'notice_later',
          text: `update payment_notices set due_at = $2, leased_until = null, last_problem = $3
                 where id = $1 and done_at is null`,
          values: [noticeId, new Date(dueAt), problem.slice(0, longestProblem)],
        });
      }),
    awaitNotice: (milliseconds) => once(() => awaitArrival(isDue, milliseconds)),
  };
};
