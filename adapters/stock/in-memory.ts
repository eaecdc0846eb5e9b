import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Stock, StockReceipt } from '../../application/ports/stock.js';
import type { ArticleCode } from '../../domain/catalogue.js';
import type { OrderId } from '../../domain/ids.js';
import { hasPassed, type Instant } from '../../domain/instant.js';
import type { CommitmentOutcome, StockOutcome } from '../../domain/order/commands.js';
import type { MissingLine } from '../../domain/order/events.js';

type Article = { bin: string; onHand: number; held: number; withdrawn: boolean };
type HeldLine = { readonly lineNumber: number; readonly code: ArticleCode; readonly units: number };
type Hold = {
  /** `expired`: the goods went to another order. */
  status: 'reserved' | 'committed' | 'released' | 'settled' | 'expired';
  until: Instant;
  readonly lines: readonly HeldLine[];
};

/** A ledger in this process; `withdraw` takes an article out of sale. */
export type InMemoryStock = Stock & { readonly withdraw: (code: ArticleCode) => void };

/** A stock ledger in memory, empty at first. Each call happens at once, when its task is run. */
export function inMemoryStock(): InMemoryStock {
  const articles = new Map<ArticleCode, Article>();
  const receipts = new Set<string>();
  const holds = new Map<OrderId, Hold>();

  const freeUnits = (code: ArticleCode): number => {
    const article = articles.get(code);
    return article ? article.onHand - article.held : 0;
  };

  function missingOf(lines: readonly HeldLine[]): readonly MissingLine[] {
    const asked = new Map<ArticleCode, number>();
    return [...lines]
      .sort((left, right) => left.lineNumber - right.lineNumber)
      .flatMap(({ lineNumber, code, units }) => {
        const before = asked.get(code) ?? 0;
        asked.set(code, before + units);
        const available = Math.max(0, Math.min(units, freeUnits(code) - before));
        return available < units ? [{ lineNumber, available }] : [];
      });
  }

  function change(code: ArticleCode, heldBy: number, onHandBy: number): void {
    const article = articles.get(code);
    if (article === undefined) return;
    article.held += heldBy;
    article.onHand += onHandBy;
  }

  function giveBack(hold: Hold): void {
    for (const { code, units } of hold.lines) change(code, -units, 0);
  }

  /** Ends expired reservations that hold any of these articles. */
  function reclaim(codes: ReadonlySet<ArticleCode>, now: Instant): void {
    for (const hold of holds.values()) {
      if (hold.status !== 'reserved' || !hasPassed(hold.until, now)) continue;
      if (!hold.lines.some(({ code }) => codes.has(code))) continue;
      giveBack(hold);
      hold.status = 'expired';
    }
  }

  /** Holds the units of all lines or of none; answers what is missing. */
  function take(lines: readonly HeldLine[], now: Instant): readonly MissingLine[] {
    const lacking = new Set(missingOf(lines).map(({ lineNumber }) => lineNumber));
    if (lacking.size > 0) {
      const codes = lines.flatMap(({ lineNumber, code }) => (lacking.has(lineNumber) ? [code] : []));
      reclaim(new Set(codes), now);
    }
    const missing = missingOf(lines);
    if (missing.length === 0) for (const { code, units } of lines) change(code, units, 0);
    return missing;
  }

  function reserve(orderId: OrderId, lines: readonly HeldLine[], until: Instant, now: Instant): StockOutcome {
    const hold = holds.get(orderId);
    if (hold !== undefined && hold.status !== 'expired') {
      if (hold.status === 'reserved' && hasPassed(hold.until, now)) hold.until = until;
      return { type: 'reserved', until: hold.until };
    }
    const missing = take(hold?.lines ?? lines, now);
    if (missing.length > 0) return { type: 'unavailable', lines: missing };
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
      const missing = take(hold.lines, now);
      if (missing.length > 0) return { type: 'unavailable', lines: missing };
    }
    if (hold.status !== 'settled') hold.status = 'committed';
    return { type: 'committed' };
  }

  function release(orderId: OrderId): void {
    const hold = holds.get(orderId);
    if (hold === undefined || hold.status === 'settled') return;
    if (hold.status === 'reserved' || hold.status === 'committed') giveBack(hold);
    hold.status = 'released';
  }

  function settle(
    orderId: OrderId,
    shipped: ReadonlyArray<{ readonly lineNumber: number; readonly units: number }>,
  ): void {
    const hold = holds.get(orderId);
    if (hold?.status !== 'reserved' && hold?.status !== 'committed') return;
    for (const { lineNumber, code, units } of hold.lines) {
      const reported = shipped.filter((line) => line.lineNumber === lineNumber);
      const gone = reported.reduce((total, line) => total + line.units, 0);
      change(code, -units, -Math.min(units, gone));
    }
    hold.status = 'settled';
  }

  function receive(receipt: StockReceipt): 'booked' | 'repeated' {
    if (receipts.has(receipt.receiptId)) return 'repeated';
    receipts.add(receipt.receiptId);
    for (const { code, bin, quantity } of receipt.articles) {
      const known = articles.get(code) ?? { bin, onHand: 0, held: 0, withdrawn: false };
      articles.set(code, { ...known, bin, onHand: known.onHand + quantity });
    }
    return 'booked';
  }

  const answering =
    <Answer>(call: () => Answer): TE.TaskEither<never, Answer> =>
    async () =>
      E.right(call());

  return {
    reserve: (orderId, lines, until, now) =>
      answering(() => {
        const heldLines = lines.map(({ lineNumber, code, quantity }) => ({
          lineNumber,
          code,
          units: quantity,
        }));
        return reserve(orderId, heldLines, until, now);
      }),
    commit: (orderId, now) => answering(() => commit(orderId, now)),
    release: (orderId) => answering(() => release(orderId)),
    settle: (orderId, shipped) => answering(() => settle(orderId, shipped)),
    receive: (receipt) => answering(() => receive(receipt)),
    levels: (codes) =>
      answering(() =>
        [...new Set(codes)].sort().flatMap((code) => {
          const article = articles.get(code);
          return article ? [{ code, bin: article.bin, onHand: article.onHand, held: article.held }] : [];
        }),
      ),
    withdrawn: (codes) =>
      answering(() => [...new Set(codes)].sort().filter((code) => articles.get(code)?.withdrawn === true)),
    withdraw: (code) => {
      const article = articles.get(code);
      if (article !== undefined) article.withdrawn = true;
    },
  };
}
