// The order views in the database `orders`. Hard here: rows and checkpoint move together, also when two projectors
// run, and a rebuild takes the place of the live rows in one instant.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Pool, PoolClient } from 'pg';
import { isPosition, type Position, type UnreadableEvent } from '../../application/ports/event-store.js';
import type {
  OrderViewProjection,
  OrderViewRebuild,
  OrderViews,
  OrderViewsError,
  OrderViewTables,
  OrderViewTotals,
} from '../../application/ports/order-views.js';
import type { OrderView } from '../../application/read-models/order-view.js';
import { problemText } from '../event-schema/problem.js';
import { currency } from '../event-schema/values.js';
import { failureReason } from '../postgres/database-failure.js';
import { decodeOrderView, encodeOrderView, phase } from './order-view-codec.js';
import {
  advanceStatement,
  beginStatement,
  checkpointStatement,
  findStatement,
  holdStatement,
  listStatement,
  loadStatement,
  parkedStatement,
  promoteStatement,
  retireStatement,
  type Statement,
  sweepParkedStatement,
  sweepStatement,
  totalsStatement,
} from './postgres-statements.js';

const unavailable = (reason: string): OrderViewsError => ({ type: 'order_views_unavailable', reason });

type Answer<Value> = E.Either<OrderViewsError, Value>;

const viewFrom = (stored: unknown): Answer<OrderView> => {
  const view = decodeOrderView(stored);
  if (E.isRight(view)) return view;
  const problem = problemText(view.left);
  return E.left(unavailable(`a stored view has another form, rebuild the views: ${problem}`));
};

const positionFrom = (stored: string | null): Answer<Position | null> =>
  stored === null || isPosition(stored) ? E.right(stored) : E.left(unavailable('a checkpoint is malformed'));

const viewRow = (view: OrderView) => ({
  order_id: view.orderId,
  customer_id: view.customerId,
  phase: view.phase,
  currency: view.total.currency,
  placed_at: new Date(view.placedAt).toISOString(),
  units: view.units,
  total: view.total.minor,
  reserved: view.reserved?.minor ?? null,
  charged: view.charged?.minor ?? null,
  refunded: view.refunded.minor,
  view: encodeOrderView(view),
});

type ParkedRow = {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly stored_name: string;
  readonly problem: string;
};

const parkedRow = ({ stream, revision, position, storedName, problem }: UnreadableEvent): ParkedRow => ({
  stream,
  revision,
  position,
  stored_name: storedName,
  problem,
});

type TotalsRow = Readonly<
  Record<'phase' | 'currency' | 'units' | 'ordered' | 'reserved' | 'charged' | 'refunded', string>
> & { readonly orders: number };

const totalsFrom = (row: TotalsRow): readonly OrderViewTotals[] =>
  phase.is(row.phase) && currency.is(row.currency)
    ? [
        {
          phase: row.phase,
          currency: row.currency,
          orders: row.orders,
          units: Number(row.units),
          ordered: Number(row.ordered),
          reserved: Number(row.reserved),
          charged: Number(row.charged),
          refunded: Number(row.refunded),
        },
      ]
    : [];

