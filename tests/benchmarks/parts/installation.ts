import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../stack/local-stack.js';
import type { Part } from '../part.js';

const files = ['package.json', 'package-lock.json', '.npmrc'];
const limitSeconds = 300;

const run = (
  command: string,
  args: readonly string[],
  directory: string,
  stopped: AbortSignal,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { cwd: directory, signal: stopped, maxBuffer: 10_000_000 };
    execFile(command, args, options, (failure, output, errors) => {
      if (failure === null) resolve(output);
      else reject(new Error(errors.trim().split('\n')[0] ?? failure.message));
    });
  });

/** What `npm ci` takes in a folder of its own, with whatever npm's own cache holds already. */
export const installation: Part = {
  name: 'installation',
  about: '`npm ci` in a copy of package.json, the lock file and .npmrc',
  limitSeconds,
  needsRegistry: true,
  run: async ({ scope, record }) => {
    const directory = await mkdtemp(join(tmpdir(), 'checkout-installation-'));
    scope.onRelease(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
    const stopping = new AbortController();
    scope.onRelease(async () => stopping.abort());
    for (const file of files) await copyFile(join(root, file), join(directory, file));
    const began = performance.now();
    const said = await run('npm', ['ci', '--loglevel=notice'], directory, stopping.signal);
    record('npm ci', (performance.now() - began) / 1000, 's');
    record('packages', Number(/added (\d+) packages/.exec(said)?.[1] ?? NaN), '');
    const size = await run('du', ['-sm', 'node_modules'], directory, stopping.signal);
    record('node_modules', Number(/^\d+/.exec(size)?.[0] ?? NaN), 'MB');
  },
};
