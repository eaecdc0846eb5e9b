import {
  type CancellationOutcome,
  type OrderRefund,
  refusalReasons,
  type RefundedLine,
  type RefusalReason,
  type RefusedLine,
} from './cancellation-outcome.js';
import type { FiledInvoice, InvoiceLine } from './invoices.js';
import type { JudgedOrders } from './judged-orders.js';
import { matchLine } from './line-match.js';
import { type BookedLine, createOrderBook, type OrderBook } from './order-book.js';

type Books = { readonly accepted: OrderBook; readonly all: OrderBook };

/** What a line of a cancellation means: one order line, or none for a reason. */
type Meaning =
  | { readonly type: 'clear'; readonly line: BookedLine }
  | {
      readonly type: 'unclear';
      readonly reason: RefusalReason;
      readonly candidates: readonly BookedLine[];
    };

/** Units taken back by order line. */
type Taken = Map<string, number>;

const keyOf = ({ invoiceNumber, lineNumber }: BookedLine): string => `${invoiceNumber}/${String(lineNumber)}`;

/** An accepted order has prices of whole pence, so this division leaves nothing. */
const penceOf = (line: BookedLine, units: number): number =>
  Number(((line.price ?? 0n) * BigInt(units)) / 10_000n);

/** Orders that the checkout refused are looked at only to tell why a line fits no accepted one. */
const meaningOf = (cancellation: FiledInvoice, claim: InvoiceLine, books: Books): Meaning => {
  const match = matchLine(cancellation, claim, books.accepted);
  if (match.fit === 'one') return { type: 'clear', line: match.line };
  if (match.fit === 'several') {
    return { type: 'unclear', reason: 'ambiguous', candidates: match.candidates };
  }
  const anywhere = matchLine(cancellation, claim, books.all);
  switch (anywhere.fit) {
    case 'one':
      return { type: 'unclear', reason: 'order_refused', candidates: [anywhere.line] };
    case 'several':
      return { type: 'unclear', reason: 'order_refused', candidates: anywhere.candidates };
    case 'none':
      return { type: 'unclear', reason: anywhere.name, candidates: anywhere.candidates };
  }
};

type Read = { readonly isWholeOrder: boolean; readonly meanings: readonly Meaning[] };

/** A whole order comes before its lines: it is the better explanation also where a line alone would fit others too. */
const read = (cancellation: FiledInvoice, books: Books): Read => {
  const orders = books.accepted.wholeOrdersOf(cancellation);
  const [order] = orders;
  if (order === undefined) {
    const meanings = cancellation.lines.map((claim) => meaningOf(cancellation, claim, books));
    return { isWholeOrder: false, meanings };
  }
  if (orders.length === 1) {
    return { isWholeOrder: true, meanings: order.map((line) => ({ type: 'clear', line })) };
  }
  const meanings = order.map((_, index): Meaning => {
    const candidates = orders.flatMap((lines) => lines[index] ?? []);
    return { type: 'unclear', reason: 'ambiguous', candidates };
  });
  return { isWholeOrder: true, meanings };
};

const refundsOf = (lines: ReadonlyArray<{ readonly line: BookedLine; readonly units: number }>) => {
  const byOrder = new Map<string, RefundedLine[]>();
  for (const { line, units } of lines) {
    const { invoiceNumber, lineNumber, code } = line;
    const refunded = { lineNumber, code, quantity: units, amount: penceOf(line, units) };
    const before = byOrder.get(invoiceNumber);
    if (before === undefined) byOrder.set(invoiceNumber, [refunded]);
    else before.push(refunded);
  }
  return [...byOrder].map(([invoiceNumber, taken]): OrderRefund => ({
    invoiceNumber,
    amount: taken.reduce((total, { amount }) => total + amount, 0),
    lines: taken,
  }));
};

const refused = (cancellation: string, lines: readonly RefusedLine[]): CancellationOutcome => ({
  type: 'refused',
  cancellation,
  reasons: refusalReasons.filter((reason) => lines.some((line) => line.reason === reason)),
  lines,
});

/** Takes all that the cancellation means from what is left of the orders, or nothing and says why. */
const resolve = (cancellation: FiledInvoice, books: Books, taken: Taken): CancellationOutcome => {
  const { number, lines: claims } = cancellation;
  const { isWholeOrder, meanings } = read(cancellation, books);
  const problems: RefusedLine[] = [];
  const refunded: Array<{ readonly line: BookedLine; readonly units: number }> = [];
  const tried: Taken = new Map();
  const refuse = (index: number, code: string, reason: RefusalReason, lines: readonly BookedLine[]): void => {
    const candidates = lines.map(({ invoiceNumber, lineNumber }) => ({ invoiceNumber, lineNumber }));
    problems.push({ lineNumber: index + 1, code, reason, candidates });
  };
  for (const [index, { stockCode, quantity }] of claims.entries()) {
    const meaning = meanings[index];
    if (meaning === undefined) continue;
    if (meaning.type === 'unclear') {
      refuse(index, stockCode, meaning.reason, meaning.candidates);
      continue;
    }
    const { line } = meaning;
    const units = -quantity;
    const before = tried.get(keyOf(line)) ?? taken.get(keyOf(line)) ?? 0;
    if (before + units > line.quantity) {
      refuse(index, stockCode, 'over_refunding', [line]);
      continue;
    }
    tried.set(keyOf(line), before + units);
    refunded.push({ line, units });
  }
  if (problems.length > 0) return refused(number, problems);
  for (const [key, units] of tried) taken.set(key, units);
  const refunds = refundsOf(refunded);
  const [whole] = refunds;
  return isWholeOrder && whole !== undefined
    ? {
        type: 'whole_order',
        cancellation: number,
        invoiceNumber: whole.invoiceNumber,
        amount: whole.amount,
      }
    : { type: 'refund', cancellation: number, refunds };
};

/**
 * Decides what becomes of each cancellation, in order of time. A cancellation does not name the orders that it takes back
 * from; they are found by customer, code in any case of its letters, quantity and price, among earlier accepted orders.
 *
 * - All or nothing: one line that cannot be resolved refuses the whole cancellation, as half a refund looks like a full one.
 * - Units once taken back are gone. They still count when lines are matched: a second claim of the same line is
 *   `over_refunding` and never moves on to another order that would happen to fit.
 * - A refused cancellation takes nothing.
 */
export const resolveCancellations = (
  orders: JudgedOrders,
  cancellations: readonly FiledInvoice[],
): readonly CancellationOutcome[] => {
  const books = {
    accepted: createOrderBook(orders.accepted),
    all: createOrderBook([...orders.accepted, ...orders.refused]),
  };
  const taken: Taken = new Map();
  return [...cancellations]
    .sort((left, right) => left.position - right.position)
    .map((cancellation) => resolve(cancellation, books, taken));
};
