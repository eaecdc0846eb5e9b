// What operators do to single orders.
import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { inMemoryFloorTasks } from '../../../adapters/floor-tasks/in-memory.js';
import { createAdminApp } from '../../../adapters/http/admin/app.js';
import { defaultHttpSettings } from '../../../adapters/http/app.js';
import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import { type OrderId, isOrderId } from '../../../domain/ids.js';
import { histories } from '../../support/histories.js';
import { caller, serve } from '../../support/http.js';
import { commandIdNumbered } from '../../support/ids.js';
import { createClock, orderChangesOf, right, viewsOf } from './checkout-world.js';

const operatorKey = 'a-long-operator-key';
const settings = { ...defaultHttpSettings, publicUrl: new URL('http://127.0.0.1') };

async function createDesk() {
  const { system, stop } = createClock();
  const eventStore = inMemoryEventStore(system);
  const ports = {
    ...{ stock: inMemoryStock(), floorTasks: inMemoryFloorTasks(), system, eventStore },
    ...{ orderViews: viewsOf(eventStore), ...orderChangesOf(eventStore, system) },
  };
  const observer = { accessed: () => undefined, failed: () => undefined };
  const operational = { checks: [], metrics: new Registry() };
  const served = await serve(createAdminApp({ ports, operatorKey, operational }, settings, observer));
  const call = caller(served.url);
  const read = async (orderId: OrderId) =>
    (await right(eventStore.read(orderId, { direction: 'forwards' }))).map(({ event, metadata }) => ({
      event,
      actor: metadata.actor,
    }));
  const put = async (events: readonly OrderEvent[]): Promise<OrderId> => {
    const orderId = randomUUID();
    if (!isOrderId(orderId)) throw new Error('not an order id');
    const own = events.map((event) => (event.type === 'OrderPlaced' ? { ...event, orderId } : event));
    const metadata = {
      ...{ commandId: commandIdNumbered(1), correlationId: 'test' },
      actor: { type: 'worker', name: 'test' } as const,
    };
    const stored = own.map((event) => ({ eventId: randomUUID(), event, metadata }));
    await right(eventStore.append(orderId, { type: 'no_stream' }, stored));
    return orderId;
  };
  return {
    ...{ put, read },
    post: (path: string, body: object, token: string | null = operatorKey) =>
      call(`POST /admin${path}`, token === null ? { body } : { token, body }),
    close: async (): Promise<void> => {
      stop();
      await served.close();
    },
  };
}

let desk: Awaited<ReturnType<typeof createDesk>>;
beforeAll(async () => {
  desk = await createDesk();
});
afterAll(() => desk.close());

const refund = { operator: 'Olga', refundId: 'C561839', amount: 500, currency: 'GBP', reason: 'return' };
const typesAfter = async (orderId: OrderId, count: number) =>
  (await desk.read(orderId)).slice(count).map(({ event }) => event.type);

describe('a refund', () => {
  it('is asked for once under its id, and stored with the operator’s name', async () => {
    const { events } = histories.completed;
    const orderId = await desk.put(events);
    const first = await desk.post(`/orders/${orderId}/refunds`, refund);
    const second = await desk.post(`/orders/${orderId}/refunds`, refund);
    expect([first.status, second.status]).toStrictEqual([200, 200]);
    const added = (await desk.read(orderId)).slice(events.length);
    expect(added.map(({ event, actor }) => [event.type, actor])).toStrictEqual([
      ['RefundRequested', { type: 'operator', name: 'Olga' }],
    ]);
  });

  it('never exceeds the charge, also when two operators ask in the same moment', async () => {
    const { events } = histories.completed;
    const orderId = await desk.put(events);
    const charged = events.find((event) => event.type === 'Charged');
    const amount = charged?.type === 'Charged' ? charged.amount.minor : 0;
    const answers = await Promise.all(
      ['one', 'two'].map((refundId) =>
        desk.post(`/orders/${orderId}/refunds`, { ...refund, refundId, amount }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toStrictEqual([200, 422]);
    expect(await typesAfter(orderId, events.length)).toStrictEqual(['RefundRequested']);
  });

  it.each([
    ['another amount under a used id', { amount: 501 }, 409, 'refund_id_used'],
    ['another currency', { refundId: 'x', currency: 'EUR' }, 422, 'refund_above_charge'],
    ['nothing', { refundId: 'x', amount: 0 }, 422, 'fields_invalid'],
  ])('of %s is refused', async (_, change, status, code) => {
    const orderId = await desk.put(histories.completed.events);
    await desk.post(`/orders/${orderId}/refunds`, refund);
    const answer = await desk.post(`/orders/${orderId}/refunds`, { ...refund, ...change });
    expect([answer.status, answer.json['code']]).toStrictEqual([status, code]);
  });
});

describe('a hold', () => {
  it('is placed and released, each once', async () => {
    const { events } = histories.committed;
    const orderId = await desk.put(events);
    const hold = { operator: 'Olga', reason: 'fraud' };
    const placed = await desk.post(`/orders/${orderId}/holds`, hold);
    await desk.post(`/orders/${orderId}/holds`, hold);
    expect([placed.status, placed.json['isOnHold']]).toStrictEqual([200, true]);
    await desk.post(`/orders/${orderId}/holds/release`, hold);
    const released = await desk.post(`/orders/${orderId}/holds/release`, hold);
    expect([released.status, released.json['isOnHold']]).toStrictEqual([200, false]);
    expect(await typesAfter(orderId, events.length)).toStrictEqual(['HoldPlaced', 'HoldReleased']);
  });
});

describe('the desk', () => {
  it('records a delivery once', async () => {
    const { events } = histories.completed;
    const orderId = await desk.put(events);
    await desk.post(`/orders/${orderId}/delivery`, { operator: 'Olga' });
    await desk.post(`/orders/${orderId}/delivery`, { operator: 'Olga' });
    expect(await typesAfter(orderId, events.length)).toStrictEqual(['Delivered']);
  });

  it('cancels for a customer who called', async () => {
    const orderId = await desk.put(histories.committed.events);
    const answer = await desk.post(`/orders/${orderId}/cancel`, { operator: 'Olga' });
    expect([answer.status, answer.json['status']]).toStrictEqual([200, 'Cancelling']);
  });

  it('knows neither unknown orders nor callers without the key', async () => {
    const orderId = await desk.put(histories.completed.events);
    const unknown = await desk.post(`/orders/${randomUUID()}/refunds`, refund);
    expect([unknown.status, unknown.json['code']]).toStrictEqual([404, 'not_found']);
    const stranger = await desk.post(`/orders/${orderId}/refunds`, refund, null);
    expect([stranger.status, stranger.json['code']]).toStrictEqual([401, 'operator_key_needed']);
  });
});
