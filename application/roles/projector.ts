import * as E from 'fp-ts/lib/Either.js';
import { isOrderId, type OrderId } from '../../domain/ids.js';
import type { Role } from './decider.js';
import type { AllPage, EventStore, ReadError, UnreadableEvent } from '../ports/event-store.js';
import type { Observer } from '../ports/observer.js';
import type {
  OrderViewChanges,
  OrderViewCheckpoint,
  OrderViewProjection,
  OrderViewsError,
  StoredOrderViews,
} from '../ports/order-views.js';
import type { System } from '../ports/system.js';
import { evolveOrderView, type OrderView } from '../read-models/order-view.js';
import { pause, pauseAfter } from './role-loop.js';
import type { StopSignal } from './stop-signal.js';

/** What the projector needs of the world. */
export type ProjectorPorts = {
  readonly eventStore: Pick<EventStore, 'readAll' | 'awaitAppend'>;
  readonly projection: OrderViewProjection;
  readonly system: System;
  readonly observer: Observer;
};

/** Why a batch could not be taken in; nothing of it is stored and it may be repeated. */
export type ProjectionFailure = ReadError | OrderViewsError;

/** What became of a batch. `up_to_date`: nothing more can be read; `overtaken`: another projector took it in. */
export type ProjectionStep =
  | { readonly type: 'advanced'; readonly events: number; readonly checkpoint: OrderViewCheckpoint }
  | { readonly type: 'up_to_date'; readonly checkpoint: OrderViewCheckpoint }
  | { readonly type: 'overtaken' };

/** The projector as a role, and batch by batch. */
export type Projector = Role & {
  /** Takes in one batch after the checkpoint given, or after the stored one. */
  readonly runOnce: (from?: OrderViewCheckpoint) => Promise<E.Either<ProjectionFailure, ProjectionStep>>;
};

const longestWaitMilliseconds = 10_000;

const streamOf = (orderId: OrderId): string => `order-${orderId}`;

const orderIdOf = (stream: string): OrderId | null => {
  const orderId = stream.slice('order-'.length);
  return isOrderId(orderId) ? orderId : null;
};

const orderIdsOn = (page: AllPage): readonly OrderId[] => [
  ...new Set(page.events.flatMap((entry) => (entry.type === 'event' ? [entry.stored.orderId] : []))),
];

/**
 * The changes that a page makes to what is stored. An event that cannot be read parks its order: the order's view
 * stands still from there on, and every other order goes on.
 */
const changesOf = (page: AllPage, stored: StoredOrderViews): OrderViewChanges => {
  const views = new Map<OrderId, OrderView>();
  const parked = new Map<string, UnreadableEvent>();
  const isParked = (stream: string): boolean => stored.parkedStreams.has(stream) || parked.has(stream);
  for (const entry of page.events) {
    if (entry.type === 'unreadable') {
      if (!isParked(entry.stream)) parked.set(entry.stream, entry);
      continue;
    }
    const { orderId } = entry.stored;
    if (isParked(streamOf(orderId))) continue;
    const before = views.get(orderId) ?? stored.views.get(orderId) ?? null;
    const after = evolveOrderView(before, entry.stored);
    if (after !== null && after !== before) views.set(orderId, after);
  }
  return { views: [...views.values()], parked: [...parked.values()] };
};

/**
 * The projector: follows all events and keeps the order views. Rows and checkpoint move together, so it may die
 * anywhere, and any number may run: one is ahead, the others find themselves overtaken. `batchSize` events at most
 * are taken in at once.
 */
export const createProjector = (
  { eventStore, projection, system, observer }: ProjectorPorts,
  { batchSize }: { readonly batchSize: number },
): Projector => {
  const runOnce: Projector['runOnce'] = async (known) => {
    const from = known === undefined ? await projection.checkpoint()() : E.right(known);
    if (E.isLeft(from)) return from;
    const checkpoint = from.right;
    const page = await eventStore.readAll(checkpoint.position, batchSize)();
    if (E.isLeft(page)) return page;
    const { events, next } = page.right;
    if (events.length === 0 || next === null) return E.right({ type: 'up_to_date', checkpoint });
    const stored = await projection.load(checkpoint.build, orderIdsOn(page.right))();
    if (E.isLeft(stored)) return stored;
    const changes = changesOf(page.right, stored.right);
    const moved = await projection.advance(checkpoint, next, changes)();
    if (E.isLeft(moved)) return moved;
    if (moved.right === 'overtaken') return E.right({ type: 'overtaken' });
    for (const { stream, storedName, revision, problem } of changes.parked) {
      const what = `order view parked at revision ${String(revision)}, ${storedName}: ${problem}`;
      observer.observe({ type: 'alarm', orderId: orderIdOf(stream), what });
    }
    const advanced = { build: checkpoint.build, position: next };
    return E.right({ type: 'advanced', events: events.length, checkpoint: advanced });
  };

  /** Waits for more after a checkpoint. A store may say too early that there is more, so it never answers at once. */
  const awaitMore = async (
    { position }: OrderViewCheckpoint,
    stop: StopSignal,
  ): Promise<E.Either<ProjectionFailure, boolean>> =>
    Promise.race([
      eventStore.awaitAppend(position, longestWaitMilliseconds)(),
      stop.whenStopped.then(() => E.right(false)),
    ]);

  return {
    runOnce,
    run: async (stop) => {
      let known: OrderViewCheckpoint | undefined;
      let failures = 0;
      while (!stop.stopped) {
        const step = await runOnce(known);
        const result: E.Either<ProjectionFailure, unknown> =
          E.isRight(step) && step.right.type === 'up_to_date'
            ? await awaitMore(step.right.checkpoint, stop)
            : step;
        // After a wait the stored checkpoint is read again: a rebuild may have put another build in its place.
        known = E.isRight(step) && step.right.type === 'advanced' ? step.right.checkpoint : undefined;
        failures = E.isRight(result) ? 0 : failures + 1;
        if (E.isLeft(result) && !stop.stopped) {
          observer.observe({ type: 'role_hindered', role: 'projector', reason: result.left.type });
          await pause(system, stop, pauseAfter(failures));
        }
      }
    },
  };
};
