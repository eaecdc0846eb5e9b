// Two commands that race: whichever is first, the end is one that the rules allow.
import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderCommand, RefundOutcome, ReservationOutcome } from '../../../../domain/order/commands.js';
import { decide } from '../../../../domain/order/decide.js';
import type { OrderEvent } from '../../../../domain/order/events.js';
import { evolve, fold } from '../../../../domain/order/evolve.js';
import type { Order } from '../../../../domain/order/order.js';
import { phaseOf } from '../../../../domain/order/phase.js';
import * as the from '../../../support/examples.js';
import { histories, type StateName } from '../../../support/histories.js';
import { instantOf } from '../../../support/ids.js';
import { aHistory } from '../../../support/order/arbitraries.js';
import * as more from '../../../support/order/payment-examples.js';
import { commandsFor } from '../../../support/order/random-commands.js';
import { endedFacts } from './ending.js';
import { checkStream, of } from './invariants.js';

const addedBy = (order: Order, command: OrderCommand): readonly OrderEvent[] => {
  const decision = decide(order, command);
  return E.isRight(decision) ? decision.right : [];
};

/** The facts after these commands one after the other; a refused one adds nothing. */
const played = (start: readonly OrderEvent[], ...commands: readonly OrderCommand[]): readonly OrderEvent[] =>
  commands.reduce<readonly OrderEvent[]>(
    (facts, command) => [...facts, ...addedBy(fold(facts), command)],
    start,
  );

/** The facts brought to an end, checked on the way. */
const ended = (facts: readonly OrderEvent[], milliseconds: number): readonly OrderEvent[] => {
  const order = fold(facts);
  if (order.type === 'no_order') return facts;
  const all = [...facts, ...endedFacts(order, milliseconds)];
  checkStream(all);
  return all;
};

const phaseAfter = (facts: readonly OrderEvent[]): string => {
  const order = facts.reduce(evolve, fold([]));
  return order.type === 'placed_order' ? phaseOf(order) : 'none';
};

/** What the customer paid in the end. */
const kept = (facts: readonly OrderEvent[]): number =>
  of(facts, 'Charged').reduce((total, { amount }) => total + amount.minor, 0) -
  of(facts, 'Refunded').reduce((total, { amount }) => total + amount.minor, 0);

