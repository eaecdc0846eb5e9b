import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Scope } from '../../infrastructure/process/scope.js';

const entryPoint = join(dirname(fileURLToPath(import.meta.url)), '../../infrastructure/run/swf.js');

/** A server of SWF's protocol in a process of its own. */
export interface SwfProcess {
  readonly url: string;
  readonly pid: number;
  /** Repeats do nothing. */
  readonly stop: () => Promise<void>;
}

/** Starts SWF Local with the arguments and resolves once it listens; it ends with the scope. */
export async function startSwfProcess(args: readonly string[], scope: Scope): Promise<SwfProcess> {
  const server = spawn(
    process.execPath,
    [...process.execArgv, entryPoint, '--port', '0', '--poll-seconds', '5', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM');
    await exited;
  };
  scope.onRelease(stop);
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url !== undefined) return { url, pid: server.pid ?? 0, stop };
  }
  throw new Error('the server did not start');
}
