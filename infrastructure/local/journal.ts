import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** An append-only file of JSON lines, open for writing. One process at a time may hold a path. */
export interface Journal<Entry> {
  /** What the file held when it was opened, oldest first. Not extended by `append`. */
  readonly entries: readonly Entry[];
  /**
   * Resolves when the entry is on the disk. Entries are written in the order of the calls, and every entry that
   * waits while one write is under way goes out with the next. After a failed write the journal refuses all
   * further work with the same error, because what the file ends with is then unknown.
   */
  readonly append: (entry: Entry) => Promise<void>;
  /**
   * Replaces the whole file, atomically, by the given entries: after a crash the file is either the old or the new
   * one. The entries are read before the call returns; appends made after the call follow them.
   */
  readonly compact: (entries: Iterable<Entry>) => Promise<void>;
  /** Writes what waits, then closes the file. Repeats do nothing; later appends are refused. */
  readonly close: () => Promise<void>;
}

/** A journal that can be rewritten while it is written to. */
export interface RewritableJournal<Entry> extends Omit<Journal<Entry>, 'entries'> {
  /**
   * What the file held when it was opened, oldest first, read anew at each call and as far as it is asked for. To be
   * called before the first compaction.
   * @throws JournalDamaged at the first line that cannot be read.
   */
  readonly read: () => Iterable<Entry>;
  /**
   * Compaction with entries that take their time: they stand for all appends before the call, and appends after it go on
   * as ever while they are written. The first entry is asked for before the call returns. One at a time; rejects while another is under way.
   */
  readonly rewrite: (entries: AsyncIterable<Entry>) => Promise<void>;
}

/** Where a journal lies and how its lines are read. */
export interface JournalOptions<Entry> {
  readonly path: string;
  /** False trades durability against power loss for speed; a killed process still loses nothing. Default true. */
  readonly fsync?: boolean;
  /** Turns one parsed line into an entry; throws when it is none. */
  readonly decode: (json: unknown) => Entry;
  /** The JSON of an entry in one line; without it, what JSON.stringify makes of it. */
  readonly encode?: (entry: Entry) => string;
  /** Writes a checksum before each line, so that damage shows that leaves JSON behind. Lines without one are read too. */
  readonly checksums?: boolean;
}

type Work =
  | { readonly type: 'write'; lines: string[]; done: Promise<void>; settle: Settle }
  /** The next file has everything but these lines. */
  | {
      readonly type: 'switch';
      readonly next: FileHandle;
      readonly rest: readonly string[];
      done: Promise<void>;
      settle: Settle;
    };

interface Settle {
  resolve(): void;
  reject(reason: unknown): void;
}

const newline = 0x0a;
const chunkLength = 1 << 20;

/**
 * Opens (and creates, with its folders) the journal at a path, and reads it. A last line without its line end is the trace
 * of an interrupted write whose append never resolved: it is cut off. Any other unreadable line rejects, naming file and
 * line.
 */
export async function openJournal<Entry>(options: JournalOptions<Entry>): Promise<Journal<Entry>> {
  const { read, append, compact, close } = await openLargeJournal(options);
  try {
    return { entries: [...read()], append, compact, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The same for a journal that is too large to be kept in memory and to be rewritten in one go. */
export async function openLargeJournal<Entry>(
  options: JournalOptions<Entry>,
): Promise<RewritableJournal<Entry>> {
  const { path } = options;
  const durable = options.fsync ?? true;
  const encode = options.encode ?? JSON.stringify;
  await mkdir(dirname(path), { recursive: true });
  await rm(besides(path), { force: true });
  let file = await open(path, 'a+');
  const length = await lengthOfWholeLines(file);
  if ((await file.stat()).size > length) await file.truncate(length);
  if (durable) await syncFolder(dirname(path));

  const waiting: Work[] = [];
  let running: Promise<void> | null = null;
  let broken: Error | null = null;
  let closed = false;
  /** The lines that were appended since a rewriting began. */
  let since: string[] | null = null;
  let replacing: Promise<void> | null = null;

  async function perform(work: Work): Promise<void> {
    if (work.type === 'write') {
      writeWhole(file.fd, Buffer.from(work.lines.join('')));
      if (durable) await file.datasync();
      return;
    }
    const { next, rest } = work;
    try {
      await next.appendFile(rest.join(''));
      if (durable) await next.datasync();
      await rename(besides(path), path);
      if (durable) await syncFolder(dirname(path));
    } catch (error) {
      await next.close();
      throw error;
    }
    await file.close();
    file = next;
  }

  async function run(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve)); // so that all that this turn brings shares the first write
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
      if (broken === null) {
        try {
          await perform(work);
        } catch (error) {
          broken = errorOf(error);
        }
      }
      if (broken === null) work.settle.resolve();
      else work.settle.reject(broken);
    }
    running = null;
  }

  function enqueue(work: Work): Promise<void> {
    waiting.push(work);
    running ??= run();
    return work.done;
  }

  function lineOf(entry: Entry): string {
    const json = encode(entry);
    return options.checksums === true ? `${checksumOf(json)} ${json}\n` : `${json}\n`;
  }

  function append(entry: Entry): Promise<void> {
    if (closed) return Promise.reject(new Error(`journal ${path} is closed`));
    const line = lineOf(entry);
    since?.push(line);
    const last = waiting[waiting.length - 1];
    if (last?.type === 'write') {
      last.lines.push(line);
      return last.done;
    }
    return enqueue({ type: 'write', lines: [line], ...pending() });
  }

  /** Writes the entries beside the file, then what was appended since, and lets the new file take the place of the old. */
  async function replace(
    entries: AsyncIterator<Entry>,
    first: Promise<IteratorResult<Entry>>,
  ): Promise<void> {
    const next = await open(besides(path), 'w');
    try {
      let lines: string[] = [];
      let length = 0;
      for (let one = await first; one.done !== true; one = await entries.next()) {
        const line = lineOf(one.value);
        lines.push(line);
        length += line.length;
        if (length < chunkLength) continue;
        await next.appendFile(lines.join(''));
        lines = [];
        length = 0;
      }
      await next.appendFile(lines.join(''));
      // Most of what is to be synced is synced before the others have to wait for it.
      if (since !== null) await next.appendFile(since.splice(0).join(''));
      if (durable) await next.datasync();
    } catch (error) {
      await next.close();
      throw error;
    }
    const rest = since ?? [];
    since = null;
    await enqueue({ type: 'switch', next, rest, ...pending() });
  }

  function rewrite(compacted: AsyncIterable<Entry>): Promise<void> {
    if (closed) return Promise.reject(new Error(`journal ${path} is closed`));
    if (replacing !== null) return Promise.reject(new Error(`journal ${path} is being rewritten already`));
    since = [];
    const entries = compacted[Symbol.asyncIterator]();
    replacing = replace(entries, entries.next())
      .catch((error: unknown) => {
        broken ??= errorOf(error);
        throw broken;
      })
      .finally(() => {
        since = null;
        replacing = null;
      });
    return replacing;
  }

  function compact(compacted: Iterable<Entry>): Promise<void> {
    return rewrite(eachOf([...compacted]));
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    await replacing?.catch(() => undefined); // whoever asked for it hears of it
    while (running !== null) await running;
    await file.close();
  }

  return { read: () => readLines(path, length, options.decode), append, compact, rewrite, close };
}

