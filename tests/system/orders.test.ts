// The orders player as an operator runs it: against a stack that runs, with one of its own, and with what it cannot play.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as t from 'io-ts';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { booksOf } from '../support/books.js';
import {
  placeArguments,
  type StackPlace,
  stackPlace,
  type StackProcess,
  startStack,
} from '../support/local-stacks.js';
import { sharedDataIsHere } from '../support/order/online-retail.js';
import { type Ended, processesNaming, runProgram, startProgram } from '../support/programs.js';

const state: { place?: StackPlace; stack?: StackProcess; folder?: string } = {};

const place = (): StackPlace => {
  if (state.place === undefined) throw new Error('there is no place for a stack');
  return state.place;
};

const stack = (): StackProcess => {
  if (state.stack === undefined) throw new Error('the stack was not started');
  return state.stack;
};

const fileNamed = (name: string): string => join(state.folder ?? tmpdir(), name);

beforeAll(async () => {
  state.folder = await mkdtemp(join(tmpdir(), 'checkout-orders-'));
  state.place = await stackPlace();
  state.stack = await startStack(state.place, [], { CHECKOUT_PAY_AGAIN_SECONDS: '8' });
});

afterAll(async () => {
  await state.stack?.interrupt();
  await state.place?.clear();
  if (state.folder !== undefined) await rm(state.folder, { recursive: true, force: true });
});

const Summary = t.type({
  orders: t.number,
  placed: t.number,
  repeated: t.number,
  refused: t.number,
  refusedByReason: t.record(t.string, t.number),
  byStatus: t.record(t.string, t.number),
  cancellations: t.type({
    wholeOrders: t.number,
    orderRefunds: t.number,
    refundAmount: t.number,
    refused: t.number,
  }),
  cancelledOrders: t.number,
  refundsByAnswer: t.record(t.string, t.number),
  otherCards: t.number,
  shortPicked: t.number,
  ledger: t.type({ captured: t.number, refunded: t.number, released: t.number, held: t.number }),
  expected: t.type({ charged: t.number, refunded: t.number }),
  charged: t.number,
  mails: t.number,
  mailsByKind: t.record(t.string, t.number),
  hasShelves: t.boolean,
  differences: t.array(t.unknown),
});

/** Plays against the stack of this file; answers how the program ended and the figures it wrote. */
const play = async (...args: readonly string[]) => {
  const json = fileNamed('summary.json');
  const options = ['--directory', place().directory, '--json', json, ...args];
  const ended = await runProgram('orders', { args: options });
  onTestFailed(() => {
    process.stderr.write(
      `orders ${options.join(' ')}\n${ended.stderr}${ended.stdout}\n${stack().program.tail(20)}\n`,
    );
  });
  expect(ended.code).toBe(0);
  const written: unknown = JSON.parse(await readFile(json, 'utf8'));
  if (!Summary.is(written)) throw new Error('the summary has another form');
  return { ended, summary: written };
};

/** The figure of a line of the summary that people read. */
const figure = (stdout: string, label: string): string | undefined =>
  new RegExp(`^${label} +(\\S+)$`, 'm').exec(stdout)?.[1];

const Payments = t.type({ payments: t.array(t.type({ order: t.union([t.string, t.null]) })) });

const processorPayments = async () => {
  const answer: unknown = await (await fetch(`${stack().running.processorUrl}/_ledger/payments`)).json();
  if (Payments.is(answer)) return answer.payments;
  throw new Error('the ledger has another form');
};

/** Holds money for an order behind its back, as a defect or a person at the processor's page could. */
const reserveAtProcessor = async (orderId: string): Promise<void> => {
  const answer = await fetch(`${stack().running.processorUrl}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack().secrets.processorKey}` },
    body: new URLSearchParams({
      ...{ amount: '1234', currency: 'gbp', capture_method: 'manual', confirm: 'true' },
      ...{ payment_method: 'pm_card_visa', return_url: 'https://shop.example/' },
      ...{ 'metadata[order_id]': orderId, 'metadata[attempt]': '9', 'metadata[purpose]': 'reserve' },
    }),
  });
  expect(answer.status).toBe(200);
};

