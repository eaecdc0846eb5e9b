// Every process starts from its built output under plain Node: Node's module loader refuses imports that the compiler
// and the test runner both accept. An entry point joins by lying in infrastructure/run.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const entryPoints = readdirSync(join(root, 'infrastructure/run')).flatMap((name) =>
  /\.tsx?$/.test(name) ? [name.replace(/\.tsx?$/, '')] : [],
);

interface Ended {
  readonly exitCode: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script under plain Node with nothing in its environment but the path, from a folder that is not ours. */
function run(script: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: tmpdir(), env: { PATH: process.env['PATH'] }, timeout: 60_000 };
    execFile(process.execPath, [join(root, script), ...args], options, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : (error.code ?? 'killed'), stdout, stderr }),
    );
  });
}

describe('entry points', () => {
  beforeAll(async () => {
    const built = await run('infrastructure/build/transpile.mjs');
    expect(built).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('are found', () => {
    expect(entryPoints).not.toEqual([]);
  });

  it.each(entryPoints)('%s answers --help with its usage and exit code 0', async (name) => {
    const ended = await run(`dist/infrastructure/run/${name}.js`, '--help');
    expect(ended).toEqual({ exitCode: 0, stdout: expect.stringMatching(/usage/i), stderr: '' });
  });
});
