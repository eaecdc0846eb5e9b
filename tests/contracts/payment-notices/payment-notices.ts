// What every store of the card processor's notices must do.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  NoticeSubject,
  PaymentNotice,
  PaymentNotices,
} from '../../../application/ports/payment-notices.js';
import { newOrderId } from '../../support/ids.js';
import { afterNoon, answerOf } from '../samples.js';

/** A store of its own for one test. */
export type NoticesUnderTest = { readonly notices: PaymentNotices; readonly close: () => Promise<void> };

/** A notice received so many seconds after noon. */
export const noticeOf = (
  noticeId: string,
  seconds = 0,
  subject: NoticeSubject = { type: 'reservation', orderId: newOrderId(), attempt: 1 },
): PaymentNotice => ({ noticeId, subject, receivedAt: afterNoon(seconds) });

/** The contract; `open` is called for each test. */
export function paymentNoticesContract(name: string, open: () => Promise<NoticesUnderTest>): void {
  describe(`${name} for notices of the card processor`, () => {
    let under: NoticesUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    const store = (notice: PaymentNotice) => answerOf(under.notices.store(notice));
    const take = (seconds: number, until = seconds + 60) =>
      answerOf(under.notices.take(afterNoon(seconds), afterNoon(until)));
    const done = (noticeId: string) => answerOf(under.notices.done(noticeId));
    const later = (noticeId: string, seconds: number) =>
      answerOf(under.notices.later(noticeId, afterNoon(seconds), 'order_unknown'));
    const awaitNotice = (milliseconds: number) => answerOf(under.notices.awaitNotice(milliseconds));

    it('has none to take at first', async () => {
      expect(await take(0)).toBeNull();
    });

    it.each<NoticeSubject>([
      { type: 'reservation', orderId: newOrderId(), attempt: 3 },
      { type: 'refund', orderId: newOrderId(), number: 2 },
      { type: 'dispute', reference: 'du_1' },
      { type: 'other', what: 'customer.created' },
    ])('gives back what was stored: $type', async (subject) => {
      const notice = noticeOf('evt_1', 5, subject);
      expect(await store(notice)).toBe('stored');
      expect(await take(5)).toEqual({ ...notice, tries: 0 });
    });

    it('stores each name once, also for twins, and keeps what came first', async () => {
      const first = noticeOf('evt_1', 0);
      expect(await store(first)).toBe('stored');
      expect(await store(noticeOf('evt_1', 1))).toBe('known');
      expect(await take(1)).toEqual({ ...first, tries: 0 });
      const twins = await Promise.all(Array.from({ length: 5 }, () => store(noticeOf('evt_2', 0))));
      expect(twins.filter((answer) => answer === 'stored')).toHaveLength(1);
    });

    it('still knows the name of a notice that was acted on', async () => {
      await store(noticeOf('evt_1', 0));
      await take(0);
      await done('evt_1');
      expect(await store(noticeOf('evt_1', 1))).toBe('known');
      expect(await take(1_000)).toBeNull();
    });

    it('gives the one that waits longest first, and each to one taker', async () => {
      for (const seconds of [3, 1, 2]) await store(noticeOf(`evt_${seconds}`, seconds));
      const taken = await Promise.all([take(10), take(10), take(10), take(10)]);
      const names = taken.map((notice) => notice?.noticeId ?? 'none');
      expect([...names].sort()).toEqual(['evt_1', 'evt_2', 'evt_3', 'none']);
      for (const noticeId of ['evt_1', 'evt_2', 'evt_3']) await later(noticeId, 20);
      await later('evt_2', 15);
      expect((await take(20))?.noticeId).toBe('evt_2');
      expect((await take(20))?.noticeId).toBe('evt_1');
    });

    it('gives one again after the lease of a taker that died, and counts that try', async () => {
      await store(noticeOf('evt_1', 0));
      expect(await take(0, 60)).toMatchObject({ tries: 0 });
      expect(await take(59)).toBeNull();
      expect(await take(60)).toMatchObject({ noticeId: 'evt_1', tries: 1 });
    });

    it('gives one that could not be acted on again when it is due, not before', async () => {
      await store(noticeOf('evt_1', 0));
      await take(0, 600);
      await later('evt_1', 30);
      expect(await take(29)).toBeNull();
      expect(await take(30)).toMatchObject({ noticeId: 'evt_1', tries: 1 });
    });

    it('is not moved by what comes after it was acted on, nor by names that it does not know', async () => {
      await store(noticeOf('evt_1', 0));
      await take(0);
      await done('evt_1');
      await done('evt_1');
      await later('evt_1', 10);
      await done('evt_9');
      await later('evt_9', 10);
      expect(await take(1_000)).toBeNull();
    });

    it('does not let one wait for another that waits', async () => {
      await store(noticeOf('evt_1', 0));
      await store(noticeOf('evt_2', 0));
      await take(0);
      await later('evt_1', 300);
      expect(await take(1)).toMatchObject({ noticeId: 'evt_2' });
      expect(await take(1)).toBeNull();
    });

    it('waits until one is stored', async () => {
      const waiting = awaitNotice(10_000);
      await store(noticeOf('evt_1', 0));
      expect(await waiting).toBe(true);
    });

    it('does not wait when one is due already, and waits in vain when none is', async () => {
      expect(await awaitNotice(10)).toBe(false);
      await store(noticeOf('evt_1', 0));
      expect(await awaitNotice(10_000)).toBe(true);
      await take(0);
      await done('evt_1');
    });
  });
}
