import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost, median } from '../figures.js';
import type { Part } from '../part.js';
import { cpuOf, familyCpuOf, residentOf, sumOf } from '../process-usage.js';
import { root, type StackCommand, startStack } from '../stack/local-stack.js';

const rounds = 3;
const sources = ['domain', 'application', 'adapters', 'infrastructure', 'tests/benchmarks', 'tests/support'];
const copied = [...sources, 'package.json', '.npmrc'];
const isSource = (path: string): boolean => !/[\\/](node_modules|cdk\.out)$/.test(path);

/** `npm start` in a copy of the sources: the first start builds, as it does after a fresh installation. */
export const startUp: Part = {
  name: 'start-up',
  about: '`npm start` from the command to the banner, build included: on an empty folder, and again',
  limitSeconds: 180,
  run: async ({ scope, record, say }) => {
    const copy = await mkdtemp(join(tmpdir(), 'checkout-start-up-'));
    scope.onRelease(() => rm(copy, { recursive: true, force: true, maxRetries: 5 }));
    for (const name of copied)
      await cp(join(root, name), join(copy, name), { recursive: true, filter: isSource });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    const start: StackCommand = {
      file: 'npm',
      args: ['start', '--'],
      workingDirectory: copy,
      environment: {},
    };
    const times = { first: new Array<number>(), later: new Array<number>() };
    const cpu = { first: new Array<number>(), later: new Array<number>() };
    for (let round = 1; round <= rounds; round += 1) {
      const directory = join(copy, `data-${String(round)}`);
      await rm(join(copy, 'dist'), { recursive: true, force: true });
      for (const which of ['first', 'later'] as const) {
        const stack = await startStack(start, directory, scope);
        times[which].push(stack.startMilliseconds / 1000);
        const { node, postgres } = stack.processes;
        const used = sumOf(await Promise.all([...[...node.values()].map(cpuOf), familyCpuOf(postgres)]));
        if (used !== null) cpu[which].push(used / 1000);
        if (round === 1 && which === 'later') {
          // npm waits for the stack to end; the stack's own memory, in another part, leaves it out.
          record('npm itself, beside the stack', await residentOf(stack.launcher), 'MB');
        }
        await stack.stop();
        say(`round ${String(round)}, ${which} start: ${(stack.startMilliseconds / 1000).toFixed(2)} s`);
      }
    }
    record('first start, median', median(times.first), 's', atMost(5));
    record('later start, median', median(times.later), 's', atMost(2));
    record('CPU of the stack, first start', median(cpu.first), 's');
    record('CPU of the stack, later start', median(cpu.later), 's');
  },
};
