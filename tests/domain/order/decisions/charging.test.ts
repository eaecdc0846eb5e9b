// Money: the intent before the effect, one attempt at a time, no amount but the one asked for.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { given } from '../../../support/order/given-when-then.js';
import { histories } from '../../../support/histories.js';
import { currencyOf } from '../../../support/ids.js';

const { reserving, reservationUnknown, declined, reserved, packed, charging, chargeUnknown, chargeFailed } =
  histories;

describe('goods held', () => {
  it('asks for the whole total under a key of its own', () =>
    given(...histories.stockHeld.events)
      .when(the.requestReservation)
      .then(the.reservationRequested));
});

describe('asked for, no answer yet', () => {
  const state = reserving.events;

  it('asks for nothing else', () =>
    given(...state)
      .when(the.requestReservation)
      .thenNothing());
  it('stores the reservation', () =>
    given(...state)
      .when(the.recordReserved)
      .then(the.reserved));
  it('stores a decline as a fact', () =>
    given(...state)
      .when(the.recordDeclined)
      .then(the.declined));
  it('stores a lost answer as unknown', () =>
    given(...state)
      .when(the.recordReservationUnknown)
      .then(the.reservationUnknown));

  it('refuses the answer to an attempt that was never made', () =>
    given(...state)
      .when({ ...the.recordReserved, attempt: 2 })
      .thenRefused({ type: 'attempt_unknown', attempt: 2 }));

  it('refuses a reservation of another amount', () =>
    given(...state)
      .when({
        ...the.recordReserved,
        outcome: { type: 'reserved', reservation: { ...the.heldMoney, amount: the.pence(4581) } },
      })
      .thenRefused({
        type: 'reserved_amount_differs',
        requested: the.pence(4580),
        reserved: the.pence(4581),
      }));

  it('refuses a reservation in another currency', () => {
    const euros = { minor: 4580, currency: currencyOf('EUR') };
    given(...state)
      .when({
        ...the.recordReserved,
        outcome: { type: 'reserved', reservation: { ...the.heldMoney, amount: euros } },
      })
      .thenRefused({ type: 'reserved_amount_differs', requested: the.pence(4580), reserved: euros });
  });
});

describe('unknown outcome', () => {
  const state = reservationUnknown.events;

  it('stays unknown without a further fact', () =>
    given(...state)
      .when(the.recordReservationUnknown)
      .thenNothing());
  it('turns out reserved', () =>
    given(...state)
      .when(the.recordReserved)
      .then(the.reserved));
  it('turns out declined', () =>
    given(...state)
      .when(the.recordDeclined)
      .then(the.declined));
  it('is never asked for under another key', () =>
    given(...state)
      .when(the.requestReservation)
      .thenNothing());
});

describe('cancelled while the answer is awaited', () => {
  const state = histories.cancellingReserving.events;

  it('stores a late success, so that it is voided', () =>
    given(...state)
      .when(the.recordReserved)
      .then(the.reserved));
  it('then lets it go', () =>
    given(...state, the.reserved)
      .when(the.recordVoid)
      .then(the.voided));
  it('lets it go once', () =>
    given(...state, the.reserved, the.voided)
      .when(the.recordVoid)
      .thenNothing());
});

describe('declined', () => {
  const state = declined.events;

  it('waits for its deadline', () =>
    given(...state)
      .when({ ...the.giveUp, at: the.after(1_804) })
      .thenRefused({ type: 'deadline_not_passed', until: the.after(1_805) }));

  it('is cancelled at its deadline', () =>
    given(...state)
      .when({ ...the.giveUp, at: the.after(1_805) })
      .then({ ...the.givenUp, at: the.after(1_805) }));

  it('has nothing on the card to let go', () =>
    given(...state)
      .when(the.recordVoid)
      .thenNothing());
  it('keeps a second answer out', () =>
    given(...state)
      .when(the.recordReserved)
      .thenNothing());
});

describe('reserved', () => {
  it('keeps a second answer out', () =>
    given(...reserved.events)
      .when(the.recordDeclined)
      .thenNothing());

  it('is let go only on the way out', () =>
    given(...reserved.events)
      .when(the.recordVoid)
      .thenRefused({ type: 'wrong_phase', command: 'RecordReservationVoid', phase: 'Confirmed' }));
});

describe('packed', () => {
  const state = packed.events;

  it('asks for what is due for the packed goods', () =>
    given(...state)
      .when(the.requestCharge)
      .then(the.chargeRequested));

  it('asks for less after a short pick', () => {
    const lines = [
      { lineNumber: 1, picked: 4, short: 2, shortReason: 'damaged' },
      { lineNumber: 2, picked: 2, short: 0, shortReason: null },
    ] as const;
    given(...histories.released.events, { ...the.picked, lines }, the.packed)
      .when(the.requestCharge)
      .then({ ...the.chargeRequested, amount: the.pence(4580 - 2 * 255) });
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

describe('charge failed', () => {
  it('is asked for again under a new key', () =>
    given(...chargeFailed.events)
      .when(the.requestCharge)
      .then({ ...the.chargeRequested, attempt: 2, key: the.secondChargeKey }));

  it('knows the answers to both attempts apart', () => {
    const again = { ...the.chargeRequested, attempt: 2, key: the.secondChargeKey } as const;
    given(...chargeFailed.events, again)
      .when(the.recordCharged)
      .thenRefused({ type: 'attempt_unknown', attempt: 1 });
    given(...chargeFailed.events, again)
      .when({ ...the.recordCharged, attempt: 2 })
      .then({ ...the.charged, attempt: 2 });
  });
});
