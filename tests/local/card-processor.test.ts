import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from '../../infrastructure/local/http-server.js';
import { startCardProcessor } from '../../infrastructure/local/card-processor/server.js';

const secretKey = 'sk_test_of_the_wire_tests';
const start = Date.UTC(2026, 0, 5, 9);
let now = start;
let processor: LocalServer;
let stripe: Stripe;

beforeEach(async () => {
  now = start;
  processor = await startCardProcessor({ port: 0, dataDirectory: null, secretKey, clock: () => now });
  stripe = clientOf(processor);
});
afterEach(() => processor.close());

function clientOf(server: LocalServer, key = secretKey): Stripe {
  return new Stripe(key, {
    host: '127.0.0.1',
    port: server.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

function reserve(
  order: string,
  card = 'pm_card_visa',
  amount = 3564,
  idempotencyKey?: string,
): Promise<Stripe.Response<Stripe.PaymentIntent>> {
  return stripe.paymentIntents.create(
    {
      amount,
      currency: 'gbp',
      payment_method: card,
      allowed_payment_method_types: ['card'],
      capture_method: 'manual',
      confirm: true,
      metadata: { order_id: order },
      expand: ['latest_charge'],
    },
    idempotencyKey === undefined ? {} : { idempotencyKey },
  );
}

async function refusalOf(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome: unknown = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  if (outcome instanceof Stripe.errors.StripeError) return outcome;
  throw new Error(`expected an error of the API, got ${String(outcome)}`);
}

async function ledger(
  server = processor,
): Promise<{ kind: string; amount: number; orderId: string | null }[]> {
  const response = await fetch(`${server.url}/_ledger`);
  const body: { entries: { kind: string; amount: number; orderId: string | null }[] } = await response.json();
  return body.entries.map(({ kind, amount, orderId }) => ({ kind, amount, orderId }));
}

async function fault(wish: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${processor.url}/_faults`, { method: 'POST', body: JSON.stringify(wish) });
  expect(response.status).toBe(201);
}

function chargeOf(intent: Stripe.PaymentIntent): Stripe.Charge {
  const charge = intent.latest_charge;
  if (charge === null || typeof charge === 'string') throw new Error('the charge was not expanded');
  return charge;
}

describe('a reservation', () => {
  it('holds the amount and says until when', async () => {
    const intent = await reserve('order-1');
    expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 3564, amount_received: 0 });
    expect(intent.lastResponse.requestId).toMatch(/^req_/);
    const card = chargeOf(intent).payment_method_details?.card;
    expect(card).toMatchObject({ brand: 'visa', last4: '4242', checks: { cvc_check: 'pass' } });
    expect(card?.capture_before).toBe(start / 1000 + 7 * 86_400);
    expect(await ledger()).toEqual([{ kind: 'reserved', amount: 3564, orderId: 'order-1' }]);
  });

  it('is captured in part, and the rest is released', async () => {
    const { id } = await reserve('order-1');
    const captured = await stripe.paymentIntents.capture(id, {
      amount_to_capture: 3000,
      expand: ['latest_charge'],
    });
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 3000, amount_capturable: 0 });
    expect(chargeOf(captured)).toMatchObject({
      amount_captured: 3000,
      amount_refunded: 564,
      refunded: false,
    });
    expect((await ledger()).map((line) => [line.kind, line.amount])).toEqual([
      ['reserved', 3564],
      ['captured', 3000],
      ['released', 564],
    ]);
  });

  it('is never captured above its amount, twice, or after a cancellation', async () => {
    const { id } = await reserve('order-1');
    expect(await refusalOf(stripe.paymentIntents.capture(id, { amount_to_capture: 3565 }))).toMatchObject({
      statusCode: 400,
      code: 'amount_too_large',
    });
    const cancelled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' });
    expect(cancelled).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
      amount_capturable: 0,
    });
    const late = await refusalOf(stripe.paymentIntents.capture(id));
    expect(late).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id, status: 'canceled' },
    });
    expect(await refusalOf(stripe.paymentIntents.cancel(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect((await ledger()).map((line) => line.kind)).toEqual(['reserved', 'released']);
  });

  it('ends by itself when nobody captures it in time', async () => {
    const { id } = await reserve('order-1');
    now += 7 * 86_400_000;
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
    });
    expect(await refusalOf(stripe.paymentIntents.capture(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect((await ledger()).map((line) => [line.kind, line.amount])).toEqual([
      ['reserved', 3564],
      ['released', 3564],
    ]);
  });

  it('is confirmed in a second request, with a card made from a token', async () => {
    const card = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_mastercard' } });
    const created = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'eur',
      allowed_payment_method_types: ['card'],
    });
    expect(created.status).toBe('requires_payment_method');
    const confirmed = await stripe.paymentIntents.confirm(created.id, { payment_method: card.id });
    expect(confirmed).toMatchObject({ status: 'succeeded', amount_received: 500, payment_method: card.id });
    expect(await stripe.paymentMethods.retrieve(card.id)).toMatchObject({
      card: { brand: 'mastercard', last4: '4444' },
    });
    expect((await ledger()).map((line) => line.kind)).toEqual(['reserved', 'captured']);
  });
});

describe('a decline', () => {
  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
    ['pm_card_decline_do_not_honor', 'card_declined', 'do_not_honor'],
  ])('%s answers %s / %s', async (card, code, declineCode) => {
    const refusal = await refusalOf(reserve('order-1', card));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(refusal).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code,
      decline_code: declineCode,
      payment_intent: { status: 'requires_payment_method', metadata: { order_id: 'order-1' } },
    });
    expect(await ledger()).toEqual([{ kind: 'declined', amount: 3564, orderId: 'order-1' }]);
  });

  it('leaves the payment open for another card', async () => {
    const refusal = await refusalOf(reserve('order-1', 'pm_card_visa_chargeDeclined'));
    const id = refusal.payment_intent?.id ?? '';
    const confirmed = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(confirmed).toMatchObject({ status: 'requires_capture', last_payment_error: null });
    expect((await stripe.charges.list({ payment_intent: id })).data.map((charge) => charge.status)).toEqual([
      'succeeded',
      'failed',
    ]);
  });

  it('comes instead of a challenge when the customer is away', async () => {
    const present = await reserve('order-1', 'pm_card_authenticationRequired');
    expect(present).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } });
    const away = await refusalOf(
      stripe.paymentIntents.create({
        amount: 100,
        currency: 'gbp',
        payment_method: 'pm_card_authenticationRequired',
        confirm: true,
        off_session: true,
      }),
    );
    expect(away).toMatchObject({ statusCode: 402, code: 'authentication_required' });
  });

  it.each([
    ['pm_card_avsFail', { address_line1_check: 'fail', address_postal_code_check: 'fail' }],
    ['pm_card_avsZipFail', { address_postal_code_check: 'fail' }],
    ['pm_card_avsUnchecked', { address_postal_code_check: 'unavailable' }],
    ['pm_card_cvcCheckFail', { cvc_check: 'fail' }],
  ])('is left to the shop with %s', async (card, checks) => {
    const intent = await reserve('order-1', card);
    expect(intent.status).toBe('requires_capture');
    expect(chargeOf(intent).payment_method_details?.card?.checks).toMatchObject(checks);
  });
});

describe('a refund', () => {
  it('gives back parts, but never more than was captured', async () => {
    const { id } = await reserve('order-1');
    await stripe.paymentIntents.capture(id, { amount_to_capture: 3000 });
    const first = await stripe.refunds.create({
      payment_intent: id,
      amount: 1000,
      metadata: { reason: 'damaged' },
    });
    expect(first).toMatchObject({ amount: 1000, status: 'succeeded', payment_intent: id });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: id, amount: 2001 }))).toMatchObject({
      statusCode: 400,
    });
    const rest = await stripe.refunds.create({ payment_intent: id });
    expect(rest.amount).toBe(2000);
    expect(await refusalOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'charge_already_refunded',
    });
    expect((await stripe.refunds.list({ payment_intent: id })).data.map((refund) => refund.id)).toEqual([
      rest.id,
      first.id,
    ]);
    expect(await stripe.refunds.retrieve(first.id)).toMatchObject({ metadata: { reason: 'damaged' } });
    expect((await ledger()).filter((line) => line.kind === 'refunded').map((line) => line.amount)).toEqual([
      1000, 2000,
    ]);
  });

  it('is not for what is only reserved', async () => {
    const { id } = await reserve('order-1');
    expect(await refusalOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });
});

describe('looking a payment up', () => {
  it('finds it by the order in its metadata', async () => {
    const first = await reserve('order-1');
    await reserve('order-2');
    const found = await stripe.paymentIntents.search({
      query: "metadata['order_id']:'order-1'",
      expand: ['data.latest_charge'],
    });
    expect(found.data.map((intent) => intent.id)).toEqual([first.id]);
    const both = await stripe.paymentIntents.search({ query: 'status:"requires_capture" AND amount>100' });
    expect(both.data).toHaveLength(2);
    expect(await refusalOf(stripe.paymentIntents.search({ query: 'metadata[order_id]=1' }))).toMatchObject({
      statusCode: 400,
    });
  });

  it('pages through the list, newest first', async () => {
    const ids: string[] = [];
    for (const order of ['1', '2', '3', '4', '5']) ids.unshift((await reserve(order)).id);
    const listed: string[] = [];
    for await (const intent of stripe.paymentIntents.list({ limit: 2 })) listed.push(intent.id);
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
    const refusal = await refusalOf(stripe.paymentIntents.create(parameters));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(refusal).toMatchObject({ code, param });
    expect(await ledger()).toEqual([]);
  });

  it('is refused without the secret key', async () => {
    const refusal = await refusalOf(clientOf(processor, 'sk_test_wrong').paymentIntents.list());
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    const basic = await fetch(`${processor.url}/v1/payment_intents`, {
      headers: { authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}` },
    });
    expect(basic.status).toBe(200);
  });

  it('is refused when it carries a card number', async () => {
    const number = ['4242', '4242', '4242', '4242'].join('');
    const refusal = await refusalOf(
      stripe.paymentMethods.create({
        type: 'card',
        card: { number, exp_month: 8, exp_year: 2035, cvc: '123' },
      }),
    );
    expect(refusal.statusCode).toBe(402);
    expect(refusal.message).not.toContain(number);
  });

  it('is refused when the API has no such path', async () => {
    expect(await refusalOf(stripe.customers.list())).toMatchObject({ statusCode: 404 });
  });
});

