import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A folder that is in use by another process, or twice by this one; the message names folder and process. */
export class FolderInUse extends Error {}

/** The files of the locks that this process holds. */
const held = new Set<string>();

/** Who holds a lock: a process id alone may belong to a later process. */
interface Holder {
  readonly pid: number;
  /** When the process began, as the system counts it; empty where the system does not tell. */
  readonly began: string;
}

/**
 * Claims a folder for this process, creating it if need be; the returned function gives it back. A lock whose process is
 * gone is taken over.
 * @throws FolderInUse while its holder lives.
 */
export async function lockFolder(folder: string, name: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const path = join(resolve(folder), `${name}.lock`);
  const own = JSON.stringify({
    pid: process.pid,
    began: (await beginningOf(process.pid)) ?? '',
  } satisfies Holder);
  const draft = `${path}.${process.pid}.${drafts()}`;
  // Written first and linked then: nobody ever reads a lock without its holder.
  await writeFile(draft, own);
  try {
    while (!(await claimed(draft, path))) {
      const found = await contentOf(path);
      if (found === null) continue;
      const holder = holderOf(found);
      if (holder !== null && (await lives(holder, path))) {
        throw new FolderInUse(
          `${folder} is in use by process ${holder.pid} (${path}); stop that one or choose another folder`,
        );
      }
      await remove(path, found);
    }
  } finally {
    await rm(draft, { force: true });
  }
  held.add(path);
  return async () => {
    if (!held.delete(path)) return;
    await rm(path, { force: true });
  };
}

let drafted = 0;

function drafts(): number {
  drafted += 1;
  return drafted;
}

async function claimed(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a dead lock away. If another process was faster and it is a new lock by now, it is put back. */
async function remove(path: string, expected: string): Promise<void> {
  const aside = `${path}.${process.pid}.${drafts()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await contentOf(aside)) !== expected) await claimed(aside, path);
  await rm(aside, { force: true });
}

async function lives(holder: Holder, path: string): Promise<boolean> {
  if (holder.pid === process.pid) return held.has(path);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  const began = await beginningOf(holder.pid);
  return began !== null && (began === '' || holder.began === '' || began === holder.began);
}

/** Null for a process that has ended and only waits for its parent to notice. */
async function beginningOf(pid: number): Promise<string | null> {
  const stat = await contentOf(`/proc/${pid}/stat`);
  if (stat === null) return '';
  // Behind the command, which may hold anything up to the last bracket: state first, begin as the twentieth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? '');
}

function holderOf(content: string): Holder | null {
  try {
    const json: unknown = JSON.parse(content);
    if (typeof json !== 'object' || json === null || !('pid' in json) || !('began' in json)) return null;
    const { pid, began } = json;
    return typeof pid === 'number' && typeof began === 'string' ? { pid, began } : null;
  } catch {
    return null;
  }
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