function besides(path: string): string {
  return `${path}.next`;
}

function pending(): { done: Promise<void>; settle: Settle } {
  const settle: Settle = { resolve: () => undefined, reject: () => undefined };
  const done = new Promise<void>((resolve, reject) => {
    settle.resolve = resolve;
    settle.reject = reject;
  });
  return { done, settle };
}

async function* eachOf<Entry>(entries: readonly Entry[]): AsyncIterable<Entry> {
  yield* entries;
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** At once: a detour through another thread takes longer than handing a few lines to the system. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length;) from += writeSync(file, bytes, from);
}

function checksumOf(json: string | Buffer): string {
  return crc32(json).toString(16).padStart(8, '0');
}

/** Where the last line end is; searched from the end. */
async function lengthOfWholeLines(file: FileHandle): Promise<number> {
  const buffer = Buffer.allocUnsafe(1 << 16);
  for (let end = (await file.stat()).size; end > 0;) {
    const from = Math.max(end - buffer.length, 0);
    const { bytesRead } = await file.read(buffer, 0, end - from, from);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(newline);
    if (at !== -1) return from + at + 1;
    end = from;
  }
  return 0;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Reads line by line, so that a file larger than the longest string or the memory is no problem. */
function* readLines<Entry>(path: string, length: number, decode: (json: unknown) => Entry): Iterable<Entry> {
  const file = openSync(path, 'r');
  try {
    let line = 0;
    let rest: Buffer[] = [];
    for (let read = 0; read < length;) {
      const buffer = Buffer.allocUnsafe(Math.min(chunkLength, length - read));
      const chunk = buffer.subarray(0, readSync(file, buffer, 0, buffer.length, read));
      if (chunk.length === 0) throw new JournalDamaged(`journal ${path} has become shorter than it was`);
      read += chunk.length;
      let from = 0;
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
        const end = chunk.subarray(from, at);
        line += 1;
        yield decoded(rest.length === 0 ? end : Buffer.concat([...rest, end]), path, line, decode);
        rest = [];
        from = at + 1;
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    }
  } finally {
    closeSync(file);
  }
}

/** A journal with a line that cannot be read and is not the last; the message names file and line. */
export class JournalDamaged extends Error {}

function decoded<Entry>(line: Buffer, path: string, number: number, decode: (json: unknown) => Entry): Entry {
  try {
    return decode(JSON.parse(jsonOf(line).toString('utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new JournalDamaged(`journal ${path} is damaged at line ${number}: ${reason}`, { cause: error });
  }
}

const blank = 0x20;
const openingBrace = 0x7b;
const checksumLength = 8;

/** A line without its checksum, which must be right where there is one. */
function jsonOf(line: Buffer): Buffer {
  if (line[checksumLength] !== blank || line[0] === openingBrace) return line;
  const json = line.subarray(checksumLength + 1);
  if (line.subarray(0, checksumLength).toString('latin1') !== checksumOf(json))
    throw new Error('checksum differs');
  return json;
}
