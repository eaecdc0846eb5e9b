// What must be true of every order process, whatever happens to it and in whatever order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { due, type Due } from '../../domain/process/due.js';
import { timerFromKey, timerKey, type ProcessFact, type Timer } from '../../domain/process/facts.js';
import { reservationOf } from '../../domain/order/order.js';
import { refundableAmount } from '../../domain/order/rules/kept-money.js';
import { foldProcess } from '../../domain/process/process.js';
import {
  runFromKey,
  runKey,
  type Step,
  stepFromKey,
  stepKey,
  stepNames,
} from '../../domain/process/steps.js';
import { someSteps } from './some-steps.js';
import { playProcess } from './process-run.js';

// Mostly good luck, so that orders also come far before something happens to them.
const tape = fc.array(
  fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 11 }) }),
  { maxLength: 160, size: 'max' },
);
const steps = someSteps;
const runs = fc.integer({ min: 1, max: 999_999_999 });

/** Facts of which the service never makes two for one thing are left alone. */
const counts = (fact: ProcessFact): boolean =>
  fact.type === 'StepNotScheduled' || fact.type === 'NotUnderstood';
const isFinal = (stage: string): boolean => ['completed', 'rejected', 'cancelled'].includes(stage);
const scheduled = (asked: readonly Due[]): readonly Step[] =>
  asked.flatMap((one) => (one.type === 'schedule_step' ? [one.step] : []));

describe('every order process', () => {
  it('comes to its end with the order in a final stage, nothing held and no mail owed', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const { ended, order, aggregate } = playProcess(numbers);
        expect(ended).toBe(true);
        expect(isFinal(order.stage)).toBe(true);
        expect(order.mailsDue).toEqual([]);
        if (order.stage === 'completed') {
          expect(order).toMatchObject({ payment: 'charged', stock: 'committed', fulfilment: 'shipped' });
        } else {
          expect(reservationOf(aggregate.payment) === null || order.payment === 'charged').toBe(true);
          expect(refundableAmount(aggregate).minor).toBe(0);
          expect(['none', 'unavailable', 'released']).toContain(order.stock);
          expect(order.offTheShelf).toBe(false);
        }
        expect(order.surplus).toEqual([]);
        expect(order.refundsDue).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is insensitive to facts told twice', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const { facts } = playProcess(numbers);
        const twice = facts.flatMap((fact) => (counts(fact) ? [fact] : [fact, fact]));
        expect(due(foldProcess(twice))).toEqual(due(foldProcess(facts)));
      }),
    );
  });

  it('is insensitive to how the facts were batched: what is asked depends on what is known alone', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const { facts, decisions } = playProcess(numbers);
        for (const { known, due: asked } of decisions) {
          expect(due(foldProcess(facts.slice(0, known)))).toEqual(asked);
        }
      }),
    );
  });

  it('is insensitive to old situations that arrive late', () => {
    fc.assert(
      fc.property(tape, fc.nat(), (numbers, which) => {
        const { facts } = playProcess(numbers);
        const told = facts.filter((fact) => fact.type === 'StepDone');
        const late = told[which % Math.max(told.length, 1)];
        if (late === undefined) return;
        const again: ProcessFact = { type: 'OrderChanged', situation: late.situation };
        expect(due(foldProcess([...facts, again]))).toEqual(due(foldProcess(facts)));
      }),
    );
  });

  it('never schedules a step that is open, never a run twice, and numbers runs from 1 without holes', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const { facts, decisions } = playProcess(numbers);
        for (const { known, due: asked } of decisions) {
          const { steps: progress } = foldProcess(facts.slice(0, known));
          for (const one of asked) {
            if (one.type !== 'schedule_step') continue;
            const before = progress.get(stepKey(one.step));
            expect(before?.open ?? null).toBeNull();
            expect(one.run).toBe((before?.runs ?? 0) + 1);
          }
          const keys = scheduled(asked).map(stepKey);
          expect(new Set(keys).size).toBe(keys.length);
        }
      }),
    );
  });

  it('waits before every run of a step but the first', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const { facts } = playProcess(numbers);
        const fired = new Set<string>();
        const spent = new Set<string>();
        for (const fact of facts) {
          if (fact.type === 'TimerFired' && fact.timer.name === 'retry') fired.add(timerKey(fact.timer));
          if (fact.type !== 'StepScheduled' || fact.run === 1) continue;
          const unspent = [...fired].find(
            (key) => key.startsWith(`retry-${stepKey(fact.step)}-`) && !spent.has(key),
          );
          expect(unspent).toBeDefined();
          if (unspent !== undefined) spent.add(unspent);
        }
      }),
    );
  });

  it('always waits for something that will come, unless it is at its end', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const { facts, decisions } = playProcess(numbers);
        for (const { known, due: asked } of decisions) {
          const { steps: progress, timers } = foldProcess(facts.slice(0, known));
          const waits =
            [...progress.values()].some(({ open }) => open !== null) ||
            [...timers.values()].includes('running');
          expect(asked.length > 0 || waits).toBe(true);
        }
      }),
    );
  });

  it('undoes in order: no stock is released while money or goods of a cancelled order are still out', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const { effects } = playProcess(numbers);
        const names = effects.map(({ name }) => name);
        const released = names.indexOf('ReleaseStock');
        const late = names.slice(released + 1);
        if (released < 0) return;
        for (const name of ['VoidReservation', 'PutBack', 'ReserveCard', 'ChargeCard'] as const) {
          expect(late).not.toContain(name);
        }
        expect(names.indexOf('CancelOrder')).not.toBeLessThan(names.includes('CancelOrder') ? released : -1);
      }),
      { numRuns: 300 },
    );
  });

  it('meets every step and every state of the money, or this would prove less than it says', () => {
    const steps = new Set<string>();
    const payments = new Set<string>();
    fc.assert(
      fc.property(tape, (numbers) => {
        const { facts, effects } = playProcess(numbers);
        for (const { name } of effects) steps.add(name);
        for (const fact of facts) if ('situation' in fact) payments.add(fact.situation.payment);
      }),
      { numRuns: 1_500, seed: 20_110_713 },
    );
    const unmet = stepNames.filter((name) => !steps.has(name) && name !== 'GiveUpShipment');
    expect(unmet).toEqual([]);
    expect([...payments].sort()).toEqual(
      [
        ...['authenticating', 'charge_failed', 'charged', 'charging', 'declined', 'expired'],
        ...['none', 'reserved', 'reserving', 'voided'],
      ].sort(),
    );
  });
});

