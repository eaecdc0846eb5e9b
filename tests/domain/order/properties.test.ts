// What holds for every history that can happen, and for streams that cannot. A failure prints its seed and the
// shortest history that shows it.
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../../domain/order/events.js';
import { decide } from '../../../domain/order/decide.js';
import {
  evolve,
  fold,
  initial,
  type Order,
  type PlacedOrder,
  type Stock,
} from '../../../domain/order/order.js';
import { finalPhases, type Phase, phaseOf } from '../../../domain/order/phase.js';
import { amountDue } from '../../../domain/order/rules/totals.js';
import { aHistory, aNonsenseStream, commandsFor } from '../../support/order/arbitraries.js';
import { opening } from '../../support/examples.js';

const runs = { numRuns: 300 };

/** The order after each of the facts. */
const ordersAlong = (events: readonly OrderEvent[]): readonly PlacedOrder[] => {
  const orders: PlacedOrder[] = [];
  let order: Order = initial;
  for (const event of events) {
    order = evolve(order, event);
    if (order.type === 'placed_order') orders.push(order);
  }
  return orders;
};

const of = <Type extends OrderEvent['type']>(events: readonly OrderEvent[], type: Type) =>
  events.filter((event): event is Extract<OrderEvent, { readonly type: Type }> => event.type === type);

