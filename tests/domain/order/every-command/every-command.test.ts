// Every command in every state: one row a command, one column a state, one mark an exact outcome. A command without a
// row, or a row or a state without its marks, does not compile or fails, so that a new one cannot be forgotten.
import { describe, expect, it } from 'vitest';
import type { OrderCommand } from '../../../../domain/order/commands.js';
import { fold } from '../../../../domain/order/evolve.js';
import type { Refusal } from '../../../../domain/order/refusal.js';
import { histories, type StateName } from '../../../support/histories.js';
import { commandNames } from '../../../support/order/command-names.js';
import { given } from '../../../support/order/given-when-then.js';
import { marksOf } from './marks.js';
import { type Row, rows } from './rows.js';
import { stateGroups } from './states.js';

const states: readonly StateName[] = stateGroups.flat();

const refusalOf = (mark: string, row: Row, state: StateName): Refusal | null => {
  const { command, refusals } = row;
  const { phase, events } = histories[state];
  if (mark === '?') return { type: 'order_unknown' };
  if (phase === null) return null;
  switch (mark) {
    case 'w':
      return { type: 'wrong_phase', command: command.type, phase };
    case 'x':
      return { type: 'order_closing', phase };
    case 'l':
      return { type: 'too_late_to_cancel', phase };
    case 'a':
      return { type: 'attempt_unknown', attempt: 1 };
    case 'h':
      return { type: 'something_still_held' };
    case 'n':
      return { type: 'not_charged' };
    case 'm':
      return { type: 'notification_not_due' };
    case 'o': {
      const order = fold(events);
      return order.type === 'placed_order' ? { type: 'on_hold', reasons: [...order.holds] } : null;
    }
    default:
      return refusals?.[mark] ?? null;
  }
};

const check = (row: Row, mark: string | undefined, state: StateName): void => {
  const outcome = given(...histories[state].events).when(row.command);
  if (mark === '.') return outcome.thenNothing();
  const added = row.adds[mark === '+' ? 0 : Number(mark) - 1];
  if (added !== undefined) return outcome.then(...added);
  const refusal = refusalOf(mark ?? '', row, state);
  if (refusal === null) throw new Error(`no outcome is given for ${row.command.type} when ${state}`);
  return outcome.thenRefused(refusal);
};

describe('the table', () => {
  it('has every state as a column', () => {
    expect([...states].sort()).toStrictEqual(Object.keys(histories).sort());
  });

  it('has every command in a row', () => {
    const asked = new Set<OrderCommand['type']>(Object.values(rows).map(({ command }) => command.type));
    expect([...asked].sort()).toStrictEqual([...commandNames].sort());
  });

  it('has marks for every row, and no others', () => {
    expect(Object.keys(marksOf)).toStrictEqual(Object.keys(rows));
  });
});

describe.each(Object.entries(rows))('%s', (name, row) => {
  const marks = [...(marksOf[name] ?? '').replaceAll(' ', '')];

  it('has an outcome for every state', () => {
    expect(marks).toHaveLength(states.length);
  });

  it.each(states.map((state, index) => [state, marks[index]] as const))('when %s: %s', (state, mark) => {
    expect.assertions(1);
    check(row, mark, state);
  });
});
