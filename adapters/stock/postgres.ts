import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Pool, QueryResultRow } from 'pg';
import type {
  LineUnits,
  Stock,
  StockError,
  StockLevel,
  StockReceipt,
} from '../../application/ports/stock.js';
import { type ArticleCode, isArticleCode } from '../../domain/catalogue.js';
import type { OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { CommitmentOutcome, StockOutcome } from '../../domain/order/commands.js';
import type { MissingLine, OrderLine } from '../../domain/order/events.js';
import { failureCode, failureReason } from '../postgres/database-failure.js';
import { storedInstant } from '../postgres/stored-instant.js';

// Serialisation failure, deadlock, and a twin of the same order that was first: the whole statement did nothing.
const repeatable: ReadonlySet<string> = new Set(['40001', '40P01', '23505']);
const mostAttempts = 4;

type CountAnswer = 'booked' | 'repeated' | 'article_unknown';
type HoldAnswer =
  | { readonly type: 'none' }
  | { readonly type: 'reserved'; readonly until: Instant }
  | { readonly type: 'committed' };
type LevelRow = {
  readonly code: string;
  readonly bin: string;
  readonly on_hand: number;
  readonly held: number;
  readonly missing: number;
};

type Missing = {
  readonly missing_lines: readonly number[] | null;
  readonly missing_available: readonly number[] | null;
  readonly reclaimable: boolean;
};

const missingLines = (row: Missing): readonly MissingLine[] =>
  (row.missing_lines ?? []).map((lineNumber, index) => ({
    lineNumber,
    available: row.missing_available?.[index] ?? 0,
  }));

/** Runs one statement; answers its only row, or the first of several. */
async function firstRow<Row extends QueryResultRow>(
  pool: Pool,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<Row> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { rows } = await pool.query<Row>({ name, text, values: [...values] });
      const [row] = rows;
      if (row === undefined) throw new Error('a statement answered no row');
      return row;
    } catch (failure) {
      if (attempt === mostAttempts || !repeatable.has(failureCode(failure) ?? '')) throw failure;
    }
  }
}

/** Asks until nothing that has expired stands in the way; gives up after a few rounds of losing against others. */
async function withReclaim<Row extends Missing & QueryResultRow>(
  pool: Pool,
  now: Instant,
  lines: (row: Row) => Promise<readonly ArticleCode[]>,
  ask: () => Promise<Row>,
): Promise<Row> {
  let row = await ask();
  for (let round = 1; row.reclaimable && round < mostAttempts; round += 1) {
    await firstRow(pool, 'reclaim_units', 'select reclaim_units($1, $2)', [await lines(row), new Date(now)]);
    row = await ask();
  }
  return row;
}

async function reserve(
  pool: Pool,
  orderId: OrderId,
  lines: readonly OrderLine[],
  until: Instant,
  now: Instant,
): Promise<StockOutcome> {
  const values = [
    orderId,
    lines.map(({ lineNumber }) => lineNumber),
    lines.map(({ code }) => code),
    lines.map(({ quantity }) => quantity),
    new Date(until),
    new Date(now),
  ];
  const row = await withReclaim(
    pool,
    now,
    async ({ missing_lines }) =>
      lines.flatMap(({ lineNumber, code }) => (missing_lines?.includes(lineNumber) ? [code] : [])),
    () =>
      firstRow<Missing & { readonly held_until: Date | null }>(
        pool,
        'reserve_units',
        'select * from reserve_units($1, $2, $3, $4, $5, $6)',
        values,
      ),
  );
  if (row.held_until === null) return { type: 'unavailable', lines: missingLines(row) };
  return { type: 'reserved', until: storedInstant(row.held_until) };
}

async function commit(pool: Pool, orderId: OrderId, now: Instant): Promise<CommitmentOutcome> {
  const row = await withReclaim(
    pool,
    now,
    async ({ missing_lines }) => {
      const { codes } = await firstRow<{ readonly codes: readonly string[] }>(
        pool,
        'codes_of_lines',
        'select array(select code from hold_lines where order_id = $1 and line_number = any ($2)) as codes',
        [orderId, missing_lines],
      );
      return codes.filter(isArticleCode);
    },
    () =>
      firstRow<Missing & { readonly is_committed: boolean }>(
        pool,
        'commit_units',
        'select * from commit_units($1, $2)',
        [orderId, new Date(now)],
      ),
  );
  return row.is_committed ? { type: 'committed' } : { type: 'unavailable', lines: missingLines(row) };
}

