import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartUpFailure } from '../../process/role.js';

/** The process that runs all roles. */
export type RoleProcess = {
  /** Tells it its settings and waits until all roles have started. Rejects with its own last line when it cannot. */
  readonly start: (environment: NodeJS.ProcessEnv) => Promise<void>;
  /** Resolves with the exit code when it ended, wanted or not. */
  readonly ended: Promise<number>;
  /** Asks it to drain and waits for its end. */
  readonly stop: () => Promise<void>;
};

const entryPoint = fileURLToPath(new URL('../../run/all.js', import.meta.url));
const drainMilliseconds = 10_000;

const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', () => resolve(1));
  });

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
 * Spawns the process of all roles. It loads its code at once and waits for `start`, so that loading and the start of the
 * databases overlap. Its log goes to `checkout.log` in the stack's folder.
 */
export const spawnRoles = async (directory: string): Promise<RoleProcess> => {
  const log = await open(join(directory, 'checkout.log'), 'a');
  const child = spawn(process.execPath, ['--enable-source-maps', entryPoint], {
    stdio: ['ignore', log.fd, 'pipe', 'ipc'],
    env: process.env,
  });
  const errors: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const ended = exitOf(child).finally(() => log.close());
  return {
    ended,
    start: (environment) => {
      child.send({ environment });
      return readyOrFailed(child, ended, () => errors.join('').trim());
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const cut = setTimeout(() => child.kill('SIGKILL'), drainMilliseconds);
      await ended;
      clearTimeout(cut);
    },
  };
};
