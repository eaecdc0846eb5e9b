// The one tail of all events in a web process, which hands the news of an order to whoever follows it. A follower who
// finds a gap reads the order's stream, so a wake too many or too few does no harm.
import * as E from 'fp-ts/lib/Either.js';
import type { Checkpoints } from '../../../application/ports/checkpoints.js';
import type { AllPage, EventStore, Position, StoredEvent } from '../../../application/ports/event-store.js';
import type { Observer } from '../../../application/ports/observer.js';
import type { System } from '../../../application/ports/system.js';
import { pause, pauseAfter } from '../../../application/roles/role-loop.js';
import type { StopSignal } from '../../../application/roles/stop-signal.js';
import type { OrderId } from '../../../domain/ids.js';

/** What the feed needs. The checkpoint only spares a restarted process the reading of all history. */
export type OrderFeedPorts = {
  readonly eventStore: Pick<EventStore, 'readAll' | 'awaitAppend'>;
  readonly checkpoints: Checkpoints;
  readonly system: System;
  readonly observer: Observer;
};

/** Takes what is new of an order. */
export type Wake = (fresh: readonly StoredEvent[]) => void;

/** News of orders for those who follow them. */
export type OrderFeed = {
  /**
   * Calls `wake` with what is new soon after every change of the order, and with nothing when the feed ends; the answer
   * stops that. Events come in order, some perhaps twice.
   */
  readonly follow: (orderId: OrderId, wake: Wake) => () => void;
  /** True once the feed was stopped: who follows must end. */
  readonly isOver: () => boolean;
  /** Followers at the moment. */
  readonly followers: () => number;
  /** Reads on until stopped, from where a feed of this name was before. May be run again after a stop. */
  readonly run: (stop: StopSignal) => Promise<void>;
};

const checkpointName = 'order-feed';
const pageSize = 500;
const waitMilliseconds = 1_000;
const saveEveryMilliseconds = 10_000;

const newsByOrder = ({ events }: AllPage): ReadonlyMap<OrderId, readonly StoredEvent[]> => {
  const news = new Map<OrderId, StoredEvent[]>();
  for (const entry of events) {
    if (entry.type !== 'event') continue;
    const { orderId } = entry.stored;
    const fresh = news.get(orderId);
    if (fresh === undefined) news.set(orderId, [entry.stored]);
    else fresh.push(entry.stored);
  }
  return news;
};

/** A feed with no followers that is not running yet. */
export function createOrderFeed({ eventStore, checkpoints, system, observer }: OrderFeedPorts): OrderFeed {
  const wakers = new Map<OrderId, Set<Wake>>();
  let over = false;
  let followers = 0;

  const hindered = async (reason: string, failures: number, stop: StopSignal): Promise<void> => {
    observer.observe({ type: 'role_hindered', role: 'order-feed', reason });
    await pause(system, stop, pauseAfter(failures));
  };

  async function firstPosition(stop: StopSignal): Promise<Position | null> {
    for (let failures = 1; !stop.stopped; failures += 1) {
      const loaded = await checkpoints.load(checkpointName)();
      if (E.isRight(loaded)) return loaded.right;
      await hindered(loaded.left.reason, failures, stop);
    }
    return null;
  }

  /** Wakes the followers of what was appended after the position; answers where the tail stands now. */
  async function readOn(after: Position | null): Promise<E.Either<string, Position | null>> {
    const waited = await eventStore.awaitAppend(after, waitMilliseconds)();
    if (E.isLeft(waited)) return E.left(waited.left.type);
    const page = await eventStore.readAll(after, pageSize)();
    if (E.isLeft(page)) return E.left(page.left.type);
    for (const [orderId, fresh] of newsByOrder(page.right)) {
      for (const wake of wakers.get(orderId) ?? []) wake(fresh);
    }
    return E.right(page.right.next ?? after);
  }

  async function tail(stop: StopSignal): Promise<void> {
    let position = await firstPosition(stop);
    let saved = position;
    let savedAt = system.now();
    const stopped = stop.whenStopped.then(() => null);
    for (let failures = 0; !stop.stopped;) {
      // A stop does not wait for news; what the cut wait still brings is nobody's any more.
      const next = await Promise.race([readOn(position), stopped]);
      if (next === null) return;
      if (E.isLeft(next)) {
        failures += 1;
        await hindered(next.left, failures, stop);
        continue;
      }
      failures = 0;
      position = next.right;
      if (position === null || position === saved || system.now() - savedAt < saveEveryMilliseconds) continue;
      // A checkpoint that could not be saved costs a longer start, nothing else.
      const outcome = await checkpoints.save(checkpointName, position)();
      if (E.isRight(outcome)) saved = position;
      savedAt = system.now();
    }
  }

  return {
    isOver: () => over,
    followers: () => followers,
    follow: (orderId, wake) => {
      const here = wakers.get(orderId) ?? new Set();
      wakers.set(orderId, here.add(wake));
      followers += 1;
      return () => {
        if (!here.delete(wake)) return;
        followers -= 1;
        if (here.size === 0 && wakers.get(orderId) === here) wakers.delete(orderId);
      };
    },
    run: async (stop) => {
      over = false;
      // Followers end at once, not when the last wait of the tail is over.
      const ended = stop.whenStopped.then(() => {
        over = true;
        for (const wake of [...wakers.values()].flatMap((here) => [...here])) wake([]);
      });
      await tail(stop);
      await ended;
    },
  };
}
