import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atLeast, atMost } from '../figures.js';
import type { Part, Workbench } from '../part.js';
import { familyMemoryOf, residentOf, sumOf } from '../process-usage.js';
import { plainStart, type StackProcesses, startStack } from '../stack/local-stack.js';
import { type CpuReading, cpuReader, recordCosts, recordWaits } from '../stack/order-costs.js';
import { openPlay } from '../stack/order-play.js';
import { profilingEnvironment } from '../stack/profiling.js';
import { recordSteps } from '../stack/step-times.js';

const inFlight = 32;
const warmUp = 50;
const modestRate = 10;
const modestSeconds = 15;
/** The stack comes to rest after its start: lists are read, pools shrink. */
const restMilliseconds = 2_000;
const idleMilliseconds = 3_000;

const recordMemory = async (
  { record }: Workbench,
  when: string,
  { node, postgres }: StackProcesses,
): Promise<void> => {
  const sizes = await Promise.all([
    ...[...node].map(async ([name, pid]) => [name, await residentOf(pid)] as const),
    familyMemoryOf(postgres).then((size) => ['Postgres', size] as const),
  ]);
  for (const [name, size] of sizes) record(`memory ${when}, ${name}`, size, 'MB');
  record(`memory ${when}, whole stack`, sumOf(sizes.map(([, size]) => size)), 'MB', atMost(700));
};

/** What the stack uses while no order is under way. */
const recordIdle = async (
  { record }: Workbench,
  when: string,
  read: () => Promise<CpuReading>,
): Promise<void> => {
  const before = await read();
  await pause(idleMilliseconds);
  const after = await read();
  const used = [...after.groups]
    .filter(([name]) => name !== 'player')
    .map(([name, cpu]) => sumOf([cpu, -(before.groups.get(name) ?? NaN)]));
  const whole = sumOf(used);
  record(`cores used idle${when}`, whole === null ? null : whole / idleMilliseconds, 'cores');
};

/** Whole orders through the stack in the processes in which `npm start` arranges it. */
export const wholeOrders: Part = {
  name: 'whole-orders',
  about: 'orders from signed cart to shipping mail through the stack of `npm start`, 32 in flight',
  limitSeconds: 400,
  run: async (bench) => {
    const { scope, record, say, options } = bench;
    const directory = await mkdtemp(join(tmpdir(), 'checkout-orders-'));
    scope.onRelease(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
    const environment = await profilingEnvironment(options.profileDirectory);
    const stack = await startStack(plainStart(environment), directory, scope);
    const { node, postgres } = stack.processes;
    const read = cpuReader(node, postgres);
    await pause(restMilliseconds);
    await recordMemory(bench, 'idle', stack.processes);
    await recordIdle(bench, ', nobody there', read);
    const play = await openPlay(stack.running, stack.secrets, scope);
    await recordIdle(bench, ', floor crew of 8 asking for work', read);
    for (const [seed, label, signedInBefore] of [
      [1, '', false],
      [2, ', customers signed in', true],
    ] as const) {
      const window = await play.steadily({
        source: `bench-${String(seed)}`,
        seed,
        inFlight,
        warmUp,
        orders: options.orders,
        signedInBefore,
        read,
      });
      const rate = window.orders.length / window.seconds;
      say(`${rate.toFixed(1)} orders/s${label}`);
      record(`orders${label}`, rate, 'per s', atLeast(40));
      recordWaits(bench, label, window.orders);
      recordCosts(bench, label, window);
      if (signedInBefore) await recordSteps(bench, play.pool, window.orders);
    }
    await recordMemory(bench, 'after the orders', stack.processes);
    const modest = await play.atRate({
      source: 'bench-3',
      seed: 3,
      perSecond: modestRate,
      seconds: modestSeconds,
    });
    recordWaits(bench, `, ${String(modestRate)} carts/s`, modest);
    const differences = await play.reconciled();
    record('differences between the books', differences.length, '', atMost(0));
    for (const { orderId, what } of differences.slice(0, 3)) say(`order ${orderId}: ${what}`);
    await stack.stop();
  },
};
