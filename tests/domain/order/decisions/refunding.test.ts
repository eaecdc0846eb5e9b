// Money on its way back: never more than was taken, one answer a refund.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { pence } from '../../../support/examples.js';
import { histories, type StateName } from '../../../support/histories.js';
import { currencyOf } from '../../../support/ids.js';
import { given } from '../../../support/order/given-when-then.js';
import * as more from '../../../support/order/payment-examples.js';

describe('a refund', () => {
  it.each(['charged', 'shipped', 'completed', 'disputed'] as const)('may be asked for: %s', (state) =>
    given(...histories[state].events)
      .when(more.refund('r-1'))
      .then(more.refundAsked('r-1', 1)),
  );

  it.each(['reserved', 'packed', 'charging', 'chargeUnknown'] as const)(
    'has nothing to give back: %s',
    (state) =>
      given(...histories[state].events)
        .when(more.refund('r-1'))
        .thenRefused({ type: 'wrong_phase', command: 'RequestRefund', phase: histories[state].phase }),
  );

  it('may give back everything, and a penny', () => {
    given(...histories.shipped.events)
      .when(more.refund('r-1', pence(4580)))
      .then(more.refundAsked('r-1', 1, pence(4580)));
    given(...histories.shipped.events)
      .when(more.refund('r-1', pence(1)))
      .then(more.refundAsked('r-1', 1, pence(1)));
  });

  it.each([4581, 0, -1])('of an amount that cannot go back is refused: %i', (minor) =>
    given(...histories.shipped.events)
      .when(more.refund('r-1', pence(minor)))
      .thenRefused({ type: 'refund_above_charge', refundable: pence(4580) }),
  );

  it('in another currency is refused', () =>
    given(...histories.shipped.events)
      .when(more.refund('r-1', { minor: 100, currency: currencyOf('EUR') }))
      .thenRefused({ type: 'refund_above_charge', refundable: pence(4580) }));

  it('counts what is under way, unknown or back, and not what failed', () => {
    for (const state of ['refunding', 'refundUnknown', 'partlyRefunded'] as const) {
      given(...histories[state].events)
        .when(more.refund('r-2', pence(3581)))
        .thenRefused({ type: 'refund_above_charge', refundable: pence(3580) });
      given(...histories[state].events)
        .when(more.refund('r-2', pence(3580)))
        .then(more.refundAsked('r-2', 2, pence(3580)));
    }
    given(...histories.refundFailed.events)
      .when(more.refund('r-2', pence(4580)))
      .then(more.refundAsked('r-2', 2, pence(4580)));
  });

  it('is asked for once under its id, whatever became of it', () => {
    for (const state of ['refunding', 'refundFailed', 'partlyRefunded'] as const) {
      given(...histories[state].events)
        .when(more.refund('r-1'))
        .thenNothing();
    }
  });

  it('of another amount needs an id of its own', () =>
    given(...histories.refunding.events)
      .when(more.refund('r-1', pence(999)))
      .thenRefused({ type: 'refund_id_used', refundId: 'r-1' }));

  it('cannot take the name of a cancellation', () => {
    given(...histories.charged.events)
      .when(more.refund('cancellation'))
      .thenRefused({ type: 'refund_id_used', refundId: 'cancellation' });
    given(...histories.cancellingCharged.events)
      .when(more.refund('cancellation', pence(4580)))
      .thenNothing();
  });
});

describe('the answer to a refund', () => {
  const open: readonly StateName[] = ['refunding', 'refundUnknown'];
  it.each(open)('is stored: %s', (state) => {
    given(...histories[state].events)
      .when(more.refundAnswer('r-1', more.refundMade()))
      .then(more.refunded('r-1'));
    given(...histories[state].events)
      .when(more.refundAnswer('r-1', { type: 'failed', reason: 'lost_or_stolen_card' }))
      .then(more.refundFailed('r-1'));
    given(...histories[state].events)
      .when(more.refundAnswer('r-1', { type: 'pending' }))
      .thenNothing();
  });

  it('that was lost is stored as unknown, once', () => {
    given(...histories.refunding.events)
      .when(more.refundAnswer('r-1', { type: 'unknown' }))
      .then(more.refundUnknown('r-1'));
    given(...histories.refundUnknown.events)
      .when(more.refundAnswer('r-1', { type: 'unknown' }))
      .thenNothing();
  });

  it('is stored once', () => {
    for (const state of ['partlyRefunded', 'refundFailed'] as const) {
      given(...histories[state].events)
        .when(more.refundAnswer('r-1', more.refundMade()))
        .thenNothing();
      given(...histories[state].events)
        .when(more.refundAnswer('r-1', { type: 'failed', reason: 'declined' }))
        .thenNothing();
    }
  });

  it('of another amount is refused', () =>
    given(...histories.refunding.events)
      .when(more.refundAnswer('r-1', more.refundMade(pence(1_001))))
      .thenRefused({ type: 'refunded_amount_differs', requested: pence(1_000), refunded: pence(1_001) }));

  it('of a refund that was never asked for is refused', () =>
    given(...histories.refunding.events)
      .when(more.refundAnswer('r-9', more.refundMade()))
      .thenRefused({ type: 'refund_unknown', refundId: 'r-9' }));

  it('may come after the end of the order', () => {
    given(...histories.completed.events, more.refundAsked('r-1', 1))
      .when(more.refundAnswer('r-1', more.refundMade()))
      .then(more.refunded('r-1'));
  });
});

describe('the refund of a cancellation', () => {
  const state = [...histories.cancellingCharged.events, more.goodsPutBack, the.stockReleased];
  const failed = { ...more.refundFailed('cancellation') };

  it('is waited for', () =>
    given(...state)
      .when(the.cancelNow)
      .thenRefused({ type: 'something_still_held' }));

  it("that failed is an operator's to repeat under another id", () => {
    given(...state, failed)
      .when(the.cancelNow)
      .thenRefused({ type: 'something_still_held' });
    given(...state, failed)
      .when(more.refund('r-1', pence(4580)))
      .then(more.refundAsked('r-1', 2, pence(4580)));
    given(...state, failed, more.refundAsked('r-1', 2, pence(4580)), more.refunded('r-1', pence(4580)))
      .when(the.cancelNow)
      .then(the.cancelled);
  });
});

describe('a dispute', () => {
  it.each(['charged', 'shipped', 'completed', 'cancelledAfterCharge'] as const)('is stored: %s', (state) =>
    given(...histories[state].events)
      .when(more.recordDispute)
      .then(more.disputed),
  );
  it('is stored once', () =>
    given(...histories.disputed.events)
      .when({ ...more.recordDispute, reference: 'du_2' })
      .thenNothing());
  it('needs a charge', () =>
    given(...histories.packed.events)
      .when(more.recordDispute)
      .thenRefused({ type: 'wrong_phase', command: 'RecordDispute', phase: 'Packed' }));
});
