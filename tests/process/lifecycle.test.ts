// The page of phases (domain/process/lifecycle.ts) against the order itself: random processes do nothing that the page
// does not say, and everything that it says.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finalPhases, type Phase, phaseOf, phases } from '../../domain/order/phase.js';
import { lifecycle } from '../../domain/process/lifecycle.js';
import { situationOf } from '../../domain/process/situation.js';
import { wantedSteps } from '../../domain/process/wanted.js';
import { playProcess, someSettings } from './process-run.js';

// Mostly good luck, so that orders also come far before something happens to them.
const tape = fc.array(
  fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 14 }) }),
  { maxLength: 160, size: 'max' },
);

/** What one process showed: `Confirmed → Released`, `Released: Pick`, `Completed, mail order_shipped`. */
const observed = (numbers: readonly number[], into: Set<string>): void => {
  let last: Phase = 'Placed';
  playProcess(
    numbers,
    () => null,
    (order) => {
      const phase = phaseOf(order);
      if (phase !== last) into.add(`${last} → ${phase}`);
      last = phase;
      for (const { step } of wantedSteps(situationOf(order), someSettings)) {
        into.add(step.name === 'SendMail' ? `${phase}, mail ${step.mail}` : `${phase}: ${step.name}`);
      }
    },
  );
};

const listed = new Set(
  phases.flatMap((phase) => {
    const { leadsTo, steps, mails } = lifecycle[phase];
    return [
      ...leadsTo.map((next) => `${phase} → ${next}`),
      ...steps.map((step) => `${phase}: ${step}`),
      ...mails.map((mail) => `${phase}, mail ${mail}`),
    ];
  }),
);

/** What the page says and the played processes cannot show, with the reason. */
const noRefunds = 'nobody who plays asks for a refund of an order that is not cancelled';
const unseen: Readonly<Record<string, string>> = {
  'Authenticated → Rejected': 'the played shop sells everything to everybody',
  'StockHeld: VoidReservation': 'the reservation we refused is let go before another card is named',
  'Rejected: ReleaseStock': 'only a hold that an older version left with a rejected order needs it',
  'Charged: RefundCard': noRefunds,
  'Charged, mail order_refunded': noRefunds,
  'Shipped: RefundCard': noRefunds,
  'Shipped, mail order_refunded': noRefunds,
  'Completed: RefundCard': noRefunds,
  'Completed, mail order_refunded': noRefunds,
  'Cancelling, mail order_refunded': noRefunds,
  'Cancelled, mail order_refunded': noRefunds,
};

describe('the page of phases', () => {
  it('lists every transition, step and mail of any process', () => {
    fc.assert(
      fc.property(tape, (numbers) => {
        const seen = new Set<string>();
        observed(numbers, seen);
        expect([...seen].filter((one) => !listed.has(one))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('lists nothing that does not happen', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(tape, (numbers) => observed(numbers, seen)),
      { numRuns: 3_000, seed: 20_110_714 },
    );
    expect([...seen].filter((one) => !listed.has(one))).toEqual([]);
    expect([...listed].filter((one) => !seen.has(one)).sort()).toEqual(Object.keys(unseen).sort());
  }, 60_000);

  it('has no way out of the last phases, and a deadline for every other', () => {
    for (const phase of phases) {
      const { leadsTo, deadline } = lifecycle[phase];
      expect(leadsTo.length === 0).toBe(finalPhases.has(phase));
      expect(deadline === null).toBe(finalPhases.has(phase));
      expect(leadsTo).not.toContain(phase);
      expect(deadline?.seconds ?? 1).toBeGreaterThan(0);
    }
  });
});
