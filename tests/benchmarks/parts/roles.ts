import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSecrets } from '../../../infrastructure/local/stack/secrets.js';
import { runningStack } from '../../../infrastructure/local/stack/stack-file.js';
import type { Part } from '../part.js';
import { roleNames } from '../../../infrastructure/roles/names.js';
import { childrenOf, familyMemoryOf, residentOf } from '../process-usage.js';
import { cpuReader, recordCosts, recordWaits } from '../stack/order-costs.js';
import { openPlay } from '../stack/order-play.js';
import { profilingEnvironment } from '../stack/profiling.js';
import { recordSteps } from '../stack/step-times.js';

const entryPoint = fileURLToPath(new URL('../stack/separate-roles.js', import.meta.url));

const allStarted = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error('the roles did not start; the reason stands above')));
  });

/** The same orders with every role in a process of its own, which tells their costs apart. */
export const roles: Part = {
  name: 'roles',
  about: 'the same orders with every role in a process of its own: CPU and memory by role, time by step',
  limitSeconds: 240,
  run: async (bench) => {
    const { scope, record, say, options } = bench;
    const directory = await mkdtemp(join(tmpdir(), 'checkout-role-costs-'));
    scope.onRelease(() => rm(directory, { recursive: true, force: true }));
    const profileDirectory =
      options.profileDirectory === null ? null : join(options.profileDirectory, 'roles');
    const environment = await profilingEnvironment(profileDirectory);
    const child = fork(entryPoint, [directory], {
      stdio: ['ignore', 2, 2, 'ipc'],
      env: { ...process.env, ...environment },
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await ended;
    };
    scope.onRelease(stop);
    await allStarted(child);
    const [running, secrets] = [await runningStack(directory), await readSecrets(directory)];
    if (running === null || secrets === null) throw new Error('the roles are not announced');
    const standIns = running.pid;
    const children = await childrenOf(standIns);
    const postgres = children.find(({ name }) => name === 'postgres')?.pid ?? 0;
    const processes = new Map(
      roleNames.map((role) => {
        const found = children.find(({ command }) => command.includes(`/run/${role}.js`));
        return [role, found?.pid ?? 0] as const;
      }),
    );
    const all = new Map<string, number>([...processes, ['stand-ins', standIns]]);
    const play = await openPlay(running, secrets, scope);
    const window = await play.steadily({
      source: 'bench-roles',
      seed: 4,
      inFlight: 32,
      warmUp: 50,
      orders: options.orders,
      signedInBefore: false,
      read: cpuReader(all, postgres),
    });
    const rate = window.orders.length / window.seconds;
    say(`${rate.toFixed(1)} orders/s`);
    record('orders', rate, 'per s');
    recordWaits(bench, '', window.orders);
    recordCosts(bench, '', window);
    await recordSteps(bench, play.pool, window.orders);
    for (const [name, pid] of all) record(`memory after the orders, ${name}`, await residentOf(pid), 'MB');
    record('memory after the orders, Postgres', await familyMemoryOf(postgres), 'MB');
    const differences = await play.reconciled();
    if (differences.length > 0)
      throw new Error(`${String(differences.length)} differences between the books`);
    await stop();
  },
};
