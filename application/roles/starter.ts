import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../domain/ids.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import type { Role } from './decider.js';
import type { Checkpoints } from '../ports/checkpoints.js';
import type { AllPage, EventStore, Position, StoredEvent } from '../ports/event-store.js';
import type { Observer } from '../ports/observer.js';
import type { OrderProcesses } from '../ports/workflow/order-processes.js';
import type { System } from '../ports/system.js';
import { pause, pauseAfter } from './role-loop.js';
import type { StopSignal } from './stop-signal.js';

/** What the starter needs of the world. */
export type StarterPorts = {
  readonly eventStore: Pick<EventStore, 'read' | 'readAll' | 'awaitAppend'>;
  readonly orderProcesses: Pick<OrderProcesses, 'start'>;
  readonly checkpoints: Checkpoints;
  readonly system: System;
  readonly observer: Observer;
};

/** `delaySeconds`: how long the web process may take to start an order's process itself; 2 is ample. */
export type StarterOptions = { readonly settings: ProcessSettings; readonly delaySeconds: number };

const checkpointName = 'starter';
const pageLength = 100;
const longestWaitMilliseconds = 10_000;
const betweenReadsMilliseconds = 200;
/** Events after the first in which to look for a worker's; before the first step only people can append. */
const eventsToLookAt = 10;

/**
 * The starter: follows all events and starts the process of every order that nobody works on yet, because the web
 * process died or could not reach the workflow service after it had stored the order, and of every order with a new
 * refund whose process has ended. Starting an order that runs
 * already changes nothing, so several starters may run. An order is never passed over: what fails is repeated, and the
 * checkpoint moves only behind what is done.
 */
export const createStarter = (
  { eventStore, orderProcesses, checkpoints, system, observer }: StarterPorts,
  { settings, delaySeconds }: StarterOptions,
): Role => {
  /** Repeats until it succeeds; null when the role was stopped first. */
  const insist = async <Failure extends { readonly type: string }, Answer>(
    stop: StopSignal,
    call: () => TE.TaskEither<Failure, Answer>,
  ): Promise<{ readonly answer: Answer } | null> => {
    for (let failures = 1; !stop.stopped; failures += 1) {
      const result = await call()();
      if (E.isRight(result)) return { answer: result.right };
      // A wait for news that is cut by the end of the process is no hindrance.
      if (stop.stopped) return null;
      observer.observe({ type: 'role_hindered', role: 'starter', reason: result.left.type });
      await pause(system, stop, pauseAfter(failures));
    }
    return null;
  };

  /** True when a worker has done something for this order, so that its process must have been started. */
  const isUnderWay =
    (placed: StoredEvent) => (): TE.TaskEither<{ readonly type: string }, boolean> => async () => {
      const from = placed.revision + 1;
      const read = await eventStore.read(placed.orderId, {
        direction: 'forwards',
        from,
        limit: eventsToLookAt,
      })();
      if (E.isRight(read))
        return E.right(read.right.some(({ metadata }) => metadata.actor.type === 'worker'));
      // Something came after the order was placed that this version cannot read: workers wrote nearly all of that.
      return read.left.type === 'unreadable_event' ? E.right(true) : read;
    };

  /** Starts the order's process unless it runs; false when the role was stopped before. */
  const start = async (orderId: OrderId, stop: StopSignal): Promise<boolean> => {
    const started = await insist(stop, () => orderProcesses.start(orderId, settings));
    if (started?.answer === 'started') {
      observer.observe({ type: 'process_started', orderId, by: 'starter' });
    }
    return started !== null;
  };

  /** False when the role was stopped before the order was seen to. */
  const see = async (placed: StoredEvent, stop: StopSignal): Promise<boolean> => {
    const remaining = placed.recordedAt + delaySeconds * 1000 - system.now();
    // The store's clock may be ahead of ours, but not by a reason to wait longer than the delay itself.
    if (remaining > 0) await pause(system, stop, Math.min(remaining, delaySeconds * 1000));
    const underWay = await insist(stop, isUnderWay(placed));
    if (underWay === null || underWay.answer) return underWay !== null;
    return start(placed.orderId, stop);
  };

  /** False when the role was stopped before the whole page was seen to. */
  const seePage = async ({ events }: AllPage, stop: StopSignal): Promise<boolean> => {
    for (const entry of events) {
      if (entry.type !== 'event') continue;
      const { event, orderId } = entry.stored;
      if (event.type === 'OrderPlaced' && !(await see(entry.stored, stop))) return false;
      // A refund may be asked for when the order's process has long ended.
      if (event.type === 'RefundRequested' && !(await start(orderId, stop))) return false;
    }
    return true;
  };

  const follow = async (stop: StopSignal, from: Position | null): Promise<void> => {
    let position = from;
    while (!stop.stopped) {
      const read = await insist(stop, () => eventStore.readAll(position, pageLength));
      if (read === null || !(await seePage(read.answer, stop))) return;
      const { next } = read.answer;
      if (next !== null && next !== position) {
        position = next;
        if ((await insist(stop, () => checkpoints.save(checkpointName, next))) === null) return;
      }
      if (read.answer.events.length === 0) {
        const appended = insist(stop, () => eventStore.awaitAppend(position, longestWaitMilliseconds));
        await Promise.race([appended, stop.whenStopped]);
        // A store may say too early that there is more; and nothing here is in a hurry.
        await pause(system, stop, betweenReadsMilliseconds);
      }
    }
  };

  return {
    run: async (stop) => {
      const loaded = await insist(stop, () => checkpoints.load(checkpointName));
      if (loaded !== null) await follow(stop, loaded.answer);
    },
  };
};
