// The cancellation table, as the pages show it and as the order carries it out.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../domain/order/decide.js';
import { fold } from '../../../../domain/order/evolve.js';
import type { PlacedOrder } from '../../../../domain/order/order.js';
import {
  cancellationOf,
  type CancellationMoment,
  type CancellationRule,
  cancellationTable,
} from '../../../../domain/order/rules/cancellation.js';
import * as the from '../../../support/examples.js';
import { pence } from '../../../support/examples.js';
import { histories, type StateName } from '../../../support/histories.js';
import * as more from '../../../support/order/payment-examples.js';

/** For each moment: the rule, and the states that are in it with the money that moves, in pence. */
type Entry = readonly [
  rule: readonly [CancellationRule['answer'], CancellationRule['money'], CancellationRule['goods']],
  states: Readonly<Partial<Record<StateName, number | null>>>,
];

const all = 4580;
const table: Readonly<Record<CancellationMoment, Entry>> = {
  before_reservation: [
    ['at_once', 'nothing', 'release'],
    {
      placed: null,
      authenticated: null,
      validated: null,
      stockHeld: null,
      declined: null,
      declinedSoft: null,
      declinedFixable: null,
      declinedAuthentication: null,
      declinedHard: null,
      declinedPolicy: null,
      cardNamed: null,
      noAttemptLeft: null,
      expired: null,
    },
  ],
  reservation_open: [
    ['at_once', 'void', 'release'],
    {
      reserving: null,
      reservationUnknown: null,
      authenticating: null,
      tryingOtherCard: null,
      renewing: all,
      renewalUnknown: all,
      renewalChallenged: all,
    },
  ],
  in_grace: [
    ['at_once', 'void', 'release'],
    { reserved: all, committed: all, onHold: all, renewed: all, renewalDeclined: all, renewalRefused: all },
  ],
  released: [['at_once', 'void', 'release'], { released: all, releasedOnHold: all }],
  picked: [['requested', 'void', 'put_back'], { picked: all, pickedShort: all }],
  packed: [
    ['requested', 'void', 'put_back'],
    {
      packed: all,
      packedShort: all,
      packedOnHold: all,
      charging: all,
      chargeUnknown: all,
      chargeFailed: all,
      chargeFailedSoft: all,
      chargeFailedHard: all,
      chargeExpired: null,
    },
  ],
  charged: [
    ['requested', 'refund', 'put_back'],
    {
      charged: all,
      chargedOnHold: all,
      refunding: 3580,
      refundUnknown: 3580,
      refundFailed: all,
      partlyRefunded: 3580,
    },
  ],
  shipped: [['refused', 'nothing', 'nothing'], { shipped: null, cancellationRefused: null }],
  cancelling: [
    ['again', 'nothing', 'nothing'],
    {
      cancellingValidated: null,
      cancellingReserving: null,
      cancellingReserved: null,
      cancellingAuthenticating: null,
      cancellingRenewed: null,
      cancellingRenewalDeclined: null,
      cancellingCommitted: null,
      cancellingVoided: null,
      cancellingFree: null,
      allShort: null,
      cancellingPicked: null,
      cancellingPacked: null,
      cancellingCharging: null,
      cancellingCharged: null,
      cancellingRefunded: null,
      cancellingPutBack: null,
      cancelled: null,
      cancelledAfterCharge: null,
    },
  ],
  over: [
    ['refused', 'nothing', 'nothing'],
    { completed: null, delivered: null, disputed: null, rejected: null, outOfStock: null },
  ],
};

const placedOrder = (state: StateName): PlacedOrder => {
  const order = fold(histories[state].events);
  if (order.type === 'no_order') throw new Error(`${state} is no order`);
  return order;
};

const isState = (name: string): name is StateName => name in histories;
const cases = Object.entries(table).flatMap(([moment, [rule, states]]) =>
  Object.entries(states).flatMap(([state, minor]) =>
    isState(state) ? [{ moment, rule, state, amount: minor === null ? null : pence(minor) }] : [],
  ),
);

describe('the cancellation table', () => {
  it('has a moment for every state of an order', () => {
    const states = cases.map(({ state }) => state);
    expect([...states, 'none'].sort()).toStrictEqual(Object.keys(histories).sort());
  });

  it('says what each moment does', () => {
    const rules = Object.entries(table).map(([moment, [[answer, money, goods]]]) => [
      moment,
      { answer, money, goods },
    ]);
    expect(cancellationTable).toStrictEqual(Object.fromEntries(rules));
  });

  it.each(cases)('is shown before it is asked: $state is $moment', ({ moment, rule, state, amount }) => {
    const [answer, money, goods] = rule;
    expect(cancellationOf(placedOrder(state))).toStrictEqual({ moment, answer, money, goods, amount });
  });

  it.each(cases)('is carried out as it was shown: $state', ({ state, rule, amount }) => {
    const [answer, money] = rule;
    const decision = decide(placedOrder(state), the.cancel);
    if (answer === 'again') return expect(decision).toStrictEqual(E.right([]));
    if (answer === 'refused') {
      const types = E.isRight(decision) ? decision.right.map(({ type }) => type) : [decision.left.type];
      return expect([[], ['CancellationRefused'], ['too_late_to_cancel']]).toContainEqual(types);
    }
    const events = E.isRight(decision) ? decision.right : [];
    expect(events[0]).toStrictEqual(the.cancellationRequested);
    const refunds = events.flatMap((event) => (event.type === 'RefundRequested' ? [event.amount] : []));
    expect(refunds).toStrictEqual(money === 'refund' && amount !== null ? [amount] : []);
  });

  it('promises what is left after everything but a penny went back', () => {
    const events = [
      ...histories.charged.events,
      more.refundAsked('r-1', 1, pence(4579)),
      more.refunded('r-1', pence(4579)),
    ];
    const order = fold(events);
    expect(order.type === 'placed_order' ? cancellationOf(order).amount : null).toStrictEqual(pence(1));
  });
});
