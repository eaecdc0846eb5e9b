// The one word that people see for an order, and the states that the specifications know.
import { describe, expect, it } from 'vitest';
import { fold } from '../../../domain/order/evolve.js';
import type { Fulfilment, Lifecycle, Payment, Stock } from '../../../domain/order/order.js';
import { finalPhases, phaseOf, phases } from '../../../domain/order/phase.js';
import { histories } from '../../support/histories.js';

const orders = Object.values(histories).flatMap(({ events }) => {
  const order = fold(events);
  return order.type === 'placed_order' ? [order] : [];
});

describe('the phase', () => {
  it.each(Object.entries(histories))('when %s', (_state, { events, phase }) => {
    const order = fold(events);
    expect(order.type === 'placed_order' ? phaseOf(order) : null).toBe(phase);
  });

  it('is final once nothing more happens to goods or money', () => {
    expect([...finalPhases].sort()).toStrictEqual(['Cancelled', 'Completed', 'Rejected']);
  });
});

describe('the states with a name', () => {
  const every = <Name extends string>(names: Readonly<Record<Name, true>>): readonly string[] =>
    Object.keys(names).sort();
  const seen = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

  it('reach every phase', () => {
    expect(seen(orders.map(phaseOf))).toStrictEqual([...phases].sort());
  });

  it('reach every stage', () => {
    const all = every<Lifecycle['stage']>({
      placed: true,
      authenticated: true,
      validated: true,
      released: true,
      completed: true,
      rejected: true,
      cancelling: true,
      cancelled: true,
    });
    expect(seen(orders.map(({ lifecycle }) => lifecycle.stage))).toStrictEqual(all);
  });

  it('reach every status of the money', () => {
    const all = every<Payment['status']>({
      none: true,
      reserving: true,
      authenticating: true,
      declined: true,
      reserved: true,
      charging: true,
      charge_failed: true,
      expired: true,
      charged: true,
      voided: true,
    });
    expect(seen(orders.map(({ payment }) => payment.status))).toStrictEqual(all);
  });

  it('reach every status of the goods', () => {
    const held = every<Stock['status']>({
      none: true,
      reserved: true,
      unavailable: true,
      committed: true,
      released: true,
    });
    expect(seen(orders.map(({ stock }) => stock.status))).toStrictEqual(held);
    const moved = every<Fulfilment['status']>({
      waiting: true,
      picked: true,
      packed: true,
      shipped: true,
      put_back: true,
    });
    expect(seen(orders.map(({ fulfilment }) => fulfilment.status))).toStrictEqual(moved);
  });
});