describe('any stream of well-formed facts', () => {
  it('is folded without a throw, and counts its revisions', () => {
    fc.assert(
      fc.property(aNonsenseStream, (events) => {
        const order = fold(events);
        const first = events.findIndex(({ type }) => type === 'OrderPlaced');
        if (order.type === 'no_order') {
          expect(order.ignored).toBe(events.length);
        } else {
          expect(order.revision).toBe(events.length - first - 1);
          expect(typeof phaseOf(order)).toBe('string');
        }
      }),
      runs,
    );
  });

  it('can be asked anything without a throw', () => {
    fc.assert(
      fc.property(aNonsenseStream, fc.nat(10_000), (events, variant) => {
        const order = fold(events);
        for (const command of commandsFor(order, opening + variant * 1000, variant)) {
          expect(['Left', 'Right']).toContain(decide(order, command)._tag);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('every history', () => {
  const holds = (check: (events: readonly OrderEvent[], orders: readonly PlacedOrder[]) => void): void =>
    fc.assert(
      fc.property(aHistory, ({ events }) => check(events, ordersAlong(events))),
      runs,
    );

  it('adds nothing when a command is asked again', () => {
    fc.assert(
      fc.property(aHistory, ({ steps }) => {
        for (const { before, command, added } of steps) {
          if (added === null || added.length === 0) continue;
          const again = decide(added.reduce(evolve, before), command);
          if (E.isRight(again)) expect(again.right).toStrictEqual([]);
        }
      }),
      runs,
    );
  });

  it('goes only where its phase may go', () => {
    // From each phase to the next ones; the way out is open until the pick.
    const out: readonly Phase[] = ['Cancelling', 'Cancelled'];
    const next: Readonly<Record<Phase, readonly Phase[]>> = {
      Placed: ['Authenticated', 'Rejected', ...out],
      Authenticated: ['Validated', 'Rejected', ...out],
      Validated: ['StockHeld', 'Rejected', ...out],
      StockHeld: ['AwaitingPayment', 'Confirmed', ...out],
      AwaitingPayment: out,
      Confirmed: ['Released', ...out],
      Released: ['Picked', ...out],
      Picked: ['Packed'],
      Packed: ['Charged'],
      Charged: ['Shipped'],
      Shipped: ['Completed'],
      Completed: [],
      Rejected: [],
      Cancelling: ['Cancelled'],
      Cancelled: [],
    };
    fc.assert(
      fc.property(aHistory, ({ steps }) => {
        for (const { before, added } of steps) {
          if (before.type === 'no_order') continue;
          const now = (added ?? []).reduce(evolve, before);
          if (now.type === 'no_order') throw new Error('an order cannot vanish');
          const [from, to] = [phaseOf(before), phaseOf(now)];
          if (from !== to) expect(next[from]).toContain(to);
        }
      }),
      runs,
    );
  });

  it('ends at most once, and then only mails follow', () => {
    holds((events, orders) => {
      const end = orders.findIndex((order) => finalPhases.has(phaseOf(order)));
      if (end < 0) return;
      const later = events.slice(end + 1).map(({ type }) => type);
      expect(later.filter((type) => !type.startsWith('Notification'))).toStrictEqual([]);
      const last = orders.at(-1);
      expect(last && phaseOf(last)).toBe(orders[end] && phaseOf(orders[end]));
    });
  });

  it('never charges twice, nor more than it holds, nor anything but what was packed', () => {
    holds((events, orders) => {
      const charges = of(events, 'Charged');
      expect(charges.length).toBeLessThanOrEqual(1);
      for (const order of orders) {
        const { payment, fulfilment } = order;
        if (payment.status !== 'charged') continue;
        expect(payment.amount.minor).toBeLessThanOrEqual(payment.reservation.amount.minor);
        expect(payment.amount.currency).toBe(payment.reservation.amount.currency);
        if (fulfilment.status === 'waiting') throw new Error('charged before it was picked');
        expect(amountDue(order.terms, fulfilment.lines)).toStrictEqual(E.right(payment.amount));
      }
    });
  });

  it('holds money at most once, and only for the whole total', () => {
    holds((events) => {
      let live = 0;
      let open = 0;
      const total = of(events, 'OrderPlaced')[0]?.total;
      for (const event of events) {
        if (event.type === 'CardReservationRequested') {
          expect(event.amount).toStrictEqual(total);
          open += 1;
        }
        if (event.type === 'CardReserved') {
          expect(event.reservation.amount).toStrictEqual(total);
          live += 1;
          open -= 1;
        }
        if (event.type === 'CardDeclined') open -= 1;
        if (event.type === 'CardReservationVoided') live -= 1;
        expect(live + open).toBeLessThanOrEqual(1);
        expect(live).toBeGreaterThanOrEqual(0);
        expect(open).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it('gives every request at most one final answer, under a key of its own', () => {
    holds((events) => {
      const keys = [...of(events, 'CardReservationRequested'), ...of(events, 'ChargeRequested')].map(
        ({ key }) => key,
      );
      expect(new Set(keys).size).toBe(keys.length);
      const answers = [...of(events, 'Charged'), ...of(events, 'ChargeFailed')].map(({ attempt }) => attempt);
      expect(new Set(answers).size).toBe(answers.length);
      expect(answers.length).toBeLessThanOrEqual(of(events, 'ChargeRequested').length);
    });
  });

  it('holds nothing once it is cancelled or rejected', () => {
    holds((_events, orders) => {
      for (const order of orders) {
        const phase = phaseOf(order);
        if (phase !== 'Cancelled' && phase !== 'Rejected') continue;
        expect(['none', 'declined', 'voided']).toContain(order.payment.status);
        expect(['none', 'unavailable', 'released']).toContain(order.stock.status);
        expect(order.fulfilment.status).toBe('waiting');
      }
    });
  });

  it('ships nothing that was not charged', () => {
    holds((events) => {
      const types = events.map(({ type }) => type);
      const shipped = types.indexOf('Shipped');
      if (shipped >= 0) expect(types.slice(0, shipped)).toContain('Charged');
      expect(types.filter((type) => type === 'Shipped').length).toBeLessThanOrEqual(1);
    });
  });

  it('moves its goods only from hand to hand', () => {
    const next: Readonly<Record<Stock['status'], ReadonlyArray<Stock['status']>>> = {
      none: ['reserved', 'unavailable'],
      reserved: ['committed', 'released', 'unavailable'],
      committed: ['released'],
      unavailable: [],
      released: [],
    };
    holds((_events, orders) => {
      for (const [index, order] of orders.entries()) {
        const before = orders[index - 1]?.stock.status ?? 'none';
        if (before !== order.stock.status) expect(next[before]).toContain(order.stock.status);
      }
    });
  });

  it('sends a mail of each kind once, or twice when the first is in doubt', () => {
    holds((events, orders) => {
      for (const kind of ['order_confirmed', 'order_shipped', 'order_rejected', 'order_cancelled'] as const) {
        const mails = events.flatMap((event) => ('kind' in event && event.kind === kind ? [event.type] : []));
        const count = (type: OrderEvent['type']): number => mails.filter((name) => name === type).length;
        expect(count('NotificationSent')).toBeLessThanOrEqual(1);
        const doubts = count('NotificationPossiblySent');
        expect(doubts).toBeLessThanOrEqual(2);
        const attempts = count('NotificationRequested') - count('NotificationNotSent');
        expect(attempts).toBeLessThanOrEqual(Math.min(doubts, 1) + 1);
        const due = orders.at(-1)?.notifications.filter((notification) => notification.kind === kind) ?? [];
        expect(due.length).toBeLessThanOrEqual(1);
        if (mails.length > 0) expect(due.length).toBe(1);
      }
    });
  });

  it('reaches every end often enough to mean something', () => {
    const ends = fc.sample(aHistory, { numRuns: 500, seed: 20_260_105 }).map(({ events }) => {
      const order = fold(events);
      return order.type === 'placed_order' ? phaseOf(order) : 'none';
    });
    const count = (phase: Phase): number => ends.filter((end) => end === phase).length;
    for (const phase of finalPhases) expect(count(phase)).toBeGreaterThan(20);
  });
});
