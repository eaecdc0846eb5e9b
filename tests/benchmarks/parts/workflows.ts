import type { Part } from '../part.js';
import { measureWorkflows } from '../swf.js';

/** Of each mode and round. */
const seconds = 3;

/** Whole workflows of nine activities through SWF Local, which bounds what any order can reach. */
export const workflows: Part = {
  name: 'workflows',
  about: 'whole nine-activity workflows through SWF Local at 8 pollers, in memory and durable',
  limitSeconds: 90,
  run: async ({ scope, record, say }) => {
    const rates = new Map<string, number>();
    await measureWorkflows(seconds, scope, (mode, rate) => {
      rates.set(mode, rate.workflowsPerSecond);
      record(`workflows, ${mode}`, rate.workflowsPerSecond, 'per s');
      record(`calls, ${mode}`, rate.callsPerSecond, 'per s');
      record(`call, median, ${mode}`, rate.medianCallMilliseconds, 'ms');
      record(`server CPU per call, ${mode}`, rate.serverCpuPerCallMilliseconds, 'ms');
      record(`client CPU per call, ${mode}`, rate.clientCpuPerCallMilliseconds, 'ms');
      say(`${mode}: ${rate.workflowsPerSecond.toFixed(1)} workflows/s`);
    });
    record('ratio', (rates.get('durable') ?? NaN) / (rates.get('in memory') ?? NaN), 'durable per in memory');
  },
};
