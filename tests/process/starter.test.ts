// Orders that were stored and whose process nobody started.
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';
import { inMemoryCheckpoints } from '../../adapters/event-store/in-memory-checkpoints.js';
import { inMemoryEventStore } from '../../adapters/event-store/in-memory.js';
import type { Actor, EventStore } from '../../application/ports/event-store.js';
import type { Observation } from '../../application/ports/observer.js';
import type { OrderProcesses } from '../../application/ports/workflow/order-processes.js';
import { createStarter, type StarterPorts } from '../../application/roles/starter.js';
import { createStop } from '../../application/roles/stop-signal.js';
import type { OrderId } from '../../domain/ids.js';
import type { OrderEvent } from '../../domain/order/events.js';
import * as the from '../support/examples.js';
import { commandIdNumbered, orderIdNumbered } from '../support/ids.js';
import { someSettings } from './process-run.js';
import { virtualSystem } from './virtual-system.js';

const customer: Actor = { type: 'customer', customerId: the.customerId };
const worker: Actor = { type: 'worker', name: 'AuthenticateCustomer' };

let events = 0;
const append = async (
  store: EventStore,
  orderId: OrderId,
  event: OrderEvent,
  actor: Actor,
): Promise<void> => {
  events += 1;
  const eventId = `00000000-0000-4000-8000-${String(events).padStart(12, '0')}`;
  const metadata = { commandId: commandIdNumbered(events), correlationId: 'test', actor };
  const appended = await store.append(orderId, { type: 'any' }, [{ eventId, event, metadata }])();
  expect(E.isRight(appended)).toBe(true);
};
const place = (store: EventStore, orderId: OrderId): Promise<void> =>
  append(store, orderId, { ...the.placed, orderId }, customer);

/** A starter on an in-memory store; it is stopped after so many waits. */
const room = (mostWaits: number, delaySeconds = 2) => {
  const stop = createStop();
  const system = virtualSystem(the.opening, (count) => {
    if (count >= mostWaits) stop.stop();
  });
  const store = inMemoryEventStore(system);
  const checkpoints = inMemoryCheckpoints();
  const starts: OrderId[] = [];
  const observations: Observation[] = [];
  const orderProcesses: Pick<OrderProcesses, 'start'> = {
    start: (orderId) => {
      starts.push(orderId);
      return TE.right('started');
    },
  };
  const observer = { observe: (observation: Observation) => void observations.push(observation) };
  const run = (ports: Partial<StarterPorts> = {}, signal = stop.signal): Promise<void> =>
    createStarter(
      { eventStore: store, orderProcesses, checkpoints, system, observer, ...ports },
      { settings: someSettings, delaySeconds },
    ).run(signal);
  return { stop, system, store, checkpoints, starts, observations, run };
};

const one = orderIdNumbered(1);
const two = orderIdNumbered(2);

