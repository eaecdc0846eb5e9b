import type { RecordStockCommitment, RecordStockRelease, RecordStockReservation } from '../commands.js';
import type { MissingLine, OrderEvent } from '../events.js';
import type { PlacedOrder } from '../order.js';
import { accept, alreadyDone, type Decision, refuseInPhase } from '../refusal.js';

// Goods held for the order in the stock ledger.

const outOfStock = (lines: readonly MissingLine[]) =>
  lines.map(({ lineNumber, available }) => ({ type: 'out_of_stock', lineNumber, available }) as const);

/**
 * Stock was asked for; an order that cannot have all its goods is rejected before its card is touched. A hold that lasts
 * longer than the one before replaces it.
 */
export const recordStockReservation = (order: PlacedOrder, command: RecordStockReservation): Decision => {
  const { at, outcome } = command;
  if (order.stock.status === 'committed') return alreadyDone;
  if (order.stock.status === 'reserved') {
    const longer = outcome.type === 'reserved' && outcome.until > order.stock.until;
    return longer ? accept({ type: 'StockReserved', at, until: outcome.until }) : alreadyDone;
  }
  // A cancellation may overtake the reservation: what was reserved is stored, so that it is released.
  if (
    order.lifecycle.stage === 'cancelling' &&
    outcome.type === 'reserved' &&
    order.stock.status === 'none'
  ) {
    return accept({ type: 'StockReserved', at, until: outcome.until });
  }
  if (order.lifecycle.stage !== 'validated' || order.stock.status !== 'none') {
    return refuseInPhase(order, command);
  }
  if (outcome.type === 'reserved') return accept({ type: 'StockReserved', at, until: outcome.until });
  const { lines } = outcome;
  return accept(
    { type: 'StockUnavailable', at, lines },
    { type: 'OrderRejected', at, reasons: outOfStock(lines) },
  );
};

/** The hold became permanent, or it had expired and the goods are gone: then the order is cancelled. */
export const recordStockCommitment = (order: PlacedOrder, command: RecordStockCommitment): Decision => {
  const { at, outcome } = command;
  if (order.stock.status === 'committed') return alreadyDone;
  if (order.lifecycle.stage === 'cancelling' && order.stock.status === 'reserved') {
    return outcome.type === 'committed' ? accept({ type: 'StockCommitted', at }) : alreadyDone;
  }
  if (order.lifecycle.stage !== 'validated' || order.stock.status !== 'reserved') {
    return refuseInPhase(order, command);
  }
  if (outcome.type === 'committed') return accept({ type: 'StockCommitted', at });
  const lost: readonly OrderEvent[] = [
    { type: 'StockUnavailable', at, lines: outcome.lines },
    { type: 'CancellationRequested', at, by: 'checkout', reason: 'out_of_stock' },
  ];
  return accept(...lost);
};

/** Nothing is held for the order any more. Only an order on its way out gives its goods back. */
export const recordStockRelease = (order: PlacedOrder, command: RecordStockRelease): Decision => {
  if (order.stock.status !== 'reserved' && order.stock.status !== 'committed') return alreadyDone;
  const { stage } = order.lifecycle;
  if (stage !== 'cancelling' && stage !== 'rejected') return refuseInPhase(order, command);
  return accept({ type: 'StockReleased', at: command.at });
};
