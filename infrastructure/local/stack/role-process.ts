import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartUpFailure } from '../../process/role.js';
import type { RoleName } from '../../roles/names.js';

/** A process that runs some of the roles. */
export type RoleProcess = {
  /** Absent when the process could not be made. */
  readonly pid: number | undefined;
  /** Tells it its settings and waits until its roles have started. Rejects with its own last line when it cannot. */
  readonly start: (environment: NodeJS.ProcessEnv) => Promise<void>;
  /** Resolves with the exit code when it ended, wanted or not. */
  readonly ended: Promise<number>;
  /** Asks it to drain and waits for its end. */
  readonly stop: () => Promise<void>;
  /** The last lines of its standard error. */
  readonly complaint: () => string;
};

const entryPoint = fileURLToPath(new URL('../../run/all.js', import.meta.url));
const drainMilliseconds = 10_000;

const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', () => resolve(1));
  });

/**
 * Without the machine's own AWS settings, which would lead the roles away from the local stack. Two arenas instead of
 * one a thread keep glibc from holding on to the memory of every password check.
 */
const environmentOfRoles = (): NodeJS.ProcessEnv => ({
  MALLOC_ARENA_MAX: '2',
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
});

const mostComplaint = 8_000;

const readyOrFailed = (child: ChildProcess, ended: Promise<number>, complaint: () => string): Promise<void> =>
  Promise.race([
    new Promise<void>((resolve) => {
      child.once('message', () => resolve());
    }),
    ended.then((code) => {
      throw new StartUpFailure(
        complaint() || `the roles ended with exit code ${String(code)} before they were ready`,
      );
    }),
  ]);

/**
 * Spawns a process for these roles. It loads its code at once and waits for `start`, so that loading and the start of the
 * databases overlap. Its log goes to `checkout.log` in the stack's folder.
 */
export const spawnRoles = async (directory: string, roles: readonly RoleName[]): Promise<RoleProcess> => {
  const log = await open(join(directory, 'checkout.log'), 'a');
  // The folder stands on its command line for people who look at a list of processes.
  const child = spawn(process.execPath, ['--enable-source-maps', entryPoint, directory], {
    stdio: ['ignore', log.fd, 'pipe', 'ipc'],
    env: environmentOfRoles(),
  });
  const state = { errors: '' };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    state.errors = (state.errors + text).slice(-mostComplaint);
  });
  const complaint = (): string => state.errors.trim();
  const ended = exitOf(child).finally(() => log.close());
  return {
    pid: child.pid,
    ended,
    complaint,
    start: (environment) => {
      // A process that is gone already is told by its end.
      if (child.connected) child.send({ environment, roles }, () => undefined);
      return readyOrFailed(child, ended, complaint);
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const cut = setTimeout(() => child.kill('SIGKILL'), drainMilliseconds);
      await ended;
      clearTimeout(cut);
    },
  };
};
