// The ways an order ends: completed, or cancelled with nothing held.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { pence } from '../../../support/examples.js';
import { given } from '../../../support/order/given-when-then.js';
import { histories, type StateName } from '../../../support/histories.js';
import * as more from '../../../support/order/payment-examples.js';

describe('a cancellation', () => {
  it.each(['placed', 'authenticated'] as const)('ends an order at once when it is %s', (state) =>
    given(...histories[state].events)
      .when(the.cancel)
      .then(the.cancellationRequested, the.cancelledAtOnce),
  );

  it('waits for goods that may be being taken for a validated order', () =>
    given(...histories.validated.events)
      .when(the.cancel)
      .then(the.cancellationRequested));

  it.each([
    'stockHeld',
    'reserving',
    'reservationUnknown',
    'authenticating',
    'declined',
    'renewing',
    'expired',
    'committed',
    'released',
  ] as const)('is accepted and gives everything back first when the order is %s', (state) =>
    given(...histories[state].events)
      .when(the.cancel)
      .then(the.cancellationRequested),
  );

  it.each(['picked', 'pickedShort', 'packed', 'charging', 'chargeUnknown', 'chargeFailed'] as const)(
    'is accepted, and people put the goods back, when the order is %s',
    (state) =>
      given(...histories[state].events)
        .when(the.cancel)
        .then(the.cancellationRequested),
  );

  it('refunds what is left of the charge', () => {
    given(...histories.charged.events)
      .when(the.cancel)
      .then(the.cancellationRequested, more.cancellationRefund(1, pence(4580)));
    given(...histories.partlyRefunded.events)
      .when(the.cancel)
      .then(the.cancellationRequested, more.cancellationRefund(2, pence(3580)));
    given(...histories.refunding.events)
      .when(the.cancel)
      .then(the.cancellationRequested, more.cancellationRefund(2, pence(3580)));
    given(...histories.refundFailed.events)
      .when(the.cancel)
      .then(the.cancellationRequested, more.cancellationRefund(2, pence(4580)));
  });

  it('refunds nothing when everything went back before', () =>
    given(
      ...histories.charged.events,
      more.refundAsked('r-1', 1, pence(4580)),
      more.refunded('r-1', pence(4580)),
    )
      .when(the.cancel)
      .then(the.cancellationRequested));

  it('is refused once the goods are on their way, and that is stored once', () => {
    given(...histories.shipped.events)
      .when(the.cancel)
      .then(more.cancellationRefused);
    given(...histories.cancellationRefused.events)
      .when({ ...the.cancel, by: 'operator' })
      .thenNothing();
  });

  it.each(['completed', 'delivered', 'rejected', 'outOfStock'] as const)(
    'comes too late when the order is %s',
    (state) =>
      given(...histories[state].events)
        .when(the.cancel)
        .thenRefused({ type: 'too_late_to_cancel', phase: histories[state].phase }),
  );

  it('of an operator says so', () =>
    given(...histories.committed.events)
      .when({ ...the.cancel, by: 'operator' })
      .then({ ...the.cancellationRequested, by: 'operator', reason: 'operator_request' }));

  it('changes nothing the second time, whoever asks', () =>
    given(...histories.cancellingCommitted.events)
      .when({ ...the.cancel, by: 'operator' })
      .thenNothing());
});

describe('on the way out', () => {
  const held: readonly StateName[] = [
    'cancellingReserving',
    'cancellingAuthenticating',
    'cancellingCommitted',
    'cancellingVoided',
    'cancellingRenewed',
    'cancellingRenewalDeclined',
    'cancellingPicked',
    'cancellingPacked',
    'cancellingCharging',
    'cancellingCharged',
    'cancellingRefunded',
    'cancellingPutBack',
    'allShort',
  ];
  it.each(held)('is not cancelled while something is held: %s', (state) =>
    given(...histories[state].events)
      .when(the.cancelNow)
      .thenRefused({ type: 'something_still_held' }),
  );

  it('is cancelled for the reason it was asked for', () => {
    given(...histories.cancellingFree.events)
      .when(the.cancelNow)
      .then(the.cancelled);
    given(...histories.declined.events, the.givenUp, the.stockReleased)
      .when(the.cancelNow)
      .then({ ...the.cancelled, reason: 'payment_not_completed' });
    given(...histories.reserved.events, the.goodsLost, the.cancellationForStock, the.voided)
      .when(the.cancelNow)
      .then({ ...the.cancelled, reason: 'out_of_stock' });
  });
});

describe('completion', () => {
  it('ends an order that was charged and shipped', () =>
    given(...histories.shipped.events)
      .when(the.complete)
      .then(the.completed));

  it('is stored once', () =>
    given(...histories.completed.events)
      .when(the.complete)
      .thenNothing());
});

describe('charged, but not shipped', () => {
  it('is given up after two days, and refunded', () =>
    given(...histories.charged.events)
      .when(more.giveUpShipment)
      .then(more.notShipped, more.cancellationRefund(1, pence(4580), 3_201 + 172_800)));

  it('is not given up a second earlier', () =>
    given(...histories.charged.events)
      .when({ ...more.giveUpShipment, at: the.after(3_200 + 172_800) })
      .thenRefused({ type: 'deadline_not_passed', until: the.after(3_201 + 172_800) }));

  it('is given up on hold too', () =>
    given(...histories.chargedOnHold.events)
      .when(more.giveUpShipment)
      .then(more.notShipped, more.cancellationRefund(1, pence(4580), 3_201 + 172_800)));

  it('is given up once', () =>
    given(...histories.cancellingCharged.events)
      .when(more.giveUpShipment)
      .thenNothing());

  it.each(['packed', 'chargeUnknown', 'shipped', 'completed'] as const)(
    'is not what the order is: %s',
    (state) =>
      given(...histories[state].events)
        .when(more.giveUpShipment)
        .thenRefused({ type: 'wrong_phase', command: 'GiveUpShipment', phase: histories[state].phase }),
  );
});
