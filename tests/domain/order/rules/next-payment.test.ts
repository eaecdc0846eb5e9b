// What follows when a card does not give the money: every class of decline, at the reservation and at the charge.
import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../../../domain/order/events.js';
import { fold } from '../../../../domain/order/evolve.js';
import {
  mostReservationAttempts,
  mostSoftTries,
  mostTriesOfCardADay,
  nextPayment,
  type NextPayment,
} from '../../../../domain/order/rules/next-payment.js';
import type { DeclineClass } from '../../../../domain/payment.js';
import { histories, type StateName } from '../../../support/histories.js';
import * as more from '../../../support/order/payment-examples.js';

const { declines, otherCard } = more;

const nextAfter = (events: readonly OrderEvent[]): NextPayment | null => {
  const order = fold(events);
  return order.type === 'placed_order' ? nextPayment(order) : null;
};

/** So many tries of one card, an hour apart, each declined so. */
const tries = (count: number, declineClass: DeclineClass): readonly OrderEvent[] =>
  Array.from({ length: count }, (_none, index) => index + 1).flatMap((attempt) => [
    more.asked(attempt, attempt * 3_600),
    more.refused(attempt, attempt * 3_600 + 1, declines[declineClass]),
  ]);

describe('a declined reservation', () => {
  // After the first, the third and the fifth decline of that class.
  const expected: Readonly<Record<DeclineClass, readonly [NextPayment, NextPayment, NextPayment]>> = {
    soft: ['reserve_soon', 'ask', 'give_up'],
    fixable: ['ask', 'ask', 'give_up'],
    funds: ['ask', 'ask', 'give_up'],
    authentication: ['ask', 'ask', 'give_up'],
    hard: ['ask', 'ask', 'give_up'],
    policy: ['ask', 'ask', 'give_up'],
  };
  const cases = Object.values(declines).map((decline) => decline.class);
  it.each(cases)('%s', (declineClass) => {
    const [first, third, fifth] = expected[declineClass];
    const { events } = histories.stockHeld;
    expect(nextAfter([...events, ...tries(1, declineClass)])).toBe(first);
    expect(nextAfter([...events, ...tries(3, declineClass)])).toBe(third);
    expect(nextAfter([...events, ...tries(5, declineClass)])).toBe(fifth);
  });
});

describe('a refused charge', () => {
  const expected: Readonly<Record<Exclude<DeclineClass, 'policy'>, NextPayment>> = {
    soft: 'charge_soon',
    fixable: 'ask',
    funds: 'ask',
    authentication: 'ask',
    hard: 'ask',
  };
  const classes = ['soft', 'fixable', 'funds', 'authentication', 'hard'] as const;
  it.each(classes)('%s', (declineClass) => {
    const failed = [...histories.charging.events, more.chargeRefused(1, 3_201, declines[declineClass])];
    expect(nextAfter(failed)).toBe(expected[declineClass]);
    expect(nextAfter([...failed, more.named(otherCard, 3_300)])).toBe('reserve');
  });

  it('is followed by a new reservation after three tries of an issuer that is not available', () => {
    const charges = [1, 2, 3].flatMap((attempt) => [
      more.chargeAsked(attempt, 3_200 + attempt * 10),
      more.chargeRefused(attempt, 3_201 + attempt * 10, declines.soft),
    ]);
    expect(nextAfter([...histories.packed.events, ...charges])).toBe('reserve_soon');
  });
});

describe('the money of every state', () => {
  const waits: Readonly<Record<StateName, NextPayment | null>> = {
    ...{
      none: null,
      placed: 'reserve',
      authenticated: 'reserve',
      validated: 'reserve',
      stockHeld: 'reserve',
    },
    ...{ reserving: 'nothing', reservationUnknown: 'nothing', authenticating: 'nothing' },
    ...{ declined: 'ask', declinedSoft: 'reserve_soon', declinedFixable: 'ask', declinedHard: 'ask' },
    ...{ declinedAuthentication: 'ask', declinedPolicy: 'ask', cardNamed: 'reserve' },
    ...{ tryingOtherCard: 'nothing', noAttemptLeft: 'give_up' },
    ...{ reserved: 'nothing', committed: 'nothing', onHold: 'nothing' },
    ...{ renewing: 'nothing', renewalUnknown: 'nothing', renewalChallenged: 'nothing', renewed: 'nothing' },
    ...{ renewalDeclined: 'ask', renewalRefused: 'ask', expired: 'reserve' },
    ...{ released: 'nothing', releasedOnHold: 'nothing', picked: 'nothing', pickedShort: 'nothing' },
    ...{ packed: 'nothing', packedShort: 'nothing', packedOnHold: 'nothing' },
    ...{ charging: 'nothing', chargeUnknown: 'nothing', chargeFailed: 'ask', chargeFailedHard: 'ask' },
    ...{ chargeFailedSoft: 'charge_soon', chargeExpired: 'reserve' },
    ...{ charged: 'nothing', chargedOnHold: 'nothing', refunding: 'nothing', refundUnknown: 'nothing' },
    ...{ refundFailed: 'nothing', partlyRefunded: 'nothing' },
    ...{ shipped: 'nothing', cancellationRefused: 'nothing', completed: 'nothing', delivered: 'nothing' },
    ...{ disputed: 'nothing', rejected: 'reserve', outOfStock: 'reserve' },
    ...{ cancellingValidated: 'reserve', cancellingReserving: 'nothing', cancellingReserved: 'nothing' },
    ...{ cancellingAuthenticating: 'nothing', cancellingRenewed: 'nothing' },
    ...{ cancellingRenewalDeclined: 'ask', cancellingCommitted: 'nothing', cancellingVoided: 'nothing' },
    ...{ cancellingFree: 'nothing', allShort: 'nothing', cancellingPicked: 'nothing' },
    ...{ cancellingPacked: 'nothing', cancellingCharging: 'nothing', cancellingCharged: 'nothing' },
    ...{ cancellingRefunded: 'nothing', cancellingPutBack: 'nothing', cancelled: 'nothing' },
    ...{ cancelledAfterCharge: 'nothing' },
  };
  it.each(Object.entries(histories))('waits as it should: %s', (state, { events }) => {
    expect(Object.entries(waits).find(([name]) => name === state)?.[1]).toBe(nextAfter(events));
  });
});

describe('the caps', () => {
  it('are five declines an order, three tries of a card a day, three tries of an issuer', () => {
    expect([mostReservationAttempts, mostTriesOfCardADay, mostSoftTries]).toStrictEqual([5, 3, 3]);
  });

  it('count declines: renewals that succeed use no attempt up', () => {
    const renewals = [2, 3, 4, 5, 6].flatMap((attempt) => [
      more.asked(attempt, attempt * 600_000),
      more.held(attempt, attempt * 600_000 + 1),
    ]);
    const late = [...histories.committed.events, ...renewals, more.expired(6, 9_000_000)];
    expect(nextAfter(late)).toBe('reserve');
  });

  it('leave an order with its earlier reservation when no attempt is left', () => {
    const renewals = [2, 3, 4, 5, 6].flatMap((attempt) => [
      more.asked(attempt, attempt * 86_400),
      more.refused(attempt, attempt * 86_400 + 1, declines.funds),
    ]);
    expect(nextAfter([...histories.committed.events, ...renewals])).toBe('nothing');
    const ended = [...histories.committed.events, ...renewals, more.expired(1, 700_000)];
    expect(nextAfter(ended)).toBe('give_up');
  });
});
