import { expect, it } from 'vitest';
import { inMemoryPaymentNotices } from '../../../adapters/payment/notices/in-memory.js';
import { postgresPaymentNotices } from '../../../adapters/payment/notices/postgres.js';
import { openListener } from '../../../infrastructure/database/listener.js';
import { freshDatabase } from '../../support/databases.js';
import { afterNoon, answerOf } from '../samples.js';
import { noticeOf, paymentNoticesContract } from './payment-notices.js';

paymentNoticesContract('memory', async () => ({
  notices: inMemoryPaymentNotices(() => afterNoon(1_000)),
  close: async () => undefined,
}));

paymentNoticesContract('Postgres', async () => {
  const { pool, url, close } = await freshDatabase('orders');
  const listener = openListener({ url, applicationName: 'checkout-tests' });
  return {
    notices: postgresPaymentNotices(pool, listener),
    close: async () => {
      await listener.close();
      await close();
    },
  };
});

it('Postgres sees a notice of another process within its wait, also without notifications', async () => {
  const { pool, close } = await freshDatabase('orders');
  try {
    const waiting = answerOf(postgresPaymentNotices(pool, null).awaitNotice(10_000));
    await answerOf(postgresPaymentNotices(pool, null).store(noticeOf('evt_1')));
    expect(await waiting).toBe(true);
  } finally {
    await close();
  }
});

it('Postgres fails the take of a row that is no notice, tells nothing of it, and goes on with the next', async () => {
  const { pool, close } = await freshDatabase('orders');
  try {
    const notices = postgresPaymentNotices(pool, null);
    await answerOf(notices.store(noticeOf('evt_1', 0)));
    await answerOf(notices.store(noticeOf('evt_2', 1)));
    await pool.query(`update payment_notices set subject = '{"type":"reservation"}' where id = 'evt_1'`);
    const failed = await notices.take(afterNoon(2), afterNoon(60))();
    expect(failed).toMatchObject({ left: { type: 'notices_unavailable', reason: 'failed without a code' } });
    expect(await answerOf(notices.take(afterNoon(2), afterNoon(60)))).toMatchObject({ noticeId: 'evt_2' });
  } finally {
    await close();
  }
});

it('Postgres forgets notices 90 days after they were acted on, and no others', async () => {
  const { pool, close } = await freshDatabase('orders');
  const day = 24 * 60 * 60;
  try {
    const notices = postgresPaymentNotices(pool, null);
    for (const noticeId of ['evt_1', 'evt_2', 'evt_3']) await answerOf(notices.store(noticeOf(noticeId)));
    await pool.query('update payment_notices set done_at = $1 where id = $2', [
      new Date(afterNoon(0)),
      'evt_1',
    ]);
    await pool.query('update payment_notices set done_at = $1 where id = $2', [
      new Date(afterNoon(day)),
      'evt_2',
    ]);
    await answerOf(notices.store(noticeOf('evt_4', 90 * day)));
    const { rows } = await pool.query<{ readonly id: string }>('select id from payment_notices order by id');
    expect(rows.map(({ id }) => id)).toEqual(['evt_2', 'evt_3', 'evt_4']);
  } finally {
    await close();
  }
});

it('Postgres that cannot be reached says so', async () => {
  const { pool, close } = await freshDatabase('orders');
  await close();
  const stored = await postgresPaymentNotices(pool, null).store(noticeOf('evt_1'))();
  expect(stored).toMatchObject({ left: { type: 'notices_unavailable' } });
});
