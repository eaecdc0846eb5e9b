import { mkdir, open, readdir } from 'node:fs/promises';
import { openSegment, removeSegment, runsOfSegment, type KeptRun, type Segment } from './segment.js';
import type { Mark, Place, Shelf } from './shelf.js';

/** The shelves of all regions in a folder of files. */
export interface Archive {
  readonly shelfOf: (region: string) => Shelf;
  /** What the shelves held at the mark with which they were opened, in the order of closing. */
  readonly kept: () => Iterable<KeptRun>;
  /** What the shelves hold now. */
  readonly mark: () => Mark;
  /** Resolves when all that was put so far is on the disk. */
  readonly sync: () => Promise<void>;
  /** The journal names this mark now: files that it does not need go. */
  readonly settle: (mark: Mark) => Promise<void>;
  /** Writes what waits, then closes the files. Repeats do nothing. */
  readonly close: () => Promise<void>;
}

const recordsPerSegment = 32 * 1024 * 1024;

/**
 * Opens the archive as the journal knows it; what the mark does not name is removed, because the journal tells it again.
 * @throws JournalDamaged when a file that the mark names is missing or too short.
 */
export async function openArchive(
  folder: string,
  mark: Mark,
  failed: (error: unknown) => void,
): Promise<Archive> {
  await mkdir(folder, { recursive: true });
  await removeUnnamed(folder, mark);
  const segments = new Map(mark.segments.map((one) => [one.number, openSegment(folder, one)]));
  const opened = mark.segments;
  let current = [...segments.values()].at(-1) ?? null;

  function segmentForMore(): Segment {
    if (current !== null && current.size() < recordsPerSegment) return current;
    const number = (current?.number ?? 0) + 1;
    current = openSegment(folder, { number, lines: 0, records: 0 });
    segments.set(number, current);
    return current;
  }

  function segmentAt({ segment }: Place): Segment {
    const found = segments.get(segment);
    if (found === undefined) throw new Error(`there is no segment ${segment} in ${folder}`);
    return found;
  }

  async function flush(): Promise<void> {
    for (const segment of [...segments.values()]) await segment.flush();
  }

  return {
    shelfOf: (region) => ({
      put(row, record) {
        const segment = segmentForMore();
        segment.live += 1;
        const place = segment.put(row, record, region);
        segment.flush().catch(failed);
        return place;
      },
      read: (place) => segmentAt(place).read(place),
      drop(place) {
        segmentAt(place).live -= 1;
      },
    }),
    *kept() {
      for (const marked of opened) {
        const segment = segments.get(marked.number);
        for (const kept of runsOfSegment(folder, marked)) {
          if (segment !== undefined) segment.live += 1;
          yield kept;
        }
      }
    },
    mark: () => ({
      segments: [...segments.values()]
        .filter((segment) => segment.live > 0 || segment === current)
        .map((segment) => segment.mark()),
    }),
    async sync() {
      for (const segment of [...segments.values()]) await segment.sync();
      await syncFolder(folder);
    },
    async settle(named) {
      const needed = new Set(named.segments.map(({ number }) => number));
      for (const segment of [...segments.values()]) {
        if (needed.has(segment.number) || segment.live > 0 || segment === current) continue;
        segments.delete(segment.number);
        segment.close();
        await removeSegment(folder, segment.number);
      }
    },
    async close() {
      await flush();
      const open = [...segments.values()];
      segments.clear();
      for (const segment of open) segment.close();
    },
  };
}

async function removeUnnamed(folder: string, mark: Mark): Promise<void> {
  const named = new Set(mark.segments.map(({ number }) => number));
  for (const file of await readdir(folder)) {
    const number = Number(/^(\d+)\.(lines|records)$/.exec(file)?.[1] ?? NaN);
    if (!Number.isNaN(number) && !named.has(number)) await removeSegment(folder, number);
  }
}

/** New files are found after a power loss only when their folder is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
