import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../../http-server.js';
import { servePage } from '../../paging.js';
import type { Charge, Intent } from '../records.js';
import { orderField, type State } from '../state.js';

/**
 * What became of the money of one payment, in minor units. The sums are those of its ledger lines; reserved = captured +
 * released + held, and refunded has what came back from refunds that failed after all taken off.
 */
export interface PaymentBook {
  readonly sequence: number;
  readonly id: string;
  readonly order: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly status: Intent['status'];
  readonly currency: string;
  readonly amount: number;
  readonly reserved: number;
  readonly captured: number;
  readonly released: number;
  readonly held: number;
  readonly refunded: number;
  readonly refundsPending: number;
  readonly disputed: number;
  /** Whether a reservation could be captured now, and until when (milliseconds since 1970). */
  readonly live: boolean;
  readonly captureBefore: number | null;
  readonly declines: readonly string[];
  readonly refunds: readonly {
    readonly id: string;
    readonly amount: number;
    readonly status: string;
    readonly failureReason: string | null;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
  readonly disputes: readonly { readonly id: string; readonly amount: number; readonly reason: string }[];
}

/** The book of one payment; its place is given by the caller. */
export function bookOf(state: State, intent: Intent, sequence: number): PaymentBook {
  const lines = state.linesByIntent.get(intent.id) ?? [];
  const sum = (kind: string): number =>
    lines.filter((line) => line.kind === kind).reduce((total, line) => total + line.amount, 0);
  const charges = (state.chargesByIntent.get(intent.id) ?? []).flatMap((id) => state.charges.get(id) ?? []);
  const refunds = charges
    .flatMap((charge) => state.refundsByCharge.get(charge.id) ?? [])
    .flatMap((id) => state.refunds.get(id) ?? []);
  const [reserved, captured, released] = [sum('reserved'), sum('captured'), sum('released')];
  const live = state.openReservations.has(intent.id);
  return {
    sequence,
    id: intent.id,
    order: intent.metadata[orderField] ?? null,
    metadata: intent.metadata,
    status: intent.status,
    currency: intent.currency,
    amount: intent.amount,
    reserved,
    captured,
    released,
    held: reserved - captured - released,
    refunded: sum('refunded') - sum('refund_reversed'),
    refundsPending: refunds
      .filter((refund) => refund.status === 'pending')
      .reduce((total, refund) => total + refund.amount, 0),
    disputed: sum('disputed'),
    live,
    captureBefore: live ? (state.openReservations.get(intent.id) ?? null) : null,
    declines: lines.flatMap((line) => (line.kind === 'declined' ? [line.reason ?? ''] : [])),
    refunds: refunds.map(({ id, amount, status, failureReason, metadata }) => ({
      id,
      amount,
      status,
      failureReason,
      metadata,
    })),
    disputes: charges.flatMap((charge) => disputesOf(state, charge)),
  };
}

function disputesOf(state: State, charge: Charge): PaymentBook['disputes'] {
  if (!charge.disputed) return [];
  return [...state.disputes.values()]
    .filter((dispute) => dispute.charge === charge.id)
    .map(({ id, amount, reason }) => ({ id, amount, reason }));
}

const summed = [
  'reserved',
  'captured',
  'released',
  'held',
  'refunded',
  'refundsPending',
  'disputed',
] as const;

type Sums = Record<(typeof summed)[number] | 'payments' | 'live', number>;

/** Sums over books, by currency. */
function sumsOf(books: Iterable<PaymentBook>): Readonly<Record<string, Sums>> {
  const sums: Record<string, Sums> = {};
  for (const book of books) {
    const known = (sums[book.currency] ??= {
      reserved: 0,
      captured: 0,
      released: 0,
      held: 0,
      refunded: 0,
      refundsPending: 0,
      disputed: 0,
      payments: 0,
      live: 0,
    });
    for (const name of summed) known[name] += book[name];
    known.payments += 1;
    known.live += book.live ? 1 : 0;
  }
  return sums;
}

/**
 * GET /_ledger/payments: `{ payments, next, sums }`, oldest first, each payment as a book. `order_id`,
 * `metadata[name]=value`, `intent` and `live=true` narrow both payments and sums; `after` and `limit` (1000, at most
 * 10000) page the payments only. 400 for a filter that is not known.
 */
export async function servePaymentBooks(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const tests: ((intent: Intent) => boolean)[] = [];
  for (const [name, value] of url.searchParams) {
    const field = name === 'order_id' ? orderField : /^metadata\[(.+)\]$/.exec(name)?.[1];
    if (field !== undefined) tests.push((intent) => intent.metadata[field] === value);
    else if (name === 'intent') tests.push((intent) => intent.id === value);
    else if (name === 'live' && value === 'true')
      tests.push((intent) => state.openReservations.has(intent.id));
    else if (name !== 'after' && name !== 'limit')
      return sendJson(response, 400, {
        problem: 'payments are narrowed by order_id, metadata[name], intent and live=true',
      });
  }
  function* booksAfter(after: number): Generator<PaymentBook> {
    let sequence = 0;
    for (const intent of state.intents.values()) {
      sequence += 1;
      if (sequence > after && tests.every((test) => test(intent))) yield bookOf(state, intent, sequence);
    }
  }
  return servePage(request, response, url, { usual: 1_000, most: 10_000 }, booksAfter, (payments) => ({
    payments,
    sums: sumsOf(booksAfter(0)),
  }));
}
