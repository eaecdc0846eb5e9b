import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, refusalOf, type Shop } from './shop.js';

let shop: Shop;
const delay = 3_000;

beforeEach(async () => {
  shop = await openShop(null, { refundDelayMilliseconds: delay });
});
afterEach(() => shop.processor.close());

/** A captured payment; its id. */
async function paid(card: string, amount = 3000): Promise<string> {
  const { id } = await shop.reserve('order-1', card);
  await shop.stripe.paymentIntents.capture(id, { amount_to_capture: amount });
  return id;
}

const given = async (): Promise<readonly (readonly [string, number])[]> =>
  (await shop.ledger())
    .filter((line) => line.kind.startsWith('refund'))
    .map((line) => [line.kind, line.amount] as const);

describe('a refund', () => {
  it('is made once under its key', async () => {
    const id = await paid('pm_card_visa');
    const ask = (amount: number) =>
      shop.stripe.refunds.create(
        { payment_intent: id, amount, metadata: { refund_id: 'refund-1' } },
        { idempotencyKey: 'key-1' },
      );
    const [first, second] = [await ask(1000), await ask(1000)];
    expect(second.id).toBe(first.id);
    expect(await refusalOf(ask(1001))).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' });
    expect(await given()).toEqual([['refunded', 1000]]);
    const { data } = await shop.stripe.refunds.list({ payment_intent: id });
    expect(data.map((refund) => [refund.id, refund.metadata])).toEqual([
      [first.id, { refund_id: 'refund-1' }],
    ]);
  });

  it('of many at once never comes to more than was captured', async () => {
    const id = await paid('pm_card_visa');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => shop.stripe.refunds.create({ payment_intent: id, amount: 1000 })),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(3);
    expect(await given()).toEqual(Array.from({ length: 3 }, () => ['refunded', 1000]));
  });

  it('fails after it had succeeded, and its amount can be refunded again', async () => {
    const id = await paid('pm_card_refundFail');
    const refund = await shop.stripe.refunds.create({ payment_intent: id, amount: 3000 });
    expect(refund.status).toBe('succeeded');
    shop.pass(delay - 1);
    expect((await shop.stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
    expect(await refusalOf(shop.stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'charge_already_refunded',
    });
    shop.pass(1);
    expect(await shop.stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
    });
    expect(await given()).toEqual([
      ['refunded', 3000],
      ['refund_reversed', 3000],
    ]);
    expect((await shop.stripe.refunds.create({ payment_intent: id })).amount).toBe(3000);
  });

  it('is pending and then succeeds; meanwhile its amount is taken', async () => {
    const id = await paid('pm_card_pendingRefund');
    const refund = await shop.stripe.refunds.create({ payment_intent: id, amount: 2000 });
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    expect(await given()).toEqual([]);
    expect((await refusalOf(shop.stripe.refunds.create({ payment_intent: id, amount: 1001 }))).param).toBe(
      'amount',
    );
    shop.pass(delay);
    expect((await shop.stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
    expect(await given()).toEqual([['refunded', 2000]]);
  });

  it('is pending and then fails, so that no money ever moved', async () => {
    const id = await paid('pm_card_pendingRefundFail');
    const both = [
      await shop.stripe.refunds.create({ payment_intent: id, amount: 2000 }),
      await shop.stripe.refunds.create({ payment_intent: id, amount: 500 }),
    ];
    shop.pass(delay);
    for (const { id: refund } of both)
      expect(await shop.stripe.refunds.retrieve(refund)).toMatchObject({
        status: 'failed',
        failure_reason: 'lost_or_stolen_card',
      });
    expect(await given()).toEqual([]);
    const charges = await shop.stripe.charges.list({ payment_intent: id });
    // What the capture released counts as refunded at this processor.
    expect(charges.data[0]?.amount_refunded).toBe(564);
  });

  it('fails or succeeds when its bank is told to', async () => {
    const id = await paid('pm_card_visa');
    await shop.fault({ kind: 'decline', match: { operation: 'refund' }, code: 'declined' });
    const doomed = await shop.stripe.refunds.create({ payment_intent: id, amount: 100 });
    expect(doomed.status).toBe('pending');
    const settle = (refund: string, wish: object) =>
      shop.tell('/_control/refunds/settle', { refund, ...wish });
    expect((await settle(doomed.id, { status: 'failed', failureReason: 'declined' })).status).toBe(200);
    expect(await shop.stripe.refunds.retrieve(doomed.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'declined',
    });
    expect((await settle(doomed.id, { status: 'succeeded' })).status).toBe(409);
    const fine = await shop.stripe.refunds.create({ payment_intent: id, amount: 100 });
    await settle(fine.id, { status: 'failed' });
    expect(await shop.stripe.refunds.retrieve(fine.id)).toMatchObject({ failure_reason: 'unknown' });
    expect(await given()).toEqual([
      ['refunded', 100],
      ['refund_reversed', 100],
    ]);
    expect((await settle('re_none', { status: 'failed' })).status).toBe(404);
    expect((await settle(fine.id, { status: 'pending' })).status).toBe(400);
    expect((await settle(fine.id, { status: 'succeeded', failureReason: 'x' })).status).toBe(400);
  });
});

describe('a dispute', () => {
  it('takes the money back and forbids refunds', async () => {
    const id = await paid('pm_card_visa');
    const opened = await shop.tell('/_control/disputes', { intent: id, reason: 'product_not_received' });
    expect(opened.status).toBe(200);
    const { data } = await shop.stripe.disputes.list({ payment_intent: id });
    expect(data).toMatchObject([
      { id: opened.body['id'], amount: 3000, reason: 'product_not_received', status: 'needs_response' },
    ]);
    const intent = await shop.stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect(intent.latest_charge).toMatchObject({ disputed: true });
    expect((await refusalOf(shop.stripe.refunds.create({ payment_intent: id }))).code).toBe(
      'charge_disputed',
    );
    expect((await shop.ledger()).at(-1)).toMatchObject({ kind: 'disputed', amount: 3000 });
    expect((await shop.tell('/_control/disputes', { intent: id })).status).toBe(409);
  });

  it.each([
    [{}, 400],
    [{ intent: 'pi_none' }, 404],
    [{ charge: 'ch_none' }, 404],
    [{ intent: 'pi_1', charge: 'ch_1' }, 400],
    [{ intent: 'pi_1', amount: 0 }, 400],
    [{ intent: 'pi_1', reason: 'dislike' }, 400],
    [{ payment: 'pi_1' }, 400],
  ])('is not opened by %j', async (wish, status) => {
    expect((await shop.tell('/_control/disputes', wish)).status).toBe(status);
  });
});
