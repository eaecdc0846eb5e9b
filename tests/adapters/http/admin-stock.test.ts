// Counts of articles, booked by operators.
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import { inMemoryFloorTasks } from '../../../adapters/floor-tasks/in-memory.js';
import { createAdminApp } from '../../../adapters/http/admin/app.js';
import { defaultHttpSettings } from '../../../adapters/http/app.js';
import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import { after, heartHolders, orderId } from '../../support/examples.js';
import { caller, serve } from '../../support/http.js';
import { createClock, orderChangesOf, right, viewsOf } from './checkout-world.js';

const operatorKey = 'a-long-operator-key';
const settings = { ...defaultHttpSettings, publicUrl: new URL('http://127.0.0.1') };
const { code, lineNumber, quantity } = heartHolders;

async function createWarehouse() {
  const { system, stop } = createClock();
  const eventStore = inMemoryEventStore(system);
  const stock = inMemoryStock();
  const orderViews = viewsOf(eventStore);
  const ports = {
    ...{ stock, floorTasks: inMemoryFloorTasks(), system, eventStore, orderViews },
    ...orderChangesOf(eventStore, system),
  };
  const operational = { checks: [], metrics: new Registry() };
  const observer = { accessed: () => undefined, failed: () => undefined };
  const served = await serve(createAdminApp({ ports, operatorKey, operational }, settings, observer));
  const close = async (): Promise<void> => {
    stop();
    await served.close();
  };
  return { call: caller(served.url), stock, close };
}

let warehouse: Awaited<ReturnType<typeof createWarehouse>>;
beforeAll(async () => {
  warehouse = await createWarehouse();
  const { stock } = warehouse;
  const article = { code, description: 'Heart', bin: 'A-01-1', quantity: 9 };
  await right(stock.receive({ receiptId: 'receipt-1', articles: [article] }));
  await right(stock.reserve(orderId, [heartHolders], after(900), after(0)));
  await right(stock.settle(orderId, [], [{ lineNumber, units: quantity }]));
});
afterAll(() => warehouse.close());

const level = async () => (await warehouse.call(`GET /admin/stock/${code}`, { token: operatorKey })).json;
const count = (body: object, article: string = code) =>
  warehouse.call(`POST /admin/stock/${article}/counts`, { token: operatorKey, body });

describe('a count', () => {
  it('ends what is missing, once for each id', async () => {
    expect(await level()).toStrictEqual({ code, bin: 'A-01-1', onHand: 9, held: 0, missing: 6 });
    const booked = await count({ countId: 'count-1', units: 4 });
    expect([booked.status, booked.json]).toStrictEqual([201, { outcome: 'booked' }]);
    const again = await count({ countId: 'count-1', units: 600 });
    expect([again.status, again.json]).toStrictEqual([200, { outcome: 'repeated' }]);
    expect(await level()).toMatchObject({ onHand: 4, held: 0, missing: 0 });
  });

  it('of an article that never arrived is not found', async () => {
    for (const article of ['UNKNOWN', 'not%20a%20code']) {
      const answer = await count({ countId: 'count-2', units: 1 }, article);
      expect([answer.status, answer.json['code']]).toStrictEqual([404, 'not_found']);
    }
  });

  it('needs an id and a whole number of units', async () => {
    const bodies = [{}, { countId: 'c' }, { units: 1 }, { countId: '', units: 1 }];
    for (const body of [...bodies, { countId: 'c', units: -1 }, { countId: 'c', units: 0.5 }]) {
      expect((await count(body)).json['code']).toBe('fields_invalid');
    }
  });
});
