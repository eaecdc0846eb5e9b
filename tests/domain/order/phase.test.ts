// The one word that people see for an order.
import { describe, expect, it } from 'vitest';
import { fold } from '../../../domain/order/evolve.js';
import { finalPhases, phaseOf } from '../../../domain/order/phase.js';
import { histories } from '../../support/histories.js';

describe('the phase', () => {
  it.each(Object.entries(histories))('when %s', (_state, { events, phase }) => {
    const order = fold(events);
    expect(order.type === 'placed_order' ? phaseOf(order) : null).toBe(phase);
  });

  it('is final once nothing more happens to goods or money', () => {
    expect([...finalPhases].sort()).toStrictEqual(['Cancelled', 'Completed', 'Rejected']);
  });
});
