// What people read of an order, on each path that an order can take.
import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../../application/ports/event-store.js';
import { type OrderDetails, orderDetails } from '../../../application/read-models/order-details.js';
import type { WaitLimits } from '../../../application/read-models/order-waits.js';
import { fold } from '../../../domain/order/evolve.js';
import { paths, waitLimits } from '../../adapters/projections/paths.js';
import { after, pence } from '../../support/examples.js';

const detailsOf = (stored: readonly StoredEvent[], limits: WaitLimits | null = waitLimits): OrderDetails => {
  const order = fold(stored.map(({ event }) => event));
  if (order.type === 'no_order') throw new Error('the order was placed');
  return orderDetails(order, stored, limits);
};

const money = (path: keyof typeof paths) => detailsOf(paths[path]).money;
const waits = (path: keyof typeof paths) => detailsOf(paths[path]).waits;

describe('the money of an order', () => {
  it('is held until the processor lets it go', () => {
    expect(money('confirmed')).toMatchObject({
      held: { amount: pence(4580), until: after(7 * 86_400), reference: 'pi_1' },
      ...{ asked: null, lettingGo: [], charged: null, released: null },
      ...{ refunded: pence(0), refunding: pence(0), refundable: pence(0) },
    });
  });

  it.each([
    ['lostAnswer', { request: 'reservation', amount: pence(4580), state: 'unknown' }],
    ['challenged', { request: 'reservation', amount: pence(4580), state: 'challenged' }],
  ] as const)('is only asked for, not held, when the order is %s', (path, asked) => {
    expect(money(path)).toMatchObject({ asked, held: null, charged: null });
  });

  it('of a short pick is charged less, and the rest is released', () => {
    expect(money('shortPicked')).toMatchObject({
      ...{ held: null, charged: pence(3815), released: pence(765), refunded: pence(0) },
    });
  });

  it('of a renewed reservation is held by the new one while the old one is let go', () => {
    expect(money('renewed')).toMatchObject({
      held: { attempt: 2, until: after(13 * 86_400) },
      lettingGo: [{ attempt: 1, until: after(7 * 86_400) }],
    });
  });

  it('of a cancelled order is let go, or goes back', () => {
    expect(money('cancelledInGrace')).toMatchObject({ held: null, charged: null, lettingGo: [] });
    expect(money('refundUnderWay')).toMatchObject({
      ...{ charged: pence(4580), refunding: pence(4580), refunded: pence(0), refundable: pence(0) },
    });
    expect(money('cancelledAfterCharge')).toMatchObject({ refunding: pence(0), refunded: pence(4580) });
  });

  it('counts refunds that arrived, are under way and can still be made', () => {
    expect(money('partlyRefunded')).toMatchObject({
      ...{ charged: pence(4580), refunded: pence(1275), refunding: pence(255), refundable: pence(3050) },
    });
  });
});

describe('an order waits for', () => {
  it.each([
    ['confirmed', []],
    ['waitingForCard', [{ type: 'another_card', until: after(5 + 1_800) }]],
    ['refusedByPolicy', [{ type: 'another_card', until: after(5 + 1_800) }]],
    ['chargeDeclined', [{ type: 'another_card', until: after(3_201 + 259_200) }]],
    ['issuerAway', [{ type: 'automatic_retry', decline: { class: 'soft' } }]],
    ['challenged', [{ type: 'challenge', url: expect.stringContaining('https://'), until: after(905) }]],
    ['lostAnswer', [{ type: 'lost_answer', request: 'reservation' }]],
    ['held', [{ type: 'hold', reasons: ['fraud', 'address'] }]],
    ['refundUnderWay', [{ type: 'put_back' }, { type: 'refund', refundIds: ['cancellation'] }]],
    ['partlyRefunded', [{ type: 'lost_answer', request: 'refund' }]],
    ...(['otherCard', 'challengePassed', 'renewed', 'cancelledAfterCharge', 'delivered'] as const).map(
      (path) => [path, []] as const,
    ),
  ] as const)('%s: %j', (path, expected) => {
    expect(waits(path)).toMatchObject(expected);
    expect(waits(path)).toHaveLength(expected.length);
  });

  it('its customer, without a deadline where the limits of the shop are not known', () => {
    expect(detailsOf(paths.waitingForCard, null).waits).toMatchObject([{ until: null }]);
    expect(detailsOf(paths.challenged, null).waits).toMatchObject([{ until: null }]);
  });
});

