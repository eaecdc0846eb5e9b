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
  state.stack = await startStack(state.place, [], { CHECKOUT_PAY_AGAIN_SECONDS: '1' });
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
  charged: t.number,
  mails: t.number,
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

describe('npm run orders', () => {
  it('plays made-up orders to their end, and the same ones again without any change', async () => {
    const first = await play('--limit', '20');
    const { placed, refused } = first.summary;
    expect(first.summary).toMatchObject({ orders: 20, repeated: 0, differences: [] });
    expect(placed + refused).toBe(20);
    expect(first.summary.byStatus).toEqual({ Completed: placed });
    expect(first.summary.mails).toBe(2 * placed);
    expect(figure(first.ended.stdout, 'placed now')).toBe(String(placed));
    expect(first.ended.stdout).toContain('Reconciled: ');
    // Piped, the progress is lines without terminal codes.
    expect(first.ended.stderr).toMatch(/^(?:orders [█░]{30} \d+\/20 .*\n)+$/);

    const before = await booksOf(stack().running);
    const second = await play('--limit', '20');
    expect(second.summary).toMatchObject({
      placed: 0,
      repeated: placed,
      refused,
      charged: first.summary.charged,
    });
    expect(figure(second.ended.stdout, 'placed before')).toBe(String(placed));
    expect(await booksOf(stack().running)).toEqual(before);
  });

  it('cancels what a declined card did not pay, gives the goods back and says so once', async () => {
    const { summary } = await play('--limit', '12', '--seed', '2', '--card', 'pm_card_visa_chargeDeclined');
    expect(summary.placed).toBeGreaterThan(0);
    expect(summary).toMatchObject({
      byStatus: { Cancelled: summary.placed },
      charged: 0,
      mails: summary.placed,
      differences: [],
    });
    const { articles, holds } = await booksOf(stack().running);
    expect(articles.filter((row) => !row.includes('"held":0,'))).toEqual([]);
    expect(holds.filter((row) => row.includes('"released"'))).toHaveLength(summary.placed);
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
        mails: 112,
        differences: [],
      });
    },
  );

  it('plays a small file of its own, plain and packed, as two different ones', async () => {
    const text = [
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      '1,85123A,LANTERN,2,2011-07-13 08:48:00,2.5,17850,United Kingdom',
      '1,POST,POSTAGE,1,2011-07-13 08:48:00,4,17850,United Kingdom',
      'C2,85123A,LANTERN,-2,2011-07-13 08:48:00,2.5,17850,United Kingdom',
      '3,85123A,,-1,2011-07-13 08:48:00,0,,Unspecified',
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
    const expected = { orders: 2, placed: 1, refused: 1, refusedByReason, charged: 900, differences: [] };
    expect((await play(fileNamed('plain.csv'))).summary).toMatchObject(expected);
    expect((await play(fileNamed('packed.csv.gz'))).summary).toMatchObject(expected);
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
