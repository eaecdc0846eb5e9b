// What is read of a file of invoices.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  readInvoiceFile,
  readInvoices,
  UnreadableInvoices,
} from '../../../infrastructure/orders/invoices/invoices.js';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const row = (number: string, quantity: string, customer = '17850'): string =>
  `${number},22423,CAKE STAND,${quantity},2011-08-01 09:00:00,10.95,${customer},France`;

const state = { folder: '' };

beforeAll(async () => {
  state.folder = await mkdtemp(join(tmpdir(), 'invoices-'));
});

afterAll(() => rm(state.folder, { recursive: true, force: true }));

const written = async (name: string, rows: readonly string[]): Promise<string> => {
  const path = join(state.folder, name);
  await writeFile(path, `${[header, ...rows].join('\n')}\n`);
  return path;
};

it('tells orders from cancellations, keeps their sequence and leaves other invoices out by name', async () => {
  const path = await written('kinds.csv', [
    row('7', '2'),
    row('A8', '-1'),
    row('C9', '-2'),
    row('10', '1', ''),
    row('7', '3'),
    row('C11', '-1', ''),
  ]);
  const { orders, cancellations } = await readInvoiceFile(path);
  const told = [...orders, ...cancellations]
    .sort((left, right) => left.position - right.position)
    .map(({ number, customer, lines }) => [number, customer, lines.map(({ quantity }) => quantity)]);
  expect(told).toStrictEqual([
    ['7', '17850', [2, 3]],
    ['C9', '17850', [-2]],
    ['10', null, [1]],
    ['C11', null, [-1]],
  ]);
  expect(orders.map(({ number }) => number)).toStrictEqual(['7', '10']);
  expect(await readInvoices(path)).toStrictEqual(orders);
});

it('refuses half a unit, also on a cancellation, and not on what is left out', async () => {
  await expect(readInvoiceFile(await written('half.csv', [row('C9', '-0.5')]))).rejects.toThrow(
    UnreadableInvoices,
  );
  const other = await readInvoiceFile(await written('other.csv', [row('A9', '-0.5')]));
  expect(other).toStrictEqual({ orders: [], cancellations: [] });
});
