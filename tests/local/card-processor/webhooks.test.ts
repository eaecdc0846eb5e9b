import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, start, type Shop } from './shop.js';
import { openReceiver, webhookSecret, type Receiver } from './webhook-receiver.js';

let receiver: Receiver;
let shop: Shop;

beforeEach(async () => {
  receiver = await openReceiver();
  shop = await openShop(null, { webhook: { url: receiver.url, secret: webhookSecret } });
});
afterEach(async () => {
  await shop.processor.close();
  await receiver.close();
});

const challenged = {
  amount: 3564,
  currency: 'gbp',
  payment_method: 'pm_card_authenticationRequired',
  capture_method: 'manual',
  confirm: true,
  return_url: 'https://shop.example/back',
} as const;

describe('a webhook', () => {
  it('is signed over its bytes, so that the official client takes it and nothing else', async () => {
    const intent = await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1');
    await receiver.arrived(1);
    const [letter] = receiver.letters;
    if (letter === undefined) throw new Error('no letter');
    const { body, signature } = letter;
    const open = (bytes: Buffer, header: string, secret: string, at = start): Stripe.Event =>
      shop.stripe.webhooks.constructEvent(bytes, header, secret, 300, undefined, at);
    const event = open(body, signature, webhookSecret);
    expect(event).toMatchObject({
      object: 'event',
      type: 'payment_intent.amount_capturable_updated',
      created: start / 1000,
      livemode: false,
      pending_webhooks: 1,
      request: { id: intent.lastResponse.requestId, idempotency_key: 'key-1' },
      data: {
        object: {
          id: intent.id,
          object: 'payment_intent',
          status: 'requires_capture',
          amount_capturable: 3564,
          metadata: { order_id: 'order-1' },
        },
      },
    });
    const tampered = Buffer.from(body.toString('utf8').replace('3564', '3565'));
    expect(() => open(tampered, signature, webhookSecret)).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
    expect(() => open(body, signature, 'whsec_another_secret')).toThrow();
    expect(() => open(body, signature, webhookSecret, start + 301_000)).toThrow('tolerance');
  });

  it('tells of a challenge, its end, a capture and refunds', async () => {
    const asked = await shop.stripe.paymentIntents.create(challenged);
    await shop.tell('/_control/challenges', { intent: asked.id, passed: true });
    await shop.stripe.paymentIntents.capture(asked.id, { amount_to_capture: 3000 });
    const refund = await shop.stripe.refunds.create({ payment_intent: asked.id, amount: 1000 });
    await receiver.arrived(6);
    expect([...receiver.types()].sort()).toEqual([
      'charge.captured',
      'charge.refunded',
      'payment_intent.amount_capturable_updated',
      'payment_intent.requires_action',
      'payment_intent.succeeded',
      'refund.created',
    ]);
    const created = receiver.letters.find((letter) => letter.event.type === 'refund.created');
    expect(created?.event.data.object).toMatchObject({ id: refund.id, amount: 1000, status: 'succeeded' });
  });

  it('tells of a failed challenge, a decline and a canceled payment', async () => {
    const asked = await shop.stripe.paymentIntents.create(challenged);
    await shop.tell('/_control/challenges', { intent: asked.id, passed: false });
    await shop.stripe.paymentIntents
      .confirm(asked.id, { payment_method: 'pm_card_chargeDeclinedLostCard' })
      .catch(() => null);
    await shop.stripe.paymentIntents.cancel(asked.id);
    await receiver.arrived(4);
    const failures = receiver.letters.filter(
      (letter) => letter.event.type === 'payment_intent.payment_failed',
    );
    const codes = failures.map(({ event }) =>
      event.type === 'payment_intent.payment_failed' ? event.data.object.last_payment_error?.code : null,
    );
    expect(codes.sort()).toEqual(['card_declined', 'payment_intent_authentication_failure']);
    expect([...receiver.types()].sort()).toEqual([
      'payment_intent.canceled',
      'payment_intent.payment_failed',
      'payment_intent.payment_failed',
      'payment_intent.requires_action',
    ]);
  });

  it.each([
    ['let go', ['charge.refunded', 'payment_intent.amount_capturable_updated', 'payment_intent.canceled']],
    ['run out', ['charge.expired', 'payment_intent.amount_capturable_updated', 'payment_intent.canceled']],
  ])('tells that a reservation was %s, without any request of the shop', async (how, types) => {
    const { id } = await shop.reserve('order-1');
    if (how === 'let go') await shop.stripe.paymentIntents.cancel(id);
    else shop.pass(7 * 86_400_000);
    await receiver.arrived(3);
    expect([...receiver.types()].sort()).toEqual(types);
  });
});
