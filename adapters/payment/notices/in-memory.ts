import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type {
  PaymentNotice,
  PaymentNotices,
  WaitingNotice,
} from '../../../application/ports/payment-notices.js';
import { hasPassed, type Instant } from '../../../domain/instant.js';

type Kept = {
  readonly notice: PaymentNotice;
  dueAt: Instant;
  leasedUntil: Instant | null;
  tries: number;
  problem: string | null;
  isDone: boolean;
};

/** Notices in this process; `waiting` tells those that are not done, oldest first, with their last problem. */
export type InMemoryPaymentNotices = PaymentNotices & {
  readonly waiting: () => readonly (WaitingNotice & { readonly problem: string | null })[];
};

/** An empty store of notices. Each call but the wait happens at once, when its task is run; `now` serves the wait. */
export function inMemoryPaymentNotices(now: () => Instant): InMemoryPaymentNotices {
  const notices = new Map<string, Kept>();
  const listeners = new Set<() => void>();

  const isDue = ({ isDone, dueAt, leasedUntil }: Kept, at: Instant): boolean =>
    !isDone && hasPassed(dueAt, at) && (leasedUntil === null || hasPassed(leasedUntil, at));
  const byPlace = (left: Kept, right: Kept): number =>
    left.dueAt - right.dueAt ||
    left.notice.receivedAt - right.notice.receivedAt ||
    (left.notice.noticeId < right.notice.noticeId ? -1 : 1);

  function store(notice: PaymentNotice): 'stored' | 'known' {
    if (notices.has(notice.noticeId)) return 'known';
    const { receivedAt } = notice;
    const fresh = { dueAt: receivedAt, leasedUntil: null, tries: 0, problem: null, isDone: false };
    notices.set(notice.noticeId, { notice, ...fresh });
    for (const wake of [...listeners]) wake();
    return 'stored';
  }

  function take(at: Instant, until: Instant): WaitingNotice | null {
    const [next] = [...notices.values()].filter((kept) => isDue(kept, at)).sort(byPlace);
    if (next === undefined) return null;
    next.leasedUntil = until;
    next.tries += 1;
    return { ...next.notice, tries: next.tries - 1 };
  }

  function done(noticeId: string): void {
    const kept = notices.get(noticeId);
    if (kept !== undefined) kept.isDone = true;
  }

  function later(noticeId: string, dueAt: Instant, problem: string): void {
    const kept = notices.get(noticeId);
    if (kept !== undefined && !kept.isDone) Object.assign(kept, { dueAt, problem, leasedUntil: null });
  }

  const someAreDue = (): boolean => [...notices.values()].some((kept) => isDue(kept, now()));
  const awaitNotice = (milliseconds: number): Promise<boolean> =>
    new Promise((resolve) => {
      if (someAreDue()) return resolve(true);
      const end = (isHeard: boolean): void => {
        clearTimeout(timer);
        listeners.delete(hear);
        resolve(isHeard || someAreDue());
      };
      const hear = (): void => end(true);
      const timer = setTimeout(() => end(false), milliseconds);
      listeners.add(hear);
    });

  const answering =
    <Answer>(call: () => Answer | Promise<Answer>): TE.TaskEither<never, Answer> =>
    async () =>
      E.right(await call());

  return {
    store: (notice) => answering(() => store(notice)),
    take: (at, until) => answering(() => take(at, until)),
    done: (noticeId) => answering(() => done(noticeId)),
    later: (noticeId, dueAt, problem) => answering(() => later(noticeId, dueAt, problem)),
    awaitNotice: (milliseconds) => answering(() => awaitNotice(milliseconds)),
    waiting: () =>
      [...notices.values()]
        .filter(({ isDone }) => !isDone)
        .sort((left, right) => left.notice.receivedAt - right.notice.receivedAt)
        .map(({ notice, tries, problem }) => ({ ...notice, tries, problem })),
  };
}