describe('an idempotency key', () => {
  it('gets its first answer again', async () => {
    const first = await reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    const second = await reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
    expect(await ledger()).toHaveLength(1);
  });

  it('gets a decline again as well', async () => {
    const first = await refusalOf(reserve('order-1', 'pm_card_visa_chargeDeclined', 3564, 'key-1'));
    const second = await refusalOf(reserve('order-1', 'pm_card_visa_chargeDeclined', 3564, 'key-1'));
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    expect(await ledger()).toHaveLength(1);
  });

  it('is an error with other parameters', async () => {
    await reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    const refusal = await refusalOf(reserve('order-1', 'pm_card_visa', 3565, 'key-1'));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(refusal.statusCode).toBe(400);
  });

  it('stays free when the request never began', async () => {
    await refusalOf(reserve('order-1', 'pm_card_visa', 1, 'key-1'));
    expect((await reserve('order-1', 'pm_card_visa', 3564, 'key-1')).status).toBe('requires_capture');
  });

  it('is forgotten after 24 hours and then stands for a new request', async () => {
    const first = await reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    now += 86_399_999;
    expect((await reserve('order-1', 'pm_card_visa', 3564, 'key-1')).id).toBe(first.id);
    now += 1;
    expect((await reserve('order-1', 'pm_card_visa', 3564, 'key-1')).id).not.toBe(first.id);
  });

  it('answers 409 to a twin in flight', async () => {
    await fault({ kind: 'delay', delayMilliseconds: 600_000 });
    const slow = reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    await expect
      .poll(
        async () =>
          (await refusalOfOrNull(stripe.refunds.create({ charge: 'ch_none' }, { idempotencyKey: 'key-1' })))
            ?.statusCode,
      )
      .toBe(409);
    await processor.close();
    expect((await slow).status).toBe('requires_capture');
  });
});