/** Line numbers and units as two lists; the units of a line that stands there more than once are summed. */
function listsOf(lines: readonly LineUnits[]): readonly [number[], number[]] {
  const units = new Map<number, number>();
  for (const line of lines) units.set(line.lineNumber, (units.get(line.lineNumber) ?? 0) + line.units);
  return [[...units.keys()], [...units.values()]];
}

async function release(pool: Pool, orderId: OrderId, missing: readonly LineUnits[]): Promise<void> {
  const values = [orderId, ...listsOf(missing)];
  await firstRow(pool, 'release_units', 'select release_units($1, $2, $3)', values);
}

async function settle(
  pool: Pool,
  orderId: OrderId,
  shipped: readonly LineUnits[],
  missing: readonly LineUnits[],
): Promise<void> {
  const values = [orderId, ...listsOf(shipped), ...listsOf(missing)];
  await firstRow(pool, 'settle_units', 'select settle_units($1, $2, $3, $4, $5)', values);
}

async function count(pool: Pool, countId: string, code: ArticleCode, units: number): Promise<CountAnswer> {
  const { answer } = await firstRow<{ readonly answer: CountAnswer }>(
    pool,
    'book_count',
    'select book_count($1, $2, $3) as answer',
    [countId, code, units],
  );
  return answer;
}

async function receive(pool: Pool, { receiptId, articles }: StockReceipt): Promise<'booked' | 'repeated'> {
  const byCode = new Map<ArticleCode, StockReceipt['articles'][number]>();
  for (const article of articles) {
    const quantity = article.quantity + (byCode.get(article.code)?.quantity ?? 0);
    byCode.set(article.code, { ...article, quantity });
  }
  const arrived = [...byCode.values()];
  const { booked } = await firstRow<{ readonly booked: boolean }>(
    pool,
    'book_receipt',
    'select book_receipt($1, $2, $3, $4, $5) as booked',
    [
      receiptId,
      arrived.map(({ code }) => code),
      arrived.map(({ description }) => description),
      arrived.map(({ bin }) => bin),
      arrived.map(({ quantity }) => quantity),
    ],
  );
  return booked ? 'booked' : 'repeated';
}

async function levels(pool: Pool, codes: readonly ArticleCode[]): Promise<readonly StockLevel[]> {
  const { rows } = await pool.query<LevelRow>({
    name: 'stock_levels',
    text: `select code, bin, on_hand::double precision as on_hand, held::double precision as held,
             missing::double precision as missing
           from articles where code = any ($1) order by code`,
    values: [codes],
  });
  return rows.flatMap(({ code, bin, on_hand: onHand, held, missing }) =>
    isArticleCode(code) ? [{ code, bin, onHand, held, missing }] : [],
  );
}

type HoldRow = { readonly status: 'reserved' | 'committed'; readonly until: Date };

async function holdOf(pool: Pool, orderId: OrderId): Promise<HoldAnswer> {
  const { rows } = await pool.query<HoldRow>({
    name: 'hold_of_order',
    text: `select status, until from holds where order_id = $1 and status in ('reserved', 'committed')`,
    values: [orderId],
  });
  const [hold] = rows;
  if (hold === undefined) return { type: 'none' };
  return hold.status === 'committed'
    ? { type: 'committed' }
    : { type: 'reserved', until: storedInstant(hold.until) };
}

const once = <Answer>(call: () => Promise<Answer>): TE.TaskEither<StockError, Answer> =>
  TE.tryCatch(call, (failure) => ({ type: 'stock_unavailable', reason: failureReason(failure) }));

/**
 * The stock ledger in the `orders` database. Every change is one function call of the database and so one
 * transaction; deadlocks and serialisation failures are repeated a few times before they are reported.
 */
export const postgresStock = (pool: Pool): Stock => ({
  reserve: (orderId, lines, until, now) => once(() => reserve(pool, orderId, lines, until, now)),
  commit: (orderId, now) => once(() => commit(pool, orderId, now)),
  release: (orderId, missing) => once(() => release(pool, orderId, missing)),
  settle: (orderId, shipped, missing) => once(() => settle(pool, orderId, shipped, missing)),
  count: (countId, code, units) => once(() => count(pool, countId, code, units)),
  holdOf: (orderId) => once(() => holdOf(pool, orderId)),
  receive: (receipt) => once(() => receive(pool, receipt)),
  levels: (codes) => once(() => levels(pool, codes)),
  withdrawn: (codes) =>
    once(async () => {
      const { rows } = await pool.query<{ readonly code: string }>({
        name: 'withdrawn_articles',
        text: 'select code from articles where withdrawn and code = any ($1) order by code',
        values: [codes],
      });
      return rows.map(({ code }) => code).filter(isArticleCode);
    }),
});