describe('the starter', () => {
  it('starts what nobody started, once it is older than the delay', async () => {
    const { store, starts, run, system, observations } = room(4);
    await place(store, one);
    await place(store, two);
    await run();
    expect(starts).toEqual([one, two]);
    expect(system.waits[0]).toBe(2000);
    expect(observations).toEqual([
      { type: 'process_started', orderId: one, by: 'starter' },
      { type: 'process_started', orderId: two, by: 'starter' },
    ]);
  });

  it('leaves alone what a worker has begun', async () => {
    const { store, starts, run } = room(4);
    await place(store, one);
    await append(store, one, the.authenticated, worker);
    await run();
    expect(starts).toEqual([]);
  });

  it('starts an order whose customer was quicker than its process', async () => {
    const { store, starts, run } = room(4);
    await place(store, one);
    await append(store, one, the.cancellationRequested, customer);
    await run();
    expect(starts).toEqual([one]);
  });

  it('says nothing of a process that runs already', async () => {
    const { store, observations, run } = room(4);
    await place(store, one);
    await run({ orderProcesses: { start: () => TE.right('already_running') } });
    expect(observations).toEqual([]);
  });

  it('goes on where it was stopped', async () => {
    const { store, starts, run, checkpoints } = room(4);
    await place(store, one);
    await run();
    await place(store, two);
    const stop = createStop();
    const system = virtualSystem(the.after(60), () => stop.stop());
    await run({ system }, stop.signal);
    expect(starts).toEqual([one, two]);
    expect(await checkpoints.load('starter')()).toEqual(E.right('1'));
  });

  it('never passes an order over: it repeats after pauses until the service takes it', async () => {
    const { store, run, system, observations } = room(20);
    await place(store, one);
    await place(store, two);
    const asked: OrderId[] = [];
    const orderProcesses: Pick<OrderProcesses, 'start'> = {
      start: (orderId) => {
        asked.push(orderId);
        return asked.length <= 3
          ? TE.left({ type: 'process_service_unavailable', reason: 'down' })
          : TE.right('started');
      },
    };
    await run({ orderProcesses });
    expect(asked).toEqual([one, one, one, one, two]);
    expect(system.waits.slice(0, 4)).toEqual([2000, 250, 500, 1000]);
    expect(observations.slice(0, 3).map(({ type }) => type)).toEqual(
      Array.from({ length: 3 }, () => 'role_hindered'),
    );
  });

  it('keeps its place when it is stopped before an order was seen to', async () => {
    const { store, run, checkpoints } = room(3);
    await place(store, one);
    await run({
      orderProcesses: { start: () => TE.left({ type: 'process_service_unavailable', reason: 'down' }) },
    });
    expect(await checkpoints.load('starter')()).toEqual(E.right(null));
  });

  it('waits out a store and checkpoints that are away', async () => {
    const { store, run, starts, checkpoints } = room(20);
    await place(store, one);
    let away = 4;
    const failing =
      <Failure, Argument extends readonly unknown[], Answer>(
        failure: Failure,
        call: (...given: Argument) => TE.TaskEither<Failure, Answer>,
      ) =>
      (...given: Argument): TE.TaskEither<Failure, Answer> => {
        away -= 1;
        return away >= 0 ? TE.left(failure) : call(...given);
      };
    const down = { type: 'store_unavailable', reason: 'down' } as const;
    await run({
      checkpoints: {
        ...checkpoints,
        load: failing({ type: 'checkpoints_unavailable', reason: 'down' } as const, checkpoints.load),
      },
      eventStore: { ...store, readAll: failing(down, store.readAll), read: failing(down, store.read) },
    });
    expect(starts).toEqual([one]);
  });

  it('takes unreadable events for what they are: not orders to start, and not a reason to stop', async () => {
    const { store, run, starts } = room(6);
    store.plant(one, 'OrderPlaced.v99', {});
    await place(store, two);
    await run();
    expect(starts).toEqual([two]);
  });

  it('says nothing of a wait for news that the end of its process cut off', async () => {
    const { store, run, stop, observations } = room(1_000);
    let cut = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      cut = resolve;
    });
    const asleep = createStop();
    const running = run({
      eventStore: {
        ...store,
        awaitAppend: () => async () => {
          asleep.stop();
          await waiting;
          return E.left({ type: 'store_unavailable', reason: 'the pool was closed' });
        },
      },
    });
    await asleep.signal.whenStopped;
    stop.stop();
    await running;
    cut();
    // What follows the cut wait happens before anything that is put behind it.
    await new Promise((resolve) => setImmediate(resolve));
    expect(observations).toEqual([]);
  });

  it('is woken by an append', async () => {
    const { run, stop, system } = room(1_000, 0);
    const never = () => () => new Promise<void>(() => undefined);
    const store = inMemoryEventStore({ now: system.now, wait: never });
    const asleep = createStop();
    const starts: OrderId[] = [];
    const running = run({
      eventStore: {
        ...store,
        awaitAppend: (after, milliseconds) => {
          asleep.stop();
          return store.awaitAppend(after, milliseconds);
        },
      },
      orderProcesses: {
        start: (orderId) => {
          starts.push(orderId);
          stop.stop();
          return TE.right('started');
        },
      },
    });
    await asleep.signal.whenStopped;
    await place(store, one);
    await running;
    expect(starts).toEqual([one]);
  });
});