describe('npm run orders', () => {
  it('plays made-up orders with their cancellations, and the same ones again without any change', async () => {
    const first = await play('--limit', '20');
    const { placed, refused, cancellations, mailsByKind } = first.summary;
    expect(first.summary).toMatchObject({ orders: 20, repeated: 0, differences: [], hasShelves: true });
    expect(cancellations).toMatchObject({ wholeOrders: 1, orderRefunds: 2, refused: 6 });
    expect(placed + refused).toBe(20);
    expect(first.summary).toMatchObject({
      byStatus: { Cancelled: 1, Completed: placed - 1 },
      cancelledOrders: 1,
      refundsByAnswer: { given: 2 },
      ledger: { refunded: cancellations.refundAmount, held: 0, captured: first.summary.expected.charged },
    });
    const told = { order_cancelled: 1, order_refunded: 2, order_shipped: placed - 1 };
    expect(mailsByKind).toMatchObject(told);
    expect([placed - 1, placed]).toContain(mailsByKind['order_confirmed']);
    expect(figure(first.ended.stdout, 'placed now')).toBe(String(placed));
    expect(figure(first.ended.stdout, 'cancelled before shipping')).toBe('1');
    expect(first.ended.stdout).toContain('Reconciled: ');
    // Piped, the progress is lines without terminal codes.
    expect(first.ended.stderr).toMatch(/^(?:orders [█░]{30} \d+\/20 .*\n)+$/);

    const before = await booksOf(stack().running);
    const second = await play('--limit', '20');
    expect(second.summary).toMatchObject({
      ...{ placed: 0, repeated: placed, refused, differences: [] },
      ...{ ledger: first.summary.ledger, refundsByAnswer: { given: 2 }, mailsByKind },
    });
    expect(figure(second.ended.stdout, 'placed before')).toBe(String(placed));
    expect(await booksOf(stack().running)).toEqual(before);
  });

  it('goes on with another card after a decline and charges what was found', async () => {
    const args = ['--limit', '36', '--seed', '7', '--decline-every', '5', '--short-pick-every', '4'];
    const { summary } = await play(...args);
    expect(summary.cancellations).toMatchObject({ wholeOrders: 4, orderRefunds: 4 });
    expect(summary).toMatchObject({ differences: [], cancelledOrders: 4, ledger: { held: 0 } });
    expect(summary.otherCards).toBeGreaterThan(0);
    expect(summary.shortPicked).toBeGreaterThan(0);
    expect(summary.ledger).toMatchObject({
      captured: summary.expected.charged,
      refunded: summary.expected.refunded,
    });
    expect(summary.ledger.released).toBeGreaterThan(0);
  });

  it('cancels what a declined card did not pay, gives the goods back and says so once', async () => {
    const releasedHolds = async () =>
      (await booksOf(stack().running)).holds.filter((row) => row.includes('"released"')).length;
    const before = await releasedHolds();
    const { summary } = await play('--limit', '12', '--seed', '2', '--card', 'pm_card_visa_chargeDeclined');
    expect(summary.placed).toBeGreaterThan(0);
    expect(summary).toMatchObject({
      byStatus: { Cancelled: summary.placed },
      charged: 0,
      mailsByKind: { order_cancelled: summary.placed },
      differences: [],
    });
    const { articles } = await booksOf(stack().running);
    expect(articles.filter((row) => !row.includes('"held":0,'))).toEqual([]);
    expect((await releasedHolds()) - before).toBe(summary.placed);
  });

  it.skipIf(!sharedDataIsHere)(
    'refuses the right orders of the shared sample (needs ../shared/data)',
    async () => {
      const sample = '../shared/data/online-retail-sample/online-retail-2011-07-13_2011-08-31.csv.gz';
      const { summary } = await play(sample, '--limit', '60');
      // Counted from the sample's README rules by another program.
      expect(summary).toMatchObject({
        orders: 60,
        placed: 56,
        refused: 4,
        refusedByReason: { customer_missing: 3, no_product_line: 1 },
        byStatus: { Completed: 56 },
        charged: 2_112_824,
        mailsByKind: { order_confirmed: 56, order_shipped: 56 },
        differences: [],
      });
    },
  );

  it('plays a small file of its own to the penny, plain, and packed with every pick short', async () => {
    const text = [
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      '1,85123A,LANTERN,2,2011-07-13 08:48:00,2.5,17850,United Kingdom',
      '1,POST,POSTAGE,1,2011-07-13 08:48:00,4,17850,United Kingdom',
      'C2,85123A,LANTERN,-2,2011-07-13 08:48:00,2.5,17850,United Kingdom',
      '3,85123A,,-1,2011-07-13 08:48:00,0,,Unspecified',
      '4,22423,CAKE STAND,3,2011-07-13 08:48:00,1,17851,United Kingdom',
      'C5,22423,CAKE STAND,-3,2011-07-13 08:48:00,1,17851,United Kingdom',
      '6,85123A,LANTERN,2,2011-07-13 08:48:00,2.5,17852,United Kingdom',
      '6,22423,CAKE STAND,1,2011-07-13 08:48:00,1,17852,United Kingdom',
      'C7,85123A,LANTERN,-2,2011-07-13 08:48:00,2.5,17852,United Kingdom',
      'C8,85123A,LANTERN,-1,2011-07-13 08:48:00,2.5,17853,United Kingdom',
      '',
    ].join('\n');
    await writeFile(fileNamed('plain.csv'), text);
    await writeFile(fileNamed('packed.csv.gz'), gzipSync(text));
    const refusedByReason = {
      country_unresolvable: 1,
      customer_missing: 1,
      description_missing: 1,
      price_not_positive: 1,
      quantity_not_positive: 1,
    };
    const expected = {
      ...{ orders: 4, placed: 3, refused: 1, refusedByReason, byStatus: { Cancelled: 1, Completed: 2 } },
      cancellations: { wholeOrders: 1, wholeOrderAmount: 300, refunds: 2, refused: 1, refundAmount: 1_000 },
      ...{ cancelledOrders: 1, differences: [] },
    };
    expect((await play(fileNamed('plain.csv'))).summary).toMatchObject({
      ...expected,
      ...{ charged: 1_500, refundsByAnswer: { given: 2 }, shortPicked: 0 },
      ledger: { reserved: 1_800, captured: 1_500, released: 300, held: 0, refunded: 1_000 },
    });
    // A lantern of each order is not found; what is left of the second does not cover its refund any more.
    const short = ['--short-pick-every', '1'];
    expect((await play(fileNamed('packed.csv.gz'), ...short)).summary).toMatchObject({
      ...expected,
      ...{ charged: 1_000, refundsByAnswer: { given: 1, refund_above_charge: 1 }, shortPicked: 2 },
      ledger: { reserved: 1_800, captured: 1_000, released: 800, held: 0, refunded: 500 },
    });
  });
});

