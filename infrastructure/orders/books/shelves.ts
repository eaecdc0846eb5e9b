import type { Pool } from 'pg';
import * as E from 'fp-ts/lib/Either.js';
import { postgresStock } from '../../../adapters/stock/postgres.js';
import type { StockLevel } from '../../../application/ports/stock.js';
import type { StoredEvent } from '../../../application/ports/event-store.js';
import { isArticleCode } from '../../../domain/catalogue.js';
import { fold } from '../../../domain/order/evolve.js';
import { phaseOf } from '../../../domain/order/phase.js';
import { UnexpectedAnswer } from '../http-client.js';
import type { Invoice } from '../invoices/invoices.js';
import type { GroundTruths } from './ground-truths.js';
import { type Difference, type Picks, picksOf } from './reconcile.js';

// The stock ledger of a whole play: what is gone from the shelves is what people shipped, and what is missing is what
// they did not find.

/** The shelves when a play began, by article. */
export type Shelves = { readonly at: number; readonly levels: ReadonlyMap<string, StockLevel> };

/** The levels of all articles of these invoices, as they are now. */
export const readShelves = async (pool: Pool, invoices: readonly Invoice[]): Promise<Shelves> => {
  const codes = new Set(invoices.flatMap(({ lines }) => lines.map(({ stockCode }) => stockCode)));
  const at = Date.now();
  const levels = await postgresStock(pool).levels([...codes].filter(isArticleCode))();
  if (E.isLeft(levels)) throw new UnexpectedAnswer(`stock ledger: ${levels.left.type}`);
  return { at, levels: new Map(levels.right.map((level) => [level.code, level])) };
};

type Moved = { readonly shipped: Map<string, number>; readonly missing: Map<string, number> };

const add = (sums: Map<string, number>, code: string, units: number): void => {
  if (units !== 0) sums.set(code, (sums.get(code) ?? 0) + units);
};

const endOf = (stored: readonly StoredEvent[]): number | null => {
  const last = stored.find(({ event: { type } }) => ['OrderCompleted', 'OrderCancelled'].includes(type));
  return last?.recordedAt ?? null;
};

/** What the orders moved that ended since then; null when one was under way at that moment. */
const movedSince = (at: number, events: GroundTruths['events'], picks: Picks): Moved | null => {
  const moved: Moved = { shipped: new Map(), missing: new Map() };
  for (const stored of events.values()) {
    const [placed, ended] = [stored[0]?.recordedAt ?? at, endOf(stored)];
    if (ended !== null && ended < at) continue;
    if (placed < at) return null;
    const order = fold(stored.map(({ event }) => event));
    if (order.type === 'no_order' || order.fulfilment.status === 'waiting') continue;
    const isShipped = phaseOf(order) === 'Completed';
    const found = new Map(picksOf(order, picks).map(({ lineNumber, units }) => [lineNumber, units]));
    for (const { lineNumber, code, quantity } of order.terms.lines) {
      const units = found.get(lineNumber) ?? 0;
      if (isShipped) add(moved.shipped, code, units);
      add(moved.missing, code, quantity - units);
    }
  }
  return moved;
};

/**
 * Differences of the shelves before and after a play to what the orders of the play moved. Null when nobody can tell: an
 * order was under way before, or others ordered meanwhile.
 */
export const shelfDifferences = (
  before: Shelves,
  after: Shelves,
  { events, lastStrangerAt }: GroundTruths,
  picks: Picks,
): readonly Difference[] | null => {
  const moved = lastStrangerAt >= before.at ? null : movedSince(before.at, events, picks);
  if (moved === null) return null;
  return [...after.levels].flatMap(([code, level]) => {
    const was = before.levels.get(code);
    const gone = (was?.onHand ?? 0) - level.onHand;
    const lost = level.missing - (was?.missing ?? 0);
    const held = level.held - (was?.held ?? 0);
    const [shipped, missing] = [moved.shipped.get(code) ?? 0, moved.missing.get(code) ?? 0];
    if (gone === shipped && lost === missing && held === 0) return [];
    const shelf = `${String(gone)} units less on the shelf, ${String(lost)} more missing, ${String(held)} more held`;
    const what = `article ${code}: ${shelf}; ${String(shipped)} were shipped, ${String(missing)} not found`;
    return [{ orderId: '', invoice: '', what }];
  });
};
