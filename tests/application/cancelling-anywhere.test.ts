// An order is cancelled at every moment of every story, heard of or not, and with something going wrong as well: it ends
// fulfilled, or cancelled with nothing kept, held or left in a tote.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phase } from '../../domain/order/phase.js';
import { everyFault, type Fault } from '../support/order/faults.js';
import { forEach, numbersTo, play } from '../support/order/stories/plays.js';
import { stories } from '../support/order/stories/stories.js';

const [fulfilled, ...others] = stories;
if (fulfilled === undefined) throw new Error('there are no stories');
const anyEnd: readonly Phase[] = ['Completed', 'Cancelled', 'Rejected'];

describe.each([
  { tell: true, how: 'the process hears of it' },
  { tell: false, how: 'nobody tells the process' },
])('an order that is cancelled, and $how', ({ tell }) => {
  it('is cancelled with nothing kept, or fulfilled when it was too late, at any moment', async () => {
    const ends: Phase[] = [];
    const { calls } = await play(fulfilled);
    await forEach(numbersTo(calls.length), async (call) => {
      const mishaps = { ends: ['Completed', 'Cancelled'], cancellation: { call, tell } } as const;
      ends.push((await play(fulfilled, mishaps)).phase);
    });
    expect(new Set(ends)).toStrictEqual(new Set(['Cancelled', 'Completed']));
    // Once it was too late it stays too late.
    const firstLate = ends.indexOf('Completed');
    expect(ends.slice(firstLate).filter((phase) => phase === 'Cancelled')).toStrictEqual([]);
  });

  it('ends as cleanly in every other story', { timeout: 60_000 }, async () => {
    for (const [index, story] of others.entries()) {
      const { calls } = await play(story);
      // Every fourth moment of each story, beginning at another one in the next.
      const moments = numbersTo(calls.length).filter((call) => call % 4 === index % 4);
      await forEach(moments, async (call) => {
        try {
          await play(story, { ends: anyEnd, cancellation: { call, tell } });
        } catch (cause) {
          throw new Error(story.name, { cause });
        }
      });
    }
  });

  it('ends as cleanly when the worker that is under way dies', async () => {
    // From the reservation of the goods to the answer of the card: what the worker did is known to nobody.
    for (const call of [6, 7, 8, 9, 10, 11, 12, 13]) {
      await forEach([1, 2, 3, 4], (later) => {
        const faults = new Map<number, Fault>([[call + later, 'caller dies after']]);
        return play(fulfilled, { ends: ['Cancelled'], faults, cancellation: { call, tell } });
      });
    }
  });

  it('ends as cleanly when a call goes wrong as well', { timeout: 60_000 }, async () => {
    const mishap = fc.record({
      story: fc.constantFrom(...stories),
      call: fc.nat(60),
      offset: fc.nat(12),
      fault: fc.constantFrom(...everyFault),
      notices: fc.constantFrom('lost', 'delivered', 'twice', 'backwards'),
    });
    await fc.assert(
      fc.asyncProperty(mishap, async ({ story, call, offset, fault, notices }) => {
        const faults = new Map([[call + offset, fault]]);
        await play(story, { ends: anyEnd, faults, cancellation: { call, tell }, notices });
      }),
      { numRuns: 120 },
    );
  });
});
