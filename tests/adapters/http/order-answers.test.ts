// The answers about orders are what their description says, on every path that an order can take.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { orderDetailsAnswer, orderDetailsCodec } from '../../../adapters/http/admin/order-details.js';
import { orderAnswer, orderCodec } from '../../../adapters/http/checkout/order-answer.js';
import { decode } from '../../../adapters/http/codecs.js';
import type { StoredEvent } from '../../../application/ports/event-store.js';
import { orderDetails } from '../../../application/read-models/order-details.js';
import { fold } from '../../../domain/order/evolve.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import { paths, waitLimits } from '../projections/paths.js';

const orderOf = (stored: readonly StoredEvent[]): PlacedOrder => {
  const order = fold(stored.map(({ event }) => event));
  if (order.type === 'no_order') throw new Error('the order was placed');
  return order;
};
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(Object.entries(paths))('the answer about an order that is %s', (_, stored) => {
  it('to its customer is as described', () => {
    const answer = asJson(orderAnswer(orderOf(stored), waitLimits));
    expect(decode(orderCodec, answer)).toEqual(E.right(answer));
  });

  it('to operators is as described', () => {
    for (const limits of [waitLimits, null]) {
      const answer = asJson(orderDetailsAnswer(orderDetails(orderOf(stored), stored, limits)));
      expect(decode(orderDetailsCodec, answer)).toEqual(E.right(answer));
    }
  });
});

describe('the answer to a customer', () => {
  const answerOf = (path: keyof typeof paths) => orderAnswer(orderOf(paths[path]), waitLimits);

  it('tells what the order needs from them, and until when', () => {
    expect(answerOf('waitingForCard').awaits).toEqual({
      ...{ type: 'another_card', advice: 'another_card', code: null, until: '2026-01-05T09:30:05.000Z' },
    });
    expect(answerOf('challenged').awaits).toMatchObject({
      ...{ type: 'challenge', url: 'https://cards.example/challenges/pi_1' },
    });
    expect(answerOf('confirmed').awaits).toBeNull();
  });

  it('tells nobody that a card counts as stolen, which rule refused it, or why an order is on hold', () => {
    for (const path of ['waitingForCard', 'otherCard', 'refusedByPolicy', 'held'] as const) {
      expect(JSON.stringify(answerOf(path))).not.toMatch(/stolen|security_code|fraud|hard|policy/);
    }
    expect(answerOf('held').isOnHold).toBe(true);
  });

  it('tells where the money is and what cancelling would do', () => {
    expect(answerOf('confirmed')).toMatchObject({
      money: { held: { amount: 4580, until: '2026-01-12T09:00:00.000Z' }, charged: null },
      cancellationPreview: { answer: 'at_once', money: 'void', amount: 4580 },
    });
    expect(answerOf('shortPicked').money).toMatchObject({ held: null, charged: 3815, released: 765 });
    expect(answerOf('partlyRefunded')).toMatchObject({
      money: { charged: 4580, refunded: 1275, refunding: 255 },
      refunds: [{ status: 'refunded' }, { status: 'failed' }, { status: 'unknown' }],
    });
    expect(answerOf('lostAnswer').money).toMatchObject({ asked: 4580, held: null });
  });
});
