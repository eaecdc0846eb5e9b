// The charge: after packing and before the hand-over, for what was packed, one attempt at a time.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { pence } from '../../../support/examples.js';
import { histories } from '../../../support/histories.js';
import { given } from '../../../support/order/given-when-then.js';
import * as more from '../../../support/order/payment-examples.js';

const { reserving, packed, charging, chargeUnknown, chargeFailedSoft, chargeFailedHard } = histories;
const { declines, otherCard, renewalSeconds } = more;

describe('packed', () => {
  const state = packed.events;

  it('asks for what is due for the packed goods', () =>
    given(...state)
      .when(the.requestCharge)
      .then(the.chargeRequested));

  it('asks for less after a short pick', () =>
    given(...histories.packedShort.events)
      .when(the.requestCharge)
      .then({ ...the.chargeRequested, amount: more.shortAmount }));

  it('is not charged before it is packed', () => {
    for (const state of ['committed', 'released', 'picked'] as const) {
      given(...histories[state].events)
        .when(the.requestCharge)
        .thenRefused({ type: 'wrong_phase', command: 'RequestCharge', phase: histories[state].phase });
    }
  });

  it('is charged once', () => {
    for (const state of ['charging', 'chargeUnknown', 'charged', 'shipped'] as const) {
      given(...histories[state].events)
        .when(the.requestCharge)
        .thenNothing();
    }
  });

  it('asks for nothing once the reservation expired', () =>
    given(...state)
      .when({ ...the.requestCharge, at: the.captureBefore })
      .thenRefused({ type: 'reservation_expired', captureBefore: the.captureBefore }));

  it('asks for nothing above the reservation', () => {
    const small = { ...the.reserved, reservation: { ...the.reserved.reservation, amount: the.pence(4579) } };
    given(...reserving.events, small, the.stockCommitted, the.released, the.picked, the.packed)
      .when(the.requestCharge)
      .thenRefused({
        type: 'charged_amount_differs',
        requested: the.pence(4580),
        charged: the.pence(4579),
      });
  });
});

describe('charge asked for', () => {
  it('stores the charge', () =>
    given(...charging.events)
      .when(the.recordCharged)
      .then(the.charged));
  it('stores a failure as a fact', () =>
    given(...charging.events)
      .when(the.recordChargeFailed)
      .then(the.chargeFailed));
  it('stores a lost answer as unknown, once', () => {
    given(...charging.events)
      .when(the.recordChargeUnknown)
      .then(the.chargeUnknown);
    given(...chargeUnknown.events)
      .when(the.recordChargeUnknown)
      .thenNothing();
  });
  it('turns out charged', () =>
    given(...chargeUnknown.events)
      .when(the.recordCharged)
      .then(the.charged));

  it('refuses a charge of another amount', () =>
    given(...charging.events)
      .when({
        ...the.recordCharged,
        outcome: { type: 'charged', amount: the.pence(4579), reference: 'ch_1' },
      })
      .thenRefused({
        type: 'charged_amount_differs',
        requested: the.pence(4580),
        charged: the.pence(4579),
      }));

  it('refuses the answer to an attempt that was never made', () =>
    given(...charging.events)
      .when({ ...the.recordCharged, attempt: 2 })
      .thenRefused({ type: 'attempt_unknown', attempt: 2 }));
});

describe('charge failed because the issuer was not available', () => {
  const again = (attempt: number) => more.chargeAsked(attempt, 3_300);
  const request = { ...the.requestCharge, at: the.after(3_300) };

  it('is asked for again under a new key, three times in all', () => {
    given(...chargeFailedSoft.events)
      .when(request)
      .then(again(2));
    const twice = [...chargeFailedSoft.events, again(2), more.chargeRefused(2, 3_301, declines.soft)];
    given(...twice)
      .when(request)
      .then(again(3));
    given(...twice, again(3), more.chargeRefused(3, 3_301, declines.soft))
      .when(request)
      .thenRefused({ type: 'wrong_phase', command: 'RequestCharge', phase: 'OnHold' });
  });

  it('knows the answers to both attempts apart', () => {
    given(...chargeFailedSoft.events, again(2))
      .when(the.recordCharged)
      .thenNothing();
    given(...chargeFailedSoft.events, again(2))
      .when({ ...the.recordCharged, attempt: 2 })
      .then({ ...the.charged, attempt: 2 });
  });

  it('is asked for again although a renewal of the same card was refused for good', () => {
    const stolen = [
      ...histories.renewalDeclined.events.slice(0, -1),
      more.refused(2, renewalSeconds + 1, declines.hard),
    ];
    const state = [...histories.packed.events, ...stolen.slice(-2), the.chargeRequested];
    given(...state, more.chargeRefused(1, 3_201, declines.soft))
      .when(request)
      .then(again(2));
  });
});

describe('charge refused', () => {
  const request = { ...the.requestCharge, at: the.after(3_300) };

  it('is not asked for again', () => {
    for (const state of ['chargeFailed', 'chargeFailedHard'] as const) {
      given(...histories[state].events)
        .when(request)
        .thenRefused({ type: 'wrong_phase', command: 'RequestCharge', phase: 'OnHold' });
    }
  });

  it('is never asked of that reservation again, though another card was declined since', () =>
    given(
      ...chargeFailedHard.events,
      more.named(otherCard, 3_250),
      more.asked(2, 3_260, otherCard),
      more.refused(2, 3_261, declines.funds),
    )
      .when(request)
      .thenRefused({ type: 'wrong_phase', command: 'RequestCharge', phase: 'OnHold' }));

  it('is asked of the new reservation', () =>
    given(
      ...chargeFailedHard.events,
      more.named(otherCard, 3_250),
      more.asked(2, 3_260, otherCard),
      more.held(2, 3_261),
    )
      .when(request)
      .then(more.chargeAsked(2, 3_300)));
});

describe('an earlier reservation', () => {
  it('is charged when its renewal was declined', () =>
    given(...packed.events, more.asked(2, 3_150), more.refused(2, 3_160, declines.funds))
      .when(the.requestCharge)
      .then(the.chargeRequested));

  it('waits while its renewal is under way', () =>
    given(...packed.events, more.asked(2, 3_150))
      .when(the.requestCharge)
      .thenRefused({ type: 'wrong_phase', command: 'RequestCharge', phase: 'Packed' }));

  it('that had ended when it was charged is stored so, and another is asked for', () => {
    given(...charging.events)
      .when(more.chargeAnswer(1, 3_201, { type: 'reservation_expired' }))
      .then(more.chargeExpired, more.expired(1, 3_201));
    given(...histories.chargeExpired.events)
      .when({ ...the.requestReservation, at: the.after(3_300) })
      .then(more.asked(2, 3_300));
  });
});

describe('a charge that a cancellation overtook', () => {
  const state = histories.cancellingCharging.events;

  it('is refunded whole', () =>
    given(...state)
      .when(the.recordCharged)
      .then(the.charged, more.cancellationRefund(1, pence(4580), 3_201)));

  it('and failed leaves the reservation to be let go', () => {
    given(...state)
      .when(the.recordChargeFailed)
      .then(the.chargeFailed);
    given(...state, the.chargeFailed)
      .when(the.recordVoid)
      .then(the.voided);
  });

  it('stays unknown until it is found out', () => {
    given(...state)
      .when(the.recordChargeUnknown)
      .then(the.chargeUnknown);
    given(...state, the.chargeUnknown)
      .when(the.cancelNow)
      .thenRefused({ type: 'something_still_held' });
  });
});
