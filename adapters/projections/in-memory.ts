// The order views of simulations: the same promises as the tables in Postgres, in one process.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Position, UnreadableEvent } from '../../application/ports/event-store.js';
import type {
  OrderViewProjection,
  OrderViews,
  OrderViewsError,
  OrderViewTables,
  OrderViewTotals,
} from '../../application/ports/order-views.js';
import type { OrderView } from '../../application/read-models/order-view.js';
import type { OrderId } from '../../domain/ids.js';

type Build = {
  readonly number: number;
  readonly views: Map<OrderId, OrderView>;
  readonly parked: Map<string, UnreadableEvent>;
  position: Position | null;
};

const emptyBuild = (number: number): Build => ({
  number,
  views: new Map(),
  parked: new Map(),
  position: null,
});

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const newestFirst = (
  left: Pick<OrderView, 'placedAt' | 'orderId'>,
  right: Pick<OrderView, 'placedAt' | 'orderId'>,
): number => right.placedAt - left.placedAt || byText(right.orderId, left.orderId);

const totalsOf = (views: Iterable<OrderView>): readonly OrderViewTotals[] => {
  const totals = new Map<string, OrderViewTotals>();
  for (const { phase, total, units, reserved, charged, refunded } of views) {
    const key = `${phase} ${total.currency}`;
    const sums = totals.get(key);
    totals.set(key, {
      phase,
      currency: total.currency,
      orders: (sums?.orders ?? 0) + 1,
      units: (sums?.units ?? 0) + units,
      ordered: (sums?.ordered ?? 0) + total.minor,
      reserved: (sums?.reserved ?? 0) + (reserved?.minor ?? 0),
      charged: (sums?.charged ?? 0) + (charged?.minor ?? 0),
      refunded: (sums?.refunded ?? 0) + refunded.minor,
    });
  }
  return [...totals].sort(([left], [right]) => byText(left, right)).map(([, sums]) => sums);
};

/** Empty tables of order views. */
export const inMemoryOrderViews = (): OrderViews & OrderViewTables => {
  let live = emptyBuild(1);
  let rebuilding: Build | null = null;
  let lastNumber = 1;
  /** While a swap is under way the live build stands still. */
  let swapping: Promise<unknown> = Promise.resolve();

  const found = (number: number): Build | null => {
    if (live.number === number) return live;
    return rebuilding?.number === number ? rebuilding : null;
  };
  const gone: OrderViewsError = {
    type: 'order_views_unavailable',
    reason: 'this build was superseded',
  };

  const projectionOf = (current: () => Build | null): OrderViewProjection => ({
    checkpoint: () => async () => {
      const build = current();
      return build === null ? E.left(gone) : E.right({ build: build.number, position: build.position });
    },
    load: (number, orderIds) => async () => {
      const build = found(number);
      const wanted = new Set(orderIds.map((orderId) => `order-${orderId}`));
      return E.right({
        views: new Map(
          orderIds.flatMap((orderId) => {
            const view = build?.views.get(orderId);
            return view === undefined ? [] : [[orderId, view] as const];
          }),
        ),
        parkedStreams: new Set([...(build?.parked.keys() ?? [])].filter((stream) => wanted.has(stream))),
      });
    },
    advance: (from, to, changes) => async () => {
      if (from.build === live.number) await swapping;
      const build = found(from.build);
      if (build === null || build.position !== from.position) return E.right('overtaken');
      for (const view of changes.views) build.views.set(view.orderId, view);
      for (const parked of changes.parked) {
        if (!build.parked.has(parked.stream)) build.parked.set(parked.stream, parked);
      }
      build.position = to;
      return E.right('advanced');
    },
  });

  return {
    find: (orderId) => async () => E.right(live.views.get(orderId) ?? null),
    list:
      ({ phase, customerId, after, limit }) =>
      async () => {
        const matching = [...live.views.values()]
          .filter((view) => phase === undefined || view.phase === phase)
          .filter((view) => customerId === undefined || view.customerId === customerId)
          .filter((view) => after === undefined || newestFirst(after, view) < 0)
          .sort(newestFirst);
        const views = matching.slice(0, limit);
        const last = views.at(-1);
        const next = last !== undefined && matching.length > limit ? last : null;
        return E.right({
          views,
          next: next === null ? null : { placedAt: next.placedAt, orderId: next.orderId },
        });
      },
    totals: () => async () => E.right(totalsOf(live.views.values())),
    parked: () => async () =>
      E.right([...live.parked.values()].sort((left, right) => byText(left.stream, right.stream))),
    position: () => async () => E.right(live.position),

    live: projectionOf(() => live),
    beginRebuild: () => async () => {
      lastNumber += 1;
      const build = emptyBuild(lastNumber);
      rebuilding = build;
      const swap = <Failure>(
        catchUp: TE.TaskEither<Failure, void>,
      ): TE.TaskEither<OrderViewsError | Failure, void> => {
        const run = async (): Promise<E.Either<OrderViewsError | Failure, void>> => {
          const caughtUp = await catchUp();
          if (E.isLeft(caughtUp)) return caughtUp;
          if (rebuilding !== build) return E.left(gone);
          live = build;
          rebuilding = null;
          return E.right(undefined);
        };
        return () => {
          const running = swapping.then(run);
          swapping = running.catch(() => undefined);
          return running;
        };
      };
      return E.right({ projection: projectionOf(() => found(build.number)), swap });
    },
  };
};
