import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');

/** The server's entry point, transpiled into a folder of its own, and a folder for its data. */
export interface ServerProgram {
  readonly dataDirectory: string;
  /** Starts it in a process and resolves once it listens. */
  start(args?: readonly string[]): Promise<ServerProcess>;
  /** Runs it to its end. */
  run(args: readonly string[]): Promise<{ code: number | null; output: string; errors: string }>;
  /** Kills what still runs and removes the folders. */
  remove(): Promise<void>;
}

export interface ServerProcess {
  readonly url: string;
  /** Ends the process as kill -9 does and resolves when it is gone. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Transpiles the present sources; takes a fraction of a second. */
export async function buildServer(): Promise<ServerProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'swf-local-'));
  const entryPoint = join(folder, 'swf.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['infrastructure/run/swf.ts'],
    outfile: entryPoint,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const dataDirectory = join(folder, 'data');
  const running = new Set<ChildProcess>();

  function launch(args: readonly string[]): { child: ChildProcess; exited: Promise<number | null> } {
    const child = spawn(process.execPath, [entryPoint, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const exited = new Promise<number | null>((resolve) => {
      child.once('close', (code) => {
        running.delete(child);
        resolve(code);
      });
    });
    return { child, exited };
  }

  return {
    dataDirectory,
    async start(args = ['--data-dir', dataDirectory]) {
      const { child, exited } = launch(['--port', '0', ...args]);
      const url = await new Promise<string>((resolve, reject) => {
        if (child.stdout === null) throw new Error('no output to read');
        createInterface({ input: child.stdout }).on('line', (line) => {
          const found = /"url":"([^"]+)"/.exec(line)?.[1];
          if (found !== undefined) resolve(found);
        });
        exited.then((code) => reject(new Error(`the server ended with ${code}`)), reject);
      });
      return {
        url,
        kill(signal = 'SIGKILL') {
          child.kill(signal);
          return exited;
        },
      };
    },
    async run(args) {
      const { child, exited } = launch(args);
      let output = '';
      let errors = '';
      child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
      return { code: await exited, output, errors };
    },
    async remove() {
      for (const child of running) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
