// The ways an order ends: completed, or cancelled with nothing held.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { given } from '../../../support/order/given-when-then.js';
import { histories, type StateName } from '../../../support/histories.js';

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

  it.each(['stockHeld', 'reserving', 'reservationUnknown', 'declined', 'committed', 'released'] as const)(
    'is accepted and gives everything back first when the order is %s',
    (state) =>
      given(...histories[state].events)
        .when(the.cancel)
        .then(the.cancellationRequested),
  );

  const tooLate = ['picked', 'packed', 'charging', 'charged', 'shipped', 'completed'] as const;
  it.each(tooLate)('comes too late when the order is %s', (state) =>
    given(...histories[state].events)
      .when(the.cancel)
      .thenRefused({ type: 'too_late_to_cancel', phase: histories[state].phase }),
  );

  it('comes too late for a rejected order', () =>
    given(...histories.rejected.events)
      .when(the.cancel)
      .thenRefused({ type: 'too_late_to_cancel', phase: 'Rejected' }));

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
  const held: readonly StateName[] = ['cancellingReserving', 'cancellingCommitted', 'cancellingVoided'];
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