/** The order views on tables of the database `orders`. */
export const postgresOrderViews = (pool: Pool): OrderViews & OrderViewTables => {
  const rowsOf = async <Row extends object>(statement: Statement): Promise<Answer<readonly Row[]>> => {
    try {
      return E.right((await pool.query<Row>(statement)).rows);
    } catch (failure) {
      return E.left(unavailable(failureReason(failure)));
    }
  };

  const viewsIn = (rows: ReadonlyArray<{ readonly view: unknown }>): Answer<readonly OrderView[]> => {
    const views: OrderView[] = [];
    for (const row of rows) {
      const view = viewFrom(row.view);
      if (E.isLeft(view)) return view;
      views.push(view.right);
    }
    return E.right(views);
  };

  /** The projection of one build, or of whichever is live. */
  const projectionOf = (build: number | null): OrderViewProjection => ({
    checkpoint: () => async () => {
      const rows = await rowsOf<{ build: number; position: string | null }>(checkpointStatement(build));
      if (E.isLeft(rows)) return rows;
      const [row] = rows.right;
      if (row === undefined) return E.left(unavailable('this build was superseded'));
      const position = positionFrom(row.position);
      return E.isLeft(position) ? position : E.right({ build: row.build, position: position.right });
    },
    load: (of, orderIds) => async () => {
      const rows = await rowsOf<{ view: unknown; stream: string | null }>(loadStatement(of, orderIds));
      if (E.isLeft(rows)) return rows;
      const views = viewsIn(rows.right.filter(({ stream }) => stream === null));
      if (E.isLeft(views)) return views;
      return E.right({
        views: new Map(views.right.map((view) => [view.orderId, view])),
        parkedStreams: new Set(rows.right.flatMap(({ stream }) => (stream === null ? [] : [stream]))),
      });
    },
    advance:
      (from, to, { views, parked }) =>
      async () => {
        const statement = advanceStatement(
          from,
          to,
          JSON.stringify(views.map(viewRow)),
          JSON.stringify(parked.map(parkedRow)),
        );
        const rows = await rowsOf<{ moved: number }>(statement);
        if (E.isLeft(rows)) return rows;
        return E.right(rows.right[0]?.moved === 1 ? 'advanced' : 'overtaken');
      },
  });

  const sweep = async (): Promise<void> => {
    await pool.query(sweepParkedStatement);
    for (let removed = 1; removed > 0;) removed = (await pool.query(sweepStatement)).rowCount ?? 0;
  };

  /** Runs within a transaction that is undone when the outcome is an error. */
  const inTransaction = async <Failure>(
    run: (client: PoolClient) => Promise<E.Either<Failure, void>>,
  ): Promise<E.Either<Failure | OrderViewsError, void>> => {
    let client: PoolClient | null = null;
    try {
      client = await pool.connect();
      await client.query('begin');
      const outcome = await run(client);
      await client.query(E.isRight(outcome) ? 'commit' : 'rollback');
      client.release();
      return outcome;
    } catch (failure) {
      // Ended, not rolled back: whatever state it is in, the server undoes what was not committed.
      client?.release(true);
      return E.left(unavailable(failureReason(failure)));
    }
  };

  const swapTo =
    (build: number): OrderViewRebuild['swap'] =>
    <Failure>(catchUp: TE.TaskEither<Failure, void>) =>
    async () => {
      const swapped = await inTransaction<Failure | OrderViewsError>(async (client) => {
        await client.query(holdStatement);
        const caughtUp = await catchUp();
        if (E.isLeft(caughtUp)) return caughtUp;
        await client.query(retireStatement);
        const promoted = await client.query(promoteStatement(build));
        return promoted.rowCount === 1
          ? E.right(undefined)
          : E.left(unavailable('this build was superseded'));
      });
      // The old rows are read by nobody. Should removing them fail, the next rebuild removes them.
      if (E.isRight(swapped)) await sweep().catch(() => undefined);
      return swapped;
    };

  return {
    find: (orderId) => async () => {
      const rows = await rowsOf<{ view: unknown }>(findStatement(orderId));
      if (E.isLeft(rows)) return rows;
      const [row] = rows.right;
      return row === undefined ? E.right(null) : viewFrom(row.view);
    },
    list: (filter) => async () => {
      const rows = await rowsOf<{ view: unknown }>(listStatement(filter));
      if (E.isLeft(rows)) return rows;
      const views = viewsIn(rows.right.slice(0, filter.limit));
      if (E.isLeft(views)) return views;
      const last = rows.right.length > filter.limit ? views.right.at(-1) : undefined;
      const next = last === undefined ? null : { placedAt: last.placedAt, orderId: last.orderId };
      return E.right({ views: views.right, next });
    },
    totals: () => async () => {
      const rows = await rowsOf<TotalsRow>(totalsStatement);
      return E.isLeft(rows) ? rows : E.right(rows.right.flatMap(totalsFrom));
    },
    parked: () => async () => {
      const rows = await rowsOf<ParkedRow>(parkedStatement);
      if (E.isLeft(rows)) return rows;
      const parked: UnreadableEvent[] = [];
      for (const { stream, revision, position: stored, stored_name: storedName, problem } of rows.right) {
        const position = positionFrom(stored);
        if (E.isLeft(position)) return position;
        if (position.right === null) continue;
        parked.push({ type: 'unreadable', stream, revision, position: position.right, storedName, problem });
      }
      return E.right(parked);
    },
    position: () => async () => {
      const checkpoint = await projectionOf(null).checkpoint()();
      return E.isLeft(checkpoint) ? checkpoint : E.right(checkpoint.right.position);
    },

    live: projectionOf(null),
    beginRebuild: () => async () => {
      const rows = await rowsOf<{ build: number }>(beginStatement);
      if (E.isLeft(rows)) return rows;
      await sweep().catch(() => undefined);
      const build = rows.right[0]?.build;
      if (build === undefined) return E.left(unavailable('no build was begun'));
      return E.right({ projection: projectionOf(build), swap: swapTo(build) });
    },
  };
};
