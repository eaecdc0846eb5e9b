// Any sequence of calls: Postgres answers what the ledger in memory answers, and the books balance after each call.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import { postgresStock } from '../../../adapters/stock/postgres.js';
import type { Stock } from '../../../application/ports/stock.js';
import type { ArticleCode } from '../../../domain/catalogue.js';
import type { OrderId } from '../../../domain/ids.js';
import { freshDatabase, type FreshDatabase } from '../../support/databases.js';
import { afterNoon, answerOf } from '../samples.js';
import { newOrderId } from '../../support/ids.js';
import { newArticleCodes, orderLines, receiptOf } from './stock-samples.js';

type World = {
  readonly codes: readonly ArticleCode[];
  readonly orders: readonly OrderId[];
  /** What ids of counts begin with. */
  readonly count: string;
  now: number;
};
type Call = { readonly name: string; readonly run: (stock: Stock, world: World) => Promise<unknown> };

const chosen = <Item>(items: readonly Item[], index: number): Item => {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
};

const order = fc.nat({ max: 4 });
const line = fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 4 }));
const lineUnits = fc.record({ lineNumber: fc.integer({ min: 1, max: 4 }), units: fc.nat({ max: 5 }) });
const someLines = fc.array(lineUnits, { maxLength: 4 });

const calls: fc.Arbitrary<Call> = fc.oneof(
  fc
    .tuple(order, fc.array(line, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 30 }))
    .map(([index, wanted, life]): Call => ({
      name: `order ${index} reserves ${JSON.stringify(wanted)} for ${life} s`,
      run: (stock, { codes, orders, now }) => {
        const articles = wanted.map(([article]) => chosen(codes, article));
        const lines = orderLines(
          articles,
          wanted.map(([, units]) => units),
        );
        const until = afterNoon(now + life);
        return answerOf(stock.reserve(chosen(orders, index), lines, until, afterNoon(now)));
      },
    })),
  order.map((index): Call => ({
    name: `order ${index} commits`,
    run: (stock, { orders, now }) => answerOf(stock.commit(chosen(orders, index), afterNoon(now))),
  })),
  fc.tuple(order, someLines).map(([index, missing]): Call => ({
    name: `order ${index} releases without ${JSON.stringify(missing)}`,
    run: (stock, { orders }) => answerOf(stock.release(chosen(orders, index), missing)),
  })),
  fc.tuple(order, someLines, someLines).map(([index, shipped, missing]): Call => ({
    name: `order ${index} settles ${JSON.stringify(shipped)} without ${JSON.stringify(missing)}`,
    run: (stock, { orders }) => answerOf(stock.settle(chosen(orders, index), shipped, missing)),
  })),
  order.map((index): Call => ({
    name: `order ${index} is looked at`,
    run: (stock, { orders }) => answerOf(stock.holdOf(chosen(orders, index))),
  })),
  fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 8 }), fc.nat({ max: 9 })).map(([article, units, id]): Call => ({
    name: `${units} of article ${article} are counted in count ${id}`,
    run: (stock, { codes, count }) => answerOf(stock.count(`${count}-${id}`, chosen(codes, article), units)),
  })),
  fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 4 })).map(([article, quantity]): Call => ({
    name: `${quantity} of article ${article} arrive`,
    run: (stock, { codes }) => answerOf(stock.receive(receiptOf([[chosen(codes, article), quantity]]))),
  })),
);

/** A call, and the seconds that pass before it. */
const history = fc.array(fc.tuple(calls, fc.nat({ max: 15 })), { minLength: 1, maxLength: 30 });

