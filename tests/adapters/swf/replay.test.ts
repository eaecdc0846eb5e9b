// Decisions of every history prefix are reproducible: from the events alone, and from nothing else.
import type { HistoryEvent } from '@aws-sdk/client-swf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsFromHistory } from '../../../adapters/swf/from-history.js';
import { diverges, hashOfDue, lastDecision } from '../../../adapters/swf/replay.js';
import { toDecisions } from '../../../adapters/swf/to-decisions.js';
import { decideProcess } from '../../../application/roles/decider.js';
import { playHistory } from './played-history.js';

const tape = fc.array(fc.nat({ max: 11 }), { maxLength: 120 });

/** As the events would be after a journey through SWF and another machine. */
const travelled = (events: readonly HistoryEvent[]): HistoryEvent[] =>
  events.map((event) => ({ ...structuredClone(event), eventTimestamp: new Date(0) }));

describe('every history', () => {
  it('comes to its end', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        expect(playHistory(numbers).closed).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('gives the recorded decisions from every prefix that ends at one', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const { events, made } = playHistory(numbers);
        const kept = travelled(events);
        expect(made.length).toBeGreaterThan(0);
        for (const { startedEventId, decisions } of made) {
          const prefix = kept.slice(0, startedEventId);
          expect(toDecisions(decideProcess(factsFromHistory(prefix)), 'leeds')).toEqual(decisions);
        }
      }),
    );
  });

  it('holds at each of its completed decisions what is compared with the next task', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const { events, made } = playHistory(numbers);
        for (const [index, { startedEventId }] of made.entries()) {
          const past = lastDecision(events.slice(0, startedEventId));
          expect(past?.before.at(-1)?.eventId).toBe(made[index - 1]?.startedEventId);
          if (past === null) continue;
          const today = decideProcess(factsFromHistory(past.before));
          expect(past.context?.note).toBe('test');
          expect(diverges(past.context, today)).toBe(false);
          expect(diverges(past.context, [...today, { type: 'end_process' }])).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is small: no payload is longer than 2,000 characters', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        for (const event of playHistory(numbers).events) {
          expect(JSON.stringify(event).length).toBeLessThan(2_600);
          const { input, result } = {
            ...event.activityTaskScheduledEventAttributes,
            ...event.activityTaskCompletedEventAttributes,
            ...event.workflowExecutionStartedEventAttributes,
          };
          expect(`${input ?? ''}${result ?? ''}`.length).toBeLessThanOrEqual(2_000);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('the hash of what was decided', () => {
  it('is the same for ever', () => {
    expect(
      hashOfDue([
        { type: 'cancel_timer', timer: { name: 'wait', step: { name: 'ReleaseToWarehouse' } } },
        { type: 'schedule_step', step: { name: 'SendMail', mail: 'order_shipped', factRevision: 9 }, run: 2 },
        { type: 'start_timer', timer: { name: 'retry', step: { name: 'Pick' }, run: 1 }, seconds: 5 },
      ]),
    ).toBe('1f5b810cf66269fb029d0c3c2c9962b4a987ae271bbcf809c65ce459753136fc');
  });
  it('differs when anything is decided differently', () => {
    const step = { name: 'Pick' } as const;
    const answers = [
      [],
      [{ type: 'schedule_step', step, run: 1 }],
      [{ type: 'schedule_step', step, run: 2 }],
      [{ type: 'withdraw_step', step, run: 1 }],
      [{ type: 'start_timer', timer: { name: 'wait', step: { name: 'ReleaseToWarehouse' } }, seconds: 5 }],
      [{ type: 'start_timer', timer: { name: 'wait', step: { name: 'ReleaseToWarehouse' } }, seconds: 6 }],
      [{ type: 'end_process' }],
    ] as const;
    expect(new Set(answers.map(hashOfDue)).size).toBe(answers.length);
  });
});

describe('a past decision', () => {
  it('is absent before the first', () => expect(lastDecision([])).toBeNull());
  it('without a readable context is compared with nothing', () => {
    const completed: HistoryEvent = {
      eventId: 4,
      eventTimestamp: new Date(0),
      eventType: 'DecisionTaskCompleted',
      decisionTaskCompletedEventAttributes: {
        scheduledEventId: 2,
        startedEventId: 3,
        executionContext: 'of old',
      },
    };
    const past = lastDecision([completed]);
    expect(past?.context).toBeNull();
    expect(diverges(past?.context ?? null, [])).toBe(false);
  });
});
