import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  PollForActivityTaskCommand,
  PollForDecisionTaskCommand,
  RegisterActivityTypeCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  RespondActivityTaskCompletedCommand,
  RespondDecisionTaskCompletedCommand,
  StartWorkflowExecutionCommand,
  SWFClient,
  type Decision,
  type HistoryEvent,
} from '@aws-sdk/client-swf';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Agent } from 'node:http';
import { createScope, type Scope } from '../../infrastructure/process/scope.js';
import { mean } from './figures.js';
import { cpuOf } from './process-usage.js';
import { startSwfProcess } from './swf-process.js';

/**
 * Whole workflows of nine activities, one after the other, per second: one client process with eight pollers (four
 * deciders, four workers) drives a server in another process through the official client, in memory and durable.
 * Run from built output: node dist/tests/benchmarks/swf.js [seconds]
 */

const domain = 'bench';
const activities = 9;
const atOnce = 16;
const taskList = { name: 'bench' };
const type = { name: 'step', version: '1' };

/** What one mode of the server did. */
export interface WorkflowRate {
  readonly workflowsPerSecond: number;
  readonly callsPerSecond: number;
  readonly medianCallMilliseconds: number;
  /** Processor time, which other load on the machine changes less than the rates. */
  readonly serverCpuPerCallMilliseconds: number;
  readonly clientCpuPerCallMilliseconds: number;
}

async function measure(storage: readonly string[], seconds: number, scope: Scope): Promise<WorkflowRate> {
  const server = await startSwfProcess(storage, scope);
  const client = new SWFClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 200 }) }),
  });
  const durations: number[] = [];
  let calls = 0;
  let completed = 0;
  let started = 0;
  let stopping = false;

  async function timed<Output>(call: () => Promise<Output>): Promise<Output> {
    const from = performance.now();
    const output = await call();
    calls += 1;
    durations.push(performance.now() - from);
    return output;
  }

  async function start(): Promise<void> {
    started += 1;
    const workflowId = `workflow-${started}`;
    await timed(() =>
      client.send(new StartWorkflowExecutionCommand({ domain, workflowId, workflowType: type })),
    );
  }

  /** How many activities are done when the first decision task, or the completion of the last one, is told. */
  function activitiesAfter(events: readonly HistoryEvent[]): number {
    const scheduled = events.find((event) => event.eventType === 'ActivityTaskScheduled');
    const activityId = scheduled?.activityTaskScheduledEventAttributes?.activityId;
    return activityId === undefined ? 0 : Number(activityId.slice('step-'.length)) + 1;
  }

  function decide(completedActivities: number): Decision {
    if (completedActivities === activities) return { decisionType: 'CompleteWorkflowExecution' };
    return {
      decisionType: 'ScheduleActivityTask',
      scheduleActivityTaskDecisionAttributes: {
        activityType: type,
        activityId: `step-${completedActivities}`,
        input: '{"orderId":"1"}',
      },
    };
  }

  async function decider(): Promise<void> {
    while (!stopping) {
      const task = await client.send(
        new PollForDecisionTaskCommand({ domain, taskList, startAtPreviousStartedEvent: true }),
      );
      calls += 1;
      const { taskToken, events = [] } = task;
      if (!taskToken) continue;
      const decision = decide(activitiesAfter(events));
      await timed(() =>
        client.send(new RespondDecisionTaskCompletedCommand({ taskToken, decisions: [decision] })),
      );
      if (decision.decisionType !== 'CompleteWorkflowExecution') continue;
      completed += 1;
      if (!stopping) await start();
    }
  }

  async function worker(): Promise<void> {
    while (!stopping) {
      const { taskToken } = await client.send(new PollForActivityTaskCommand({ domain, taskList }));
      calls += 1;
      if (!taskToken) continue;
      await timed(() =>
        client.send(new RespondActivityTaskCompletedCommand({ taskToken, result: '{"done":true}' })),
      );
    }
  }

  await client.send(new RegisterDomainCommand({ name: domain, workflowExecutionRetentionPeriodInDays: '1' }));
  const named = { domain, ...type, defaultTaskList: taskList, defaultTaskStartToCloseTimeout: '60' };
  await client.send(
    new RegisterWorkflowTypeCommand({
      ...named,
      defaultExecutionStartToCloseTimeout: '3600',
      defaultChildPolicy: 'TERMINATE',
    }),
  );
  await client.send(
    new RegisterActivityTypeCommand({
      ...named,
      defaultTaskScheduleToStartTimeout: '600',
      defaultTaskScheduleToCloseTimeout: '600',
      defaultTaskHeartbeatTimeout: 'NONE',
    }),
  );
  await Promise.all(Array.from({ length: atOnce }, start));
  const pollers = Promise.all(Array.from({ length: 4 }, () => [decider(), worker()]).flat());
  // Rejects when a poller fails while it is measured, and also, of no interest any more, when the server has stopped.
  const failed = pollers.then(() => Promise.reject(new Error('the pollers ended too early')));
  failed.catch(() => undefined);
  const serverCpu = async (): Promise<number> => (await cpuOf(server.pid)) ?? NaN;
  await pause(1000); // compilation of the hot paths is not measured
  const clientCpu = process.cpuUsage();
  const before = { calls, completed, at: performance.now(), serverCpu: await serverCpu() };
  durations.length = 0;
  await Promise.race([pause(seconds * 1000), failed]);
  const elapsed = (performance.now() - before.at) / 1000;
  const { user, system } = process.cpuUsage(clientCpu);
  const during = calls - before.calls;
  const result = {
    serverCpuPerCallMilliseconds: ((await serverCpu()) - before.serverCpu) / during,
    clientCpuPerCallMilliseconds: (user + system) / 1000 / during,
    workflowsPerSecond: (completed - before.completed) / elapsed,
    callsPerSecond: during / elapsed,
    medianCallMilliseconds: durations.sort((one, other) => one - other)[durations.length >> 1] ?? NaN,
  };
  stopping = true;
  await server.stop();
  await pollers.catch(() => undefined);
  client.destroy();
  return result;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const rounds = 2;

