// Programs of the built output as processes of their own, the way an operator starts them.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The repository’s root.
const root = fileURLToPath(new URL('../../', import.meta.url));

/** How a program ended, with all it said. */
export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A program under way. */
export type Program = {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves when it ended and its output was read. */
  readonly ended: Promise<Ended>;
  /** Resolves once it has said the text (on either output); rejects with what it said instead when it ends first. */
  readonly whenSaid: (text: string) => Promise<void>;
  /** The last lines of its output, for a failing test's message. */
  readonly tail: (lines: number) => string;
};

/** How a program is started. */
export type ProgramOptions = {
  readonly args?: readonly string[];
  /** Besides the path, which it needs to find its own tools. */
  readonly environment?: NodeJS.ProcessEnv;
  /** A process group of its own, to be signalled as a terminal does with Ctrl-C. */
  readonly ownGroup?: boolean;
};

/** Starts `dist/infrastructure/run/NAME.js` under plain Node with a clean environment. */
export const startProgram = (name: string, options: ProgramOptions = {}): Program => {
  const script = join(root, 'dist', 'infrastructure', 'run', `${name}.js`);
  const child = spawn(process.execPath, [script, ...(options.args ?? [])], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.ownGroup ?? false,
  });
  const said = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const output of ['stdout', 'stderr'] as const) {
    child[output].setEncoding('utf8').on('data', (text: string) => {
      said[output] += text;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...said }));
  });
  const has = (text: string): boolean => said.stdout.includes(text) || said.stderr.includes(text);
  return {
    child,
    pid: child.pid ?? 0,
    ended,
    whenSaid: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!has(text)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        ended.then(({ code, stdout, stderr }) => {
          reject(
            new Error(`${name} ended with ${String(code)} and never said "${text}":\n${stderr}${stdout}`),
          );
        }, reject);
      }),
    tail: (lines) => `${said.stderr}${said.stdout}`.trimEnd().split('\n').slice(-lines).join('\n'),
  };
};

/** Runs a program to its end. */
export const runProgram = (name: string, options: ProgramOptions = {}): Promise<Ended> =>
  startProgram(name, options).ended;

/** The processes whose command line has all the texts; ended ones that wait for their parent do not count. */
export const processesNaming = async (...texts: readonly string[]): Promise<readonly number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return texts.every((text) => command.includes(text)) ? [Number(pid)] : [];
    }),
  );
  return found.flat().filter((pid) => pid !== process.pid);
};