async function refusalOfOrNull(work: Promise<unknown>): Promise<Stripe.errors.StripeError | null> {
  return refusalOf(work).catch(() => null);
}

describe('a fault on command', () => {
  it('loses the reply after the effect, and the same key tells what happened', async () => {
    // Twice, because the client repeats a request by itself once when the connection was cut.
    await fault({ kind: 'lose_reply_after_effect', match: { path: '/v1/payment_intents' }, times: 2 });
    expect(await refusalOf(reserve('order-1', 'pm_card_visa', 3564, 'key-1'))).toBeInstanceOf(
      Stripe.errors.StripeConnectionError,
    );
    expect(await ledger()).toHaveLength(1);
    const again = await reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await ledger()).toHaveLength(1);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])('answers 500 (after the effect: %s) and keeps that answer', async (afterEffect, lines) => {
    await fault({ kind: 'error_500', afterEffect });
    for (const attempt of [1, 2]) {
      const refusal = await refusalOf(reserve('order-1', 'pm_card_visa', 3564, 'key-1'));
      expect([attempt, refusal.statusCode]).toEqual([attempt, 500]);
    }
    expect(await ledger()).toHaveLength(lines);
  });

  it.each([
    ['error_429', 429],
    ['conflict_409', 409],
  ])('%s answers %i and is over after its times', async (kind, status) => {
    await fault({ kind, times: 2 });
    expect((await refusalOf(reserve('order-1', 'pm_card_visa', 3564, 'key-1'))).statusCode).toBe(status);
    expect((await refusalOf(reserve('order-1', 'pm_card_visa', 3564, 'key-1'))).statusCode).toBe(status);
    expect((await reserve('order-1', 'pm_card_visa', 3564, 'key-1')).status).toBe('requires_capture');
  });
});

