/** A source of repeatable numbers: the same seed gives the same sequence on every machine. */
export type Random = {
  /** A whole number from 0 to `below - 1`. */
  readonly below: (below: number) => number;
  /** One of these. */
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
};

/** SplitMix32 (Steele, Lea, Flood 2014): small, fast, good enough to make up orders; nothing secret comes from it. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return { below, pick: (items) => items[below(items.length)] ?? items[0] };
};
