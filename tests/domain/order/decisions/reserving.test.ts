// Money held on a card: the intent before the effect, one attempt at a time, no amount but the one asked for.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { pence } from '../../../support/examples.js';
import { histories, type StateName } from '../../../support/histories.js';
import { currencyOf, instantOf } from '../../../support/ids.js';
import { given } from '../../../support/order/given-when-then.js';
import * as more from '../../../support/order/payment-examples.js';

const { declines, otherCard, renewalSeconds } = more;

describe('goods held', () => {
  it('asks for the whole total under a key of its own', () =>
    given(...histories.stockHeld.events)
      .when(the.requestReservation)
      .then(the.reservationRequested));

  it.each(['validated', 'placed'] as const)('asks for nothing before: %s', (state) =>
    given(...histories[state].events)
      .when(the.requestReservation)
      .thenRefused({
        type: 'wrong_phase',
        command: 'RequestCardReservation',
        phase: histories[state].phase,
      }),
  );
});

describe('asked for, no answer yet', () => {
  const state = histories.reserving.events;

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
  it('stores that the customer must confirm with the bank', () =>
    given(...state)
      .when(more.answer(1, 5, { type: 'authentication_required', challenge: more.challenge }))
      .then(more.challenged(1, 5)));
  it('stores an attempt that ended without money as one to repeat', () =>
    given(...state)
      .when(more.answer(1, 5, { type: 'ended' }))
      .then(more.refused(1, 5, { class: 'soft', code: 'reservation_ended' })));

  it('refuses the answer to an attempt that was never made', () =>
    given(...state)
      .when({ ...the.recordReserved, attempt: 2 })
      .thenRefused({ type: 'attempt_unknown', attempt: 2 }));

  it.each([4579, 4581, 0])('refuses a reservation of another amount: %i', (minor) =>
    given(...state)
      .when(more.answer(1, 5, { type: 'reserved', reservation: { ...the.heldMoney, amount: pence(minor) } }))
      .thenRefused({ type: 'reserved_amount_differs', requested: pence(4580), reserved: pence(minor) }),
  );

  it('refuses a reservation in another currency', () => {
    const euros = { minor: 4580, currency: currencyOf('EUR') };
    given(...state)
      .when(more.answer(1, 5, { type: 'reserved', reservation: { ...the.heldMoney, amount: euros } }))
      .thenRefused({ type: 'reserved_amount_differs', requested: pence(4580), reserved: euros });
  });
});

