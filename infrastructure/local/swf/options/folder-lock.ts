import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** A folder that is in use by another process, or twice by this one; the message names folder and process. */
export class FolderInUse extends Error {}

/** The files of the locks that this process holds or is about to hold. */
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
  const path = join(resolve(folder), `${name}.lock`);
  if (held.has(path)) throw inUse(path, process.pid);
  held.add(path);
  try {
    await mkdir(folder, { recursive: true });
    await claim(path);
  } catch (error) {
    held.delete(path);
    throw error;
  }
  return async () => {
    if (!held.has(path)) return;
    await rm(path, { force: true });
    held.delete(path);
  };
}

async function claim(path: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  const own: Holder = { pid: process.pid, began: (await beginningOf(process.pid)) ?? '' };
  // Written first and linked then: nobody ever reads a lock without its holder.
  await writeFile(draft, JSON.stringify(own));
  try {
    while (!(await linked(draft, path))) {
      const found = await contentOf(path);
      await refuseIfHeld(path, found);
      // Only one at a time takes a dead lock away, so that nobody takes away the lock of who was faster.
      const takeover = `${path}.takeover`;
      if (await linked(draft, takeover)) {
        if ((await contentOf(path)) === found) await rm(path, { force: true });
        await rm(takeover, { force: true });
      } else {
        await refuseIfHeld(path, await contentOf(takeover));
        await rm(takeover, { force: true });
      }
    }
  } finally {
    await rm(draft, { force: true });
  }
}

function inUse(path: string, pid: number): FolderInUse {
  return new FolderInUse(
    `${dirname(path)} is in use by process ${pid} (${path}); stop that one or choose another folder`,
  );
}

async function refuseIfHeld(path: string, content: string | null): Promise<void> {
  const holder = content === null ? null : holderOf(content);
  if (holder !== null && (await lives(holder))) throw inUse(path, holder.pid);
}

/** False when there is a file of that name already. */
async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function lives(holder: Holder): Promise<boolean> {
  if (holder.pid === process.pid) return false; // this process knows what it holds: an earlier one had its id
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
