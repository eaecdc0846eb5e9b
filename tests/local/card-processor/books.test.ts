import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PaymentBook } from '../../../infrastructure/local/card-processor/control/payment-books.js';
import { openShop, type Shop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop(null, { refundDelayMilliseconds: 1_000 });
});
afterEach(() => shop.processor.close());

interface Books {
  readonly payments: readonly PaymentBook[];
  readonly next: number | null;
  readonly sums: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

async function read(query = ''): Promise<Books> {
  const response = await fetch(`${shop.processor.url}/_ledger/payments${query}`);
  const books: Books = await response.json();
  return books;
}

it('what became of each payment is told with its sums', async () => {
  const { id } = await shop.reserve('order-1', 'pm_card_pendingRefund');
  await shop.stripe.paymentIntents.capture(id, { amount_to_capture: 3000 });
  const refund = await shop.stripe.refunds.create({ payment_intent: id, amount: 1000, metadata: { n: '1' } });
  shop.pass(1_000);
  await shop.stripe.refunds.create({ payment_intent: id, amount: 500 });
  await shop.reserve('order-2');
  const { payments, sums } = await read();
  expect(payments).toMatchObject([
    {
      id,
      order: 'order-1',
      status: 'succeeded',
      reserved: 3564,
      captured: 3000,
      released: 564,
      held: 0,
      refunded: 1000,
      refundsPending: 500,
      live: false,
      captureBefore: null,
      refunds: [
        { id: refund.id, amount: 1000, status: 'succeeded', metadata: { n: '1' } },
        { amount: 500, status: 'pending' },
      ],
    },
    { order: 'order-2', held: 3564, live: true, refunds: [] },
  ]);
  expect(sums['gbp']).toMatchObject({
    payments: 2,
    live: 1,
    reserved: 7128,
    captured: 3000,
    released: 564,
    held: 3564,
    refunded: 1000,
    refundsPending: 500,
    disputed: 0,
  });
});

it('payments are narrowed and paged', async () => {
  await shop.reserve('order-1', 'pm_card_chargeDeclinedLostCard').catch(() => null);
  const second = await shop.reserve('order-1');
  const third = await shop.reserve('order-2');
  await shop.tell('/_control/reservations/expire', { intent: third.id });
  const idsOf = async (query: string): Promise<readonly string[]> =>
    (await read(query)).payments.map((payment) => payment.id);
  expect((await read('?order_id=order-1')).payments.map((one) => one.declines)).toEqual([['lost_card'], []]);
  expect(await idsOf('?metadata[order_id]=order-2')).toEqual([third.id]);
  expect(await idsOf(`?intent=${second.id}`)).toEqual([second.id]);
  expect(await idsOf('?live=true')).toEqual([second.id]);
  const page = await read('?limit=2');
  expect([page.payments.length, page.next]).toEqual([2, 2]);
  expect(await idsOf('?after=2')).toEqual([third.id]);
  expect((await read('?limit=1')).sums['gbp']).toMatchObject({ payments: 3, held: 3564 });
  expect((await fetch(`${shop.processor.url}/_ledger/payments?order=1`)).status).toBe(400);
});
