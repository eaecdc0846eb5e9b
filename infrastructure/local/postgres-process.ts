// The server as an operating system's process: starting it, knowing when it is ready, and finding one left behind.
import { execFile, spawn } from 'node:child_process';
import { open, readdir, readFile, readlink, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { binaries, commandOf, type RunAs } from './postgres-binaries.js';

const run = promisify(execFile);

/** A server that this process started. */
export interface RunningServer {
  /** Fast shutdown: sessions end, everything is written. Resolves when the process is gone. */
  readonly stop: () => Promise<void>;
}

/** What the data folder's process file speaks of. */
export type LeftPostmaster =
  | { readonly type: 'none' }
  | { readonly type: 'running'; readonly pid: number }
  /** The number is still taken, by another program or by an ended server that nobody has looked at yet. */
  | { readonly type: 'misleading'; readonly pid: number };

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Also true for a process that has ended and that its parent has not looked at yet. */
const hasEnded = async (pid: number): Promise<boolean> =>
  !isRunning(pid) || /\) Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));

/** Tells a process from a later one with the same number; `-` where the system does not say, null when it is gone. */
export async function processStamp(pid: number): Promise<string | null> {
  if (await hasEnded(pid)) return null;
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Field 22, counted after the program's name, which may hold blanks and brackets.
  return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}

const processFile = async (data: string): Promise<readonly string[]> =>
  (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');

/** What can be known of a process on systems without /proc. */
const isPostgres = async (pid: number): Promise<boolean> => {
  const shown = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return shown.stdout.includes('postgres');
};

/** Looks for a server that still runs on the data folder. The main server process works inside its data folder. */
async function leftPostmaster(data: string): Promise<LeftPostmaster> {
  const pid = Number((await processFile(data))[0] ?? '0');
  if (!Number.isInteger(pid) || pid <= 1 || !isRunning(pid)) return { type: 'none' };
  if (await hasEnded(pid)) return { type: 'misleading', pid };
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  const isOurs = folder === null ? await isPostgres(pid) : folder === (await realpath(data));
  return { type: isOurs ? 'running' : 'misleading', pid };
}

const pollMilliseconds = 10;

/** Waits for a process to end; false when it still runs after that time. */
export async function isGone(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (!(await hasEnded(pid))) {
    if (performance.now() > deadline) return false;
    await pause(pollMilliseconds);
  }
  return true;
}

/** Stops a server that is nobody's child any more: cleanly, or at once when that takes longer than ten seconds. */
async function stopLeft(pid: number): Promise<void> {
  process.kill(pid, 'SIGINT');
  if (await isGone(pid, 10_000)) return;
  process.kill(pid, 'SIGQUIT');
  if (!(await isGone(pid, 5_000))) throw new Error(`Postgres process ${pid} does not stop`);
}

/** True while a process works in the folder: also true for what a killed server leaves running for a moment. */
async function isWorkedIn(folder: string): Promise<boolean> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => null)));
  return folders.includes(folder);
}

/**
 * Ends everything that a server left running on the data folder, and removes its process file where the number in it
 * would make the next server believe that this one still runs. `told` is called before a running server is stopped.
 */
export async function endLeftServer(data: string, told: (pid: number) => void): Promise<void> {
  const left = await leftPostmaster(data);
  if (left.type === 'running') {
    told(left.pid);
    await stopLeft(left.pid);
  }
  const folder = await realpath(data).catch(() => null);
  const deadline = performance.now() + 10_000;
  // A killed server's own children end by themselves; they hold its memory until then, and the next would not start.
  while (folder !== null && performance.now() < deadline && (await isWorkedIn(folder))) {
    await pause(pollMilliseconds);
  }
  if ((await leftPostmaster(data)).type === 'misleading')
    await rm(join(data, 'postmaster.pid'), { force: true });
}

const largestLog = 5_000_000;
const startSeconds = 60;

async function linesAfter(path: string, offset: number): Promise<string> {
  const text = (await readFile(path)).subarray(offset).toString('utf8').trim();
  return text.split('\n').slice(-5).join(' | ') || 'it said nothing';
}

/** Starts the server and resolves when it takes connections; rejects with the end of its log when it gives up. */
export async function startServer(options: {
  readonly directory: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly as: RunAs;
}): Promise<RunningServer> {
  const { directory, settings, as } = options;
  const data = join(directory, 'data');
  const logFile = join(directory, 'postgres.log');
  const before = (await stat(logFile).catch(() => null))?.size ?? 0;
  const log = await open(logFile, before > largestLog ? 'w' : 'a', 0o600);
  const offset = (await log.stat()).size;
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { file, parameters, identity } = commandOf(as, (await binaries()).postgres, ['-D', data, ...flags]);
  // Detached, so that Ctrl-C in the terminal reaches only our own processes, which stop the server last.
  const child = spawn(file, parameters, {
    ...identity,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...process.env, LC_ALL: 'C', PGDATA: undefined },
  });
  const state: { ended: boolean } = { ended: false };
  const end = new Promise<void>((settle) => {
    const settled = () => {
      state.ended = true;
      settle();
    };
    child.once('exit', settled);
    child.once('error', settled);
  });
  child.unref();
  const stop = async (): Promise<void> => {
    if (state.ended) return;
    child.ref();
    child.kill('SIGINT');
    const impatient = setTimeout(() => child.kill('SIGQUIT'), 10_000);
    await end;
    clearTimeout(impatient);
  };
  await log.close();
  const deadline = performance.now() + startSeconds * 1_000;
  for (;;) {
    const lines = await processFile(data);
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return { stop };
    if (state.ended) throw new Error(await linesAfter(logFile, offset));
    if (performance.now() > deadline) {
      await stop();
      throw new Error(`it was not ready after ${startSeconds} seconds`);
    }
    await pause(pollMilliseconds);
  }
}