describe('after a restart', () => {
  it('knows everything that it answered, also when it was not closed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'card-processor-'));
    const crashed = await startCardProcessor({ port: 0, dataDirectory: folder, secretKey, clock: () => now });
    stripe = clientOf(crashed);
    const first = await reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    const declined = await refusalOf(reserve('order-2', 'pm_card_visa_chargeDeclined', 100, 'key-2'));
    await stripe.paymentIntents.capture(first.id, { amount_to_capture: 3000 }, { idempotencyKey: 'key-3' });
    await stripe.refunds.create({ payment_intent: first.id, amount: 1 });
    const before = await ledger(crashed);

    const second = await startCardProcessor({ port: 0, dataDirectory: folder, secretKey, clock: () => now });
    try {
      stripe = clientOf(second);
      expect(await ledger(second)).toEqual(before);
      const replayed = await reserve('order-1', 'pm_card_visa', 3564, 'key-1');
      expect(replayed).toMatchObject({ id: first.id, status: 'requires_capture' });
      expect(replayed.lastResponse.headers['idempotent-replayed']).toBe('true');
      expect(
        (await refusalOf(reserve('order-2', 'pm_card_visa_chargeDeclined', 100, 'key-2'))).payment_intent?.id,
      ).toBe(declined.payment_intent?.id);
      expect(await stripe.paymentIntents.retrieve(first.id)).toMatchObject({
        status: 'succeeded',
        amount_received: 3000,
      });
      expect((await stripe.refunds.create({ payment_intent: first.id })).amount).toBe(2999);
    } finally {
      await second.close();
      await crashed.close();
      await rm(folder, { recursive: true });
    }
  });
});
