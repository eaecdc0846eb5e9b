// Goods in people's hands: never more than ordered, a shortage only with its reason, nothing leaves uncharged.
import { describe, it } from 'vitest';
import type { PickedLine } from '../../../../domain/fulfilment.js';
import type { Refusal } from '../../../../domain/order/refusal.js';
import * as the from '../../../support/examples.js';
import { given } from '../../../support/order/given-when-then.js';
import { histories } from '../../../support/histories.js';
import * as more from '../../../support/order/payment-examples.js';

describe('confirmed', () => {
  const state = histories.committed.events;

  it('waits for the end of the grace period', () =>
    given(...state)
      .when({ ...the.release, at: the.after(1_204) })
      .thenRefused({ type: 'grace_not_over', until: the.after(1_205) }));

  it('is released at the end of the grace period', () =>
    given(...state)
      .when({ ...the.release, at: the.after(1_205) })
      .then({ ...the.released, at: the.after(1_205) }));

  it('is released at once without one', () =>
    given(...state)
      .when({ ...the.release, at: the.after(6), graceSeconds: 0 })
      .then({ ...the.released, at: the.after(6) }));

  it('is not released on a reservation that ends before the goods can be packed', () => {
    const last = 7 * 86_400 - 14_400;
    given(...state)
      .when({ ...the.release, at: the.after(last) })
      .thenRefused({ type: 'reservation_expired', captureBefore: the.captureBefore });
    given(...state)
      .when({ ...the.release, at: the.after(last - 1) })
      .then({ ...the.released, at: the.after(last - 1) });
  });

  it('is released once', () =>
    given(...histories.released.events)
      .when(the.release)
      .thenNothing());

  it("is not released before the goods are the order's for good", () =>
    given(...histories.reserved.events)
      .when(the.release)
      .thenRefused({ type: 'wrong_phase', command: 'ReleaseToWarehouse', phase: 'Confirmed' }));
});

describe('released', () => {
  const state = histories.released.events;
  const full: readonly PickedLine[] = the.allPicked;
  const [first, second] = [
    { lineNumber: 1, picked: 6, short: 0, shortReason: null },
    { lineNumber: 2, picked: 2, short: 0, shortReason: null },
  ] as const;
  const refuses = (lines: readonly PickedLine[], refusal: Refusal): void =>
    given(...state)
      .when({ ...the.pick, lines })
      .thenRefused(refusal);

  it('is picked in full', () =>
    given(...state)
      .when({ ...the.pick, lines: full })
      .then(the.picked));

  it('is picked short with a reason', () => {
    const lines = [first, { lineNumber: 2, picked: 0, short: 2, shortReason: 'not_in_bin' }] as const;
    given(...state)
      .when({ ...the.pick, lines })
      .then({ ...the.picked, lines });
  });

  it('is picked in any order of its lines', () =>
    given(...state)
      .when({ ...the.pick, lines: [second, first] })
      .then({ ...the.picked, lines: [second, first] }));

  it('knows no line that was not ordered', () =>
    refuses([...full, { ...first, lineNumber: 3 }], { type: 'pick_line_unknown', lineNumber: 3 }));
  it('misses no line', () => refuses([second], { type: 'pick_line_missing', lineNumber: 1 }));
  it('counts no line twice', () =>
    refuses([first, second, second], { type: 'pick_line_repeated', lineNumber: 2 }));
  it('is never picked beyond what was ordered', () =>
    refuses([{ ...first, picked: 7 }, second], {
      type: 'picked_quantity_wrong',
      lineNumber: 1,
      ordered: 6,
    }));
  it('accounts for every unit', () =>
    refuses([{ ...first, picked: 5 }, second], {
      type: 'picked_quantity_wrong',
      lineNumber: 1,
      ordered: 6,
    }));
  it('counts in whole units', () =>
    refuses([{ ...first, picked: 5.5, short: 0.5, shortReason: 'damaged' }, second], {
      type: 'picked_quantity_wrong',
      lineNumber: 1,
      ordered: 6,
    }));
  it('knows no negative shortage', () =>
    refuses([{ ...first, picked: 8, short: -2 }, second], {
      type: 'picked_quantity_wrong',
      lineNumber: 1,
      ordered: 6,
    }));
  it('asks for the reason of a shortage', () =>
    refuses([{ ...first, picked: 5, short: 1 }, second], { type: 'short_reason_missing', lineNumber: 1 }));
  it('of which nothing was found is cancelled', () =>
    given(...state)
      .when({ ...the.pick, lines: more.noLines })
      .then({ ...the.picked, lines: more.noLines }, { ...the.cancellationForStock, at: the.after(3_000) }));
});

