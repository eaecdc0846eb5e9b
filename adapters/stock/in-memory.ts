import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { LineUnits, Stock, StockReceipt } from '../../application/ports/stock.js';
import type { ArticleCode } from '../../domain/catalogue.js';
import type { OrderId } from '../../domain/ids.js';
import { hasPassed, type Instant } from '../../domain/instant.js';
import type { CommitmentOutcome, StockOutcome } from '../../domain/order/commands.js';
import { type ArticleBooks, type HeldLine, inMemoryBooks } from './in-memory-books.js';

type Hold = {
  /** `expired`: the goods went to another order. */
  status: 'reserved' | 'committed' | 'released' | 'settled' | 'expired';
  until: Instant;
  readonly lines: readonly HeldLine[];
};

/** A ledger in this process; `withdraw` takes an article out of sale. */
export type InMemoryStock = Stock & { readonly withdraw: (code: ArticleCode) => void };

const isActive = (hold: Hold | undefined): hold is Hold =>
  hold?.status === 'reserved' || hold?.status === 'committed';

/** Ends expired reservations that hold any of these articles. */
function reclaim(
  holds: ReadonlyMap<OrderId, Hold>,
  books: ArticleBooks,
  codes: ReadonlySet<ArticleCode>,
  now: Instant,
): void {
  for (const hold of holds.values()) {
    if (hold.status !== 'reserved' || !hasPassed(hold.until, now)) continue;
    if (!hold.lines.some(({ code }) => codes.has(code))) continue;
    books.giveBack(hold.lines, [], []);
    hold.status = 'expired';
  }
}

/** A stock ledger in memory, empty at first. Each call happens at once, when its task is run. */
export function inMemoryStock(): InMemoryStock {
  const books = inMemoryBooks();
  const holds = new Map<OrderId, Hold>();
  const receipts = new Set<string>();
  const counts = new Set<string>();

  /** Holds the units of all lines or of none; answers what is missing. */
  function take(lines: readonly HeldLine[], now: Instant) {
    const lacking = books.lackingOf(lines);
    if (lacking.length > 0) {
      const numbers = new Set(lacking.map(({ lineNumber }) => lineNumber));
      const codes = lines.flatMap(({ lineNumber, code }) => (numbers.has(lineNumber) ? [code] : []));
      reclaim(holds, books, new Set(codes), now);
    }
    const stillLacking = books.lackingOf(lines);
    if (stillLacking.length === 0) books.hold(lines);
    return stillLacking;
  }

  function reserve(orderId: OrderId, lines: readonly HeldLine[], until: Instant, now: Instant): StockOutcome {
    const hold = holds.get(orderId);
    if (hold !== undefined && hold.status !== 'expired') {
      if (hold.status === 'reserved' && until > hold.until) hold.until = until;
      return { type: 'reserved', until: hold.until };
    }
    const lacking = take(hold?.lines ?? lines, now);
    if (lacking.length > 0) return { type: 'unavailable', lines: lacking };
    holds.set(orderId, { status: 'reserved', until, lines: hold?.lines ?? lines });
    return { type: 'reserved', until };
  }

  function commit(orderId: OrderId, now: Instant): CommitmentOutcome {
    const hold = holds.get(orderId);
    if (hold === undefined) return { type: 'unavailable', lines: [] };
    if (hold.status === 'released') {
      const lines = hold.lines.map(({ lineNumber }) => ({ lineNumber, available: 0 }));
      return { type: 'unavailable', lines };
    }
    if (hold.status === 'expired') {
      const lacking = take(hold.lines, now);
      if (lacking.length > 0) return { type: 'unavailable', lines: lacking };
    }
    if (hold.status !== 'settled') hold.status = 'committed';
    return { type: 'committed' };
  }

  function release(orderId: OrderId, missing: readonly LineUnits[]): void {
    const hold = holds.get(orderId);
    if (hold === undefined || hold.status === 'settled') return;
    if (isActive(hold)) books.giveBack(hold.lines, [], missing);
    hold.status = 'released';
  }

  function settle(orderId: OrderId, shipped: readonly LineUnits[], missing: readonly LineUnits[]): void {
    const hold = holds.get(orderId);
    if (!isActive(hold)) return;
    books.giveBack(hold.lines, shipped, missing);
    hold.status = 'settled';
  }

  function count(countId: string, code: ArticleCode, units: number) {
    if (!books.isKnown(code)) return 'article_unknown';
    if (counts.has(countId)) return 'repeated';
    counts.add(countId);
    books.count(code, units);
    return 'booked';
  }

  function holdOf(orderId: OrderId) {
    const hold = holds.get(orderId);
    if (!isActive(hold)) return { type: 'none' } as const;
    return hold.status === 'committed'
      ? ({ type: 'committed' } as const)
      : ({ type: 'reserved', until: hold.until } as const);
  }

  function receive({ receiptId, articles }: StockReceipt): 'booked' | 'repeated' {
    if (receipts.has(receiptId)) return 'repeated';
    receipts.add(receiptId);
    for (const { code, bin, quantity } of articles) books.receive(code, bin, quantity);
    return 'booked';
  }

  const answering =
    <Answer>(call: () => Answer): TE.TaskEither<never, Answer> =>
    async () =>
      E.right(call());

  return {
    reserve: (orderId, lines, until, now) =>
      answering(() => {
        const heldLines = lines.map(({ lineNumber, code, quantity: units }) => ({ lineNumber, code, units }));
        return reserve(orderId, heldLines, until, now);
      }),
    commit: (orderId, now) => answering(() => commit(orderId, now)),
    release: (orderId, missing) => answering(() => release(orderId, missing)),
    settle: (orderId, shipped, missing) => answering(() => settle(orderId, shipped, missing)),
    count: (countId, code, units) => answering(() => count(countId, code, units)),
    holdOf: (orderId) => answering(() => holdOf(orderId)),
    receive: (receipt) => answering(() => receive(receipt)),
    levels: (codes) => answering(() => books.levels(codes)),
    withdrawn: (codes) => answering(() => [...new Set(codes)].sort().filter(books.isWithdrawn)),
    withdraw: (code) => books.withdraw(code),
  };
}
