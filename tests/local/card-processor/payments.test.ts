import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chargeOf, openShop, refusalOf, start, type Shop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.processor.close());

describe('a reservation', () => {
  it('holds the amount and says until when', async () => {
    const intent = await shop.reserve('order-1');
    expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 3564, amount_received: 0 });
    expect(intent.lastResponse.requestId).toMatch(/^req_/);
    const card = chargeOf(intent).payment_method_details?.card;
    expect(card).toMatchObject({ brand: 'visa', last4: '4242', checks: { cvc_check: 'pass' } });
    expect(card?.capture_before).toBe(start / 1000 + 7 * 86_400);
    expect(await shop.ledger()).toEqual([{ kind: 'reserved', amount: 3564, orderId: 'order-1' }]);
  });

  it('is captured in part, and the rest is released', async () => {
    const { id } = await shop.reserve('order-1');
    const captured = await shop.stripe.paymentIntents.capture(id, {
      amount_to_capture: 3000,
      expand: ['latest_charge'],
    });
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 3000, amount_capturable: 0 });
    expect(chargeOf(captured)).toMatchObject({
      amount_captured: 3000,
      amount_refunded: 564,
      refunded: false,
    });
    expect((await shop.ledger()).map((line) => [line.kind, line.amount])).toEqual([
      ['reserved', 3564],
      ['captured', 3000],
      ['released', 564],
    ]);
  });

  it('is never captured above its amount, twice, or after a cancellation', async () => {
    const { id } = await shop.reserve('order-1');
    expect(
      await refusalOf(shop.stripe.paymentIntents.capture(id, { amount_to_capture: 3565 })),
    ).toMatchObject({
      statusCode: 400,
      code: 'amount_too_large',
    });
    const cancelled = await shop.stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' });
    expect(cancelled).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
      amount_capturable: 0,
    });
    const late = await refusalOf(shop.stripe.paymentIntents.capture(id));
    expect(late).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id, status: 'canceled' },
    });
    expect(await refusalOf(shop.stripe.paymentIntents.cancel(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect((await shop.ledger()).map((line) => line.kind)).toEqual(['reserved', 'released']);
  });

  it('ends by itself when nobody captures it in time', async () => {
    const { id } = await shop.reserve('order-1');
    shop.pass(7 * 86_400_000);
    expect(await shop.stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
    });
    expect(await refusalOf(shop.stripe.paymentIntents.capture(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect((await shop.ledger()).map((line) => [line.kind, line.amount])).toEqual([
      ['reserved', 3564],
      ['released', 3564],
    ]);
  });

  it('is confirmed in a second request, with a card made from a token', async () => {
    const card = await shop.stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_mastercard' } });
    const created = await shop.stripe.paymentIntents.create({
      amount: 500,
      currency: 'eur',
      allowed_payment_method_types: ['card'],
    });
    expect(created.status).toBe('requires_payment_method');
    const confirmed = await shop.stripe.paymentIntents.confirm(created.id, { payment_method: card.id });
    expect(confirmed).toMatchObject({ status: 'succeeded', amount_received: 500, payment_method: card.id });
    expect(await shop.stripe.paymentMethods.retrieve(card.id)).toMatchObject({
      card: { brand: 'mastercard', last4: '4444' },
    });
    expect((await shop.ledger()).map((line) => line.kind)).toEqual(['reserved', 'captured']);
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
    const refusal = await refusalOf(shop.reserve('order-1', card));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(refusal).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code,
      decline_code: declineCode,
      payment_intent: { status: 'requires_payment_method', metadata: { order_id: 'order-1' } },
    });
    expect(await shop.ledger()).toEqual([{ kind: 'declined', amount: 3564, orderId: 'order-1' }]);
  });

  it('leaves the payment open for another card', async () => {
    const refusal = await refusalOf(shop.reserve('order-1', 'pm_card_visa_chargeDeclined'));
    const id = refusal.payment_intent?.id ?? '';
    const confirmed = await shop.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(confirmed).toMatchObject({ status: 'requires_capture', last_payment_error: null });
    expect(
      (await shop.stripe.charges.list({ payment_intent: id })).data.map((charge) => charge.status),
    ).toEqual(['succeeded', 'failed']);
  });

  it('comes instead of a challenge when the customer is away', async () => {
    const present = await shop.reserve('order-1', 'pm_card_authenticationRequired');
    expect(present).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } });
    const away = await refusalOf(
      shop.stripe.paymentIntents.create({
        amount: 100,
        currency: 'gbp',
        payment_method: 'pm_card_authenticationRequired',
        confirm: true,
        off_session: true,
      }),
    );
    expect(away).toMatchObject({ statusCode: 402, code: 'authentication_required' });
  });

  it('has nothing to do with an address that is right', async () => {
    const card = await shop.stripe.paymentMethods.create({
      type: 'card',
      card: { token: 'tok_visa' },
      billing_details: {
        name: 'Ada',
        address: { line1: '1 High Street', postal_code: 'AB1 2CD', country: 'GB' },
      },
    });
    expect(card.billing_details.address?.postal_code).toBe('AB1 2CD');
    const charge = chargeOf(await shop.reserve('order-1', card.id));
    expect(charge.payment_method_details?.card?.checks).toEqual({
      address_line1_check: 'pass',
      address_postal_code_check: 'pass',
      cvc_check: 'pass',
    });
  });

  it.each([
    ['pm_card_avsFail', { address_line1_check: 'fail', address_postal_code_check: 'fail' }],
    ['pm_card_avsZipFail', { address_postal_code_check: 'fail' }],
    ['pm_card_avsUnchecked', { address_postal_code_check: 'unavailable' }],
    ['pm_card_cvcCheckFail', { cvc_check: 'fail' }],
  ])('is left to the shop with %s', async (card, checks) => {
    const intent = await shop.reserve('order-1', card);
    expect(intent.status).toBe('requires_capture');
    expect(chargeOf(intent).payment_method_details?.card?.checks).toMatchObject(checks);
  });
});