describe('picked', () => {
  const state = histories.picked.events;

  it('stays as it was picked first', () =>
    given(...state)
      .when({ ...the.pick, lines: [] })
      .thenNothing());

  it('is packed in one parcel', () =>
    given(...state)
      .when(the.pack)
      .then(the.packed));

  it('is packed in several parcels, each of at most a ton', () => {
    const parcels = [
      { parcelNumber: 1, weightGrams: 1 },
      { parcelNumber: 2, weightGrams: 1_000_000 },
    ];
    given(...state)
      .when({ ...the.pack, parcels })
      .then({ ...the.packed, parcels });
  });

  it.each([
    ['no parcel', []],
    ['a parcel that weighs nothing', [{ parcelNumber: 1, weightGrams: 0 }]],
    ['a parcel heavier than a carrier takes', [{ parcelNumber: 1, weightGrams: 1_000_001 }]],
    ['half grams', [{ parcelNumber: 1, weightGrams: 10.5 }]],
    ['numbers that do not begin at 1', [{ parcelNumber: 2, weightGrams: 10 }]],
    [
      'a number twice',
      [
        { parcelNumber: 1, weightGrams: 10 },
        { parcelNumber: 1, weightGrams: 10 },
      ],
    ],
  ])('is not packed in %s', (_what, parcels) =>
    given(...state)
      .when({ ...the.pack, parcels })
      .thenRefused({ type: 'parcels_invalid' }),
  );
});

describe('packed', () => {
  it('does not leave the building uncharged', () =>
    given(...histories.packed.events)
      .when(the.ship)
      .thenRefused({ type: 'not_charged' }));

  it('does not leave the building while the charge is unknown', () =>
    given(...histories.chargeUnknown.events)
      .when(the.ship)
      .thenRefused({ type: 'not_charged' }));
});

describe('charged', () => {
  it('is handed to the carrier', () =>
    given(...histories.charged.events)
      .when(the.ship)
      .then(the.shipped));

  it('is handed over once, also under another number', () =>
    given(...histories.shipped.events)
      .when({ ...the.ship, handover: { carrier: 'Parcelforce', trackingNumber: 'PF1' } })
      .thenNothing());
});

describe('cancelled before the pick', () => {
  const closing = { type: 'order_closing', phase: 'Cancelling' } as const;
  const state = [...histories.released.events, the.cancellationRequested];

  it('tells the floor to stop', () =>
    given(...state)
      .when(the.pick)
      .thenRefused(closing));
  it('is not packed', () =>
    given(...state)
      .when(the.pack)
      .thenRefused(closing));
  it('is not shipped', () =>
    given(...state)
      .when(the.ship)
      .thenRefused(closing));
});

describe('cancelled with goods off the shelf', () => {
  it.each(['cancellingPicked', 'cancellingPacked', 'cancellingCharged'] as const)(
    'is put back, once: %s',
    (name) => {
      given(...histories[name].events)
        .when(more.putBack)
        .then(more.goodsPutBack);
      given(...histories[name].events, more.goodsPutBack)
        .when(more.putBack)
        .thenNothing();
    },
  );

  it.each(['picked', 'packed', 'charged'] as const)('is put back for no other reason: %s', (name) =>
    given(...histories[name].events)
      .when(more.putBack)
      .thenRefused({ type: 'wrong_phase', command: 'RecordPutBack', phase: histories[name].phase }),
  );

  it('has nothing to put back before the pick', () =>
    given(...histories.cancellingCommitted.events)
      .when(more.putBack)
      .thenRefused({ type: 'order_closing', phase: 'Cancelling' }));
});

describe('shipped', () => {
  it('is delivered, once, also after the end', () => {
    given(...histories.shipped.events)
      .when(more.deliver)
      .then(more.delivered);
    given(...histories.completed.events)
      .when(more.deliver)
      .then(more.delivered);
    given(...histories.delivered.events)
      .when(more.deliver)
      .thenNothing();
  });

  it('is not delivered before', () =>
    given(...histories.charged.events)
      .when(more.deliver)
      .thenRefused({ type: 'wrong_phase', command: 'RecordDelivery', phase: 'Charged' }));
});
