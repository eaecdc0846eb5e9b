// The whole stack as `npm start` runs it, on a folder and ports of its own.
import { mkdtemp, rm, watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSecrets, type StackSecrets } from '../../infrastructure/local/stack/secrets.js';
import { type RunningStack, runningStack } from '../../infrastructure/local/stack/stack-file.js';
import { freePortBase } from './free-ports.js';
import { type Ended, processesNaming, type Program, startProgram } from './programs.js';

/** A folder for stacks, with ports that were free. */
export type StackPlace = {
  readonly directory: string;
  readonly portBase: number;
  /** Ends whatever still runs on the folder, and removes it. */
  readonly clear: () => Promise<void>;
};

/** A stack that runs as a process, with the process of its roles and its databases' server. */
export type StackProcess = {
  readonly program: Program;
  readonly running: RunningStack;
  readonly secrets: StackSecrets;
  /** From the start of the process to the banner. */
  readonly startMilliseconds: number;
  /** As Ctrl-C in a terminal: to every process of the group. */
  readonly interrupt: () => Promise<Ended>;
  /** As a power cut: every process at once. */
  readonly killAll: () => Promise<void>;
};

const killAllOn = async (directory: string): Promise<void> => {
  for (const pid of await processesNaming(directory)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in this moment.
    }
  }
  await untilNoneRuns(directory);
};

const lookMilliseconds = 20;

/** Resolves when no process names the folder any more; the test's own time limit ends the wait. */
export const untilNoneRuns = async (directory: string): Promise<void> => {
  while ((await processesNaming(directory)).length > 0) {
    await new Promise((resume) => setTimeout(resume, lookMilliseconds));
  }
};

/** A new empty folder and a free block of ports. */
export const stackPlace = async (): Promise<StackPlace> => {
  const directory = await mkdtemp(join(tmpdir(), 'checkout-stack-'));
  return {
    directory,
    portBase: await freePortBase(),
    clear: async () => {
      await killAllOn(directory);
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** The arguments that put a stack in its place. */
export const placeArguments = ({ directory, portBase }: StackPlace): readonly string[] => [
  '--directory',
  directory,
  '--port-base',
  String(portBase),
];

/** Starts the process of a stack without waiting for it to be up. */
export const spawnStack = (
  place: StackPlace,
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Program =>
  startProgram('local', { args: [...placeArguments(place), ...args], environment, ownGroup: true });

/** The file of the roles' log. */
export const roleLogPath = ({ directory }: StackPlace): string => join(directory, 'checkout.log');

/** Begins to watch the place for a file to be made there; call it before the start, await the answer afterwards. */
export const whenMade = async ({ directory }: StackPlace, name: string): Promise<void> => {
  for await (const { filename } of watch(directory)) if (filename === name) return;
};

/** Starts a stack and waits for its banner; rejects with what it said when it does not come up. */
export const startStack = async (
  place: StackPlace,
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<StackProcess> => {
  const began = performance.now();
  const program = spawnStack(place, args, environment);
  await program.whenSaid('Checkout is running');
  const startMilliseconds = performance.now() - began;
  const running = await runningStack(place.directory);
  const secrets = await readSecrets(place.directory);
  if (running === null || secrets === null) throw new Error('the stack is up and has not announced itself');
  return {
    program,
    running,
    secrets,
    startMilliseconds,
    interrupt: () => {
      process.kill(-program.pid, 'SIGINT');
      return program.ended;
    },
    killAll: () => killAllOn(place.directory),
  };
};