describe('unknown outcome', () => {
  const state = histories.reservationUnknown.events;

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

describe('to be confirmed with the bank', () => {
  const state = histories.authenticating.events;

  it('is reserved when the customer confirms', () =>
    given(...state)
      .when(the.recordReserved)
      .then(the.reserved));
  it('is declined when the customer fails', () =>
    given(...state)
      .when(more.answer(1, 60, { type: 'declined', decline: declines.authentication }))
      .then(more.refused(1, 60, declines.authentication)));
  it('ends when the customer stays away', () =>
    given(...state)
      .when(more.answer(1, 950, { type: 'ended' }))
      .then(more.refused(1, 950, { class: 'authentication', code: 'authentication_not_completed' })));
  it('keeps waiting through a lost answer and a second request to confirm', () => {
    given(...state)
      .when(more.answer(1, 60, { type: 'unknown' }))
      .thenNothing();
    given(...state)
      .when(more.answer(1, 60, { type: 'authentication_required', challenge: more.challenge }))
      .thenNothing();
  });
  it('asks for nothing else meanwhile', () =>
    given(...state)
      .when(the.requestReservation)
      .thenNothing());
});

describe('approved by the issuer, refused by us', () => {
  const answers = (changed: object, policy = the.cardPolicy) => ({
    ...more.answer(1, 5, { type: 'reserved', reservation: { ...the.heldMoney, ...changed } }),
    cardPolicy: policy,
  });
  const approvedWith = (changed: object) =>
    ({ ...the.reserved, reservation: { ...the.heldMoney, ...changed, attempt: 1 } }) as const;
  const state = histories.reserving.events;

  it.each([
    ['address_check_failed', { addressCheck: 'fail' }],
    ['security_code_check_failed', { securityCodeCheck: 'fail' }],
    ['address_check_failed', { addressCheck: 'fail', securityCodeCheck: 'fail' }],
  ] as const)('is stored as both facts: %s', (code, changed) =>
    given(...state)
      .when(answers(changed))
      .then(approvedWith(changed), more.refused(1, 5, { class: 'policy', code })),
  );

  it.each([
    { addressCheck: 'unavailable', securityCodeCheck: 'unchecked' },
    { addressCheck: 'unchecked', securityCodeCheck: 'unavailable' },
  ] as const)('is not refused for a check that was not made: $addressCheck', (changed) =>
    given(...state)
      .when(answers(changed))
      .then(approvedWith(changed)),
  );

  it('is taken by a shop whose policy does not mind', () => {
    const lenient = { refuseFailedAddressCheck: false, refuseFailedSecurityCodeCheck: false };
    const changed = { addressCheck: 'fail', securityCodeCheck: 'fail' } as const;
    given(...state)
      .when(answers(changed, lenient))
      .then(approvedWith(changed));
  });

  it('is not judged any more once the order is on its way out', () =>
    given(...histories.cancellingReserving.events)
      .when(answers({ addressCheck: 'fail' }))
      .then(more.heldWrongAddress));

  it('lets what was approved go', () =>
    given(...histories.declinedPolicy.events)
      .when(more.recordGone(1, 10))
      .then(more.gone(1, 10)));
});

describe('declined or reserved', () => {
  it.each(['declined', 'reserved', 'charged', 'cancellingVoided'] as const)(
    'keeps a second answer out: %s',
    (state) => {
      given(...histories[state].events)
        .when(the.recordReserved)
        .thenNothing();
      given(...histories[state].events)
        .when(the.recordDeclined)
        .thenNothing();
    },
  );

  it('asks again by itself when the issuer was not available', () =>
    given(...histories.declinedSoft.events)
      .when({ ...the.requestReservation, at: the.after(65) })
      .then(more.asked(2, 65)));

  it('asks with the card that the customer named', () =>
    given(...histories.cardNamed.events)
      .when({ ...the.requestReservation, at: the.after(70) })
      .then(more.asked(2, 70, otherCard)));

  it('asks anew for what was picked when the reservation had ended', () => {
    const state = [...histories.pickedShort.events, the.packed, more.expired(1, 3_150)];
    given(...state)
      .when({ ...the.requestReservation, at: the.after(3_160) })
      .then(more.asked(2, 3_160, the.paymentMethod, more.shortAmount));
  });
});

describe('renewal', () => {
  const state = histories.committed.events;
  const due = (seconds: number) => ({ ...more.renew, at: instantOf(the.captureBefore - seconds * 1000) });

  it('waits for its margin', () => {
    given(...state)
      .when(due(86_401))
      .thenRefused({ type: 'renewal_not_due', from: due(86_400).at });
    given(...state)
      .when(due(86_400))
      .then({ ...more.renewal, at: due(86_400).at });
  });

  it('waits for half the life of a reservation that is shorter than two margins', () => {
    const short = { ...the.heldMoney, captureBefore: the.after(3_605), attempt: 1 };
    const shortLived = [
      ...histories.reserving.events,
      { ...the.reserved, reservation: short },
      the.stockCommitted,
    ];
    given(...shortLived)
      .when({ ...more.renew, at: the.after(1_804) })
      .thenRefused({ type: 'renewal_not_due', from: the.after(1_805) });
    given(...shortLived)
      .when({ ...more.renew, at: the.after(1_805) })
      .then(more.asked(2, 1_805));
  });

  it('is asked for once', () =>
    given(...histories.renewing.events)
      .when(more.renew)
      .thenNothing());

  it('asks for what was picked', () =>
    given(...histories.pickedShort.events)
      .when(more.renew)
      .then(more.asked(2, renewalSeconds, the.paymentMethod, more.shortAmount)));

  const closed: readonly StateName[] = ['cancellingCommitted', 'cancelled', 'rejected'];
  it.each(closed)('is not asked for on the way out: %s', (name) =>
    given(...histories[name].events)
      .when(more.renew)
      .thenRefused({ type: 'order_closing', phase: histories[name].phase ?? 'Placed' }),
  );

  it('lets the earlier reservation go once the new one is there, and not before', () => {
    given(...histories.renewing.events)
      .when(more.recordGone(1, renewalSeconds + 5))
      .thenRefused({ type: 'wrong_phase', command: 'RecordReservationVoid', phase: 'Confirmed' });
    given(...histories.renewed.events)
      .when(more.recordGone(1, renewalSeconds + 5))
      .then(more.gone(1, renewalSeconds + 5));
  });

  it('leaves the earlier reservation in force when the issuer or we refuse the new one', () => {
    given(...histories.renewalDeclined.events)
      .when(more.recordGone(1, renewalSeconds + 5))
      .thenRefused({ type: 'wrong_phase', command: 'RecordReservationVoid', phase: 'AwaitingPayment' });
    given(...histories.renewalRefused.events)
      .when(more.recordGone(1, renewalSeconds + 5))
      .thenRefused({ type: 'wrong_phase', command: 'RecordReservationVoid', phase: 'AwaitingPayment' });
    given(...histories.renewalRefused.events)
      .when(more.recordGone(2, renewalSeconds + 5))
      .then(more.gone(2, renewalSeconds + 5));
  });
});

describe('caps', () => {
  it('count three tries of a card within a day', () => {
    const soft = [1, 2].flatMap((attempt) => [
      more.asked(attempt, attempt * 10),
      more.refused(attempt, attempt * 10 + 1, declines.soft),
    ]);
    const twice = [...histories.stockHeld.events, ...soft];
    given(...twice)
      .when({ ...the.requestReservation, at: the.after(40) })
      .then(more.asked(3, 40));
    const renewedOften = [...twice, more.asked(3, 40), more.held(3, 41), more.expired(3, 50)];
    given(...renewedOften)
      .when({ ...the.requestReservation, at: the.after(86_409) })
      .thenRefused({ type: 'card_tried_too_often', until: the.after(86_410) });
    given(...renewedOften)
      .when({ ...the.requestReservation, at: the.after(86_410) })
      .then(more.asked(4, 86_410));
  });
});
