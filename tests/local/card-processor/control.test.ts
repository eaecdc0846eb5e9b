import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, refusalOf, type Shop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.processor.close());

describe('reservations', () => {
  it.each([
    ['one by its id', (id: string) => ({ intent: id }), 1],
    ['those of an order', () => ({ metadata: { order_id: 'order-1' } }), 1],
    ['all', () => ({ all: true }), 2],
  ])('end now: %s', async (_, wishFor, count) => {
    const first = await shop.reserve('order-1');
    await shop.reserve('order-2');
    const told = await shop.tell('/_control/reservations/expire', wishFor(first.id));
    expect(told).toMatchObject({ status: 200, body: { ids: { length: count } } });
    expect(await shop.stripe.paymentIntents.retrieve(first.id, { expand: ['latest_charge'] })).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
      amount_capturable: 0,
      latest_charge: { refunded: true, amount_refunded: 3564, captured: false },
    });
    expect((await shop.ledger()).filter((line) => line.kind === 'released')).toHaveLength(count);
    expect((await shop.tell('/_control/reservations/expire', { intent: first.id })).body).toEqual({
      ids: [],
    });
  });
});

describe('idempotency keys', () => {
  it('are forgotten: the old ones, or all', async () => {
    const reserve = (key: string) => shop.reserve(key, 'pm_card_visa', 3564, key);
    const old = await reserve('old');
    shop.pass(60_000);
    const young = await reserve('young');
    const forget = (wish: object) => shop.tell('/_control/keys/forget', wish);
    expect((await forget({ olderThanMilliseconds: 1_000 })).body).toEqual({ forgotten: 1 });
    expect((await reserve('young')).id).toBe(young.id);
    expect((await reserve('old')).id).not.toBe(old.id);
    expect((await forget({})).body).toEqual({ forgotten: 2 });
    expect((await reserve('young')).id).not.toBe(young.id);
  });
});

describe('a challenge', () => {
  it('is answered without a browser, once', async () => {
    const { id } = await shop.reserve('order-1', 'pm_card_authenticationRequired');
    const answer = (passed: boolean) => shop.tell('/_control/challenges', { intent: id, passed });
    expect(await answer(true)).toEqual({ status: 200, body: { id } });
    expect((await answer(false)).status).toBe(409);
    expect((await shop.stripe.paymentIntents.retrieve(id)).status).toBe('requires_capture');
  });
});

describe('a fault that is matched by operation', () => {
  it.each([
    ['reserve', (id: string) => shop.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })],
    ['capture', (id: string) => shop.stripe.paymentIntents.capture(id)],
    ['cancel', (id: string) => shop.stripe.paymentIntents.cancel(id)],
    ['refund', (id: string) => shop.stripe.refunds.create({ payment_intent: id })],
    ['retrieve', (id: string) => shop.stripe.paymentIntents.retrieve(id)],
    ['search', () => shop.stripe.paymentIntents.search({ query: "metadata['order_id']:'order-1'" })],
  ])('hits %s of that order only', async (operation, call) => {
    const { id } = await shop.reserve('order-1');
    const other = await shop.reserve('order-2');
    await shop.fault({ kind: 'error_429', match: { operation, 'metadata.order_id': 'order-1' } });
    await shop.stripe.paymentIntents.retrieve(other.id);
    await shop.stripe.paymentIntents.list();
    expect((await refusalOf(call(id))).statusCode).toBe(429);
    const { faults }: { faults: readonly unknown[] } = await (
      await fetch(`${shop.processor.url}/_faults`)
    ).json();
    expect(faults).toEqual([]);
  });
});

describe('a command that cannot be understood', () => {
  it.each([
    ['challenges', {}, 400],
    ['challenges', { intent: 'pi_1', passed: 'yes' }, 400],
    ['challenges', { intent: 'pi_1', passed: true }, 404],
    ['reservations/expire', {}, 400],
    ['reservations/expire', { all: false }, 400],
    ['reservations/expire', { metadata: {} }, 400],
    ['reservations/expire', { all: true, intent: 'pi_1' }, 400],
    ['keys/forget', { olderThanMilliseconds: -1 }, 400],
    ['keys/forget', { older: 1 }, 400],
    ['keys/forget', [], 400],
    ['moon/landing', {}, 404],
  ])('%s %j is answered %i with what is wrong', async (path, wish, status) => {
    const told = await shop.tell(`/_control/${path}`, wish);
    expect([told.status, typeof told.body['problem']]).toEqual([status, 'string']);
  });

  it('takes no other method', async () => {
    expect((await fetch(`${shop.processor.url}/_control/keys/forget`)).status).toBe(405);
  });
});
