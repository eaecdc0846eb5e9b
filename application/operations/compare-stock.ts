import type * as E from 'fp-ts/lib/Either.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { Stock } from '../ports/stock.js';
import { certain, type Doubt, doubtful, type Finding } from './findings.js';

// What an order's stream says of its goods beside what the stock ledger holds for it. Steps change the ledger before
// they store the fact, so the ledger may be one step ahead.

/** What the stock ledger holds for an order. */
export type StockHold =
  Awaited<ReturnType<ReturnType<Stock['holdOf']>>> extends E.Either<unknown, infer Hold> ? Hold : never;

const stillHeld = (hold: StockHold, doubt: Doubt | null): readonly Finding[] => {
  if (hold.type === 'none') return [];
  const difference = { type: 'stock_still_held', hold: hold.type } as const;
  return [doubt === null ? certain(difference) : doubtful(difference, doubt)];
};

const notHeld = (recorded: 'reserved' | 'committed', hold: StockHold): readonly Finding[] => {
  if (hold.type === 'committed' || hold.type === recorded) return [];
  return [certain({ type: 'stock_not_held', recorded, hold: hold.type })];
};

/** Everything in which stream and ledger differ. `freshness`: doubt about an order whose newest fact is young. */
export const stockDifferences = (
  { lifecycle: { stage }, stock, fulfilment }: PlacedOrder,
  hold: StockHold,
  freshness: Doubt | null,
): readonly Finding[] => {
  const recorded = stock.status === 'reserved' || stock.status === 'committed' ? stock.status : null;
  switch (stage) {
    case 'placed':
    case 'authenticated':
      return stillHeld(hold, null);
    case 'validated':
      return recorded === null ? stillHeld(hold, 'step_under_way') : notHeld(recorded, hold);
    case 'released':
      // What was shipped leaves the ledger before the order is completed.
      return recorded === null || fulfilment.status === 'shipped' ? [] : notHeld(recorded, hold);
    case 'cancelling':
      return recorded === null ? stillHeld(hold, 'on_its_way_out') : [];
    case 'rejected':
      return recorded === null ? stillHeld(hold, freshness) : [];
    case 'cancelled':
    case 'completed':
      return stillHeld(hold, freshness);
  }
};