const average = (rates: readonly WorkflowRate[]): WorkflowRate => {
  const of = (field: keyof WorkflowRate): number => mean(rates.map((rate) => rate[field])) ?? NaN;
  return {
    workflowsPerSecond: of('workflowsPerSecond'),
    callsPerSecond: of('callsPerSecond'),
    medianCallMilliseconds: of('medianCallMilliseconds'),
    serverCpuPerCallMilliseconds: of('serverCpuPerCallMilliseconds'),
    clientCpuPerCallMilliseconds: of('clientCpuPerCallMilliseconds'),
  };
};

/** Measures the server in memory and durable in turns, each for the given seconds a round. All ends with the scope. */
export async function measureWorkflows(
  seconds: number,
  scope: Scope,
  measured: (mode: 'in memory' | 'durable', rate: WorkflowRate) => void,
): Promise<void> {
  const inMemory: WorkflowRate[] = [];
  const durable: WorkflowRate[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'swf-bench-'));
    scope.onRelease(() => rm(folder, { recursive: true, force: true }));
    inMemory.push(await measure(['--in-memory'], seconds, scope));
    durable.push(await measure(['--data-dir', folder], seconds, scope));
  }
  measured('in memory', average(inMemory));
  measured('durable', average(durable));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scope = createScope();
  await measureWorkflows(Number(process.argv[2] ?? 5), scope, (mode, rate) => {
    process.stdout.write(
      `${mode}: ${rate.workflowsPerSecond.toFixed(1)} workflows/s, ${rate.callsPerSecond.toFixed(0)} calls/s, ` +
        `median call ${rate.medianCallMilliseconds.toFixed(2)} ms, CPU per call: ` +
        `server ${rate.serverCpuPerCallMilliseconds.toFixed(2)} ms, ` +
        `client ${rate.clientCpuPerCallMilliseconds.toFixed(2)} ms\n`,
    );
  }).finally(scope.release);
}
