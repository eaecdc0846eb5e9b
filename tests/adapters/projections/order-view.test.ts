import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { eventNames } from '../../../adapters/event-schema/order-events.js';
import { decodeOrderView, encodeOrderView } from '../../../adapters/projections/order-view-codec.js';
import { evolveOrderView, type OrderView } from '../../../application/read-models/order-view.js';
import { fold } from '../../../domain/order/evolve.js';
import { reservationOf } from '../../../domain/order/order.js';
import { phaseOf } from '../../../domain/order/phase.js';
import { refundedAmount } from '../../../domain/order/rules/kept-money.js';
import { after, pence } from '../../support/examples.js';
import { newOrderId } from '../../support/ids.js';
import { eventsNamed, lives, stored, viewOf } from './histories.js';
import { paths } from './paths.js';

const viewOfLife = (life: keyof typeof lives): OrderView => {
  const orderId = newOrderId();
  return viewOf(stored(orderId, eventsNamed(lives[life], { orderId })));
};

describe('an order view', () => {
  it('of a shipped order shows what was ordered, held, charged and sent', () => {
    expect(viewOfLife('shipped')).toMatchObject({
      phase: 'Completed',
      revision: 17,
      destination: 'IE',
      units: 7,
      total: { minor: 4605, currency: 'GBP' },
      delivery: { minor: 1800, currency: 'GBP' },
      reserved: { minor: 4605, currency: 'GBP' },
      charged: { minor: 4350, currency: 'GBP' },
      handover: { carrier: 'An Post', trackingNumber: 'RR123456789IE' },
      rejection: [],
      cancellation: null,
    });
  });

  it('of a rejected order names every reason', () => {
    const { phase, rejection, charged } = viewOfLife('rejected');
    expect(phase).toBe('Rejected');
    expect(rejection.map(({ type }) => type)).toEqual([
      'authentication',
      'article_withdrawn',
      'destination_not_served',
      'currency_not_accepted',
      'total_above_limit',
      'out_of_stock',
    ]);
    expect(charged).toBeNull();
  });

  it('of a cancelled order says why and that nothing is held any more', () => {
    expect(viewOfLife('cancelled')).toMatchObject({
      phase: 'Cancelled',
      cancellation: 'payment_not_completed',
      reserved: null,
      charged: null,
    });
  });

  it.each([
    ['waitingForCard', { phase: 'AwaitingPayment', awaitsCustomer: 'another_card', reserved: null }],
    ['issuerAway', { phase: 'AwaitingPayment', awaitsCustomer: null }],
    ['challenged', { phase: 'AwaitingPayment', awaitsCustomer: 'challenge' }],
    ['challengePassed', { phase: 'Confirmed', awaitsCustomer: null, heldUntil: after(7 * 86_400) }],
    ['renewed', { phase: 'Confirmed', heldUntil: after(13 * 86_400), reserved: pence(4580) }],
    ['held', { phase: 'OnHold', holds: ['fraud', 'address'] }],
    ['shortPicked', { phase: 'Shipped', reserved: pence(4580), charged: pence(3815), heldUntil: null }],
    ['chargeDeclined', { phase: 'OnHold', awaitsCustomer: 'another_card', charged: null }],
    ['cancelledAfterCharge', { phase: 'Cancelled', charged: pence(4580), refunded: pence(4580) }],
    ['partlyRefunded', { phase: 'Completed', charged: pence(4580), refunded: pence(1275) }],
    ['delivered', { phase: 'Completed', deliveredAt: after(90_000), isDisputed: false }],
    ['disputed', { phase: 'Completed', isDisputed: true }],
  ] as const)('of an order that is %s shows %j', (path, facts) => {
    expect(viewOf(paths[path])).toMatchObject(facts);
  });

  it('is none as long as the order was not placed', () => {
    const orderId = newOrderId();
    const events = stored(orderId, eventsNamed(['StockReserved', 'Shipped'], { orderId }));
    expect(events.reduce<OrderView | null>(evolveOrderView, null)).toBeNull();
  });

  const anyLife = fc.array(fc.constantFrom(...eventNames), { maxLength: 25 });

  it('agrees with the aggregate on phase and money after any events whatever', () => {
    fc.assert(
      fc.property(anyLife, (names) => {
        const orderId = newOrderId();
        const events = eventsNamed(['OrderPlaced', ...names], { orderId });
        const order = fold(events);
        const view = viewOf(stored(orderId, events));
        if (order.type !== 'placed_order') throw new Error('the order was placed');
        expect(view.phase).toBe(phaseOf(order));
        expect(view.revision).toBe(order.revision);
        expect(view.reserved).toEqual(reservationOf(order.payment)?.amount ?? null);
        if (order.payment.status === 'charged') expect(view.charged).toEqual(order.payment.amount);
        expect(view.refunded).toEqual(refundedAmount(order));
        expect(view.holds).toEqual([...order.holds]);
      }),
    );
  });

  it('changes nothing when events come again', () => {
    fc.assert(
      fc.property(anyLife, (names) => {
        const orderId = newOrderId();
        const events = stored(orderId, eventsNamed(['OrderPlaced', ...names], { orderId }));
        const view = viewOf(events);
        for (const event of events) expect(evolveOrderView(view, event)).toBe(view);
      }),
    );
  });

  it('comes back from its stored form as it was', () => {
    fc.assert(
      fc.property(anyLife, (names) => {
        const orderId = newOrderId();
        const view = viewOf(stored(orderId, eventsNamed(['OrderPlaced', ...names], { orderId })));
        const json: unknown = JSON.parse(JSON.stringify(encodeOrderView(view)));
        expect(decodeOrderView(json)).toEqual(E.right(view));
      }),
    );
  });
});
