// The projector and the rebuild over real stores: in memory, and on Postgres with everything between them.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { postgresEventStore } from '../../../adapters/event-store/postgres.js';
import { inMemoryOrderViews } from '../../../adapters/projections/in-memory.js';
import { postgresOrderViews } from '../../../adapters/projections/postgres.js';
import type { EventStore } from '../../../application/ports/event-store.js';
import type { Observation } from '../../../application/ports/observer.js';
import type {
  OrderViewProjection,
  OrderViews,
  OrderViewTables,
} from '../../../application/ports/order-views.js';
import type { System } from '../../../application/ports/system.js';
import { createProjector } from '../../../application/roles/projector.js';
import { rebuildOrderViews } from '../../../application/rebuild-order-views.js';
import { createStop } from '../../../application/roles/stop-signal.js';
import { isCommandId, type OrderId } from '../../../domain/ids.js';
import { isInstant } from '../../../domain/instant.js';
import { openListener } from '../../../infrastructure/database/listener.js';
import { answerOf } from '../../contracts/samples.js';
import { checked, newOrderId } from '../../support/ids.js';
import { freshDatabase } from '../../support/databases.js';
import { eventsNamed, lives, storeAll, viewOf } from './histories.js';

type World = {
  readonly eventStore: EventStore;
  readonly views: OrderViews & OrderViewTables;
  readonly plant: (orderId: OrderId, name: string, data: unknown) => Promise<void>;
  /** Resolves when no older transaction holds back what is stored: tests of other files share the server. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const system: System = {
  now: () => checked(isInstant, Date.now()),
  newId: randomUUID,
  newCommandId: () => checked(isCommandId, randomUUID()),
  wait: (milliseconds) => () => pause(milliseconds),
};

const worlds: ReadonlyArray<readonly [string, () => Promise<World>]> = [
  [
    'in memory',
    async () => {
      const eventStore = inMemoryEventStore(system);
      return {
        eventStore,
        views: inMemoryOrderViews(),
        plant: async (orderId, name, data) => eventStore.plant(orderId, name, data),
        settled: async () => undefined,
        close: async () => undefined,
      };
    },
  ],
  [
    'on Postgres',
    async () => {
      const { pool, url, close } = await freshDatabase('orders');
      const listener = openListener({ url, applicationName: 'checkout-projector' });
      return {
        eventStore: postgresEventStore({ pool, notifications: listener }),
        views: postgresOrderViews(pool),
        plant: async (orderId, name, data) => {
          await pool.query(
            `insert into events (order_id, revision, event_id, name, data, metadata)
             select $1, coalesce(max(revision), -1) + 1, $2, $3, $4, '{}' from events where order_id = $1`,
            [orderId, randomUUID(), name, JSON.stringify(data)],
          );
        },
        settled: () =>
          expect
            .poll(
              async () =>
                (
                  await pool.query(
                    'select from events where transaction_id >= pg_snapshot_xmin(pg_current_snapshot())',
                  )
                ).rowCount,
              { interval: 5, timeout: 10_000 },
            )
            .toBe(0),
        close: async () => {
          await listener.close();
          await close();
        },
      };
    },
  ],
];

describe.each(worlds)('the projector %s', (_, open) => {
  let world: World;
  let observations: Observation[];
  beforeEach(async () => {
    world = await open();
    observations = [];
  });
  afterEach(() => world.close());

  const ports = (projection: OrderViewProjection = world.views.live) => ({
    eventStore: world.eventStore,
    projection,
    system,
    observer: { observe: (observation: Observation) => void observations.push(observation) },
  });
  const projector = (batchSize: number, projection?: OrderViewProjection) =>
    createProjector(ports(projection), { batchSize });
  const place = async (life: keyof typeof lives): Promise<OrderId> => {
    const orderId = newOrderId();
    await storeAll(world.eventStore, orderId, eventsNamed(lives[life], { orderId }));
    await world.settled();
    return orderId;
  };
  const allViews = async () => (await answerOf(world.views.list({ limit: 500 }))).views;
  const foldOf = async (orderId: OrderId) =>
    viewOf(await answerOf(world.eventStore.read(orderId, { direction: 'forwards' })));
  /** Takes in batches until there are no more. */
  const catchUp = async (batchSize: number) => {
    for (;;) {
      const step = await projector(batchSize).runOnce();
      if (E.isLeft(step)) throw new Error(step.left.type);
      if (step.right.type === 'up_to_date') return;
    }
  };
  const expectTrue = async (orderIds: readonly OrderId[]) => {
    for (const orderId of orderIds) {
      expect(await answerOf(world.views.find(orderId))).toEqual(await foldOf(orderId));
    }
    expect(await allViews()).toHaveLength(orderIds.length);
  };

  it.each([1, 7, 500])('makes each view the fold of its events, %i at a time', async (batchSize) => {
    const orders = [await place('shipped'), await place('rejected'), await place('cancelled')];
    await catchUp(batchSize);
    await expectTrue(orders);
    orders.push(await place('waiting'));
    await catchUp(batchSize);
    await expectTrue(orders);
  });

  it('parks the order of an unreadable event, and goes on with every other', async () => {
    const broken = await place('waiting');
    await world.plant(broken, 'OrderTeleported.v1', { to: 'Mars' });
    await storeAll(world.eventStore, broken, eventsNamed(['CustomerAuthenticated'], { orderId: broken }));
    const sound = await place('shipped');
    await catchUp(2);
    expect(await answerOf(world.views.find(sound))).toEqual(await foldOf(sound));
    expect(await answerOf(world.views.find(broken))).toMatchObject({ phase: 'Placed', revision: 0 });
    expect(await answerOf(world.views.parked())).toMatchObject([
      { stream: `order-${broken}`, revision: 1, storedName: 'OrderTeleported.v1' },
    ]);
    expect(observations).toEqual([
      expect.objectContaining({
        type: 'alarm',
        orderId: broken,
        what: expect.stringContaining('OrderTeleported.v1'),
      }),
    ]);
  });

  it('may run several times at once without taking anything in twice', async () => {
    const stop = createStop();
    const running = [projector(3), projector(5), projector(2)].map((each) => each.run(stop.signal));
    const orders = await Promise.all([place('shipped'), place('cancelled'), place('shipped')]);
    for (const orderId of orders) {
      const { revision } = await foldOf(orderId);
      await expect
        .poll(async () => (await answerOf(world.views.find(orderId)))?.revision, {
          interval: 5,
          timeout: 10_000,
        })
        .toBe(revision);
    }
    stop.stop();
    await Promise.all(running);
    await expectTrue(orders);
  });

  it('loses and repeats nothing when it dies before, between or after its writes', async () => {
    const orders = [await place('shipped'), await place('cancelled')];
    let call = 0;
    const failure = { type: 'order_views_unavailable', reason: 'planned' } as const;
    const dying: OrderViewProjection = {
      ...world.views.live,
      advance: (from, to, changes) => async () => {
        call += 1;
        if (call % 3 === 1) return E.left(failure);
        const moved = await world.views.live.advance(from, to, changes)();
        return call % 3 === 2 ? E.left(failure) : moved;
      },
    };
    let failures = 0;
    for (let upToDate = false; !upToDate;) {
      // A new projector each time: whatever the one before knew is lost with it.
      const step = await projector(4, dying).runOnce();
      if (E.isLeft(step)) failures += 1;
      upToDate = E.isRight(step) && step.right.type === 'up_to_date';
    }
    expect(failures).toBeGreaterThan(4);
    await expectTrue(orders);
  });

  it('goes on after failures and ends at once when it is stopped', async () => {
    const orderId = await place('waiting');
    let failed = false;
    const failing: OrderViewProjection = {
      ...world.views.live,
      checkpoint: () => async () => {
        if (failed) return world.views.live.checkpoint()();
        failed = true;
        return E.left({ type: 'order_views_unavailable', reason: 'planned' });
      },
    };
    const stop = createStop();
    const running = projector(10, failing).run(stop.signal);
    await expect
      .poll(async () => answerOf(world.views.find(orderId)), { interval: 5, timeout: 10_000 })
      .not.toBeNull();
    expect(observations).toContainEqual({
      type: 'role_hindered',
      role: 'projector',
      reason: 'order_views_unavailable',
    });
    stop.stop();
    await running;
  });

  it('shows a change without having to look for it', async () => {
    const stop = createStop();
    const running = projector(500).run(stop.signal);
    const latencies: number[] = [];
    for (let count = 0; count < 8; count += 1) {
      await pause(20);
      const stored = performance.now();
      const orderId = await place('waiting');
      while ((await answerOf(world.views.find(orderId))) === null) await pause(1);
      latencies.push(performance.now() - stored);
    }
    stop.stop();
    await running;
    // About ten milliseconds on an idle machine; a projector that has to look is on average half a second late.
    expect(Math.min(...latencies)).toBeLessThan(250);
  });

  it('can make all views again while orders keep flowing, the same as they were', async () => {
    const stop = createStop();
    const running = projector(500).run(stop.signal);
    const orders = [await place('shipped'), await place('cancelled'), await place('rejected')];
    let rebuilding = true;
    const flowing = (async () => {
      while (rebuilding) {
        orders.push(await place('shipped'));
        await pause(1);
      }
    })();
    const progress: number[] = [];
    const options = { batchSize: 7, onProgress: (events: number) => void progress.push(events) };
    const rebuilt = await rebuildOrderViews({ ...ports(), tables: world.views }, options)();
    rebuilding = false;
    await flowing;
    expect(E.isRight(rebuilt)).toBe(true);
    expect(progress.length).toBeGreaterThan(3);
    expect(progress.at(-1)).toBe(E.isRight(rebuilt) ? rebuilt.right : -1);
    const last = orders.at(-1) ?? newOrderId();
    await expect
      .poll(async () => (await answerOf(world.views.find(last)))?.phase, { interval: 5, timeout: 10_000 })
      .toBe('Completed');
    stop.stop();
    await running;
    await expectTrue(orders);

    // Row for row the same as a rebuild in which nothing moved.
    const flowed = await allViews();
    expect(E.isRight(await rebuildOrderViews({ ...ports(), tables: world.views }, options)())).toBe(true);
    expect(await allViews()).toEqual(flowed);
  });

  it('says so when a rebuild was superseded by another, and leaves the live views alone', async () => {
    const orderId = await place('shipped');
    await catchUp(500);
    const options = {
      batchSize: 2,
      onProgress: () => undefined,
    };
    let begun = false;
    const tables: OrderViewTables = {
      ...world.views,
      beginRebuild: () => async () => {
        const rebuild = await world.views.beginRebuild()();
        if (E.isLeft(rebuild) || begun) return rebuild;
        begun = true;
        const { projection } = rebuild.right;
        const known = await projection.checkpoint()();
        await answerOf(world.views.beginRebuild());
        return E.right({
          ...rebuild.right,
          projection: { ...projection, checkpoint: () => async () => known },
        });
      },
    };
    expect(await rebuildOrderViews({ ...ports(), tables }, options)()).toEqual(
      E.left({ type: 'rebuild_superseded' }),
    );
    await expectTrue([orderId]);
  });
});
