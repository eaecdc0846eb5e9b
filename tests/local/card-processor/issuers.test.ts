import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chargeOf, openShop, refusalOf, type Shop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.processor.close());

const kinds = async (): Promise<readonly string[]> => (await shop.ledger()).map((line) => line.kind);

describe('the issuer, on command,', () => {
  it.each([
    [{ 'metadata.order_id': 'order-2' }],
    [{ card: 'pm_card_mastercard' }],
    [{ operation: 'reserve', 'metadata.order_id': 'order-2*' }],
  ])('declines the next reservation that fits %j', async (match) => {
    await shop.fault({ kind: 'decline', match, code: 'do_not_honor' });
    await shop.reserve('order-1');
    expect(await refusalOf(shop.reserve('order-2', 'pm_card_mastercard'))).toMatchObject({
      decline_code: 'do_not_honor',
    });
    expect((await shop.reserve('order-2', 'pm_card_mastercard')).status).toBe('requires_capture');
  });

  it('declines as often as it is told, also after a challenge', async () => {
    await shop.fault({ kind: 'require_challenge', match: { 'metadata.order_id': 'order-1' } });
    const asked = await shop.reserve('order-1');
    expect(asked.status).toBe('requires_action');
    await shop.fault({ kind: 'decline', match: { intent: asked.id }, times: 2, code: '51' });
    expect((await shop.tell('/_control/challenges', { intent: asked.id, passed: true })).status).toBe(200);
    expect(await shop.stripe.paymentIntents.retrieve(asked.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'insufficient_funds', network_decline_code: '51' },
    });
    const confirm = () => shop.stripe.paymentIntents.confirm(asked.id, { payment_method: 'pm_card_visa' });
    expect(await refusalOf(confirm())).toMatchObject({ network_decline_code: '51' });
    expect((await confirm()).status).toBe('requires_capture');
    expect(await kinds()).toEqual(['declined', 'declined', 'reserved']);
  });

  it('is asked once for a key: a repeat gets the same decline and uses up nothing', async () => {
    await shop.fault({ kind: 'decline', code: 'lost_card', times: 2 });
    const ask = () => refusalOf(shop.reserve('order-1', 'pm_card_visa', 3564, 'key-1'));
    const [first, second] = [await ask(), await ask()];
    expect(second.charge).toBe(first.charge);
    expect(await refusalOf(shop.reserve('order-1', 'pm_card_visa', 3564, 'key-2'))).toMatchObject({
      decline_code: 'lost_card',
    });
    expect((await shop.reserve('order-1', 'pm_card_visa', 3564, 'key-3')).status).toBe('requires_capture');
  });

  it('declines a capture and leaves the reservation alive', async () => {
    const { id } = await shop.reserve('order-1');
    await shop.fault({
      kind: 'decline',
      match: { operation: 'capture', intent: id },
      code: 'processing_error',
    });
    expect(await refusalOf(shop.stripe.paymentIntents.capture(id))).toMatchObject({
      statusCode: 402,
      code: 'processing_error',
      payment_intent: { status: 'requires_capture', amount_capturable: 3564 },
    });
    const captured = await shop.stripe.paymentIntents.capture(id);
    expect(captured).toMatchObject({ status: 'succeeded', last_payment_error: null });
    expect(await kinds()).toEqual(['reserved', 'declined', 'captured']);
  });

  it('ends a reservation at the moment of its capture', async () => {
    const { id } = await shop.reserve('order-1');
    await shop.fault({ kind: 'expire_reservation' });
    expect(await refusalOf(shop.stripe.paymentIntents.capture(id))).toMatchObject({
      statusCode: 400,
      code: 'charge_expired_for_capture',
      payment_intent: { status: 'canceled', cancellation_reason: 'automatic' },
    });
    expect((await refusalOf(shop.stripe.paymentIntents.capture(id))).code).toBe(
      'payment_intent_unexpected_state',
    );
    expect(await kinds()).toEqual(['reserved', 'released']);
  });

  it('asks nobody who is away', async () => {
    await shop.fault({ kind: 'require_challenge' });
    const away = shop.stripe.paymentIntents.create({
      amount: 3564,
      currency: 'gbp',
      payment_method: 'pm_card_visa',
      confirm: true,
      off_session: true,
    });
    expect(await refusalOf(away)).toMatchObject({ code: 'authentication_required' });
  });

  it.each([
    [{ kind: 'decline' }],
    [{ kind: 'decline', code: 'No such' }],
    [{ kind: 'decline', code: '00' }],
    [{ kind: 'delay', code: 'lost_card' }],
    [{ kind: 'decline', code: 'lost_card', match: { order: '1' } }],
    [{ kind: 'decline', code: 'lost_card', count: 2 }],
    [{ kind: 'decline', code: 'lost_card', times: 0 }],
  ])('is not told %j', async (wish) => {
    await expect(shop.fault(wish)).rejects.toThrow('refused');
  });
});

describe('the card', () => {
  it('that refuses captures does so each time', async () => {
    const { id } = await shop.reserve('order-1', 'pm_card_captureDeclined');
    for (const attempt of [1, 2])
      expect([attempt, (await refusalOf(shop.stripe.paymentIntents.capture(id))).decline_code]).toEqual([
        attempt,
        'generic_decline',
      ]);
    expect((await shop.stripe.paymentIntents.cancel(id)).status).toBe('canceled');
  });

  it.each([
    ['pm_card_cvcUnavailable', { cvc_check: 'unavailable' }],
    ['pm_card_checksUnchecked', { cvc_check: 'unchecked', address_postal_code_check: 'unchecked' }],
  ])('%s is approved with %j', async (card, checks) => {
    const intent = await shop.reserve('order-1', card);
    expect(chargeOf(intent).payment_method_details?.card?.checks).toMatchObject(checks);
  });
});

const dataSet = join(process.cwd(), '../shared/data/small/card-declines/decline-codes.csv');

describe.skipIf(!existsSync(dataSet))('the data set of decline codes (../shared/data)', () => {
  it('has no code that cannot be declined with', async () => {
    const rows = readFileSync(dataSet, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    const refused = new Map<string, number>();
    for (const [scheme = '', code = ''] of rows) {
      const card = scheme === 'stripe' ? `pm_card_decline_${code}` : `pm_card_networkDecline_${code}`;
      const refusal = await refusalOf(shop.reserve(`${scheme} ${code}`, card));
      const shown = scheme === 'stripe' ? refusal.decline_code : refusal.network_decline_code;
      expect([scheme, code, refusal.statusCode, shown]).toEqual([scheme, code, 402, code]);
      refused.set(scheme, (refused.get(scheme) ?? 0) + 1);
    }
    expect([...refused.keys()].sort()).toEqual(['iso8583', 'stripe', 'visa']);
  });
});
