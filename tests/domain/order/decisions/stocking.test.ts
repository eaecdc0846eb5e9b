// Goods in the ledger: held before the card is touched, permanent once it is, given back on the way out.
import { describe, it } from 'vitest';
import * as the from '../../../support/examples.js';
import { given } from '../../../support/order/given-when-then.js';
import { histories } from '../../../support/histories.js';

describe('validated', () => {
  const state = histories.validated.events;

  it('holds the goods until a moment', () =>
    given(...state)
      .when(the.recordStock)
      .then(the.stockReserved));

  it('is rejected when goods are missing, before its card is touched', () =>
    given(...state)
      .when(the.recordStockMissing)
      .then(the.stockUnavailable, the.rejectedForStock));

  it('is rejected with every line that is missing', () => {
    const lines = [
      { lineNumber: 1, available: 0 },
      { lineNumber: 2, available: 1 },
    ];
    given(...state)
      .when({ ...the.recordStockMissing, outcome: { type: 'unavailable', lines } })
      .then(
        { ...the.stockUnavailable, lines },
        {
          ...the.rejectedForStock,
          reasons: [
            { type: 'out_of_stock', lineNumber: 1, available: 0 },
            { type: 'out_of_stock', lineNumber: 2, available: 1 },
          ],
        },
      );
  });
});

describe('cancelled while the goods were being taken', () => {
  const state = [...histories.validated.events, the.cancellationRequested];

  it('stores what was taken, so that it is given back', () =>
    given(...state)
      .when(the.recordStock)
      .then(the.stockReserved));

  it('is not rejected for missing goods any more', () =>
    given(...state)
      .when(the.recordStockMissing)
      .thenRefused({ type: 'order_closing', phase: 'Cancelling' }));

  it('holds on to nothing before the goods are back', () =>
    given(...state, the.stockReserved)
      .when(the.cancelNow)
      .thenRefused({ type: 'something_still_held' }));

  it('gives the goods back', () =>
    given(...state, the.stockReserved)
      .when(the.recordStockRelease)
      .then(the.stockReleased));

  it('takes nothing a second time', () =>
    given(...state, the.stockReserved, the.stockReleased)
      .when(the.recordStock)
      .thenRefused({ type: 'order_closing', phase: 'Cancelling' }));
});

describe('card reserved', () => {
  const state = histories.reserved.events;

  it('makes the hold permanent', () =>
    given(...state)
      .when(the.recordCommitment)
      .then(the.stockCommitted));

  it('is cancelled when the hold had expired and the goods are gone', () =>
    given(...state)
      .when(the.recordGoodsLost)
      .then(the.goodsLost, the.cancellationForStock));

  it('gives no goods back as long as it goes on', () =>
    given(...state)
      .when(the.recordStockRelease)
      .thenRefused({ type: 'wrong_phase', command: 'RecordStockRelease', phase: 'Confirmed' }));
});

describe('cancelled while the hold was being made permanent', () => {
  const state = [...histories.reserved.events, the.cancellationRequested];

  it('stores that it became permanent', () =>
    given(...state)
      .when(the.recordCommitment)
      .then(the.stockCommitted));

  it('needs no second reason when the goods are gone', () =>
    given(...state)
      .when(the.recordGoodsLost)
      .thenNothing());

  it('gives a permanent hold back', () =>
    given(...state, the.stockCommitted)
      .when(the.recordStockRelease)
      .then(the.stockReleased));
});
