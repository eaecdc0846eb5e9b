// Real invoices of a gift wholesaler as carts. The file lies beside the repository and is large; tests that need it
// say so and are left out where it is absent.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { CartDraft } from '../../../domain/order/cart.js';

const shared = new URL('../../../../shared/data/', import.meta.url);

/** True when the shared data lies beside this checkout. */
export const sharedDataIsHere = existsSync(shared);

/** The text of a shared file, unpacked when its name ends in `.gz`. */
export const sharedFile = (path: string): string => {
  const bytes = readFileSync(new URL(path, shared));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};

const unquoted = (field: string): string =>
  field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;

/** The records of a CSV text with one header line: quotes where needed, no line breaks inside fields. */
export const csvRecords = (text: string): ReadonlyArray<ReadonlyMap<string, string>> => {
  const [header = '', ...rows] = text.split(/\r?\n/).filter((line) => line !== '');
  const fieldsOf = (line: string): readonly string[] =>
    [...`,${line}`.matchAll(/,("(?:[^"]|"")*"|[^,]*)/g)].map(([, field = '']) => unquoted(field));
  const names = fieldsOf(header);
  return rows.map((row) => {
    const fields = fieldsOf(row);
    return new Map(names.map((name, index) => [name, fields[index] ?? '']));
  });
};

/** One invoice and the cart that the shop would sign for it. */
export type Invoice = { readonly number: string; readonly draft: CartDraft };

// Adds decimal texts exactly: the sum has as many digits after the point as the longest of them, at least two.
const exactSum = (products: ReadonlyArray<readonly [price: string, count: number]>): string => {
  const digits = Math.max(2, ...products.map(([price]) => price.split('.')[1]?.length ?? 0));
  const units = products.reduce((total, [price, count]) => {
    const [whole = '0', fraction = ''] = price.split('.');
    return total + BigInt(whole + fraction.padEnd(digits, '0')) * BigInt(count);
  }, 0n);
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
  return `${units < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
};

type Row = ReadonlyMap<string, string>;
const cell = (row: Row, name: string): string => row.get(name) ?? '';

const draftOf = (first: Row, rows: readonly Row[]): CartDraft => ({
  customerReference: cell(first, 'CustomerID') === '' ? null : cell(first, 'CustomerID'),
  country: cell(first, 'Country'),
  currency: 'GBP',
  lines: rows.map((row) => ({
    code: cell(row, 'StockCode'),
    description: cell(row, 'Description'),
    quantity: Number(cell(row, 'Quantity')),
    unitPrice: cell(row, 'UnitPrice'),
  })),
  total: exactSum(rows.map((row) => [cell(row, 'UnitPrice'), Number(cell(row, 'Quantity'))])),
});

/** The orders of the file, in the order of their first rows: invoices whose number is digits only. Nothing is left out. */
export const ordersOf = (text: string): readonly Invoice[] => {
  const byNumber = new Map<string, Row[]>();
  for (const row of csvRecords(text)) {
    const number = cell(row, 'InvoiceNo');
    const rows = byNumber.get(number);
    if (rows === undefined) byNumber.set(number, [row]);
    else rows.push(row);
  }
  return [...byNumber].flatMap(([number, rows]) => {
    const [first] = rows;
    return first !== undefined && /^\d+$/.test(number) ? [{ number, draft: draftOf(first, rows) }] : [];
  });
};
