// The process of one part of the benchmark; started by bench.ts, which it tells its figures.
import { parseArgs } from 'node:util';
import { createScope } from '../../infrastructure/process/scope.js';
import type { Workbench } from './part.js';
import { parts } from './parts/all.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { orders: { type: 'string', default: '300' }, profile: { type: 'string' } },
});

/** Resolves when the message has left, or cannot. */
const tell = (message: object): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, () => resolve());
  });

const reasonOf = (failure: unknown): string =>
  (failure instanceof Error ? failure.message : String(failure)).split('\n')[0] ?? '';

const scope = createScope();
const state = { ending: false };

/** Releases everything that was opened, whatever fails on the way, and ends the process. */
const end = async (exitCode: number, message: object | null): Promise<void> => {
  if (state.ending) return;
  state.ending = true;
  await scope.release().catch((failure: unknown) => {
    process.stderr.write(`    while cleaning up: ${reasonOf(failure)}\n`);
  });
  if (message !== null) await tell(message);
  process.exit(exitCode);
};

const fail = (failure: unknown): void => {
  if (!state.ending) process.stderr.write(`${failure instanceof Error ? (failure.stack ?? '') : ''}\n`);
  end(1, { type: 'failed', reason: reasonOf(failure) }).catch(() => process.exit(1));
};

const stop = (): void => {
  end(130, null).catch(() => process.exit(1));
};

// Ctrl-C reaches this process from the terminal and from its parent: repeats change nothing.
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(event, stop);
process.on('uncaughtException', fail);

const bench: Workbench = {
  scope,
  options: { orders: Number(values.orders), profileDirectory: values.profile ?? null },
  say: (line) => {
    tell({ type: 'said', line }).catch(fail);
  },
  record: (name, value, unit, aim = null) => {
    tell({ type: 'figure', name, value: Number.isFinite(value) ? value : null, unit, aim }).catch(fail);
  },
};

try {
  const part = parts.find(({ name }) => name === positionals[0]);
  if (part === undefined) throw new Error(`there is no part ${positionals[0] ?? ''}`);
  await part.run(bench);
  await end(0, { type: 'measured' });
} catch (failure) {
  fail(failure);
}
