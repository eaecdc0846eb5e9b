// Two kinds of test. What runs inside one process shares both cores file by file; what starts processes of its own
// (the whole stack, the entry points, the build) runs afterwards and one file at a time, so that neither a full
// machine nor a neighbour's stack decides whether it passes.
import { configDefaults, defineConfig } from 'vitest/config';

const startsProcesses = ['tests/system/**/*.test.ts', 'tests/entry-points.test.ts'];

export default defineConfig({
  test: {
    environment: 'node',
    passWithNoTests: false,
    allowOnly: false,
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'in-process',
          globalSetup: ['tests/support/global-setup.ts'],
          include: ['tests/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...startsProcesses, 'tests/benchmarks/**'],
          pool: 'threads',
          maxWorkers: 2,
          testTimeout: 15_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: startsProcesses,
          pool: 'forks',
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          teardownTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
