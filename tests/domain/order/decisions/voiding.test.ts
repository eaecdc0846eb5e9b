// Money that is not held any more: let go by us, or ended by itself.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { histories, type StateName } from '../../../support/histories.js';
import { given } from '../../../support/order/given-when-then.js';
import * as more from '../../../support/order/payment-examples.js';

describe('a reservation that the order needs', () => {
  it.each(['reserved', 'released', 'packed', 'chargeFailedSoft'] as const)('is not let go: %s', (state) =>
    given(...histories[state].events)
      .when(the.recordVoid)
      .thenRefused({ type: 'wrong_phase', command: 'RecordReservationVoid', phase: histories[state].phase }),
  );

  it('is not let go while its charge is under way, also on the way out', () =>
    given(...histories.cancellingCharging.events)
      .when(the.recordVoid)
      .thenRefused({ type: 'order_closing', phase: 'Cancelling' }));

  it('is not let go once it is charged', () =>
    given(...histories.cancellingCharged.events)
      .when(the.recordVoid)
      .thenNothing());
});

describe('on the way out', () => {
  const held: readonly StateName[] = ['cancellingReserved', 'cancellingCommitted', 'cancellingPicked'];
  it.each(held)('what is held is let go, once: %s', (state) => {
    given(...histories[state].events)
      .when(the.recordVoid)
      .then(the.voided);
    given(...histories[state].events, the.voided)
      .when(the.recordVoid)
      .thenNothing();
  });

  it('a payment that waits for the customer is let go', () =>
    given(...histories.cancellingAuthenticating.events)
      .when(the.recordVoid)
      .then(the.voided));

  it('both reservations of a renewal are let go', () => {
    const state = [...histories.renewalChallenged.events, the.cancellationRequested];
    given(...state)
      .when(more.recordGone(2, 700_000))
      .then(more.gone(2, 700_000));
    given(...state, more.gone(2, 700_000))
      .when(the.cancelNow)
      .thenRefused({ type: 'something_still_held' });
    given(...state, more.gone(2, 700_000))
      .when(more.recordGone(1, 700_001))
      .then(more.gone(1, 700_001));
  });
});

describe('a reservation that nobody wants any more', () => {
  it('is let go at any time: the card was refused by us', () =>
    given(...histories.declinedPolicy.events)
      .when(more.recordGone(1, 20))
      .then(more.gone(1, 20)));

  it('is let go at any time: its charge was refused, and another card is tried', () => {
    const state = [
      ...histories.chargeFailedHard.events,
      more.named(more.otherCard, 3_300),
      more.asked(2, 3_301, more.otherCard),
    ];
    given(...state)
      .when(more.recordGone(1, 3_310))
      .then(more.gone(1, 3_310));
  });

  it('may also end by itself', () =>
    given(...histories.renewed.events)
      .when(more.recordExpired(1, 700_000))
      .then(more.expired(1, 700_000)));
});

describe('a reservation that ended by itself', () => {
  it.each(['reserved', 'released', 'packed', 'renewing', 'renewalDeclined', 'chargeFailed'] as const)(
    'is stored once: %s',
    (state) => {
      given(...histories[state].events)
        .when(more.recordExpired(1, 4_000))
        .then(more.expired(1, 4_000));
      given(...histories[state].events, more.expired(1, 4_000))
        .when(more.recordExpired(1, 4_001))
        .thenNothing();
    },
  );

  it('is not believed while a charge is under way, and does not matter after it', () => {
    given(...histories.charging.events)
      .when(more.recordExpired(1, 4_000))
      .thenRefused({ type: 'wrong_phase', command: 'RecordReservationExpiry', phase: 'Packed' });
    given(...histories.charged.events)
      .when(more.recordExpired(1, 4_000))
      .thenNothing();
  });

  it('was never made', () =>
    given(...histories.reserved.events)
      .when(more.recordExpired(7, 4_000))
      .thenNothing());

  it('leaves a customer whose card was refused with the question', () => {
    const state = [...histories.chargeFailedHard.events, more.expired(1, 4_000)];
    given(...state)
      .when({ ...the.requestReservation, at: the.after(4_100) })
      .thenRefused({ type: 'wrong_phase', command: 'RequestCardReservation', phase: 'OnHold' });
    given(...state)
      .when({ ...the.giveUp, at: the.after(3_201 + 259_200) })
      .then({ ...the.givenUp, at: the.after(3_201 + 259_200) });
  });
});
