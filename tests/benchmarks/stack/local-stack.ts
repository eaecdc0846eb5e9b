// The local stack as a person starts it, seen from outside.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as t from 'io-ts';
import { readSecrets, type StackSecrets } from '../../../infrastructure/local/stack/secrets.js';
import { type RunningStack, runningStack } from '../../../infrastructure/local/stack/stack-file.js';
import type { Scope } from '../../../infrastructure/process/scope.js';
import { freePortBase } from '../../support/free-ports.js';
import { childrenOf, familyOf } from '../process-usage.js';

// From dist/tests/benchmarks/stack/ to the repository.
/** The repository's folder. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The processes of a stack. */
export type StackProcesses = {
  readonly standIns: number;
  readonly postgres: number;
  /** The Node processes by name, the stand-ins' included; a process of roles is named after them. */
  readonly node: ReadonlyMap<string, number>;
};

/** A stack that runs in processes of its own. */
export type StartedStack = {
  readonly running: RunningStack;
  readonly secrets: StackSecrets;
  readonly processes: StackProcesses;
  /** The process of the command itself. */
  readonly launcher: number;
  /** From the command to the banner, in milliseconds. */
  readonly startMilliseconds: number;
  /** Drains it. Repeats do nothing; rejects when it ends with another exit code than 0. */
  readonly stop: () => Promise<void>;
};

/** How the stack is started: a command that takes the options of `npm start`. */
export type StackCommand = {
  readonly file: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
};

/** The start without npm: nothing but the stack's own processes. */
export const plainStart = (environment: NodeJS.ProcessEnv): StackCommand => ({
  file: process.execPath,
  args: ['dist/infrastructure/run/local.js'],
  workingDirectory: root,
  environment,
});

const bannerOrFailure = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: string): void => {
      said += text;
      if (said.includes('Checkout is running')) resolve();
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('error', reject);
    child.once('exit', () =>
      reject(new Error(`the stack did not start: ${said.trim().split('\n').at(-1) ?? ''}`)),
    );
  });

const LogLine = t.type({ process: t.string, pid: t.number });

/** The names under which processes write the stack's log, by process. */
const namesInLog = async (directory: string): Promise<ReadonlyMap<number, string>> => {
  const text = await readFile(join(directory, 'checkout.log'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  const written = lines.map((line): unknown => JSON.parse(line)).filter((line) => LogLine.is(line));
  return new Map(written.map(({ pid, process: name }) => [pid, name]));
};

/** The stack's processes; Postgres is 0, which no process is, when it is not found. */
const processesOf = async (standIns: number, directory: string): Promise<StackProcesses> => {
  const children = await childrenOf(standIns);
  const names = await namesInLog(directory);
  const roles = children
    .filter(({ name }) => name !== 'postgres')
    .map(({ pid }) => [names.get(pid) ?? `roles ${String(pid)}`, pid] as const);
  return {
    standIns,
    postgres: children.find(({ name }) => name === 'postgres')?.pid ?? 0,
    node: new Map([...roles, ['stand-ins', standIns]]),
  };
};

/** Processes of this stack that are asked to end when it has not announced itself yet. */
const stopFamily = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined) return;
  for (const { pid, name } of [...(await familyOf(child.pid))].reverse()) {
    // Postgres is stopped by whoever started it, after everything that uses it.
    if (name === 'postgres') continue;
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It ended by itself in between.
    }
  }
};

/** Starts a stack on a folder and waits for its banner. It is stopped with the scope at the latest. */
export const startStack = async (
  command: StackCommand,
  directory: string,
  scope: Scope,
): Promise<StartedStack> => {
  const options = ['--directory', directory, '--port-base', String(await freePortBase())];
  const began = performance.now();
  const child = spawn(command.file, [...command.args, ...options], {
    cwd: command.workingDirectory,
    env: { ...process.env, ...command.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stopOnce = async (): Promise<void> => {
    const running = await runningStack(directory);
    if (running === null) await stopFamily(child);
    else process.kill(running.pid, 'SIGTERM');
    const code = await ended;
    if (code !== 0) throw new Error(`the stack ended with exit code ${String(code)}`);
  };
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= child.exitCode === null ? stopOnce() : Promise.resolve());
  scope.onRelease(stop);
  await bannerOrFailure(child);
  const startMilliseconds = performance.now() - began;
  const running = await runningStack(directory);
  const secrets = await readSecrets(directory);
  if (running === null || secrets === null || child.pid === undefined)
    throw new Error('the stack is not announced');
  const processes = await processesOf(running.pid, directory);
  return { running, secrets, processes, launcher: child.pid, startMilliseconds, stop };
};
