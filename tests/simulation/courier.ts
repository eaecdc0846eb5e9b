// Notices of the card processor on their way to us: each is lost, late, out of order or delivered more than once. What
// could not be stored was not acknowledged, and is sent again.
import * as E from 'fp-ts/lib/Either.js';
import { inMemoryPaymentNotices } from '../../adapters/payment/notices/in-memory.js';
import type { NoticeSubject, PaymentNotices } from '../../application/ports/payment-notices.js';
import type { Weather } from './faults.js';
import type { Scheduler } from './scheduler.js';

const pollMilliseconds = 3_000;

/** A store of notices whose readers wait in virtual time. */
export const noticesIn = (scheduler: Scheduler) => {
  const notices = inMemoryPaymentNotices(scheduler.now);
  const awaitNotice: PaymentNotices['awaitNotice'] = () => async () => {
    await scheduler.sleep(pollMilliseconds);
    return E.right(true);
  };
  return { ...notices, awaitNotice };
};

/** What became of a notice. */
type Delivery = 'once' | 'lost' | 'twice' | 'late';

/** Takes the processor's notices to the store; `stumble` hears of what should not be. */
export const createCourier = (
  scheduler: Scheduler,
  weather: Weather,
  notices: Pick<PaymentNotices, 'store'>,
  stumble: (defect: unknown) => void,
) => {
  let sent = 0;
  const note = (delivery: Delivery): void => {
    const key = `courier ${delivery}`;
    weather.seen.set(key, (weather.seen.get(key) ?? 0) + 1);
  };
  const deliver = (noticeId: string, subject: NoticeSubject, milliseconds: number): void =>
    scheduler.later(milliseconds, () => {
      // Not stored, so not acknowledged: the processor sends it again.
      if (scheduler.choose('store notice', 1_000) < weather.badInThousand) {
        deliver(noticeId, subject, 30_000);
        return;
      }
      notices.store({ noticeId, subject, receivedAt: scheduler.now() })().catch(stumble);
    });
  return {
    send: (subject: NoticeSubject): void => {
      const noticeId = `evt_${String((sent += 1))}`;
      const drawn = scheduler.choose('notice', 100);
      const soon = scheduler.choose('notice after', 3_000);
      const much = scheduler.choose('notice late', 900_000);
      const delivery: Delivery = drawn < 10 ? 'lost' : drawn < 25 ? 'twice' : drawn < 35 ? 'late' : 'once';
      note(delivery);
      scheduler.note(`${noticeId} ${delivery}`);
      if (delivery === 'once' || delivery === 'twice') deliver(noticeId, subject, soon);
      if (delivery === 'twice' || delivery === 'late') deliver(noticeId, subject, much);
    },
  };
};
