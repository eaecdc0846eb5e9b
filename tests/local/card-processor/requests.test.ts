import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCardProcessor } from '../../../infrastructure/local/card-processor/server.js';
import { clientOf, openShop, refusalOf, secretKey, start, type Shop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.processor.close());

describe('looking a payment up', () => {
  it('finds it by the order in its metadata', async () => {
    const first = await shop.reserve('order-1');
    await shop.reserve('order-2');
    const found = await shop.stripe.paymentIntents.search({
      query: "metadata['order_id']:'order-1'",
      expand: ['data.latest_charge'],
    });
    expect(found.data.map((intent) => intent.id)).toEqual([first.id]);
    const both = await shop.stripe.paymentIntents.search({
      query: 'status:"requires_capture" AND amount>100',
    });
    expect(both.data).toHaveLength(2);
    expect(
      await refusalOf(shop.stripe.paymentIntents.search({ query: 'metadata[order_id]=1' })),
    ).toMatchObject({
      statusCode: 400,
    });
  });

  it('by a search may come too early, by its id never', async () => {
    const server = await startCardProcessor({
      port: 0,
      dataDirectory: null,
      secretKey,
      clock: () => start,
      searchLagMilliseconds: 1,
    });
    try {
      const client = clientOf(server);
      const { id } = await client.paymentIntents.create({
        amount: 100,
        currency: 'gbp',
        metadata: { order_id: '1' },
      });
      expect((await client.paymentIntents.search({ query: "metadata['order_id']:'1'" })).data).toEqual([]);
      expect((await client.paymentIntents.retrieve(id)).id).toBe(id);
    } finally {
      await server.close();
    }
  });

  it('pages through the list, newest first', async () => {
    const ids: string[] = [];
    for (const order of ['1', '2', '3', '4', '5']) ids.unshift((await shop.reserve(order)).id);
    const listed: string[] = [];
    for await (const intent of shop.stripe.paymentIntents.list({ limit: 2 })) listed.push(intent.id);
    expect(listed).toEqual(ids);
  });
});

describe('a request that cannot be right', () => {
  it.each([
    [{ amount: 29, currency: 'gbp' }, 'amount_too_small', 'amount'],
    [{ amount: 100_000_000, currency: 'gbp' }, 'amount_too_large', 'amount'],
    [{ amount: 10.5, currency: 'gbp' }, 'parameter_invalid_integer', 'amount'],
    [{ amount: 1001, currency: 'kwd' }, 'parameter_invalid_integer', 'amount'],
    [{ amount: 100, currency: 'xyz' }, undefined, 'currency'],
    [{ amount: 100, currency: 'gbp', payment_method: 'pm_unknown' }, 'resource_missing', 'payment_method'],
    [
      { amount: 100, currency: 'gbp', payment_method: 'pm_card_visa', confirm: true },
      undefined,
      'return_url',
    ],
  ])('%j is refused', async (parameters, code, param) => {
    const refusal = await refusalOf(shop.stripe.paymentIntents.create(parameters));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(refusal).toMatchObject({ code, param });
    expect(await shop.ledger()).toEqual([]);
  });

  it('is refused without the secret key', async () => {
    const refusal = await refusalOf(clientOf(shop.processor, 'sk_test_wrong').paymentIntents.list());
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    const basic = await fetch(`${shop.processor.url}/v1/payment_intents`, {
      headers: { authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}` },
    });
    expect(basic.status).toBe(200);
  });

  it('is refused when it carries a card number', async () => {
    const number = ['4242', '4242', '4242', '4242'].join('');
    const refusal = await refusalOf(
      shop.stripe.paymentMethods.create({
        type: 'card',
        card: { number, exp_month: 8, exp_year: 2035, cvc: '123' },
      }),
    );
    expect(refusal.statusCode).toBe(402);
    expect(refusal.message).not.toContain(number);
  });

  it('is refused when the API has no such path', async () => {
    expect(await refusalOf(shop.stripe.customers.list())).toMatchObject({ statusCode: 404 });
  });
});
