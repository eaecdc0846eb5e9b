// Notices that wait, as operators see them: read without taking them out of anybody's hands.
import { expect, it } from 'vitest';
import { postgresPaymentNotices } from '../../../adapters/payment/notices/postgres.js';
import { postgresUnfinishedNotices } from '../../../adapters/payment/notices/unfinished.js';
import { afterNoon, answerOf } from '../../contracts/samples.js';
import { noticeOf } from '../../contracts/payment-notices/payment-notices.js';
import { freshDatabase } from '../../support/databases.js';

it('tells notices that are not done, oldest first, with what stood in the way', async () => {
  const { pool, close } = await freshDatabase('orders');
  try {
    const notices = postgresPaymentNotices(pool, null);
    const { unfinished } = postgresUnfinishedNotices(pool);
    expect(await answerOf(unfinished(afterNoon(60), 10))).toEqual([]);
    for (const [second, noticeId] of ['evt_1', 'evt_2', 'evt_3', 'evt_4'].entries()) {
      await answerOf(notices.store(noticeOf(noticeId, second)));
    }
    const taken = await answerOf(notices.take(afterNoon(5), afterNoon(65)));
    expect(taken?.noticeId).toBe('evt_1');
    await answerOf(notices.later('evt_1', afterNoon(30), 'order_unknown'));
    await answerOf(notices.done('evt_2'));
    const waiting = [
      { noticeId: 'evt_1', receivedAt: afterNoon(0), tries: 1, problem: 'order_unknown' },
      { noticeId: 'evt_3', receivedAt: afterNoon(2), tries: 0, problem: null },
    ];
    expect(await answerOf(unfinished(afterNoon(2), 10))).toEqual(waiting);
    expect(await answerOf(unfinished(afterNoon(2), 1))).toEqual(waiting.slice(0, 1));
  } finally {
    await close();
  }
});
