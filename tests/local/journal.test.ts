import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal, type Journal } from '../../infrastructure/local/journal.js';

interface Note {
  readonly number: number;
  readonly text: string;
}

function note(json: unknown): Note {
  if (typeof json !== 'object' || json === null) throw new Error('not a note');
  if (!('number' in json) || typeof json.number !== 'number') throw new Error('a note has a number');
  if (!('text' in json) || typeof json.text !== 'string') throw new Error('a note has a text');
  return { number: json.number, text: json.text };
}

let folder = '';
let path = '';
const opened: Journal<Note>[] = [];

async function journal(): Promise<Journal<Note>> {
  const handle = await openJournal({ path, decode: note });
  opened.push(handle);
  return handle;
}

async function numbers(): Promise<number[]> {
  const handle = await openJournal({ path, decode: note });
  await handle.close();
  return handle.entries.map((entry) => entry.number);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, 'deeper', 'notes.journal');
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((handle) => handle.close()));
  await rm(folder, { recursive: true, force: true });
});

describe('a journal', () => {
  it('is empty and creates its folder when it is new', async () => {
    const handle = await journal();
    expect(handle.entries).toEqual([]);
    expect((await stat(path)).size).toBe(0);
  });

  it('gives back what was appended, in order, whatever the text contains', async () => {
    const handle = await journal();
    const texts = ['plain', 'line\nend', 'Ünï → 漢字 🙂', '', '"quoted"\\'];
    await Promise.all(texts.map((text, number) => handle.append({ number, text })));
    await handle.close();
    const again = await journal();
    expect(again.entries).toEqual(texts.map((text, number) => ({ number, text })));
  });

  it('has an entry on the disk when its append resolves', async () => {
    const handle = await journal();
    await handle.append({ number: 1, text: 'kept' });
    expect(await readFile(path, 'utf8')).toBe('{"number":1,"text":"kept"}\n');
  });

  it('keeps the order of calls when appends overlap with a write', async () => {
    const handle = await journal();
    const settled: number[] = [];
    const appends = Array.from({ length: 300 }, (_, number) =>
      handle.append({ number, text: 'x'.repeat(number) }).then(() => settled.push(number)),
    );
    await Promise.all(appends);
    const expected = Array.from({ length: 300 }, (_, number) => number);
    expect(settled).toEqual(expected);
    await handle.close();
    expect(await numbers()).toEqual(expected);
  });

  it('cuts off a torn last line and writes on behind the last whole one', async () => {
    const handle = await journal();
    await handle.append({ number: 1, text: 'whole' });
    await handle.close();
    await appendFile(path, '{"number":2,"te');
    const again = await journal();
    expect(again.entries.map((entry) => entry.number)).toEqual([1]);
    await again.append({ number: 3, text: 'after' });
    await again.close();
    expect(await numbers()).toEqual([1, 3]);
  });

  it('cuts off a last line that could be read but lacks its line end, since its append never resolved', async () => {
    const handle = await journal();
    await handle.close();
    await writeFile(path, '{"number":1,"text":"a"}\n{"number":2,"text":"b"}');
    expect(await numbers()).toEqual([1]);
  });

  it.each([
    [
      'broken JSON',
      '{"number":1,"text":"a"}\n{"numb\n{"number":3,"text":"c"}\n',
      /damaged at line 2: .*JSON/,
    ],
    [
      'an entry that does not decode',
      '{"number":1,"text":"a"}\n{"number":"2"}\n',
      /damaged at line 2: a note has a number/,
    ],
  ])('refuses a file with %s', async (_, text, message) => {
    const handle = await journal();
    await handle.close();
    await writeFile(path, text);
    await expect(openJournal({ path, decode: note })).rejects.toThrow(message);
  });

  it('reads lines that span many blocks of the file', async () => {
    const handle = await journal();
    const long = 'é'.repeat(3_000_000);
    await handle.append({ number: 1, text: long });
    await handle.append({ number: 2, text: 'short' });
    await handle.close();
    const again = await journal();
    expect(again.entries.map((entry) => entry.text.length)).toEqual([3_000_000, 5]);
  });

  it('is replaced by compaction, and later appends follow', async () => {
    const handle = await journal();
    const before = [1, 2, 3].map((number) => handle.append({ number, text: '' }));
    const compaction = handle.compact([{ number: 10, text: 'all of it' }]);
    const after = handle.append({ number: 11, text: '' });
    await Promise.all([...before, compaction, after]);
    await handle.append({ number: 12, text: '' });
    await handle.close();
    expect(await numbers()).toEqual([10, 11, 12]);
  });

  it('ignores and removes the rest of a compaction that was interrupted', async () => {
    const handle = await journal();
    await handle.append({ number: 1, text: '' });
    await handle.close();
    await writeFile(`${path}.next`, '{"number":9,"text":""}\n{"num');
    expect(await numbers()).toEqual([1]);
    await expect(stat(`${path}.next`)).rejects.toThrow(/ENOENT/);
  });

  it('writes what waits before it closes, and refuses afterwards', async () => {
    const handle = await journal();
    const appended = handle.append({ number: 1, text: '' });
    await handle.close();
    await appended;
    await handle.close();
    await expect(handle.append({ number: 2, text: '' })).rejects.toThrow(/is closed/);
    await expect(handle.compact([])).rejects.toThrow(/is closed/);
    expect(await numbers()).toEqual([1]);
  });

  it('refuses everything after a failed write', async () => {
    const handle = await journal();
    await handle.append({ number: 1, text: '' });
    await rm(join(folder, 'deeper'), { recursive: true });
    await expect(handle.compact([{ number: 2, text: '' }])).rejects.toThrow(/ENOENT/);
    await expect(handle.append({ number: 3, text: '' })).rejects.toThrow(/ENOENT/);
  });

  it('works without syncing when asked to', async () => {
    const handle = await openJournal({ path, decode: note, fsync: false });
    opened.push(handle);
    await handle.append({ number: 1, text: '' });
    await handle.close();
    expect(await numbers()).toEqual([1]);
  });
});
