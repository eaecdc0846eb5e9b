// Reasons to wait for a person: several at once, each by itself.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { histories, type StateName } from '../../../support/histories.js';
import { given } from '../../../support/order/given-when-then.js';
import * as more from '../../../support/order/payment-examples.js';

describe('a hold', () => {
  const open: readonly StateName[] = [
    'placed',
    'authenticated',
    'stockHeld',
    'committed',
    'released',
    'picked',
    'packed',
    'charged',
  ];
  it.each(open)('may be placed until the goods are handed over: %s', (state) =>
    given(...histories[state].events)
      .when(more.placeHold('fraud'))
      .then(more.onHold('fraud')),
  );

  it('is placed once for each reason', () => {
    given(...histories.onHold.events)
      .when(more.placeHold('fraud', 1_100))
      .thenNothing();
    given(...histories.onHold.events)
      .when(more.placeHold('address', 1_100))
      .then(more.onHold('address', 1_100));
  });

  it.each(['shipped', 'completed'] as const)('comes too late: %s', (state) =>
    given(...histories[state].events)
      .when(more.placeHold('fraud'))
      .thenRefused({ type: 'wrong_phase', command: 'PlaceHold', phase: histories[state].phase }),
  );

  it.each(['cancellingCommitted', 'cancelled', 'rejected'] as const)('has nothing to hold: %s', (state) =>
    given(...histories[state].events)
      .when(more.placeHold('fraud'))
      .thenRefused({ type: 'order_closing', phase: histories[state].phase }),
  );
});

describe('on hold', () => {
  it('is not released to the warehouse, whatever the number of reasons', () => {
    given(...histories.onHold.events)
      .when(the.release)
      .thenRefused({ type: 'on_hold', reasons: ['fraud'] });
    given(...histories.onHold.events, more.onHold('address', 1_100), more.holdReleased('fraud'))
      .when(the.release)
      .thenRefused({ type: 'on_hold', reasons: ['address'] });
  });

  it('is picked and packed on, but not charged and not shipped', () => {
    given(...histories.releasedOnHold.events)
      .when(the.pick)
      .then(the.picked);
    given(...histories.packedOnHold.events)
      .when(the.requestCharge)
      .thenRefused({ type: 'on_hold', reasons: ['operator'] });
    given(...histories.chargedOnHold.events)
      .when(the.ship)
      .thenRefused({ type: 'on_hold', reasons: ['operator'] });
  });

  it('may be cancelled', () =>
    given(...histories.onHold.events)
      .when(the.cancel)
      .then(the.cancellationRequested));
});

describe('the release of a hold', () => {
  it('lets the order go on', () => {
    given(...histories.onHold.events)
      .when(more.releaseHold('fraud'))
      .then(more.holdReleased('fraud'));
    given(...histories.onHold.events, more.holdReleased('fraud'))
      .when(the.release)
      .then(the.released);
  });

  it('changes nothing without that hold', () => {
    given(...histories.onHold.events)
      .when(more.releaseHold('address'))
      .thenNothing();
    given(...histories.onHold.events, more.holdReleased('fraud'))
      .when(more.releaseHold('fraud'))
      .thenNothing();
  });

  it('changes nothing after the end', () =>
    given(
      the.placed,
      more.onHold('fraud', 1),
      { ...the.cancellationRequested, at: the.after(2) },
      { ...the.cancelledAtOnce, at: the.after(2) },
    )
      .when(more.releaseHold('fraud'))
      .thenRefused({ type: 'order_closing', phase: 'Cancelled' }));
});
