import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, refusalOf, type Shop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.processor.close());

describe('an idempotency key', () => {
  it('gets its first answer again', async () => {
    const first = await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    const second = await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
    expect(await shop.ledger()).toHaveLength(1);
  });

  it('gets a decline again as well', async () => {
    const first = await refusalOf(shop.reserve('order-1', 'pm_card_visa_chargeDeclined', 3564, 'key-1'));
    const second = await refusalOf(shop.reserve('order-1', 'pm_card_visa_chargeDeclined', 3564, 'key-1'));
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    expect(await shop.ledger()).toHaveLength(1);
  });

  it('is an error with other parameters', async () => {
    await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    const refusal = await refusalOf(shop.reserve('order-1', 'pm_card_visa', 3565, 'key-1'));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(refusal.statusCode).toBe(400);
  });

  it('stays free when the request never began', async () => {
    await refusalOf(shop.reserve('order-1', 'pm_card_visa', 1, 'key-1'));
    expect((await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1')).status).toBe('requires_capture');
  });

  it('is forgotten after 24 hours and then stands for a new request', async () => {
    const first = await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    shop.pass(86_399_999);
    expect((await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1')).id).toBe(first.id);
    shop.pass(1);
    expect((await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1')).id).not.toBe(first.id);
  });

  it('answers 409 to a twin in flight', async () => {
    await shop.fault({ kind: 'delay', match: { path: '/v1/payment_intents' }, delayMilliseconds: 600_000 });
    const slow = shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    await expect
      .poll(
        async () =>
          (
            await refusalOfOrNull(
              shop.stripe.refunds.create({ charge: 'ch_none' }, { idempotencyKey: 'key-1' }),
            )
          )?.statusCode,
        { timeout: 20_000 },
      )
      .toBe(409);
    await shop.processor.close();
    expect((await slow).status).toBe('requires_capture');
  });
});

async function refusalOfOrNull(work: Promise<unknown>): Promise<Stripe.errors.StripeError | null> {
  return refusalOf(work).catch(() => null);
}

describe('a fault on command', () => {
  it('loses the reply after the effect, and the same key tells what happened', async () => {
    // Twice, because the client repeats a request by itself once when the connection was cut.
    await shop.fault({ kind: 'lose_reply_after_effect', match: { path: '/v1/payment_intents' }, times: 2 });
    expect(await refusalOf(shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1'))).toBeInstanceOf(
      Stripe.errors.StripeConnectionError,
    );
    expect(await shop.ledger()).toHaveLength(1);
    const again = await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await shop.ledger()).toHaveLength(1);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])('answers 500 (after the effect: %s) and keeps that answer', async (afterEffect, lines) => {
    await shop.fault({ kind: 'error_500', afterEffect });
    for (const attempt of [1, 2]) {
      const refusal = await refusalOf(shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1'));
      expect([attempt, refusal.statusCode]).toEqual([attempt, 500]);
    }
    expect(await shop.ledger()).toHaveLength(lines);
  });

  it.each([
    ['error_429', 429],
    ['conflict_409', 409],
  ])('%s answers %i and is over after its times', async (kind, status) => {
    await shop.fault({ kind, times: 2 });
    expect((await refusalOf(shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1'))).statusCode).toBe(status);
    expect((await refusalOf(shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1'))).statusCode).toBe(status);
    expect((await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1')).status).toBe('requires_capture');
  });
});
