// The administration of a process: health and metrics for everybody on its port, the rest for the operator.
import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { inMemoryFloorTasks } from '../../../adapters/floor-tasks/in-memory.js';
import { createAdminApp, createOperationalApp } from '../../../adapters/http/admin/app.js';
import { defaultHttpSettings } from '../../../adapters/http/app.js';
import { deviceSecretHash } from '../../../adapters/http/credentials.js';
import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import { orderId } from '../../support/examples.js';
import { histories } from '../../support/histories.js';
import { caller, serve } from '../../support/http.js';
import { describedPaths } from './described-paths.js';
import { commandIdNumbered } from '../../support/ids.js';
import { createClock, orderChangesOf, right, viewsOf } from './checkout-world.js';

const operatorKey = 'a-long-operator-key';
const settings = { ...defaultHttpSettings, publicUrl: new URL('http://127.0.0.1') };
const observer = { accessed: () => undefined, failed: () => undefined };

async function createAdminWorld() {
  const { system, stop } = createClock();
  const eventStore = inMemoryEventStore(system);
  const floorTasks = inMemoryFloorTasks();
  const checks = [
    { name: 'database', isReady: () => Promise.resolve(true) },
    { name: 'workflow', isReady: () => Promise.resolve(true) },
  ];
  const operational = { checks, metrics: new Registry() };
  const ports = {
    ...{ stock: inMemoryStock(), floorTasks, system, eventStore, orderViews: viewsOf(eventStore) },
    ...orderChangesOf(eventStore, system),
  };
  const served = await serve(createAdminApp({ ports, operatorKey, operational }, settings, observer));
  await right(
    eventStore.append(
      orderId,
      { type: 'no_stream' },
      histories.completed.events.map((event) => ({
        ...{ eventId: randomUUID(), event },
        metadata: {
          ...{ commandId: commandIdNumbered(1), correlationId: 'request-1' },
          actor: { type: 'worker', name: 'orders-1' } as const,
        },
      })),
    ),
  );
  const close = async (): Promise<void> => {
    stop();
    await served.close();
  };
  return { call: caller(served.url), url: served.url, floorTasks, close };
}

let world: Awaited<ReturnType<typeof createAdminWorld>>;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const token = operatorKey;

describe('health and metrics', () => {
  it('need no key', async () => {
    expect((await world.call('GET /health/live')).json).toStrictEqual({ alive: true });
    expect((await world.call('GET /health/ready')).json).toMatchObject({ ready: true });
    const metrics = await world.call('GET /metrics');
    expect([metrics.status, metrics.headers.get('content-type')]).toStrictEqual([
      ...[200, 'text/plain; version=0.0.4; charset=utf-8'],
    ]);
  });

  it('name what is missing, also when a check throws', async () => {
    const checks = [
      { name: 'database', isReady: () => Promise.reject(new Error('refused')) },
      { name: 'workflow', isReady: () => Promise.resolve(true) },
    ];
    const app = createOperationalApp({ checks, metrics: new Registry() }, settings, observer);
    const { url, close } = await serve(app);
    const answer = await caller(url)('GET /health/ready');
    const admin = await caller(url)('GET /admin/orders');
    await close();
    expect([answer.status, answer.json]).toStrictEqual([
      503,
      {
        ready: false,
        checks: [
          { name: 'database', ready: false },
          { name: 'workflow', ready: true },
        ],
      },
    ]);
    expect(admin.status).toBe(404);
  });
});

describe('the operator', () => {
  it('shows the key on every route', async () => {
    const routes = [
      ...['POST /admin/stock/receipts', 'GET /admin/stock/x', 'POST /admin/stock/x/counts'],
      'POST /admin/floor/staff',
    ];
    for (const route of [
      ...routes,
      'GET /admin/orders',
      `GET /admin/orders/${orderId}`,
      'GET /admin/order-totals',
    ]) {
      for (const wrong of [{}, { token: 'wrong' }, { token: `${token}x` }]) {
        const answer = await world.call(route, wrong);
        expect([route, answer.status, answer.json['code']]).toStrictEqual([
          route,
          401,
          'operator_key_needed',
        ]);
      }
    }
  });

  it('books goods once for each receipt, and reads their level', async () => {
    const body = {
      receiptId: 'receipt-1',
      articles: [{ code: '85123A', description: 'Heart', bin: 'A-01-1', quantity: 12 }],
    };
    const booked = await world.call('POST /admin/stock/receipts', { token, body });
    const again = await world.call('POST /admin/stock/receipts', { token, body });
    expect([booked.status, again.status, again.json]).toStrictEqual([201, 200, { outcome: 'repeated' }]);
    const level = await world.call('GET /admin/stock/85123A', { token });
    expect(level.json).toStrictEqual({ code: '85123A', bin: 'A-01-1', onHand: 12, held: 0, missing: 0 });
    expect((await world.call('GET /admin/stock/85123a', { token })).status).toBe(404);
  });

  it('books receipts of thousands of articles', async () => {
    const articles = Array.from({ length: 4_000 }, (_, index) => ({
      ...{ code: String(10_000 + index), description: 'X'.repeat(35), bin: 'A-01-1', quantity: 1 },
    }));
    const answer = await world.call('POST /admin/stock/receipts', {
      token,
      body: { receiptId: 'many', articles },
    });
    expect(answer.status).toBe(201);
  });

  it('enrols staff with a secret that is shown once and kept as a hash', async () => {
    const answer = await world.call('POST /admin/floor/staff', { token, body: { name: 'Grace' } });
    expect(answer.status).toBe(201);
    const secret = String(answer.json['secret']);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await right(world.floorTasks.staffBySecret(deviceSecretHash(secret)))).toStrictEqual({
      staffId: answer.json['staffId'],
      name: 'Grace',
    });
  });

  it('sees every order with its facts, without the card’s token', async () => {
    const answer = await world.call(`GET /admin/orders/${orderId}`, { token });
    expect(answer.json).toMatchObject({ order: { orderId, status: 'Completed' } });
    const facts = [...answer.text.matchAll(/"revision":\d+,"type":"(\w+)"/g)].map(([, type]) => type);
    expect(facts).toStrictEqual(histories.completed.events.map(({ type }) => type));
    expect(answer.text).toContain('"actor":{"type":"worker","name":"orders-1"}');
    expect(answer.text).not.toContain('pm_card_visa');
    expect((await world.call(`GET /admin/orders/${randomUUID()}`, { token })).status).toBe(404);
  });

  it('lists orders by status, and their sums', async () => {
    const all = await world.call('GET /admin/orders', { token });
    expect(all.json).toMatchObject({ orders: [{ orderId, status: 'Completed', total: 4580 }], next: null });
    expect((await world.call('GET /admin/orders?status=Placed', { token })).json).toMatchObject({
      orders: [],
    });
    expect((await world.call('GET /admin/orders?status=placed', { token })).status).toBe(422);
    const totals = await world.call('GET /admin/order-totals', { token });
    expect(totals.json).toMatchObject({
      totals: [{ phase: 'Completed', orders: 1, ordered: 4580 }],
      parked: 0,
    });
  });
});

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect((await describedPaths(world.call)).map(([path]) => path)).toContain('/admin/orders/{orderId}');
  });
});
