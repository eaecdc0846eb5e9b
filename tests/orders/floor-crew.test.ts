// The player's people against the floor's own API, over tasks in memory.
import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inMemoryEventStore } from '../../adapters/event-store/in-memory.js';
import { inMemoryFloorTasks } from '../../adapters/floor-tasks/in-memory.js';
import { createAdminApp } from '../../adapters/http/admin/app.js';
import { defaultHttpSettings } from '../../adapters/http/app.js';
import { createFloorApp } from '../../adapters/http/floor/app.js';
import { inMemoryStock } from '../../adapters/stock/in-memory.js';
import { claimTask } from '../../application/floor/claim-task.js';
import { finishTask } from '../../application/floor/finish-task.js';
import { keepLease, releaseTask, reportScans } from '../../application/floor/report-scans.js';
import { isTaskToken, type StepTasks } from '../../application/ports/workflow/process-tasks.js';
import type { OrderId } from '../../domain/ids.js';
import type { OrderEvent } from '../../domain/order/events.js';
import type { FloorStepName } from '../../domain/process/steps.js';
import { startFloorCrew } from '../../infrastructure/orders/floor-crew.js';
import { type ApiClient, createApiClient } from '../../infrastructure/orders/http-client.js';
import { createClock, right, orderChangesOf, viewsOf } from '../adapters/http/checkout-world.js';
import { after, cancellationRequested } from '../support/examples.js';
import { histories } from '../support/histories.js';
import { serve } from '../support/http.js';
import { checked, commandIdNumbered, newOrderId } from '../support/ids.js';

const operatorKey = 'a-long-operator-key';

async function openWarehouse() {
  const { system, stop } = createClock();
  const eventStore = inMemoryEventStore(system);
  const [floorTasks, stock] = [inMemoryFloorTasks(), inMemoryStock()];
  let finished = 0;
  let told = (): void => undefined;
  const stepTasks: StepTasks = {
    poll: () => async () => E.right(null),
    done: () => async () => {
      finished += 1;
      told();
      return E.right('accepted');
    },
    failed: () => async () => E.right('accepted'),
    withdrawn: () => async () => E.right('accepted'),
    beat: () => async () => E.right('go_on'),
  };
  const ports = { eventStore, floorTasks, stock, stepTasks, system, observer: { observe: () => undefined } };
  const policy = { leaseSeconds: 60 };
  const useCases = {
    ...{ claim: claimTask(ports, policy), keepLease: keepLease(ports, policy), floorTasks },
    ...{ reportScans: reportScans(ports), finish: finishTask(ports), release: releaseTask(ports) },
  };
  const settings = { ...defaultHttpSettings, publicUrl: new URL('http://127.0.0.1') };
  const accessed = { accessed: () => undefined, failed: () => undefined };
  const floor = await serve(createFloorApp(useCases, settings, accessed));
  const operational = { checks: [], metrics: new Registry() };
  const adminPorts = { ...ports, orderViews: viewsOf(eventStore), ...orderChangesOf(eventStore, system) };
  const admin = await serve(
    createAdminApp({ ports: adminPorts, operatorKey, operational }, settings, accessed),
  );
  const clients = [createApiClient(admin.url, 10), createApiClient(floor.url, 10)] as const;
  const tell = (orderId: OrderId, events: readonly OrderEvent[]) =>
    right(
      eventStore.append(
        orderId,
        { type: 'any' },
        events.map((event) => ({
          ...{ eventId: randomUUID(), event },
          metadata: {
            ...{ commandId: commandIdNumbered(1), correlationId: 'test' },
            actor: { type: 'worker', name: 'test' } as const,
          },
        })),
      ),
    );
  return {
    ...{ clients, tell },
    /** An order that came this far, with a task for it. */
    offer: async (step: FloorStepName, events: readonly OrderEvent[]): Promise<OrderId> => {
      const orderId = newOrderId();
      await tell(
        orderId,
        events.map((event) => (event.type === 'OrderPlaced' ? { ...event, orderId } : event)),
      );
      const token = checked(isTaskToken, randomUUID());
      await right(floorTasks.offer({ orderId, step, run: 1, token }, system.now()));
      return orderId;
    },
    lastFact: async (orderId: OrderId): Promise<OrderEvent | undefined> => {
      const stored = await right(eventStore.read(orderId, { direction: 'forwards' }));
      return stored.at(-1)?.event;
    },
    /** Resolves when that many tasks were reported to the process. */
    whenFinished: (tasks: number): Promise<void> =>
      new Promise((resolve) => {
        told = () => (finished >= tasks ? resolve() : undefined);
        told();
      }),
    close: async (): Promise<void> => {
      stop();
      for (const client of clients) client.close();
      await Promise.all([floor.close(), admin.close()]);
    },
  };
}

let warehouse: Awaited<ReturnType<typeof openWarehouse>>;
beforeEach(async () => {
  warehouse = await openWarehouse();
});
afterEach(() => warehouse.close());