describe('a challenge', () => {
  const answer = (id: string, given: string): Promise<Response> =>
    fetch(`${shop.processor.url}/challenge/${id}`, {
      method: 'POST',
      body: new URLSearchParams({ answer: given }),
      redirect: 'manual',
    });
  const ask = (card: string): Promise<Stripe.PaymentIntent> =>
    shop.stripe.paymentIntents.create({
      amount: 3564,
      currency: 'gbp',
      payment_method: card,
      capture_method: 'manual',
      confirm: true,
      return_url: 'https://shop.example/back?order=1',
      metadata: { order_id: 'order-1' },
    });

  it('leads to a page and, once passed, back to the shop with the money reserved', async () => {
    const asked = await ask('pm_card_authenticationRequired');
    expect(asked.next_action?.redirect_to_url?.url).toBe(`${shop.processor.url}/challenge/${asked.id}`);
    const page = await fetch(`${shop.processor.url}/challenge/${asked.id}`);
    expect(await page.text()).toContain('Confirm 35.64 GBP');
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://shop.example;");
    expect(await shop.ledger()).toEqual([]);

    const back = await answer(asked.id, 'passed');
    expect(back.status).toBe(303);
    const address = new URL(back.headers.get('location') ?? '');
    expect([
      address.origin,
      address.searchParams.get('order'),
      address.searchParams.get('redirect_status'),
    ]).toEqual(['https://shop.example', '1', 'succeeded']);
    const intent = await shop.stripe.paymentIntents.retrieve(asked.id, { expand: ['latest_charge'] });
    expect(intent).toMatchObject({ status: 'requires_capture', next_action: null });
    expect(chargeOf(intent).payment_method_details?.card?.three_d_secure?.result).toBe('authenticated');
    expect((await answer(asked.id, 'passed')).status).toBe(303);
    expect((await shop.ledger()).map((line) => line.kind)).toEqual(['reserved']);
  });

  it('that fails leaves the payment open for another card', async () => {
    const asked = await ask('pm_card_authenticationRequired');
    const back = await answer(asked.id, 'failed');
    expect(back.headers.get('location')).toContain('redirect_status=failed');
    expect(await shop.stripe.paymentIntents.retrieve(asked.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    const confirmed = await shop.stripe.paymentIntents.confirm(asked.id, { payment_method: 'pm_card_visa' });
    expect(confirmed.status).toBe('requires_capture');
  });

  it('that is passed can still end in a decline', async () => {
    const asked = await ask('pm_card_authenticationRequiredChargeDeclinedInsufficientFunds');
    await answer(asked.id, 'passed');
    expect(await shop.stripe.paymentIntents.retrieve(asked.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'insufficient_funds' },
    });
  });

  it('that nobody answers can be canceled', async () => {
    const asked = await ask('pm_card_threeDSecure2Required');
    expect((await shop.stripe.paymentIntents.cancel(asked.id)).status).toBe('canceled');
    const late = await answer(asked.id, 'passed');
    expect(late.headers.get('location')).toContain('redirect_status=failed');
    expect(await shop.ledger()).toEqual([]);
  });
});

describe('a refund', () => {
  it('gives back parts, but never more than was captured', async () => {
    const { id } = await shop.reserve('order-1');
    await shop.stripe.paymentIntents.capture(id, { amount_to_capture: 3000 });
    const first = await shop.stripe.refunds.create({
      payment_intent: id,
      amount: 1000,
      metadata: { reason: 'damaged' },
    });
    expect(first).toMatchObject({ amount: 1000, status: 'succeeded', payment_intent: id });
    expect(await refusalOf(shop.stripe.refunds.create({ payment_intent: id, amount: 2001 }))).toMatchObject({
      statusCode: 400,
    });
    const rest = await shop.stripe.refunds.create({ payment_intent: id });
    expect(rest.amount).toBe(2000);
    expect(await refusalOf(shop.stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'charge_already_refunded',
    });
    expect((await shop.stripe.refunds.list({ payment_intent: id })).data.map((refund) => refund.id)).toEqual([
      rest.id,
      first.id,
    ]);
    expect(await shop.stripe.refunds.retrieve(first.id)).toMatchObject({ metadata: { reason: 'damaged' } });
    expect(
      (await shop.ledger()).filter((line) => line.kind === 'refunded').map((line) => line.amount),
    ).toEqual([1000, 2000]);
  });

  it('is not for what is only reserved', async () => {
    const { id } = await shop.reserve('order-1');
    expect(await refusalOf(shop.stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });
});
