import type { LineUnits, StockLevel } from '../../application/ports/stock.js';
import type { ArticleCode } from '../../domain/catalogue.js';
import type { MissingLine } from '../../domain/order/events.js';

/** Units of an article that an order holds for one of its lines. */
export type HeldLine = { readonly lineNumber: number; readonly code: ArticleCode; readonly units: number };

type Article = {
  bin: string;
  onHand: number;
  held: number;
  missing: number;
  /** Held units that the last count did not find. */
  uncovered: number;
  withdrawn: boolean;
};

/** The articles of a ledger in memory. Held and missing units together are never more than those on hand. */
export type ArticleBooks = ReturnType<typeof inMemoryBooks>;

const unitsOf = (lines: readonly LineUnits[], lineNumber: number): number =>
  lines.reduce((total, line) => (line.lineNumber === lineNumber ? total + line.units : total), 0);

const within = (most: number, units: number): number => Math.max(0, Math.min(most, units));

/** The books of articles, empty at first. A count below what is held is booked as in the database (011-stock-counts.sql). */
export function inMemoryBooks() {
  const articles = new Map<ArticleCode, Article>();

  const sellable = (code: ArticleCode): number => {
    const article = articles.get(code);
    return article ? article.onHand - article.held - article.missing : 0;
  };

  /** Ends the hold of all these units of one article. */
  function end(article: Article, units: number, gone: number, lost: number): void {
    const back = units - gone - lost;
    const unseen = Math.max(0, article.uncovered - lost);
    const alsoLost = Math.min(unseen, back);
    article.onHand -= gone;
    article.held -= units;
    article.missing += lost + alsoLost;
    article.uncovered = Math.min(article.held, unseen - alsoLost);
  }

  return {
    isKnown: (code: ArticleCode): boolean => articles.has(code),
    isWithdrawn: (code: ArticleCode): boolean => articles.get(code)?.withdrawn === true,
    withdraw(code: ArticleCode): void {
      const article = articles.get(code);
      if (article !== undefined) article.withdrawn = true;
    },
    /** The lines for which there is less than wanted, served in line order, and what there is for each. */
    lackingOf(lines: readonly HeldLine[]): readonly MissingLine[] {
      const asked = new Map<ArticleCode, number>();
      return [...lines]
        .sort((left, right) => left.lineNumber - right.lineNumber)
        .flatMap(({ lineNumber, code, units }) => {
          const before = asked.get(code) ?? 0;
          asked.set(code, before + units);
          const available = within(units, sellable(code) - before);
          return available < units ? [{ lineNumber, available }] : [];
        });
    },
    /** Holds units that are there. */
    hold(lines: readonly HeldLine[]): void {
      for (const { code, units } of lines) {
        const article = articles.get(code);
        if (article !== undefined) article.held += units;
      }
    },
    /** Ends a hold: shipped units leave the shelf, lost ones are missing, the rest may be sold. */
    giveBack(lines: readonly HeldLine[], shipped: readonly LineUnits[], missing: readonly LineUnits[]): void {
      const ended = new Map<ArticleCode, { units: number; gone: number; lost: number }>();
      for (const { lineNumber, code, units } of lines) {
        const gone = within(units, unitsOf(shipped, lineNumber));
        const lost = within(units - gone, unitsOf(missing, lineNumber));
        const sum = ended.get(code) ?? { units: 0, gone: 0, lost: 0 };
        ended.set(code, { units: sum.units + units, gone: sum.gone + gone, lost: sum.lost + lost });
      }
      for (const [code, { units, gone, lost }] of ended) {
        const article = articles.get(code);
        if (article !== undefined) end(article, units, gone, lost);
      }
    },
    receive(code: ArticleCode, bin: string, quantity: number): void {
      const known = articles.get(code);
      if (known === undefined) {
        const withdrawn = false;
        articles.set(code, { bin, onHand: quantity, held: 0, missing: 0, uncovered: 0, withdrawn });
        return;
      }
      const covering = Math.min(known.uncovered, quantity);
      known.bin = bin;
      known.onHand += quantity - covering;
      known.uncovered -= covering;
    },
    count(code: ArticleCode, units: number): void {
      const article = articles.get(code);
      if (article === undefined) return;
      article.onHand = Math.max(units, article.held);
      article.missing = 0;
      article.uncovered = Math.max(0, article.held - units);
    },
    levels: (codes: readonly ArticleCode[]): readonly StockLevel[] =>
      [...new Set(codes)].sort().flatMap((code) => {
        const article = articles.get(code);
        if (article === undefined) return [];
        const { bin, onHand, held, missing } = article;
        return [{ code, bin, onHand, held, missing }];
      }),
  };
}