const crewOf = (people: number, shortPickEvery: number | null) => {
  const [admin, floor] = warehouse.clients;
  return startFloorCrew(admin, floor, operatorKey, people, shortPickEvery);
};

it('leaves a unit of the first line of every n-th pick on the shelf', async () => {
  const orders: OrderId[] = [];
  for (let number = 0; number < 7; number += 1) {
    orders.push(await warehouse.offer('Pick', histories.released.events));
  }
  const crew = await crewOf(2, 3);
  await warehouse.whenFinished(7);
  await crew.stop();
  const picks = await Promise.all(orders.map(warehouse.lastFact));
  const short = picks.flatMap((fact) =>
    fact?.type === 'Picked' ? [fact.lines.filter((line) => line.short > 0)] : [],
  );
  const leftOut = { lineNumber: 1, picked: 5, short: 1, shortReason: 'not_in_bin' };
  expect(short).toHaveLength(7);
  expect(short.filter((lines) => lines.length > 0)).toEqual([[leftOut], [leftOut]]);
  expect(crew.tally).toMatchObject({ shortPicks: 2, takenAway: 0, keptWaiting: 0 });
  // What people say they took is what is stored.
  const stored = picks.map((fact) => (fact?.type === 'Picked' ? fact.lines : []));
  const taken = orders.map((orderId) => crew.tally.picks.get(orderId)?.map(({ units }) => units));
  expect(taken).toEqual(stored.map((lines) => lines.map(({ picked }) => picked)));
  expect([...crew.tally.finished]).toEqual([['Pick', 7]]);
});

it('picks everything when nothing is to be left out, and puts back what was cancelled', async () => {
  const orderId = await warehouse.offer('Pick', histories.released.events);
  const cancelled = await warehouse.offer('PutBack', [...histories.packed.events, cancellationRequested]);
  const crew = await crewOf(1, null);
  await warehouse.whenFinished(2);
  await crew.stop();
  expect(await warehouse.lastFact(orderId)).toMatchObject({
    type: 'Picked',
    lines: [{ short: 0 }, { short: 0 }],
  });
  expect(await warehouse.lastFact(cancelled)).toMatchObject({ type: 'GoodsPutBack' });
  expect(crew.tally).toMatchObject({ shortPicks: 0, takenAway: 0 });
});

it('brings a parcel again that had to wait for money or for a hold', async () => {
  const unpaid = await warehouse.offer('Ship', histories.charging.events);
  const hold = { at: after(3_500), reason: 'operator', by: 'Olga' } as const;
  const onHold = await warehouse.offer('Ship', [
    ...histories.charged.events,
    { type: 'HoldPlaced', ...hold },
  ]);
  const refusals = new Set<string>();
  let bothRefused = (): void => undefined;
  const whenBothRefused = new Promise<void>((resolve) => (bothRefused = resolve));
  const [admin, floor] = warehouse.clients;
  const watched: ApiClient = {
    ...floor,
    call: async (call) => {
      const answer = await floor.call(call);
      if (call.path.endsWith('/finish') && answer.status === 409) refusals.add(call.path);
      if (refusals.size === 2) bothRefused();
      return answer;
    },
  };
  const crew = await startFloorCrew(admin, watched, operatorKey, 1);
  await whenBothRefused;
  await warehouse.tell(unpaid, histories.charged.events.slice(histories.charging.events.length));
  await warehouse.tell(onHold, [{ type: 'HoldReleased', ...hold }]);
  await warehouse.whenFinished(2);
  await crew.stop();
  expect(await warehouse.lastFact(unpaid)).toMatchObject({ type: 'Shipped' });
  expect(await warehouse.lastFact(onHold)).toMatchObject({ type: 'Shipped' });
  expect([...crew.tally.finished]).toEqual([['Ship', 2]]);
  expect(crew.tally.keptWaiting).toBeGreaterThanOrEqual(2);
});

it('does not touch an order before it may, and finds it cancelled then', async () => {
  const orderId = await warehouse.offer('Pick', histories.released.events);
  const other = await warehouse.offer('Pick', histories.released.events);
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const asked: string[] = [];
  const [admin, floor] = warehouse.clients;
  const crew = await startFloorCrew(admin, floor, operatorKey, 2, null, (id) => {
    asked.push(id);
    return id === orderId ? opened : Promise.resolve();
  });
  await warehouse.whenFinished(1);
  expect(await warehouse.lastFact(other)).toMatchObject({ type: 'Picked' });
  expect(await warehouse.lastFact(orderId)).toMatchObject({ type: 'ReleasedToWarehouse' });
  await warehouse.tell(orderId, [cancellationRequested]);
  open();
  await crew.stop();
  expect(asked).toContain(orderId);
  expect(await warehouse.lastFact(orderId)).toMatchObject({ type: 'CancellationRequested' });
  expect([...crew.tally.picks.keys()]).toEqual([other]);
  expect(crew.tally.takenAway).toBe(1);
});
