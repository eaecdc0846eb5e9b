import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Currency } from '../../domain/currency.js';
import type { CustomerId, OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { Phase } from '../../domain/order/phase.js';
import type { OrderView } from '../read-models/order-view.js';
import type { Position, UnreadableEvent } from './event-store.js';

/** The tables of order views could not be asked or changed; the call may be repeated without harm. */
export type OrderViewsError = { readonly type: 'order_views_unavailable'; readonly reason: string };

/** A place in a list: everything up to and with this order was listed. */
export type OrderViewPlace = { readonly placedAt: Instant; readonly orderId: OrderId };

/** Which orders to list: all that fulfil every condition given. `limit` is 1 to 500. */
export type OrderViewFilter = {
  readonly phase?: Phase;
  readonly customerId?: CustomerId;
  readonly after?: OrderViewPlace;
  readonly limit: number;
};

/** Orders of one phase and currency together; amounts in minor units. */
export type OrderViewTotals = {
  readonly phase: Phase;
  readonly currency: Currency;
  readonly orders: number;
  readonly units: number;
  readonly ordered: number;
  readonly reserved: number;
  readonly charged: number;
  readonly refunded: number;
};

/** What pages and reconciliations ask. Answers may be a moment behind the event store, never wrong. */
export type OrderViews = {
  /** The order's view; null when none was made (yet). */
  readonly find: (orderId: OrderId) => TE.TaskEither<OrderViewsError, OrderView | null>;
  /** Newest first; orders of one moment by id, falling. `next` is null on the last page. */
  readonly list: (
    filter: OrderViewFilter,
  ) => TE.TaskEither<
    OrderViewsError,
    { readonly views: readonly OrderView[]; readonly next: OrderViewPlace | null }
  >;
  /** One row a phase and currency that has orders, in the order of the phase's name and then the currency's. */
  readonly totals: () => TE.TaskEither<OrderViewsError, readonly OrderViewTotals[]>;
  /** Orders whose view stands still before an event that could not be read, with that event. */
  readonly parked: () => TE.TaskEither<OrderViewsError, readonly UnreadableEvent[]>;
  /** How far the views have come; null before the first event. */
  readonly position: () => TE.TaskEither<OrderViewsError, Position | null>;
};

/** How far one build of the tables has come. */
export type OrderViewCheckpoint = { readonly build: number; readonly position: Position | null };

/** What stands in the tables of the orders asked for: views, and the streams of parked orders. */
export type StoredOrderViews = {
  readonly views: ReadonlyMap<OrderId, OrderView>;
  readonly parkedStreams: ReadonlySet<string>;
};

/** The outcome of a batch of events. */
export type OrderViewChanges = {
  readonly views: readonly OrderView[];
  readonly parked: readonly UnreadableEvent[];
};

/** What the projector writes to: one build of the tables. */
export type OrderViewProjection = {
  readonly checkpoint: () => TE.TaskEither<OrderViewsError, OrderViewCheckpoint>;
  /** What is stored of these orders in that build. */
  readonly load: (
    build: number,
    orderIds: readonly OrderId[],
  ) => TE.TaskEither<OrderViewsError, StoredOrderViews>;
  /**
   * Stores the changes and moves the checkpoint, all or nothing, and only if it stands at `from`. `overtaken`: another
   * projector, or a rebuild, has moved it; nothing was stored.
   */
  readonly advance: (
    from: OrderViewCheckpoint,
    to: Position,
    changes: OrderViewChanges,
  ) => TE.TaskEither<OrderViewsError, 'advanced' | 'overtaken'>;
};

/** A second build of the tables that nobody reads yet. */
export type OrderViewRebuild = {
  readonly projection: OrderViewProjection;
  /**
   * Puts the build in the place of the live one, for readers in one instant. While the live checkpoint is held still,
   * `catchUp` must bring the build to the end of what can be read; nothing is swapped when it fails.
   */
  readonly swap: <Failure>(
    catchUp: TE.TaskEither<Failure, void>,
  ) => TE.TaskEither<OrderViewsError | Failure, void>;
};

/** The tables as their keeper sees them. */
export type OrderViewTables = {
  /** The build that is read. After a swap it is another one, with another checkpoint. */
  readonly live: OrderViewProjection;
  /** Begins an empty build beside the live one. One that was begun before and not swapped is thrown away. */
  readonly beginRebuild: () => TE.TaskEither<OrderViewsError, OrderViewRebuild>;
};