describe('checkout reconcile', () => {
  const reconcile = (...args: readonly string[]): Promise<Ended> =>
    runProgram('cli', { args: ['reconcile', ...args, '--directory', place().directory] });

  it('finds all books of the stack to agree, and then the reservation that nobody knows of', async () => {
    const clean = await reconcile();
    expect({ code: clean.code, said: clean.stdout }).toEqual({
      code: 0,
      said: expect.stringMatching(/^\d+ orders compared: stream, processor and stock ledger agree\.\n$/),
    });
    expect(clean.stderr).toMatch(/^(?:orders [█░]{30} \d+\/\d+ .*\n)+$/);

    const [payment] = (await processorPayments()).filter(({ order }) => order !== null);
    const orderId = payment?.order ?? '';
    await reserveAtProcessor(orderId);
    const found = await reconcile('--order', orderId);
    expect(found.code).toBe(1);
    expect(found.stdout).toContain(`Order ${orderId} (`);
    expect(found.stdout).toContain('The processor holds GBP 12.34 under attempt 9');
    expect(found.stdout).toContain(`Remedy: \`order resync ${orderId}\``);
    const all = await reconcile('--json');
    expect(all.code).toBe(1);
    expect(JSON.parse(all.stdout)).toMatchObject({
      differing: 1,
      inDoubt: 0,
      findings: [{ orderId, type: 'reservation_unknown', held: { minor: 1_234, currency: 'GBP' } }],
    });
  });

  it('refuses what it cannot compare', async () => {
    const unknown = await reconcile('--order', '0f0e2c9a-4a53-8f6e-9d3f-3c1b2a190807');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('there is no order 0f0e2c9a');
    expect((await reconcile('--order', 'abc')).stderr).toContain('--order needs the id of an order');
    expect((await reconcile('--since', 'x')).stderr).toContain('--since must be a whole number');
  });
});