describe('every step of an order that is shipped, and of one that is cancelled', () => {
  /** The tape that ends in a cancellation: a happening of kind 8 once the order waits in its grace period. */
  const shipped = playProcess([]);
  const cancelTape = Array.from({ length: 60 }, (_, place) => [...Array.from({ length: place }, () => 0), 8])
    .map((numbers) => ({ numbers, played: playProcess(numbers) }))
    .find(
      ({ played: { order, effects } }) =>
        order.stage === 'cancelled' && effects.some(({ name }) => name === 'VoidReservation'),
    );
  const cancelled = cancelTape?.played ?? shipped;
  const keys = ({ effects }: { readonly effects: readonly Step[] }): readonly string[] =>
    effects.map(stepKey);
  const names = ({ effects }: { readonly effects: readonly Step[] }): readonly string[] =>
    effects.map(({ name }) => name);
  const sorted = (names: readonly string[]): readonly string[] => [...names].sort();

  it('are all there', () => {
    expect(shipped.order.stage).toBe('completed');
    expect(cancelled.order).toMatchObject({ stage: 'cancelled', payment: 'voided', stock: 'released' });
  });

  for (const trouble of ['fails', 'answer_lost'] as const) {
    it.each(keys(shipped))(`leaves the same when %s once ${trouble}`, (key) => {
      const played = playProcess([], (step, run) => (stepKey(step) === key && run === 1 ? trouble : null));
      expect(played.ended).toBe(true);
      expect(sorted(names(played))).toEqual(sorted(names(shipped)));
      expect(played.order).toMatchObject({ stage: 'completed', payment: 'charged', fulfilment: 'shipped' });
      const scheduledRuns = played.facts.filter(
        (fact) => fact.type === 'StepScheduled' && stepKey(fact.step) === key,
      );
      // A lost answer needs no second run where a step beside it says in time where the order stands.
      if (trouble === 'fails') expect(scheduledRuns).toHaveLength(2);
    });
    it.each(keys(cancelled))(`leaves nothing held when %s of a cancelled order once ${trouble}`, (key) => {
      const played = playProcess(cancelTape?.numbers ?? [], (step, run) =>
        stepKey(step) === key && run === 1 ? trouble : null,
      );
      expect(played.ended).toBe(true);
      expect(['none', 'declined', 'voided', 'charged']).toContain(played.order.payment);
      expect(['none', 'unavailable', 'released', 'committed']).toContain(played.order.stock);
      expect(played.order.stock === 'committed').toBe(played.order.stage === 'completed');
    });
  }
});

describe('names of runs and timers', () => {
  const timers: fc.Arbitrary<Timer> = fc.oneof(
    fc.record({ name: fc.constant('wait' as const), step: steps }),
    fc.record({ name: fc.constant('retry' as const), step: steps, run: runs }),
  );

  it('are read back as what they were made from', () => {
    fc.assert(
      fc.property(steps, runs, timers, (step, run, timer) => {
        expect(runFromKey(runKey(step, run))).toEqual({ step, run });
        expect(timerFromKey(timerKey(timer))).toEqual(timer);
        expect(stepFromKey(stepKey(step))).toEqual(step);
      }),
    );
  });

  it('are read only as what would be written the same', () => {
    const almost = fc.oneof(
      fc.string(),
      fc.tuple(steps, fc.string({ maxLength: 3 })).map(([step, tail]) => `${stepKey(step)}-${tail}`),
      fc.tuple(fc.string({ maxLength: 2 }), timers).map(([head, timer]) => head + timerKey(timer)),
    );
    fc.assert(
      fc.property(almost, (text) => {
        const run = runFromKey(text);
        const timer = timerFromKey(text);
        expect(run === null ? text : runKey(run.step, run.run)).toBe(text);
        expect(timer === null ? text : timerKey(timer)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'ReserveCard.1',
    'ReserveCard-1',
    'ReserveCard.1-0',
    'ReserveCard.1-01',
    'ReserveCard.01-1',
    'ReserveCard.1-1 ',
    'Pick.1-1',
    'Pick.order_shipped.1-1',
    'SendMail-1',
    'SendMail.order_shipped-1',
    'SendMail.nothing.1-1',
    'constructor-1',
    'Nothing-1',
    '',
  ])('refuses %j', (text) => {
    expect(runFromKey(text)).toBeNull();
    expect(timerFromKey(text)).toBeNull();
    expect(timerFromKey(`retry-${text}`)).toBeNull();
  });
});
