/** Where a row stands: by a time in milliseconds, and among rows of one time by a number that no other row has. */
export interface Position {
  readonly time: number;
  readonly sequence: number;
}

/** Rows in ascending order of their positions; adding, removing and counting a range do not touch all of them. */
export interface SortedRows<Row> {
  readonly add: (row: Row) => void;
  /** The row must not have moved since it was added. */
  readonly remove: (row: Row) => void;
  readonly isEmpty: () => boolean;
  /** How many rows have a time between the two, both included. */
  readonly count: (oldest: number, latest: number) => number;
  /** The rows from a position on, upwards. */
  readonly upwards: (from: Position) => Iterable<Row>;
  /** The rows from a position on, downwards. */
  readonly downwards: (from: Position) => Iterable<Row>;
}

const mostPerBlock = 512;

/** Sorts the rows once; later ones find their places. Blocks keep every insertion short. */
export function sortedRows<Row>(
  positionOf: (row: Row) => Position,
  initial: readonly Row[] = [],
): SortedRows<Row> {
  const blocks: Row[][] = [];
  const sorted = [...initial].sort((one, other) => compare(positionOf(one), positionOf(other)));
  for (let from = 0; from < sorted.length; from += mostPerBlock) {
    blocks.push(sorted.slice(from, from + mostPerBlock));
  }

  /** The place of the first row of the block that is not before the position. */
  function within(block: readonly Row[], position: Position): number {
    return firstIndex(block.length, (index) => {
      const row = block[index];
      return row !== undefined && compare(positionOf(row), position) >= 0;
    });
  }

  /** The first block with a row that is not before the position. */
  function blockOf(position: Position): number {
    return firstIndex(blocks.length, (index) => {
      const last = blocks[index]?.at(-1);
      return last !== undefined && compare(positionOf(last), position) >= 0;
    });
  }

  /** How many rows are before the position. */
  function before(position: Position): number {
    const at = blockOf(position);
    let rows = 0;
    for (let index = 0; index < at; index += 1) rows += blocks[index]?.length ?? 0;
    return rows + within(blocks[at] ?? [], position);
  }

  return {
    add(row) {
      const position = positionOf(row);
      const at = Math.min(blockOf(position), Math.max(blocks.length - 1, 0));
      const block = blocks[at];
      if (block === undefined) {
        blocks.push([row]);
        return;
      }
      block.splice(within(block, position), 0, row);
      if (block.length <= mostPerBlock) return;
      // New rows mostly come last: a full last block is left as it is, others are halved.
      const keep = at === blocks.length - 1 ? mostPerBlock : mostPerBlock / 2;
      blocks.splice(at + 1, 0, block.splice(keep));
    },
    remove(row) {
      const position = positionOf(row);
      const at = blockOf(position);
      const block = blocks[at];
      if (block === undefined) return;
      const index = within(block, position);
      if (block[index] !== row) return;
      block.splice(index, 1);
      if (block.length === 0) blocks.splice(at, 1);
    },
    isEmpty: () => blocks.length === 0,
    count(oldest, latest) {
      if (latest < oldest) return 0;
      return (
        before({ time: latest, sequence: Infinity }) -
        before({ time: oldest, sequence: Number.NEGATIVE_INFINITY })
      );
    },
    *upwards(from) {
      const first = blockOf(from);
      for (let at = first; at < blocks.length; at += 1) {
        const block = blocks[at] ?? [];
        for (let index = at === first ? within(block, from) : 0; index < block.length; index += 1) {
          const row = block[index];
          if (row !== undefined) yield row;
        }
      }
    },
    *downwards(from) {
      const behind = { time: from.time, sequence: from.sequence + 0.5 };
      const first = Math.min(blockOf(behind), blocks.length - 1);
      for (let at = first; at >= 0; at -= 1) {
        const block = blocks[at] ?? [];
        for (let index = (at === first ? within(block, behind) : block.length) - 1; index >= 0; index -= 1) {
          const row = block[index];
          if (row !== undefined) yield row;
        }
      }
    },
  };
}

function compare(one: Position, other: Position): number {
  if (one.time !== other.time) return one.time < other.time ? -1 : 1;
  if (one.sequence === other.sequence) return 0;
  return one.sequence < other.sequence ? -1 : 1;
}

/** The first of `length` indexes for which the test holds, which must hold for all that follow; `length` for none. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
