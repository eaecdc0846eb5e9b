import * as E from 'fp-ts/lib/Either.js';
import { plusSeconds } from '../../domain/instant.js';
import type { NoticeOutcome, NoticeProblem } from '../payments/act-on-notice.js';
import type { Observer } from '../ports/observer.js';
import type { PaymentNotice, PaymentNotices, WaitingNotice } from '../ports/payment-notices.js';
import type { System } from '../ports/system.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Role } from './decider.js';
import { pause, pauseAfter } from './role-loop.js';
import type { StopSignal } from './stop-signal.js';

/** What the reader needs of the world. */
export type NoticeReaderPorts = {
  readonly notices: PaymentNotices;
  readonly act: (notice: PaymentNotice) => TE.TaskEither<NoticeProblem, NoticeOutcome>;
  readonly system: System;
  readonly observer: Observer;
};

/** Longer than acting on one notice can take; a notice whose reader died comes back after it. */
const leaseSeconds = 120;
const longestWaitMilliseconds = 10_000;
/** Seconds before the next try of a notice that could not be acted on; the last one repeats. */
const retrySeconds = [1, 5, 30, 300, 3_600] as const;
/** Tries after which a person is told, once. */
const alarmingTries = 5;

/**
 * The reader of the card processor's notices: acts on each that was stored, until it is done. Several may run side by
 * side. A notice that cannot be acted on is tried again with growing waits, never dropped, and slows no other.
 */
export const createNoticeReader = ({ notices, act, system, observer }: NoticeReaderPorts): Role => {
  const settle = async (notice: WaitingNotice): Promise<E.Either<{ readonly type: string }, unknown>> => {
    const outcome = await act(notice)();
    if (E.isRight(outcome)) return notices.done(notice.noticeId)();
    const { reason } = outcome.left;
    const tries = notice.tries + 1;
    if (tries === alarmingTries) {
      const orderId = 'orderId' in notice.subject ? notice.subject.orderId : null;
      observer.observe({ type: 'alarm', orderId, what: `a notice of the card processor waits: ${reason}` });
    }
    const seconds = retrySeconds[Math.min(tries, retrySeconds.length) - 1] ?? 1;
    return notices.later(notice.noticeId, plusSeconds(system.now(), seconds), reason)();
  };

  const runOnce = async (stop: StopSignal): Promise<E.Either<{ readonly type: string }, unknown>> => {
    const now = system.now();
    const taken = await notices.take(now, plusSeconds(now, leaseSeconds))();
    if (E.isLeft(taken)) return taken;
    if (taken.right !== null) return settle(taken.right);
    const waited = notices.awaitNotice(longestWaitMilliseconds)();
    return Promise.race([waited, stop.whenStopped.then(() => E.right(false))]);
  };

  return {
    run: async (stop) => {
      let failures = 0;
      while (!stop.stopped) {
        const result = await runOnce(stop);
        failures = E.isRight(result) ? 0 : failures + 1;
        if (E.isLeft(result) && !stop.stopped) {
          observer.observe({ type: 'role_hindered', role: 'notice-reader', reason: result.left.type });
          await pause(system, stop, pauseAfter(failures));
        }
      }
    },
  };
};