/** Articles whose held units are not the sum of their active holds, or that break a bound. */
async function unbalanced(pool: Pool): Promise<readonly unknown[]> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select article.code, on_hand, held, missing, uncovered, coalesce(active.units, 0) as active
     from articles article
     left join (select code, sum(units) as units from hold_lines join holds using (order_id)
                where status in ('reserved', 'committed') group by code) as active using (code)
     where held <> coalesce(active.units, 0) or held < 0 or missing < 0 or on_hand < held + missing
       or uncovered < 0 or uncovered > held or (uncovered > 0 and on_hand > held + missing)`,
  );
  return rows;
}

describe('a stock ledger in Postgres', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase('orders', { max: 36 });
  });
  afterAll(() => database.close());

  it('answers as the one in memory, and balances after every call', async () => {
    const { pool } = database;
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const [real, model] = [postgresStock(pool), inMemoryStock()];
        const codes = newArticleCodes(4);
        const orders = Array.from({ length: 5 }, () => newOrderId());
        const first = receiptOf(codes.slice(0, 3).map((code, index) => [code, 3 + index] as const));
        const world: World = { codes, orders, count: randomUUID(), now: 0 };
        await Promise.all([answerOf(real.receive(first)), answerOf(model.receive(first))]);
        for (const [{ name, run }, pause] of steps) {
          world.now += pause;
          expect([name, await run(real, world)]).toEqual([name, await run(model, world)]);
          expect([name, await answerOf(real.levels(codes))]).toEqual([
            name,
            await answerOf(model.levels(codes)),
          ]);
        }
        expect(await unbalanced(pool)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('balances when calls race each other', async () => {
    const { pool } = database;
    const stock = postgresStock(pool);
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const codes = newArticleCodes(4);
        const orders = Array.from({ length: 5 }, () => newOrderId());
        await answerOf(stock.receive(receiptOf(codes.map((code) => [code, 5] as const))));
        const count = randomUUID();
        let now = 0;
        await Promise.all(
          steps.map(([{ run }, pause]) => {
            now += pause;
            return run(stock, { codes, orders, count, now });
          }),
        );
        expect(await unbalanced(pool)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  /** Runs calls that all wait for an article's row before any of them gets it; answers in the order of the calls. */
  async function whileArticleIsLocked<Answer>(
    code: ArticleCode,
    callers: ReadonlyArray<() => Promise<Answer>>,
  ): Promise<readonly Answer[]> {
    // Connections are made one by one beforehand: a busy machine does not make them all within the pool's patience.
    const clients = [await database.pool.connect()];
    for (const _ of callers) clients.push(await database.pool.connect());
    const [blocker, ...spare] = clients;
    if (blocker === undefined) throw new Error('a connection is missing');
    for (const client of spare) client.release();
    try {
      await blocker.query('begin');
      await blocker.query('select from articles where code = $1 for update', [code]);
      const answers = Promise.all(callers.map((call) => call()));
      let waiting = 0;
      let failed = false;
      answers.catch(() => (failed = true));
      while (waiting < callers.length && !failed) {
        const { rowCount } = await blocker.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        waiting = rowCount ?? 0;
      }
      await blocker.query('commit');
      return await answers;
    } finally {
      blocker.release();
    }
  }

  it('gives the last unit to one of 32 buyers who all stand at the shelf', async () => {
    const stock = postgresStock(database.pool);
    const codes = newArticleCodes(1);
    const [code] = codes;
    if (code === undefined) throw new Error('an article is missing');
    await answerOf(stock.receive(receiptOf([[code, 1]])));
    const buyers = Array.from({ length: 32 }, () => {
      const lines = orderLines(codes, [1]);
      return () => answerOf(stock.reserve(newOrderId(), lines, afterNoon(900), afterNoon(0)));
    });
    const answers = await whileArticleIsLocked(code, buyers);
    const refusals = answers.filter(({ type }) => type === 'unavailable');
    expect(refusals).toEqual(
      Array.from({ length: 31 }, () => ({ type: 'unavailable', lines: [{ lineNumber: 1, available: 0 }] })),
    );
    expect(answers).toContainEqual({ type: 'reserved', until: afterNoon(900) });
    expect(await unbalanced(database.pool)).toEqual([]);
  });

  it('answers twins of one order alike when both wait for the last unit', async () => {
    const stock = postgresStock(database.pool);
    const codes = newArticleCodes(1);
    const [code] = codes;
    if (code === undefined) throw new Error('an article is missing');
    await answerOf(stock.receive(receiptOf([[code, 1]])));
    const orderId = newOrderId();
    const until = afterNoon(900);
    const reserve = () => answerOf(stock.reserve(orderId, orderLines(codes, [1]), until, afterNoon(0)));
    const answers = await whileArticleIsLocked(code, [reserve, reserve, reserve]);
    expect(answers).toEqual(answers.map(() => ({ type: 'reserved', until })));
    expect(await unbalanced(database.pool)).toEqual([]);
  });

  it('counts missing units once when a settlement and its repeat wait for one another', async () => {
    const stock = postgresStock(database.pool);
    const codes = newArticleCodes(1);
    const [code] = codes;
    if (code === undefined) throw new Error('an article is missing');
    await answerOf(stock.receive(receiptOf([[code, 9]])));
    const orderId = newOrderId();
    await answerOf(stock.reserve(orderId, orderLines(codes, [4]), afterNoon(900), afterNoon(0)));
    const settle = () =>
      answerOf(stock.settle(orderId, [{ lineNumber: 1, units: 3 }], [{ lineNumber: 1, units: 1 }]));
    await whileArticleIsLocked(code, [settle, settle, settle]);
    expect(await answerOf(stock.levels(codes))).toMatchObject([{ onHand: 6, held: 0, missing: 1 }]);
  });

  it('gives back once when a release and its repeat wait for one another', async () => {
    const stock = postgresStock(database.pool);
    const codes = newArticleCodes(1);
    const [code] = codes;
    if (code === undefined) throw new Error('an article is missing');
    await answerOf(stock.receive(receiptOf([[code, 5]])));
    const [orderId, otherOrder] = [newOrderId(), newOrderId()];
    for (const id of [orderId, otherOrder]) {
      await answerOf(stock.reserve(id, orderLines(codes, [2]), afterNoon(900), afterNoon(0)));
    }
    const release = () => answerOf(stock.release(orderId, []));
    await whileArticleIsLocked(code, [release, release]);
    const [level] = await answerOf(stock.levels(codes));
    expect(level).toMatchObject({ onHand: 5, held: 2 });
  });
});
