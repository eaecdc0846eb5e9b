import {
  closeSync,
  fdatasync,
  ftruncateSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  write,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { JournalDamaged } from '../../journal.js';
import type { ClosedRun } from './closed-run.js';
import { readerOfRows } from './row.js';
import type { Mark, Place, Row } from './shelf.js';

type SegmentMark = Mark['segments'][number];

const syncData = promisify(fdatasync);
const writeBytes = promisify(write);

/** A run of a segment, and the region that it belongs to. */
export interface KeptRun {
  readonly region: string;
  readonly run: ClosedRun;
}

/** Two files that grow together: records one after the other, and one line for each record. */
export interface Segment {
  readonly number: number;
  /** Records that were put and not yet dropped. */
  live: number;
  /** Bytes of records so far. */
  readonly size: () => number;
  /** The line: the row, where the record lies, and the region. */
  readonly put: (row: Row, record: Buffer, region: string) => Place;
  /** @throws when the file is shorter than that. */
  readonly read: (place: Place) => Buffer;
  readonly mark: () => SegmentMark;
  /** Writes all that was put so far; repeats and overlapping calls are fine. Rejects when the disk refuses. */
  readonly flush: () => Promise<void>;
  /** The same, and the files are on the disk. */
  readonly sync: () => Promise<void>;
  readonly close: () => void;
}

function filesOf(folder: string, number: number): readonly [lines: string, records: string] {
  const name = String(number).padStart(6, '0');
  return [join(folder, `${name}.lines`), join(folder, `${name}.records`)];
}

/** Removes the files of a segment. */
export async function removeSegment(folder: string, number: number): Promise<void> {
  for (const file of filesOf(folder, number)) await rm(file, { force: true });
}

/** Opens a segment for reading and for more; what lies beyond the mark is cut off, because the journal tells it again. */
export function openSegment(folder: string, marked: SegmentMark): Segment {
  const { number } = marked;
  const [linesFile, recordsFile] = filesOf(folder, number);
  const lines = growingFile(linesFile, marked.lines);
  const records = growingFile(recordsFile, marked.records);
  // The records first: a line promises a record.
  const flush = async (): Promise<void> => {
    await records.flush();
    await lines.flush();
  };
  return {
    number,
    live: 0,
    size: records.size,
    put(row, record, region) {
      const offset = records.append(record);
      lines.append(Buffer.from(`${JSON.stringify([...row, offset, record.length, region])}\n`));
      return { segment: number, offset, length: record.length };
    },
    read: ({ offset, length }) => records.read(offset, length),
    mark: () => ({ number, lines: lines.size(), records: records.size() }),
    flush,
    async sync() {
      await flush();
      await Promise.all([records.sync(), lines.sync()]);
    },
    close() {
      lines.close();
      records.close();
    },
  };
}

/**
 * The runs of a segment up to its mark, in the order of closing.
 * @throws JournalDamaged, naming file and line, when a line cannot be read or the file is shorter than the mark.
 */
export function runsOfSegment(folder: string, marked: SegmentMark): readonly KeptRun[] {
  const [file] = filesOf(folder, marked.number);
  const bytes = readFileSync(file).subarray(0, marked.lines);
  const runOfRow = readerOfRows(marked.number);
  const runs: KeptRun[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = endOfLines(bytes, from);
    for (const row of rowsBetween(bytes, from, end, file, runs.length)) {
      const run = runOfRow(row);
      const region = row[row.length - 1];
      if (run === null || typeof region !== 'string') throw damaged(file, runs.length + 1, 'not a run');
      runs.push({ region, run });
    }
    from = end;
  }
  return runs;
}

const bytesAtOnce = 1 << 18;
const newline = 0x0a;
const comma = 0x2c;

/** The end of the lines that are parsed together. */
function endOfLines(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(newline, Math.min(from + bytesAtOnce, bytes.length - 1));
  return end === -1 ? bytes.length : end + 1;
}

/** Many lines are parsed as one list, which takes half the time; only for the message they are parsed one by one. */
function rowsBetween(bytes: Buffer, from: number, end: number, file: string, before: number): Row[] {
  const lines = Buffer.from(bytes.subarray(from, end - 1));
  for (let at = lines.indexOf(newline); at !== -1; at = lines.indexOf(newline, at + 1)) lines[at] = comma;
  const rows = parsed(`[${lines.toString('utf8')}]`);
  if (isRows(rows)) return rows;
  const texts = bytes.subarray(from, end).toString('utf8').split('\n');
  const bad = texts.findIndex((text) => !isRows([parsed(text)]));
  throw damaged(file, before + bad + 1, 'not a row');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRows(json: unknown): json is Row[] {
  return Array.isArray(json) && json.every((row) => Array.isArray(row));
}

function damaged(file: string, line: number, reason: string): JournalDamaged {
  return new JournalDamaged(`${file} is damaged at line ${line}: ${reason}`);
}

interface GrowingFile {
  readonly size: () => number;
  /** Where the bytes will lie; they can be read at once. */
  readonly append: (bytes: Buffer) => number;
  readonly read: (offset: number, length: number) => Buffer;
  readonly flush: () => Promise<void>;
  readonly sync: () => Promise<void>;
  readonly close: () => void;
}

/** A file of a given length; what lies beyond is cut off. */
function growingFile(path: string, length: number): GrowingFile {
  const file = openSync(path, 'a+');
  const found = fstatSync(file).size;
  if (found < length) {
    closeSync(file);
    throw new JournalDamaged(`${path} is damaged: it should have ${length} bytes and has ${found}`);
  }
  if (found > length) ftruncateSync(file, length);
  let written = length;
  let size = length;
  let waiting: { readonly offset: number; readonly bytes: Buffer }[] = [];
  let writing: Promise<void> | null = null;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = [...waiting];
      const bytes = Buffer.concat(batch.map((one) => one.bytes));
      for (let from = 0; from < bytes.length;) {
        const { bytesWritten } = await writeBytes(file, bytes, from, bytes.length - from);
        from += bytesWritten;
      }
      written += bytes.length;
      waiting = waiting.slice(batch.length);
    }
  }

  return {
    size: () => size,
    append(bytes) {
      const offset = size;
      size += bytes.length;
      waiting.push({ offset, bytes });
      return offset;
    },
    read(offset, wanted) {
      if (offset >= written) {
        const found = waiting.find((one) => one.offset === offset);
        if (found !== undefined) return found.bytes.subarray(0, wanted);
      }
      const bytes = Buffer.allocUnsafe(wanted);
      const got = readSync(file, bytes, 0, wanted, offset);
      if (got < wanted) throw new Error(`${path} ends before byte ${offset + wanted}`);
      return bytes;
    },
    async flush() {
      while (waiting.length > 0) {
        writing ??= writeAll().finally(() => (writing = null));
        await writing;
      }
    },
    sync: () => syncData(file),
    close: () => closeSync(file),
  };
}
