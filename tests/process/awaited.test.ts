// What an order waits for, and that an order which is fine never waits too long.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Awaited, awaitedOf, overdueOf } from '../../domain/process/awaited.js';
import { situationOf } from '../../domain/process/situation.js';
import * as the from '../support/examples.js';
import { playProcess, someSettings } from './process-run.js';

/**
 * A day like any other: cards are declined, banks ask, customers cancel or name another card. Nobody is slow (5 lets
 * time pass over an open step, and every change is decided on at once), nothing fails (6, 7, 9), no answer is lost and nobody holds the order.
 */
const business = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant([0]) },
      { weight: 2, arbitrary: fc.constantFrom([1], [3], [4], [11], [12], [13]) },
      { weight: 1, arbitrary: fc.constantFrom([8, 0], [8, 1], [8, 2]) },
    ),
    { maxLength: 120, size: 'max' },
  )
  .map((parts) => parts.flat());

const isLostAnswer = ({ fact }: Awaited): boolean => fact.type === 'lost_answer';

describe('an order that is fine', () => {
  it('is at no moment past a deadline', () => {
    fc.assert(
      fc.property(business, (numbers) => {
        let last: { readonly revision: number; readonly at: ReturnType<typeof the.after> } = {
          revision: -1,
          at: the.opening,
        };
        playProcess(
          numbers,
          () => null,
          (order, now) => {
            if (order.revision !== last.revision) last = { revision: order.revision, at: now };
            const overdue = overdueOf(order, someSettings, last.at, now);
            // Lost answers have their own example: luck may lose more of them in a row than an hour of look-ups.
            expect(overdue.filter((awaited) => !isLostAnswer(awaited))).toEqual([]);
          },
          1,
        );
      }),
      { numRuns: 400 },
    );
  });

  it('waits for something until it is at its end', () => {
    fc.assert(
      fc.property(business, (numbers) => {
        const { aggregate } = playProcess(numbers);
        expect(awaitedOf(aggregate, someSettings, the.after(0), the.after(0))).toEqual([]);
        playProcess(
          numbers,
          () => null,
          (order, now) => {
            const isOver = ['completed', 'rejected', 'cancelled'].includes(situationOf(order).stage);
            const awaited = awaitedOf(order, someSettings, now, now);
            expect(isOver || awaited.some(({ fact }) => fact.type !== 'end')).toBe(true);
          },
        );
      }),
      { numRuns: 100 },
    );
  });
});
