// `npm run bench`: one table of what the checkout and its stand-ins do on this machine, all from one run.
//
// How to read it
// - Every line is one figure of one part. A line with an aim says `met` or `MISSED`; the others explain.
// - Compare ratios and processor times across machines, not rates: a rate is only as good as the machine was idle.
//   `cores used by others` tells how idle it was while the orders ran; well above 0.1, the rates say little.
// - `ratio` is measured in turns in one run, so load on the machine changes both sides alike.
// - Orders run at 32 in flight all the time: those before (warm-up) and after the measured ones are not counted.
//   Processor time per order is what the processes used in between, divided by the orders that ended in between.
// - A step's time is from the order's event before to its own, by the database's clock; the steps of an order add up
//   to its time from placed to completed.
// - Memory is resident memory by process, but for Postgres, whose processes share much: there each shared page counts
//   once. `npm` itself and its shell are not part of the stack.
// - p99 of n orders is the n/100-th worst: below some hundred orders it is nearly the maximum.
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { sayFailure, StartUpFailure } from '../../infrastructure/process/role.js';
import { type Figure, figuresTable, isMet, type PartOutcome } from './figures.js';
import type { Part } from './part.js';
import { parts } from './parts/all.js';
import { familyOf } from './process-usage.js';

const usage = `Usage: npm run bench -- [options]

Measures the checkout on this machine and prints one table of figures, with the aims that some of them have.

  --only NAME     only this part; may be given several times
  --offline       without the parts that need the package registry
  --orders N      orders that are measured, after the warm-up (default 300)
  --profile D     write processor profiles of the stack's processes to a folder (see profile.ts); slows a little
  --json OUT      write the figures to a file as well
  --help          this text

Parts:
${parts.map(({ name, about }) => `  ${name.padEnd(14)}  ${about}`).join('\n')}

Exit code 0 when every part was measured, whether or not the aims are met; 1 when one failed; 130 after Ctrl-C.
`;

const Message = t.union([
  t.type({ type: t.literal('said'), line: t.string }),
  t.type({
    type: t.literal('figure'),
    name: t.string,
    value: t.union([t.number, t.null]),
    unit: t.string,
    aim: t.union([
      t.null,
      t.type({ type: t.union([t.literal('at_least'), t.literal('at_most')]), bound: t.number }),
    ]),
  }),
  t.type({ type: t.literal('failed'), reason: t.string }),
  t.type({ type: t.literal('measured') }),
]);

const readArguments = () => {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        offline: { type: 'boolean', default: false },
        orders: { type: 'string', default: '300' },
        profile: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const unknown = values.only.find((name) => !parts.some((part) => part.name === name));
    if (unknown !== undefined)
      throw new StartUpFailure(`--only ${unknown}: there is no such part; see --help`);
    if (!/^[1-9]\d{0,5}$/.test(values.orders))
      throw new StartUpFailure('--orders must be a whole number from 1');
    return values;
  } catch (failure) {
    throw failure instanceof TypeError ? new StartUpFailure(failure.message) : failure;
  }
};

type Arguments = ReturnType<typeof readArguments>;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const partProcess = fileURLToPath(new URL('./part-process.js', import.meta.url));
const graceMilliseconds = 30_000;

/** Ends the process and all it started, without asking. */
const endFamily = async (pid: number): Promise<void> => {
  for (const member of await familyOf(pid)) {
    try {
      process.kill(member.pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
};

type StopRequest = { requested: boolean; tell: (() => void) | null };

/** Runs a part in a process of its own, so that whatever happens there only that part fails. */
const runPart = (part: Part, { orders, profile }: Arguments, stop: StopRequest): Promise<PartOutcome> =>
  new Promise((resolve) => {
    const began = performance.now();
    const figures: Figure[] = [];
    const state: { ending: PartOutcome['ending'] } = {
      ending: { type: 'failed', reason: 'its process ended without a word' },
    };
    const child = fork(
      partProcess,
      [part.name, '--orders', orders, ...(profile === undefined ? [] : ['--profile', profile])],
      {
        stdio: ['ignore', 2, 2, 'ipc'],
        env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      },
    );
    const timers: NodeJS.Timeout[] = [];
    const end = (reason: string): void => {
      state.ending = { type: 'failed', reason };
      child.kill('SIGTERM');
      const { pid } = child;
      if (pid === undefined) return;
      timers.push(setTimeout(() => void endFamily(pid).catch(sayFailure), graceMilliseconds));
    };
    timers.push(
      setTimeout(() => end(`given up after ${String(part.limitSeconds)} s`), part.limitSeconds * 1000),
    );
    stop.tell = () => end('stopped');
    child.on('message', (raw) => {
      const message = Message.decode(raw);
      if (E.isLeft(message)) return;
      const told = message.right;
      if (told.type === 'said') say(`    ${told.line}`);
      else if (told.type === 'figure') figures.push({ ...told, part: part.name });
      else if (told.type === 'measured') state.ending = { type: 'measured' };
      else state.ending = { type: 'failed', reason: told.reason };
    });
    child.once('exit', () => {
      for (const timer of timers) clearTimeout(timer);
      stop.tell = null;
      const seconds = (performance.now() - began) / 1000;
      resolve({ part: part.name, figures, seconds, ending: state.ending });
    });
  });

const runAll = async (chosen: readonly Part[], values: Arguments): Promise<readonly PartOutcome[]> => {
  const stop: StopRequest = { requested: false, tell: null };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.requested) return;
      stop.requested = true;
      say('Stopping: cleaning up …');
      stop.tell?.();
    });
  }
  const outcomes: PartOutcome[] = [];
  for (const [index, part] of chosen.entries()) {
    if (stop.requested) break;
    if (values.offline && part.needsRegistry === true) {
      const ending = { type: 'skipped', reason: 'needs the package registry' } as const;
      outcomes.push({ part: part.name, figures: [], seconds: 0, ending });
      continue;
    }
    say(`[${String(index + 1)}/${String(chosen.length)}] ${part.name}: ${part.about}`);
    const outcome = await runPart(part, values, stop);
    const { ending } = outcome;
    say(
      `    ${ending.type === 'measured' ? 'measured' : ending.reason} after ${outcome.seconds.toFixed(1)} s`,
    );
    outcomes.push(outcome);
  }
  if (stop.requested) process.exitCode = 130;
  return outcomes;
};

const run = async (): Promise<void> => {
  const values = readArguments();
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const chosen = parts.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
  const outcomes = await runAll(chosen, values);
  const processors = cpus();
  const machine = `${String(processors.length)} × ${processors[0]?.model ?? 'unknown'}, Node ${process.version}`;
  process.stdout.write(`\n${figuresTable(outcomes)}\n\n${machine}, ${new Date().toISOString()}\n`);
  if (values.json !== undefined) {
    const judged = outcomes.map((outcome) => ({
      ...outcome,
      figures: outcome.figures.map((figure) => ({ ...figure, met: isMet(figure) })),
    }));
    const document = { machine, at: new Date().toISOString(), parts: judged };
    await writeFile(values.json, `${JSON.stringify(document, null, 2)}\n`);
  }
  if (outcomes.some(({ ending }) => ending.type === 'failed')) process.exitCode ??= 1;
};

await run().catch((failure: unknown) => {
  sayFailure(failure);
  process.exitCode = 1;
});
