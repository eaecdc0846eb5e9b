import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { ArticleCode } from '../../domain/catalogue.js';
import type { OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { CommitmentOutcome, StockOutcome } from '../../domain/order/commands.js';
import type { OrderLine } from '../../domain/order/events.js';

/** The stock ledger could not be asked or changed; nothing happened, or a repeat will find it done. */
export type StockError = { readonly type: 'stock_unavailable'; readonly reason: string };

/** Goods that arrived at the warehouse. A receipt counts once, however often it is reported. */
export type StockReceipt = {
  readonly receiptId: string;
  readonly articles: ReadonlyArray<{
    readonly code: ArticleCode;
    readonly description: string;
    readonly bin: string;
    readonly quantity: number;
  }>;
};

/**
 * One article: units on the shelf by the books, how many of them are held for orders, and how many a picker did not
 * find. Sellable is what is left of the first after the other two.
 */
export type StockLevel = {
  readonly code: ArticleCode;
  readonly bin: string;
  readonly onHand: number;
  readonly held: number;
  readonly missing: number;
};

/** Units of one line. */
export type LineUnits = { readonly lineNumber: number; readonly units: number };

/** The stock ledger. An order has at most one hold; every call may be repeated and then answers as before. */
export type Stock = {
  /**
   * Holds all lines or none, until the given moment. Expired holds of other orders do not count. A hold that the order
   * has already is made to last until then if that is later, and renewed if it expired and the goods are still there.
   */
  readonly reserve: (
    orderId: OrderId,
    lines: readonly OrderLine[],
    until: Instant,
    now: Instant,
  ) => TE.TaskEither<StockError, StockOutcome>;
  /** Makes the hold permanent. One that expired is renewed if the goods are still there. */
  readonly commit: (orderId: OrderId, now: Instant) => TE.TaskEither<StockError, CommitmentOutcome>;
  /** Gives the hold back, except units that a picker did not find: they are missing. None is success. */
  readonly release: (orderId: OrderId, missing: readonly LineUnits[]) => TE.TaskEither<StockError, void>;
  /**
   * The units left the building: on-hand and held both go down by what was shipped, the rest of the hold is released,
   * except units that a picker did not find: they are missing, and not sold until somebody counts.
   */
  readonly settle: (
    orderId: OrderId,
    shipped: readonly LineUnits[],
    missing: readonly LineUnits[],
  ) => TE.TaskEither<StockError, void>;
  /**
   * Somebody counted an article, totes and parcels in the house included: on-hand is what was counted, and nothing is
   * missing. Never below what is held: units that a count did not see are missed when their hold is given back. A count
   * id counts once.
   */
  readonly count: (
    countId: string,
    code: ArticleCode,
    units: number,
  ) => TE.TaskEither<StockError, 'booked' | 'repeated' | 'article_unknown'>;
  /** What the ledger holds for an order; `none` when nothing is, or is any more. */
  readonly holdOf: (
    orderId: OrderId,
  ) => TE.TaskEither<
    StockError,
    | { readonly type: 'none' }
    | { readonly type: 'reserved'; readonly until: Instant }
    | { readonly type: 'committed' }
  >;
  /** Books a receipt; `repeated` when its id was booked before. */
  readonly receive: (receipt: StockReceipt) => TE.TaskEither<StockError, 'booked' | 'repeated'>;
  /** Levels of these articles; those never received are absent. */
  readonly levels: (codes: readonly ArticleCode[]) => TE.TaskEither<StockError, readonly StockLevel[]>;
  /** Articles that were taken out of sale, of those asked for. */
  readonly withdrawn: (codes: readonly ArticleCode[]) => TE.TaskEither<StockError, readonly ArticleCode[]>;
};
