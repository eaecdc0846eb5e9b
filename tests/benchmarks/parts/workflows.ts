import type { Part } from '../part.js';
import { measureWorkflows } from '../swf.js';
import { measureStorage } from '../swf-storage.js';

/** Of each mode and round. */
const seconds = 3;

const closedRuns = 100_000;

/** Whole workflows of nine activities through SWF Local, which bounds what any order can reach; and what it keeps. */
export const workflows: Part = {
  name: 'workflows',
  about: 'whole nine-activity workflows through SWF Local at 8 pollers, in memory and durable',
  limitSeconds: 240,
  run: async ({ scope, record, say }) => {
    const rates = new Map<string, number>();
    await measureWorkflows(seconds, scope, (mode, rate) => {
      rates.set(mode, rate.workflowsPerSecond);
      const bound = mode === 'durable' ? 80 : 100;
      record(`workflows, ${mode}`, rate.workflowsPerSecond, 'per s', { type: 'at_least', bound });
      record(`calls, ${mode}`, rate.callsPerSecond, 'per s');
      record(`call, median, ${mode}`, rate.medianCallMilliseconds, 'ms');
      record(`server CPU per call, ${mode}`, rate.serverCpuPerCallMilliseconds, 'ms');
      record(`client CPU per call, ${mode}`, rate.clientCpuPerCallMilliseconds, 'ms');
      say(`${mode}: ${rate.workflowsPerSecond.toFixed(1)} workflows/s`);
    });
    record('ratio', (rates.get('durable') ?? NaN) / (rates.get('in memory') ?? NaN), 'durable per in memory');
    say(`keeping ${String(closedRuns)} closed runs, to be started with`);
    const kept = await measureStorage(closedRuns, scope);
    record('start, nothing kept', kept.emptyStartMilliseconds, 'ms');
    const start = `start, ${String(kept.closedRuns)} closed runs`;
    record(start, kept.startMilliseconds, 'ms', { type: 'at_most', bound: 2000 });
    record('memory of them', kept.closedRunsMegabytes, 'MB');
    const open = `memory, ${String(kept.openRuns)} open runs`;
    record(open, kept.openRunsMegabytes, 'MB', { type: 'at_most', bound: 60 });
  },
};
