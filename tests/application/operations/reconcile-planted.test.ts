// One book of a played order is spoilt: each kind of difference is found and explained.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { plusSeconds } from '../../../domain/instant.js';
import * as the from '../../support/examples.js';
import { paymentMethodOf } from '../../support/ids.js';
import { right } from '../../support/order/world.js';
import {
  forge,
  later,
  onlyDifference,
  playedToEnd,
  playedUntil,
  referenceOf,
  reserveBehindTheBack,
  until,
  withPayments,
} from './reconcile-world.js';

describe('planted in the books of the processor', () => {
  it('an orphan reservation', async () => {
    const world = await playedToEnd();
    await reserveBehindTheBack(world, 7);
    const { difference, text } = await onlyDifference(world);
    expect(difference).toMatchObject({ type: 'reservation_unknown', attempt: 7, held: the.pence(4580) });
    expect(text).toContain('holds GBP 45.80 under attempt 7');
    expect(text).toContain(`\`order resync ${the.orderId}\``);
  });

  it('a payment that waits for a bank although its order does not', async () => {
    const world = await playedToEnd();
    const key = `${the.orderId}:reserve:7` as const;
    const request = { orderId: the.orderId, attempt: 7, key, amount: the.pence(4580) };
    const paymentMethod = paymentMethodOf('pm_card_threeDSecure2Required');
    const asked = { ...request, paymentMethod, returnUrl: 'https://checkout.example' };
    right('reserve', await world.processor.gateway.reserve(asked)());
    expect((await onlyDifference(world)).difference).toMatchObject({ type: 'challenge_unknown', attempt: 7 });
  });

  it('a missing capture', async () => {
    const world = await playedToEnd();
    const uncaptured = withPayments(world, (payments) =>
      payments.map((payment) => ({ ...payment, state: 'ended', charged: the.pence(0) })),
    );
    const { difference, text } = await onlyDifference(world, uncaptured);
    expect(difference).toMatchObject({ type: 'charge_missing', recorded: the.pence(4580) });
    expect(text).toContain('a missing capture');
  });

  it('a payment that the processor never heard of', async () => {
    const world = await playedToEnd();
    const none = withPayments(world, () => []);
    expect((await onlyDifference(world, none)).difference.type).toBe('charge_missing');
  });

  it('a capture of which the order knows nothing', async () => {
    const world = await playedUntil(until('Picked'));
    const reference = await referenceOf(world);
    const key = `${the.orderId}:charge:9` as const;
    right('charge', await world.processor.gateway.charge({ reference, key, amount: the.pence(4580) })());
    const { difference } = await onlyDifference(world);
    expect(difference).toMatchObject({ type: 'charge_unrecorded', charged: the.pence(4580) });
  });

  it('a wrong amount taken', async () => {
    const world = await playedToEnd();
    const more = withPayments(world, (payments) =>
      payments.map((payment) => ({ ...payment, charged: the.pence(4581) })),
    );
    const { difference, text } = await onlyDifference(world, more);
    expect(difference).toMatchObject({
      type: 'charge_differs',
      recorded: the.pence(4580),
      charged: the.pence(4581),
    });
    expect(text).toContain('GBP 45.80');
    expect(text).toContain('GBP 45.81');
  });

  it('a wrong amount held', async () => {
    const world = await playedUntil(until('Picked'));
    const less = withPayments(world, (payments) =>
      payments.map((payment) => ({ ...payment, held: the.pence(4000) })),
    );
    const { difference } = await onlyDifference(world, less);
    expect(difference).toMatchObject({ type: 'reservation_differs', held: the.pence(4000) });
  });

  it('a reservation that ended and of which the order was not told', async () => {
    const world = await playedUntil(until('Picked'));
    world.processor.gateway.expireReservation(await referenceOf(world));
    expect((await onlyDifference(world)).difference).toMatchObject({
      type: 'reservation_gone',
      recorded: the.pence(4580),
    });
  });

  it('a refund that nobody asked for', async () => {
    const world = await playedToEnd();
    const reference = await referenceOf(world);
    const key = `${the.orderId}:refund:1` as const;
    const request = { orderId: the.orderId, number: 1, key, amount: the.pence(500), reference };
    right('refund', await world.processor.gateway.refund(request)());
    expect((await onlyDifference(world)).difference).toMatchObject({
      type: 'refund_unrecorded',
      recorded: the.pence(0),
      refunded: the.pence(500),
    });
  });

  it('a refund that was lost after the order heard of it', async () => {
    const world = await playedToEnd();
    const at = world.system.now();
    const refund = { refundId: 'r-1', amount: the.pence(500) } as const;
    const key = `${the.orderId}:refund:1` as const;
    await forge(
      world,
      { type: 'RefundRequested', at, ...refund, number: 1, key, reason: 'goodwill' },
      { type: 'Refunded', at, ...refund, reference: 're_1' },
    );
    later(world);
    expect((await onlyDifference(world)).difference).toMatchObject({
      type: 'refund_missing',
      recorded: the.pence(500),
      refunded: the.pence(0),
    });
  });

  it('goods that left uncharged', async () => {
    const world = await playedUntil(until('Packed'));
    const { handover } = the.ship;
    await forge(world, { type: 'Shipped', at: world.system.now(), handover, shippedBy: 'Ada' });
    later(world);
    expect((await onlyDifference(world)).difference).toStrictEqual({ type: 'shipped_uncharged' });
  });
});

describe('planted in the stock ledger', () => {
  it('goods held for an order that has shipped', async () => {
    const world = await playedToEnd();
    const held = {
      stock: { holdOf: () => async () => E.right({ type: 'committed' } as const) },
    };
    const { difference, text } = await onlyDifference(world, held);
    expect(difference).toStrictEqual({ type: 'stock_still_held', hold: 'committed' });
    expect(text).toContain('they are not sold to anybody');
  });

  it('goods held for an order that was rejected', async () => {
    const world = await playedToEnd({ revoked: true });
    const at = world.system.now();
    const lines = (await world.order()).terms.lines;
    right('reserve', await world.ports.stock.reserve(the.orderId, lines, plusSeconds(at, 60), at)());
    expect((await onlyDifference(world)).difference).toStrictEqual({
      type: 'stock_still_held',
      hold: 'reserved',
    });
  });

  it('goods given away that an open order counts on', async () => {
    const world = await playedUntil(until('ReleasedToWarehouse'));
    right('release', await world.ports.stock.release(the.orderId, [])());
    expect((await onlyDifference(world)).difference).toStrictEqual({
      type: 'stock_not_held',
      recorded: 'committed',
      hold: 'none',
    });
  });
});