describe('any two commands, in either order', () => {
  it('leave an order that keeps every rule and can be ended', () => {
    fc.assert(
      fc.property(
        aHistory,
        fc.nat({ max: 10_000 }),
        fc.nat({ max: 10_000 }),
        ({ events, steps }, first, second) => {
          const milliseconds = steps.at(-1)?.command.at ?? events.at(-1)?.at ?? the.opening;
          const fruitful = (variant: number): readonly OrderCommand[] =>
            commandsFor(fold(events), milliseconds, variant).filter(
              (command) => addedBy(fold(events), command).length > 0,
            );
          const [one, other] = [first, second].map((variant) => {
            const choices = fruitful(variant);
            return choices[variant % Math.max(1, choices.length)];
          });
          if (one === undefined || other === undefined) return;
          ended(played(events, one, other), milliseconds);
          ended(played(events, other, one), milliseconds);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a cancellation and the answer to a charge', () => {
  const answers = [
    the.recordCharged,
    the.recordChargeFailed,
    the.recordChargeUnknown,
    more.chargeAnswer(1, 3_201, { type: 'reservation_expired' }),
  ];
  it.each(answers)('end with nothing kept, whichever is first: $outcome.type', (answer) => {
    const start = histories.charging.events;
    for (const facts of [played(start, answer, the.cancel), played(start, the.cancel, answer)]) {
      const all = ended(facts, the.after(5_000));
      expect(phaseAfter(all)).toBe('Cancelled');
      expect(kept(all)).toBe(0);
    }
  });

  it('end with the goods and the money when the parcel was handed over first', () => {
    const facts = played(histories.charging.events, the.recordCharged, the.ship, the.cancel);
    const all = ended(facts, the.after(5_000));
    expect(phaseAfter(all)).toBe('Completed');
    expect(kept(all)).toBe(4580);
  });
});

describe('a cancellation and the answer to a reservation', () => {
  const outcomes: readonly ReservationOutcome[] = [
    { type: 'reserved', reservation: the.heldMoney },
    { type: 'reserved', reservation: more.wrongAddress },
    { type: 'declined', decline: more.declines.funds },
    { type: 'authentication_required', challenge: more.challenge },
    { type: 'ended' },
    { type: 'unknown' },
  ];
  it.each(outcomes)('end with nothing held, whichever is first: $type', (outcome) => {
    const answer = more.answer(1, 6, outcome);
    const start = histories.reserving.events;
    for (const facts of [played(start, answer, the.cancel), played(start, the.cancel, answer)]) {
      const all = ended(facts, the.after(5_000));
      expect(phaseAfter(all)).toBe('Cancelled');
    }
  });
});

describe('a notice and the answer to the call', () => {
  const states: readonly StateName[] = ['reserving', 'reservationUnknown', 'renewing', 'renewalChallenged'];
  it.each(states)('that say the same are stored once: %s', (state) => {
    const start = histories[state].events;
    const attempt = state.startsWith('renew') ? 2 : 1;
    const says = (seconds: number, outcome: ReservationOutcome) => more.answer(attempt, seconds, outcome);
    const approved: ReservationOutcome = { type: 'reserved', reservation: more.money(attempt, 600_000) };
    const once = played(start, says(600_000, approved));
    expect(once.length).toBe(start.length + 1);
    expect(played(once, says(600_001, approved))).toStrictEqual(once);
    // The caller lost the answer that the notice brought, or brings.
    expect(played(once, says(600_001, { type: 'unknown' }))).toStrictEqual(once);
    const late = played(start, says(600_001, { type: 'unknown' }), says(600_000, approved));
    expect(late.at(-1)).toStrictEqual(once.at(-1));
  });

  it('of a charge are stored once', () => {
    const start = histories.charging.events;
    const once = played(start, the.recordCharged);
    expect(played(once, { ...the.recordCharged, at: the.after(3_209) })).toStrictEqual(once);
    expect(played(once, the.recordChargeUnknown)).toStrictEqual(once);
    expect(played(start, the.recordChargeUnknown, the.recordCharged).at(-1)).toStrictEqual(once.at(-1));
  });

  it('of a refund are stored once', () => {
    const start = histories.refunding.events;
    const says = (outcome: RefundOutcome) => more.refundAnswer('r-1', outcome);
    const made = says(more.refundMade());
    const once = played(start, made);
    expect(played(once, made, says({ type: 'unknown' }), says({ type: 'pending' }))).toStrictEqual(once);
    expect(played(start, says({ type: 'unknown' }), made).at(-1)).toStrictEqual(once.at(-1));
  });
});

describe('two operators', () => {
  const amount = fc.integer({ min: 1, max: 5_000 });

  it('who refund at once never give back more than was taken', () => {
    fc.assert(
      fc.property(amount, amount, fc.boolean(), (one, other, sameId) => {
        const first = more.refund('r-1', the.pence(one));
        const second = more.refund(sameId ? 'r-1' : 'r-2', the.pence(other));
        for (const pair of [
          [first, second],
          [second, first],
        ]) {
          const facts = played(histories.charged.events, ...pair);
          const asked = of(facts, 'RefundRequested').reduce((total, event) => total + event.amount.minor, 0);
          expect(asked).toBeLessThanOrEqual(4580);
          if (sameId) expect(of(facts, 'RefundRequested').length).toBeLessThanOrEqual(1);
          if (!sameId && one + other <= 4580) expect(asked).toBe(one + other);
          checkStream(facts);
        }
      }),
    );
  });

  it('of whom one refunds and one cancels give back exactly what was taken', () => {
    fc.assert(
      fc.property(amount, (part) => {
        const refund = more.refund('r-1', the.pence(part));
        for (const pair of [
          [refund, the.cancel],
          [the.cancel, refund],
        ]) {
          const all = ended(played(histories.charged.events, ...pair), instantOf(the.after(9_000)));
          expect(phaseAfter(all)).toBe('Cancelled');
          expect(kept(all)).toBe(0);
        }
      }),
    );
  });
});
