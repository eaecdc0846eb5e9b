// The ways that phases, goods and mails take in every history. A failure prints its seed and the shortest story.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../../../domain/order/events.js';
import type { PlacedOrder, Stock } from '../../../../domain/order/order.js';
import { type Phase, phaseOf } from '../../../../domain/order/phase.js';
import { mailTold } from '../../../../domain/order/rules/mails.js';
import { aHistory } from '../../../support/order/arbitraries.js';
import { areDistinct, ordersAlong } from './invariants.js';

const holds = (check: (events: readonly OrderEvent[], orders: readonly PlacedOrder[]) => void): void =>
  fc.assert(
    fc.property(aHistory, ({ events }) => check(events, ordersAlong(events))),
    { numRuns: 300 },
  );

describe('every history', () => {
  it('goes only where its phase may go, fact by fact', () => {
    const out: readonly Phase[] = ['Cancelling'];
    // The money may be missing, and a person may hold the order, at any time between the first and the last of these.
    const atCheckout: readonly Phase[] = ['StockHeld', 'AwaitingPayment', 'Confirmed', 'OnHold'];
    const next: Readonly<Record<Phase, readonly Phase[]>> = {
      Placed: ['Authenticated', 'Rejected', ...out],
      Authenticated: ['Validated', 'Rejected', ...out],
      Validated: ['StockHeld', 'Rejected', ...out],
      StockHeld: [...atCheckout, 'Validated', ...out],
      AwaitingPayment: [...atCheckout, 'Validated', ...out],
      Confirmed: [...atCheckout, 'Released', ...out],
      OnHold: [...atCheckout, 'Released', 'Picked', 'Packed', 'Charged', ...out],
      Released: ['Picked', 'OnHold', ...out],
      Picked: ['Packed', 'OnHold', ...out],
      Packed: ['Charged', 'OnHold', ...out],
      Charged: ['Shipped', 'OnHold', ...out],
      Shipped: ['Completed'],
      Completed: [],
      Rejected: [],
      Cancelling: ['Cancelled'],
      Cancelled: [],
    };
    holds((_events, orders) => {
      for (const [index, order] of orders.entries()) {
        const before = orders[index - 1];
        if (before === undefined || phaseOf(before) === phaseOf(order)) continue;
        expect(next[phaseOf(before)], phaseOf(before)).toContain(phaseOf(order));
      }
    });
  });

  it('never hands out, charges or ships what a person holds', () => {
    const kept: ReadonlySet<OrderEvent['type']> = new Set([
      'ReleasedToWarehouse',
      'ChargeRequested',
      'Shipped',
    ] as const);
    holds((events, orders) => {
      for (const [index, event] of events.entries()) {
        if (kept.has(event.type)) expect(orders[index]?.holds.size).toBe(0);
      }
    });
  });

  it('never hands out, charges or ships an order on its way out', () => {
    const forward: ReadonlySet<OrderEvent['type']> = new Set([
      'CardReservationRequested',
      'ReleasedToWarehouse',
      'Picked',
      'Packed',
      'ChargeRequested',
      'Shipped',
      'HoldPlaced',
    ] as const);
    holds((events) => {
      const out = events.findIndex(
        ({ type }) => type === 'CancellationRequested' || type === 'OrderRejected',
      );
      if (out < 0) return;
      expect(events.slice(out).filter(({ type }) => forward.has(type))).toStrictEqual([]);
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

  it('touches no card before it holds the goods', () => {
    holds((events) => {
      const types = events.map(({ type }) => type);
      const card = types.indexOf('CardReservationRequested');
      if (card >= 0) expect(types.slice(0, card)).toContain('StockReserved');
    });
  });
});

type MailFact = Extract<OrderEvent, { readonly kind: unknown }>;
const mailOf = ({ kind, factRevision }: MailFact): string => `${kind} ${String(factRevision)}`;
const isMailFact = (event: OrderEvent): event is MailFact => 'kind' in event;

describe('the mails of every history', () => {
  it('are called for at most once a fact, and some once an order', () => {
    const onceKinds = new Set(
      Object.values(mailTold).flatMap((rule) => (rule?.once === true ? [rule.kind] : [])),
    );
    holds((_events, orders) => {
      const mails = orders.at(-1)?.notifications ?? [];
      areDistinct(mails.map(({ factRevision }) => factRevision));
      areDistinct(mails.map(({ kind }) => kind).filter((kind) => onceKinds.has(kind)));
    });
  });

  it('tell a fact that calls for them', () => {
    holds((events, orders) => {
      for (const { kind, factRevision } of orders.at(-1)?.notifications ?? []) {
        const fact = events[factRevision];
        expect(fact && mailTold[fact.type]?.kind).toBe(kind);
      }
    });
  });

  it('are sent once, or twice when the first is in doubt, and never before they are asked for', () => {
    holds((events) => {
      const facts = events.filter(isMailFact);
      for (const mail of new Set(facts.map(mailOf))) {
        const types = facts.filter((event) => mailOf(event) === mail).map(({ type }) => type);
        const count = (type: OrderEvent['type']): number => types.filter((name) => name === type).length;
        expect(types[0]).toBe('NotificationRequested');
        expect(count('NotificationSent')).toBeLessThanOrEqual(1);
        const doubts = count('NotificationPossiblySent');
        expect(doubts).toBeLessThanOrEqual(2);
        const attempts = count('NotificationRequested') - count('NotificationNotSent');
        expect(attempts).toBeLessThanOrEqual(Math.min(doubts, 1) + 1);
        expect(count('NotificationBounced')).toBeLessThanOrEqual(3);
      }
    });
  });
});
