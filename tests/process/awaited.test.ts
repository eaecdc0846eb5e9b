// What an order waits for, and that an order which is fine never waits too long.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plusSeconds } from '../../domain/instant.js';
import { fold } from '../../domain/order/evolve.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { finalPhases, phaseOf } from '../../domain/order/phase.js';
import { type Awaited, awaitedOf, overdueOf } from '../../domain/process/awaited.js';
import { situationOf } from '../../domain/process/situation.js';
import * as the from '../support/examples.js';
import { histories, type StateName } from '../support/histories.js';
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

type Story = readonly [name: StateName, awaited: readonly string[]];

const wordsOf = ({ fact, from }: Awaited): string => {
  const what = 'step' in fact ? `${fact.type} ${fact.step.name}` : fact.type;
  return `${from}: ${what}`;
};

/** What each state waits for, mails and renewals apart. */
const expected: readonly Story[] = [
  ['placed', ['workers: step AuthenticateCustomer']],
  ['stockHeld', ['workers: step ReserveCard']],
  ['reservationUnknown', ['processor: lost_answer ReserveCard']],
  ['authenticating', ['workers: step ExtendStock', 'customer: challenge']],
  ['declined', ['workers: step ExtendStock', 'customer: another_card']],
  ['declinedSoft', ['workers: step ExtendStock', 'workers: step ReserveCard']],
  ['noAttemptLeft', ['workers: step ExtendStock', 'workers: step GiveUpPayment']],
  ['onHold', ['operator: hold']],
  ['released', ['floor: step Pick']],
  ['picked', ['floor: step Pack']],
  ['packedOnHold', ['operator: hold']],
  ['chargeUnknown', ['processor: lost_answer ChargeCard']],
  ['charged', ['floor: step Ship', 'workers: step GiveUpShipment']],
  ['refunding', ['floor: step Ship', 'workers: step GiveUpShipment', 'processor: refund']],
  ['refundFailed', ['operator: failed_refund', 'floor: step Ship', 'workers: step GiveUpShipment']],
  ['shipped', ['workers: step CompleteOrder']],
  ['cancellingPacked', ['workers: step VoidReservation', 'floor: step PutBack']],
  ['cancellingFree', ['workers: step CancelOrder']],
  ['completed', []],
];

const isStateName = (name: string): name is StateName => name !== 'none' && Object.hasOwn(histories, name);

const orderAt = (name: StateName) => {
  const { events } = histories[name];
  const order = fold(events);
  if (order.type === 'no_order') throw new Error(`${name} is no order`);
  return { order, lastFactAt: events.at(-1)?.at ?? order.terms.at };
};

const isBeside = ({ fact }: Awaited): boolean =>
  fact.type === 'end' || (fact.type === 'step' && fact.step.name === 'SendMail');

const isRenewal = ({ fact }: Awaited, order: PlacedOrder): boolean =>
  order.payment.status === 'reserved' && fact.type === 'step' && fact.step.name === 'ReserveCard';

describe('what an order waits for', () => {
  it.each(expected)('%s: %j', (name, words) => {
    const { order, lastFactAt } = orderAt(name);
    const awaited = awaitedOf(order, someSettings, lastFactAt, lastFactAt).filter(
      (one) => !isBeside(one) && !isRenewal(one, order),
    );
    expect(awaited.map(wordsOf)).toEqual(words);
  });

  const names = Object.keys(histories).filter(isStateName);

  it.each(names)('%s is fine when it has just come, and stuck for ever when nothing follows', (name) => {
    const { order, lastFactAt } = orderAt(name);
    const atOnce = overdueOf(order, someSettings, lastFactAt, lastFactAt);
    // Its card had been asked for an hour when it was cancelled, which is too long by itself.
    const isLate = name === 'cancellingReserving';
    expect(atOnce.filter(({ fact }) => fact.type !== 'failed_refund' && !isLate)).toEqual([]);
    const later = plusSeconds(lastFactAt, 20 * 86_400);
    const stuck = overdueOf(order, someSettings, lastFactAt, later);
    expect(stuck.length > 0 || finalPhases.has(phaseOf(order))).toBe(true);
    for (const { since, until } of stuck) {
      expect(since).toBeLessThanOrEqual(until);
      expect(until).toBeLessThanOrEqual(later);
    }
  });

  it('tells of a returned mail for a week, as nothing the order can learn ends that', () => {
    const { order, lastFactAt } = orderAt('completed');
    const [mail] = order.notifications;
    if (mail === undefined) throw new Error('a completed order sends mails');
    const returned = { ...mail, status: 'sent', mailReturn: 'permanent' } as const;
    const told = (days: number) =>
      overdueOf(
        { ...order, notifications: [returned] },
        someSettings,
        lastFactAt,
        plusSeconds(lastFactAt, days * 86_400),
      ).map(wordsOf);
    expect(told(6)).toEqual(['operator: mail_returned']);
    expect(told(8)).toEqual([]);
  });
});
