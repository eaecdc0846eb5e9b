// Orders on the operator's terminal, read from a database of their own: every path of an order is stored, taken in by
// the projector, listed, shown, and shown again after a rebuild.
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresOrderViews } from '../../adapters/projections/postgres.js';
import { createProjector } from '../../application/roles/projector.js';
import { rebuildOrderViews } from '../../application/rebuild-order-views.js';
import type { OrderId } from '../../domain/ids.js';
import type { Phase } from '../../domain/order/phase.js';
import { CommandFailed } from '../../infrastructure/cli/command.js';
import { orderList, orderShow } from '../../infrastructure/cli/order-commands.js';
import { readSettings } from '../../infrastructure/config/setting.js';
import { openContext } from '../../infrastructure/process/role.js';
import { openEventStore, ordersPool } from '../../infrastructure/roles/stores.js';
import { storeAll } from '../adapters/projections/histories.js';
import { paths } from '../adapters/projections/paths.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { newOrderId } from '../support/ids.js';

describe('order show and order list', () => {
  const { context, stop } = openContext('cli', 'silent');
  const orderIds = new Map<string, OrderId>(Object.keys(paths).map((path) => [path, newOrderId()]));
  let database: FreshDatabase;

  const settings = () => {
    const values = readSettings(orderShow.settings, {
      CHECKOUT_ORDERS_DATABASE_URL: database.url,
      CHECKOUT_CUSTOMERS_DATABASE_URL: database.url,
      CHECKOUT_PAY_AGAIN_SECONDS: '600',
    });
    if (E.isLeft(values)) throw new Error(JSON.stringify(values.left));
    return values.right;
  };
  const projection = async () => {
    const eventStore = await openEventStore(context.scope, settings());
    const tables = postgresOrderViews(await ordersPool(context.scope, settings()));
    return { eventStore, tables, system: context.system, observer: { observe: () => undefined } };
  };
  const idOf = (path: keyof typeof paths): OrderId => {
    const orderId = orderIds.get(path);
    if (orderId === undefined) throw new Error(`no order is ${path}`);
    return orderId;
  };
  const show = (orderId: string) =>
    orderShow.run({ positional: [orderId], options: {} }, settings(), context);
  const list = (options: Readonly<Record<string, string>>) =>
    orderList.run({ positional: [], options }, settings(), context);

  beforeAll(async () => {
    database = await freshDatabase('orders');
    const { eventStore, tables, ...ports } = await projection();
    for (const [path, stored] of Object.entries(paths)) {
      const orderId = orderIds.get(path) ?? newOrderId();
      const events = stored.map(({ event }) =>
        event.type === 'OrderPlaced' ? { ...event, orderId } : event,
      );
      await storeAll(eventStore, orderId, events);
    }
    const projector = createProjector({ ...ports, eventStore, projection: tables.live }, { batchSize: 50 });
    // Transactions of other tests on the shared server may hold the newest events back for a moment.
    for (let phase: Phase | undefined; phase !== 'Shipped';) {
      const step = await projector.runOnce();
      if (E.isLeft(step)) throw new Error(step.left.type);
      const last = await tables.find(idOf('cancelledTooLate'))();
      phase = E.isRight(last) ? last.right?.phase : undefined;
    }
  });
  afterAll(async () => {
    stop();
    await context.scope.release();
    await database.close();
  });

  it('tell until when an order waits by the settings of the shop', async () => {
    const { text } = await show(idOf('waitingForCard'));
    expect(text).toContain('until 2026-01-05 09:10:05Z');
    expect((await show(idOf('chargeDeclined'))).text).toContain('until 2026-01-08 09:53:21Z');
  });

  it.each(Object.keys(paths))('tell an order that is %s to people and to programs', async (path) => {
    const orderId = orderIds.get(path) ?? '';
    const { json, text } = await show(orderId);
    expect(json).toMatchObject({ orderId, timeline: expect.any(Array) });
    expect(text.startsWith(`Order ${orderId}: `)).toBe(true);
    expect((await list({ limit: '500' })).text).toContain(orderId);
  });

  const phasesOf: ReadonlyArray<readonly [Phase, ReadonlyArray<keyof typeof paths>]> = [
    ['AwaitingPayment', ['waitingForCard', 'issuerAway', 'challenged', 'refusedByPolicy']],
    ['OnHold', ['held', 'chargeDeclined']],
    ['Shipped', ['shortPicked', 'cancelledTooLate']],
    ['Cancelled', ['cancelledInGrace', 'cancelledAfterCharge']],
    ['Cancelling', ['refundUnderWay']],
    ['Rejected', []],
  ];
  it.each(phasesOf)('list the orders that are %s', async (phase, expected) => {
    const { json } = await list({ phase: phase.toLowerCase() });
    const listed = Array.isArray(json) ? json.map(({ orderId }: { orderId: string }) => orderId) : [];
    expect(listed.sort()).toEqual(expected.map(idOf).sort());
  });

  it('tell the same after a rebuild', async () => {
    const before = await list({ limit: '500' });
    const rebuilt = await rebuildOrderViews(await projection(), {
      ...{ batchSize: 50, onProgress: () => undefined },
    })();
    expect(E.isRight(rebuilt)).toBe(true);
    expect(await list({ limit: '500' })).toEqual(before);
  });

  it('refuse what is no order and no phase', async () => {
    const nobody = newOrderId();
    await expect(show(nobody)).rejects.toThrow(new CommandFailed(`there is no order ${nobody}`));
    await expect(show('abc')).rejects.toThrow('needs the id of an order');
    await expect(list({ phase: 'Lost' })).rejects.toThrow('--phase must be one of Placed, ');
  });
});