describe('the tries of an order', () => {
  it.each([
    ['confirmed', [['held', 'visa']]],
    [
      'otherCard',
      [
        ['declined', undefined],
        ['held', 'mastercard'],
      ],
    ],
    ['refusedByPolicy', [['declined', 'visa']]],
    ['challenged', [['challenged', undefined]]],
    ['lostAnswer', [['unknown', undefined]]],
    [
      'renewed',
      [
        ['letting_go', 'visa'],
        ['held', 'visa'],
      ],
    ],
    ['chargeDeclined', [['charge_refused', 'visa']]],
    ['cancelledInGrace', [['let_go', 'visa']]],
    ['delivered', [['charged', 'visa']]],
  ] as const)('of %s are %j', (path, expected) => {
    const { tries } = detailsOf(paths[path]);
    expect(tries.map(({ outcome, card }) => [outcome, card?.brand])).toEqual(expected);
  });

  it('say why a card was declined', () => {
    expect(detailsOf(paths.waitingForCard).tries).toMatchObject([
      { attempt: 1, decline: { class: 'hard', code: 'stolen_card' } },
    ]);
  });
});

describe('the rest of an order', () => {
  it('tells each refund with what became of it', () => {
    const { refunds } = detailsOf(paths.partlyRefunded);
    expect(
      refunds.map(({ refundId, status, reference, failure }) => [refundId, status, reference, failure]),
    ).toEqual([
      ['return-1', 'refunded', 're_1', null],
      ['return-2', 'failed', null, 'expired_or_canceled_card'],
      ['return-3', 'unknown', null, null],
    ]);
    expect(refunds[0]).not.toHaveProperty('key');
  });

  it('tells holds with who placed them and when', () => {
    expect(detailsOf(paths.held).holds).toEqual([
      { reason: 'fraud', by: 'ops', since: after(500) },
      { reason: 'address', by: 'ops', since: after(501) },
    ]);
  });

  it('tells mails that were sent, came back or are not true any more', () => {
    expect(detailsOf(paths.bounced).mails).toMatchObject([
      { kind: 'order_confirmed', status: 'sent', mailReturn: 'permanent', changedAt: after(120) },
    ]);
    expect(detailsOf(paths.otherCard).mails).toMatchObject([
      { kind: 'payment_needed', status: 'untrue', changedAt: null },
      { kind: 'order_confirmed', status: 'due' },
    ]);
  });

  it('tells the shipment and its delivery', () => {
    expect(detailsOf(paths.delivered).goods).toMatchObject({
      floor: 'shipped',
      handover: { trackingNumber: 'RM123456789GB' },
      deliveredAt: after(90_000),
    });
    expect(detailsOf(paths.cancelledAfterCharge).goods).toMatchObject({ floor: 'put_back' });
    expect(detailsOf(paths.shortPicked).lines.map(({ picked }) => picked)).toEqual([3, 2]);
  });

  it('tells a dispute', () => {
    expect(detailsOf(paths.disputed).dispute).toEqual({
      ...{ at: after(200_000), amount: pence(4580), reason: 'product_not_received', reference: 'dp_1' },
    });
    expect(detailsOf(paths.delivered).dispute).toBeNull();
  });

  it.each([
    ['waitingForCard', { answer: 'at_once', money: 'nothing', amount: null }],
    ['confirmed', { answer: 'at_once', money: 'void', amount: pence(4580) }],
    ['chargeDeclined', { answer: 'requested', money: 'void', amount: pence(4580) }],
    ['cancelledTooLate', { answer: 'refused', money: 'nothing', amount: null }],
    ['refundUnderWay', { answer: 'again', money: 'nothing', amount: null }],
  ] as const)('says of %s what cancelling would do', (path, preview) => {
    expect(detailsOf(paths[path]).cancellationPreview).toMatchObject(preview);
  });
});
