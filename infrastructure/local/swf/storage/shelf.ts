/** Where a record lies. */
export interface Place {
  readonly segment: number;
  /** In bytes. */
  readonly offset: number;
  readonly length: number;
}

/** The line by which a record is found again; JSON. */
export type Row = readonly unknown[];

/** What keeps the records of closed runs. One segment after the other is filled; it goes when its last record has gone. */
export interface Shelf {
  /** Puts a record away; the place is to be the end of its line. */
  readonly put: (row: Row, record: Buffer) => Place;
  /** @throws when the record cannot be read. */
  readonly read: (place: Place) => Buffer;
  readonly drop: (place: Place) => void;
}

/** How much of each segment counts: what lies beyond is told by the journal, and put away again at the next start. */
export interface Mark {
  readonly segments: readonly {
    readonly number: number;
    /** In bytes: of the lines, and of the records. */
    readonly lines: number;
    readonly records: number;
  }[];
}

const slabLength = 1 << 20;

interface Slab {
  readonly bytes: Buffer;
  used: number;
  records: number;
}

/** A shelf in memory: records side by side in large pieces, because each piece of memory costs something of its own. */
export function memoryShelf(): Shelf {
  const slabs = new Map<number, Slab>();
  let current = 0;

  function slabFor(length: number): Slab {
    const slab = slabs.get(current);
    if (slab !== undefined && slab.used + length <= slab.bytes.length) return slab;
    if (slab?.records === 0) slabs.delete(current);
    current += 1;
    const next: Slab = { bytes: Buffer.allocUnsafeSlow(Math.max(slabLength, length)), used: 0, records: 0 };
    slabs.set(current, next);
    return next;
  }

  return {
    put(_, record) {
      const slab = slabFor(record.length);
      const place = { segment: current, offset: slab.used, length: record.length };
      record.copy(slab.bytes, slab.used);
      slab.used += record.length;
      slab.records += 1;
      return place;
    },
    read({ segment, offset, length }) {
      const slab = slabs.get(segment);
      if (slab === undefined) throw new Error(`nothing lies in segment ${segment}`);
      return slab.bytes.subarray(offset, offset + length);
    },
    drop({ segment }) {
      const slab = slabs.get(segment);
      if (slab === undefined) return;
      slab.records -= 1;
      if (slab.records === 0 && segment !== current) slabs.delete(segment);
    },
  };
}