describe('what cannot be played', () => {
  const refused = ({ code, stdout, stderr }: Ended): string => {
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^[^\n]+\n$/);
    return stderr;
  };
  const refusedWith = async (...args: readonly string[]): Promise<string> =>
    refused(await runProgram('orders', { args: ['--directory', place().directory, ...args] }));

  it('a missing file, a folder, other columns, an empty file, no table at all', async () => {
    await writeFile(fileNamed('columns.csv'), 'InvoiceNo,Code\n1,2\n');
    await writeFile(fileNamed('empty.csv'), '');
    await writeFile(fileNamed('binary.csv'), Buffer.from([0, 255, 1, 254, 10, 34, 13, 7]));
    await writeFile(fileNamed('unpacked.csv.gz'), 'InvoiceNo\n');
    expect(await refusedWith(fileNamed('missing.csv'))).toMatch(/missing\.csv cannot be read: ENOENT/);
    expect(await refusedWith(tmpdir())).toMatch(/cannot be read: EISDIR/);
    expect(await refusedWith(fileNamed('columns.csv'))).toMatch(/has no column StockCode, Description/);
    expect(await refusedWith(fileNamed('empty.csv'))).toMatch(/empty\.csv holds no orders/);
    expect(await refusedWith(fileNamed('binary.csv'))).toMatch(/binary\.csv (cannot be read|has no column)/);
    expect(await refusedWith(fileNamed('unpacked.csv.gz'))).toMatch(/unpacked\.csv\.gz cannot be read/);
  });

  it('numbers that are none, unknown options, two files, a summary that cannot be written', async () => {
    expect(await refusedWith('--limit', '0')).toMatch(/^--limit must be a whole number from 1 to/);
    expect(await refusedWith('--limit', 'many')).toMatch(/^--limit must be/);
    expect(await refusedWith('--seed', '-1')).toMatch(/--seed/);
    expect(await refusedWith('--decline-every', '0')).toMatch(
      /^--decline-every must be a whole number from 1/,
    );
    expect(await refusedWith('--short-pick-every', 'x')).toMatch(/^--short-pick-every must be/);
    expect(await refusedWith('--speed', '1')).toMatch(/'--speed'/);
    expect(await refusedWith('a.csv', 'b.csv')).toMatch(/one FILE/);
    expect(await refusedWith('--limit', '1', '--json', tmpdir())).toMatch(
      /--json .* cannot be written \(EISDIR\)/,
    );
  });
});

describe('without a running stack', () => {
  it('starts one, plays, stops it and leaves nothing running; also when Ctrl-C or the end of its roles comes first', async () => {
    const own = await stackPlace();
    try {
      const args = [...placeArguments(own), '--limit', '3'];
      const { code, stdout, stderr } = await runProgram('orders', { args });
      expect({ code, said: stderr.split('\n')[0] }).toEqual({
        code: 0,
        said: `No stack runs on ${own.directory}; starting one.`,
      });
      expect(stdout).toContain('Reconciled: ');
      expect(await processesNaming(own.directory)).toEqual([]);

      const long = [...placeArguments(own), '--limit', '2000', '--seed', '3'];
      const interrupted = startProgram('orders', { args: long, ownGroup: true });
      await interrupted.whenSaid('/2000');
      process.kill(-interrupted.pid, 'SIGINT');
      const ended = await interrupted.ended;
      expect(ended).toMatchObject({ code: 130, stdout: '' });
      expect(ended.stderr).toContain('Stopped. ');
      expect(await processesNaming(own.directory)).toEqual([]);

      const bereft = startProgram('orders', { args: long, ownGroup: true });
      await bereft.whenSaid('/2000');
      for (const pid of await processesNaming(own.directory, 'run/all.js')) process.kill(pid, 'SIGKILL');
      const gone = await bereft.ended;
      expect(gone).toMatchObject({ code: 1, stdout: '' });
      expect(gone.stderr).toContain('the roles ended unexpectedly; see ');
      expect(await processesNaming(own.directory)).toEqual([]);
    } finally {
      await own.clear();
    }
  });
});
