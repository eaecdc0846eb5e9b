import { millionths } from './decimals.js';
import type { FiledInvoice, InvoiceLine } from './invoices.js';

/** A line of an order that a later cancellation may mean. */
export type BookedLine = {
  readonly invoiceNumber: string;
  /** The order's lines count from 1, as the checkout counts them. */
  readonly lineNumber: number;
  /** As the order has it. */
  readonly code: string;
  readonly quantity: number;
  /** In millionths of a pound; null when it cannot be read. */
  readonly price: bigint | null;
  readonly position: number;
};

/** Orders by what cancellations say of them. */
export type OrderBook = {
  /** Lines of this customer and code, in any case of its letters, in orders before that position; earliest first. */
  readonly linesBefore: (customer: string, code: string, position: number) => readonly BookedLine[];
  /**
   * The earlier orders whose lines, delivery too, are exactly those that the cancellation takes back. Of each order its
   * lines, sorted so that each stands where the cancellation has its reverse; earliest order first.
   */
  readonly wholeOrdersOf: (cancellation: FiledInvoice) => ReadonlyArray<readonly BookedLine[]>;
};

/** Upper and lower case letters are the same article to a cancellation. */
const articleKey = (customer: string, code: string): string => `${customer}\0${code.toUpperCase()}`;

/** Equal for two lines that say the same; `sign` turns around what was taken back. */
const lineKey = (line: InvoiceLine, sign: 1 | -1): string => {
  const price = millionths(line.unitPrice);
  const units = String(sign * line.quantity);
  return `${line.stockCode.toUpperCase()}\t${units}\t${price === null ? line.unitPrice : String(price)}`;
};

const invoiceKey = ({ customer, lines }: FiledInvoice, sign: 1 | -1): string =>
  [customer ?? '', ...lines.map((line) => lineKey(line, sign)).sort()].join('\0');

const grouped = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
};

const bookedLine = (order: FiledInvoice, line: InvoiceLine, index: number): BookedLine => ({
  invoiceNumber: order.number,
  lineNumber: index + 1,
  code: line.stockCode,
  quantity: line.quantity,
  price: millionths(line.unitPrice),
  position: order.position,
});

/** The order's lines in the sequence of the cancellation that has the reverse of each. */
const sortedAs = (cancellation: FiledInvoice, order: FiledInvoice): readonly BookedLine[] => {
  const lines = order.lines.map((line, index) => ({
    key: lineKey(line, 1),
    booked: bookedLine(order, line, index),
  }));
  const waiting = grouped(lines, ({ key }) => key);
  return cancellation.lines.flatMap((claim) => {
    const next = waiting.get(lineKey(claim, -1))?.shift();
    return next === undefined ? [] : [next.booked];
  });
};

/** Books the orders that have a customer; nobody can take back from the others. */
export const createOrderBook = (orders: readonly FiledInvoice[]): OrderBook => {
  const named = orders
    .flatMap((order) => (order.customer === null ? [] : [{ ...order, customer: order.customer }]))
    .sort((left, right) => left.position - right.position);
  const goods = named.flatMap((order) =>
    order.lines.flatMap((line, index) =>
      line.quantity > 0
        ? [{ key: articleKey(order.customer, line.stockCode), booked: bookedLine(order, line, index) }]
        : [],
    ),
  );
  const byArticle = grouped(goods, ({ key }) => key);
  const byContent = grouped(named, (order) => invoiceKey(order, 1));
  return {
    linesBefore: (customer, code, position) =>
      (byArticle.get(articleKey(customer, code)) ?? []).flatMap(({ booked }) =>
        booked.position < position ? [booked] : [],
      ),
    wholeOrdersOf: (cancellation) =>
      (byContent.get(invoiceKey(cancellation, -1)) ?? []).flatMap((order) =>
        order.position < cancellation.position ? [sortedAs(cancellation, order)] : [],
      ),
  };
};
