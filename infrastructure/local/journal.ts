import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

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

/** Where a journal lies and how its lines are read. */
export interface JournalOptions<Entry> {
  readonly path: string;
  /** False trades durability against power loss for speed; a killed process still loses nothing. Default true. */
  readonly fsync?: boolean;
  /** Turns one parsed line into an entry; throws when it is none. */
  readonly decode: (json: unknown) => Entry;
}

type Work =
  | { readonly type: 'write'; lines: string[]; done: Promise<void>; settle: Settle }
  | { readonly type: 'replace'; readonly chunks: readonly string[]; done: Promise<void>; settle: Settle };

interface Settle {
  resolve(): void;
  reject(reason: unknown): void;
}

const newline = 0x0a;
const chunkLength = 1 << 20;

/**
 * Opens (and creates, with its folders) the journal at a path. A last line without its line end is the trace of an
 * interrupted write whose append never resolved: it is cut off. Any other unreadable line rejects, naming file and line.
 */
export async function openJournal<Entry>(options: JournalOptions<Entry>): Promise<Journal<Entry>> {
  const { path } = options;
  const durable = options.fsync ?? true;
  await mkdir(dirname(path), { recursive: true });
  await rm(besides(path), { force: true });
  const { entries, length } = await read(path, options.decode);
  let file = await openAt(path, length);
  if (durable) await syncFolder(dirname(path));

  const waiting: Work[] = [];
  let running: Promise<void> | null = null;
  let broken: Error | null = null;
  let closed = false;

  async function perform(work: Work): Promise<void> {
    if (work.type === 'write') {
      await file.appendFile(work.lines.join(''));
      if (durable) await file.datasync();
      return;
    }
    const next = await open(besides(path), 'w');
    try {
      for (const chunk of work.chunks) await next.appendFile(chunk);
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
    await Promise.resolve(); // so that entries appended in the same turn share the first write
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
      if (broken === null) {
        try {
          await perform(work);
        } catch (error) {
          broken = error instanceof Error ? error : new Error(String(error));
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

  function append(entry: Entry): Promise<void> {
    if (closed) return Promise.reject(new Error(`journal ${path} is closed`));
    const line = `${JSON.stringify(entry)}\n`;
    const last = waiting[waiting.length - 1];
    if (last?.type === 'write') {
      last.lines.push(line);
      return last.done;
    }
    return enqueue({ type: 'write', lines: [line], ...pending() });
  }

  function compact(compacted: Iterable<Entry>): Promise<void> {
    if (closed) return Promise.reject(new Error(`journal ${path} is closed`));
    return enqueue({ type: 'replace', chunks: textOf(compacted), ...pending() });
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    while (running !== null) await running;
    await file.close();
  }

  return { entries, append, compact, close };
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

function textOf(entries: Iterable<unknown>): string[] {
  const chunks: string[] = [];
  let lines: string[] = [];
  let length = 0;
  for (const entry of entries) {
    const line = `${JSON.stringify(entry)}\n`;
    lines.push(line);
    length += line.length;
    if (length < chunkLength) continue;
    chunks.push(lines.join(''));
    lines = [];
    length = 0;
  }
  chunks.push(lines.join(''));
  return chunks;
}

/** Opens for appending, after cutting off what lies beyond the last whole line. */
async function openAt(path: string, length: number): Promise<FileHandle> {
  const file = await open(path, 'a');
  if ((await file.stat()).size > length) await file.truncate(length);
  return file;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Reads line by line, so that a file larger than the longest string is no problem. */
async function read<Entry>(
  path: string,
  decode: (json: unknown) => Entry,
): Promise<{ entries: Entry[]; length: number }> {
  const entries: Entry[] = [];
  let length = 0;
  let rest: Buffer[] = [];
  const stream: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: chunkLength });
  try {
    for await (const chunk of stream) {
      let from = 0;
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
        const line =
          rest.length === 0 ? chunk.subarray(from, at) : Buffer.concat([...rest, chunk.subarray(from, at)]);
        rest = [];
        entries.push(decoded(line, path, entries.length + 1, decode));
        length += line.length + 1;
        from = at + 1;
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { entries: [], length: 0 };
    throw error;
  }
  return { entries, length };
}

/** A journal with a line that cannot be read and is not the last; the message names file and line. */
export class JournalDamaged extends Error {}

function decoded<Entry>(line: Buffer, path: string, number: number, decode: (json: unknown) => Entry): Entry {
  try {
    return decode(JSON.parse(line.toString('utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new JournalDamaged(`journal ${path} is damaged at line ${number}: ${reason}`, { cause: error });
  }
}
