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

/** One article: units on the shelf, and how many of them are held for orders. */
export type StockLevel = {
  readonly code: ArticleCode;
  readonly bin: string;
  readonly onHand: number;
  readonly held: number;
};

/** The stock ledger. An order has at most one hold; every call may be repeated and then answers as before. */
export type Stock = {
  /** Holds all lines or none, until the given moment. Expired holds of other orders do not count. */
  readonly reserve: (
    orderId: OrderId,
    lines: readonly OrderLine[],
    until: Instant,
    now: Instant,
  ) => TE.TaskEither<StockError, StockOutcome>;
  /** Makes the hold permanent. One that expired is renewed if the goods are still there. */
  readonly commit: (orderId: OrderId, now: Instant) => TE.TaskEither<StockError, CommitmentOutcome>;
  /** Gives the hold back. None is success. */
  readonly release: (orderId: OrderId) => TE.TaskEither<StockError, void>;
  /** The units left the building: on-hand and held both go down by what was shipped, the rest of the hold is released. */
  readonly settle: (
    orderId: OrderId,
    shipped: ReadonlyArray<{ readonly lineNumber: number; readonly units: number }>,
  ) => TE.TaskEither<StockError, void>;
  /** Books a receipt; `repeated` when its id was booked before. */
  readonly receive: (receipt: StockReceipt) => TE.TaskEither<StockError, 'booked' | 'repeated'>;
  /** Levels of these articles; those never received are absent. */
  readonly levels: (codes: readonly ArticleCode[]) => TE.TaskEither<StockError, readonly StockLevel[]>;
  /** Articles that were taken out of sale, of those asked for. */
  readonly withdrawn: (codes: readonly ArticleCode[]) => TE.TaskEither<StockError, readonly ArticleCode[]>;
};
