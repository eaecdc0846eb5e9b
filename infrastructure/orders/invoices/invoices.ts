import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/** One line of an invoice as the shop wrote it. */
export type InvoiceLine = {
  readonly stockCode: string;
  readonly description: string;
  readonly quantity: number;
  /** Decimal text as written, such as `2.1`. */
  readonly unitPrice: string;
};

/** An invoice as the shop wrote it, errors included. */
export type Invoice = {
  readonly number: string;
  readonly customer: string | null;
  readonly country: string;
  readonly lines: readonly InvoiceLine[];
};

/** An invoice with its place in its file. */
export type FiledInvoice = Invoice & {
  /** Grows with the first rows of invoices. Files are written in order of time, so the lower one is the earlier. */
  readonly position: number;
};

/** What can be played of a file. Invoices of any other kind, such as `A…` for a bad debt, are left out by their name. */
export type InvoiceFile = {
  /** Invoices with a plain number. */
  readonly orders: readonly FiledInvoice[];
  /** `C…`: each takes back lines of earlier orders, in negative quantities, and does not say of which. */
  readonly cancellations: readonly FiledInvoice[];
};

/** A file that cannot be played, in one line for the person who named it. */
export class UnreadableInvoices extends Error {}

const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

const Row = t.record(t.string, t.string);

const cell = (row: Readonly<Record<string, string>>, column: (typeof columns)[number]): string =>
  row[column] ?? '';

const lineOf = (row: Readonly<Record<string, string>>, rowNumber: number): InvoiceLine => {
  const quantity = Number(cell(row, 'Quantity'));
  if (!Number.isInteger(quantity)) {
    throw new UnreadableInvoices(`row ${String(rowNumber)}: Quantity is not a whole number`);
  }
  return {
    stockCode: cell(row, 'StockCode'),
    description: cell(row, 'Description'),
    quantity,
    unitPrice: cell(row, 'UnitPrice'),
  };
};

const isOrderNumber = (number: string): boolean => /^\d+$/.test(number);
const isCancellationNumber = (number: string): boolean => /^C\d+$/.test(number);

type Draft = Omit<FiledInvoice, 'lines'> & { readonly lines: InvoiceLine[] };

const addRow = (
  drafts: Map<string, Draft>,
  row: Readonly<Record<string, string>>,
  rowNumber: number,
): void => {
  const number = cell(row, 'InvoiceNo');
  if (!isOrderNumber(number) && !isCancellationNumber(number)) return;
  const line = lineOf(row, rowNumber);
  const draft = drafts.get(number);
  if (draft !== undefined) {
    draft.lines.push(line);
    return;
  }
  const customer = cell(row, 'CustomerID').trim();
  const country = cell(row, 'Country');
  const invoice = { number, customer: customer === '' ? null : customer, country };
  drafts.set(number, { ...invoice, position: rowNumber, lines: [line] });
};

/**
 * Reads a CSV file (plain or gzip) with the columns of Online Retail; orders and cancellations each in the order of their
 * first lines. Rejects with `UnreadableInvoices` when the file is missing, is no such table or has a row without a whole quantity.
 */
export const readInvoiceFile = async (path: string): Promise<InvoiceFile> => {
  const file = createReadStream(path);
  const csv = parse({ columns: true, bom: true, skip_empty_lines: true });
  const failed = new Promise<never>((_, reject) => {
    const fail = (error: Error): void =>
      reject(new UnreadableInvoices(`${path} cannot be read: ${error.message}`));
    file.on('error', fail);
    csv.on('error', fail);
    if (path.endsWith('.gz')) {
      const unzip = createGunzip().on('error', fail);
      file.pipe(unzip).pipe(csv);
    } else file.pipe(csv);
  });
  const collected = (async () => {
    const drafts = new Map<string, Draft>();
    let rowNumber = 1;
    for await (const record of csv) {
      rowNumber += 1;
      const row = Row.decode(record);
      if (E.isLeft(row))
        throw new UnreadableInvoices(`${path}: row ${String(rowNumber)} is not a row of texts`);
      const missing = columns.filter((column) => !(column in row.right));
      if (missing.length > 0) throw new UnreadableInvoices(`${path} has no column ${missing.join(', ')}`);
      addRow(drafts, row.right, rowNumber);
    }
    const invoices = [...drafts.values()];
    return {
      orders: invoices.filter(({ number }) => isOrderNumber(number)),
      cancellations: invoices.filter(({ number }) => isCancellationNumber(number)),
    };
  })();
  return Promise.race([collected, failed]);
};

/** The orders of a file alone, as `readInvoiceFile` reads them. */
export const readInvoices = async (path: string): Promise<readonly FiledInvoice[]> =>
  (await readInvoiceFile(path)).orders;

/** The first orders of a file, with the cancellations that were written before the next order. */
export const firstOrders = ({ orders, cancellations }: InvoiceFile, count: number): InvoiceFile => {
  const end = orders[count]?.position ?? Number.POSITIVE_INFINITY;
  return {
    orders: orders.slice(0, count),
    cancellations: cancellations.filter(({ position }) => position < end),
  };
};
