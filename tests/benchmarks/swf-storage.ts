import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../infrastructure/local/swf/clock.js';
import { openService } from '../../infrastructure/local/swf/service.js';
import { openStorage } from '../../infrastructure/local/swf/storage/storage.js';
import { createScope, type Scope } from '../../infrastructure/process/scope.js';
import { residentOf } from './process-usage.js';
import { startSwfProcess } from './swf-process.js';

/**
 * What runs cost that nobody works on: how long a start takes when many closed runs are kept, and how much memory open
 * ones need. Run from built output: node dist/tests/benchmarks/swf-storage.js [closed runs]
 */

/** What was measured. */
export interface StorageCosts {
  readonly closedRuns: number;
  /** From the start of the process until it listens, with an empty folder and with the closed runs. */
  readonly emptyStartMilliseconds: number;
  readonly startMilliseconds: number;
  /** Resident memory of the started process beyond that of one with an empty folder. */
  readonly closedRunsMegabytes: number;
  readonly openRuns: number;
  /** Resident memory that the open runs add, each with a decision made and an activity that waits. */
  readonly openRunsMegabytes: number;
}

const domain = 'bench';
const taskList = { name: 'bench' };
const type = { name: 'step', version: '1' };
const openRuns = 10_000;

interface Kept {
  /** The answer's body. */
  readonly ask: (action: string, input: object) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** A server without its protocol, in this process, on a folder. */
async function openKept(folder: string): Promise<Kept> {
  const storage = await openStorage(folder, { warn: () => undefined });
  const service = openService({
    clock: systemClock,
    account: '1',
    pollMilliseconds: 1,
    entries: storage.entries(),
    journal: storage.journal,
    archive: storage.archive,
  });
  const caller = { gone: false, whenGone: () => undefined };
  let calls = 0;
  return {
    async ask(action, input) {
      calls += 1;
      const answer = await service.perform({
        region: 'us-east-1',
        action,
        input,
        freshId: `${String(Date.now())}${String(calls).padStart(40, '0')}`,
        caller,
      });
      if (answer.type !== 'done') throw new Error(`${action}: ${answer.fault.message}`);
      return answer.body;
    },
    async close() {
      service.close();
      await storage.close();
    },
  };
}

async function register({ ask }: Kept): Promise<void> {
  await ask('RegisterDomain', { name: domain, workflowExecutionRetentionPeriodInDays: '1' });
  const named = { domain, ...type, defaultTaskList: taskList, defaultTaskStartToCloseTimeout: '3600' };
  await ask('RegisterWorkflowType', {
    ...named,
    defaultExecutionStartToCloseTimeout: '36000',
    defaultChildPolicy: 'TERMINATE',
  });
  await ask('RegisterActivityType', {
    ...named,
    defaultTaskScheduleToStartTimeout: '36000',
    defaultTaskScheduleToCloseTimeout: '36000',
    defaultTaskHeartbeatTimeout: 'NONE',
  });
}

/** So many calls at once that many share each write. */
async function inBatches(count: number, perform: (index: number) => Promise<void>): Promise<void> {
  const atOnce = 500;
  for (let from = 0; from < count; from += atOnce) {
    await Promise.all(
      Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => perform(from + index)),
    );
  }
}

async function keepClosedRuns(kept: Kept, count: number): Promise<void> {
  await inBatches(count, async (index) => {
    const workflowId = `closed-${String(index)}`;
    await kept.ask('StartWorkflowExecution', { domain, workflowId, workflowType: type, tagList: ['bench'] });
    await kept.ask('TerminateWorkflowExecution', { domain, workflowId });
  });
}

async function keepOpenRuns(kept: Kept, count: number): Promise<void> {
  await inBatches(count, async (index) => {
    await kept.ask('StartWorkflowExecution', {
      domain,
      workflowId: `open-${String(index)}`,
      workflowType: type,
      input: '{"orderId":"8d3f2c1e-5b6a-4f70-9c1d-2e3f4a5b6c7d"}',
    });
    const task = await kept.ask('PollForDecisionTask', { domain, taskList });
    const taskToken = /"taskToken":"([^"]+)"/.exec(task)?.[1];
    const scheduled = { activityType: type, activityId: 'step-0', input: '{"orderId":"1"}' };
    await kept.ask('RespondDecisionTaskCompleted', {
      taskToken,
      decisions: [
        { decisionType: 'ScheduleActivityTask', scheduleActivityTaskDecisionAttributes: scheduled },
      ],
    });
  });
}

/** Starts the server on a folder, and ends it again. */
async function measureStart(
  folder: string,
  scope: Scope,
): Promise<{ readonly milliseconds: number; readonly megabytes: number }> {
  const began = performance.now();
  const server = await startSwfProcess(['--data-dir', folder], scope);
  const milliseconds = performance.now() - began;
  const megabytes = (await residentOf(server.pid)) ?? NaN;
  await server.stop();
  return { milliseconds, megabytes };
}

/** Everything is measured in new processes; all ends with the scope. */
export async function measureStorage(closedRuns: number, scope: Scope): Promise<StorageCosts> {
  const root = await mkdtemp(join(tmpdir(), 'swf-bench-'));
  scope.onRelease(() => rm(root, { recursive: true, force: true }));
  const prepare = async (name: string, fill: (kept: Kept) => Promise<void>): Promise<string> => {
    const folder = join(root, name);
    const kept = await openKept(folder);
    await register(kept);
    await fill(kept);
    await kept.close();
    return folder;
  };
  const empty = await prepare('empty', () => Promise.resolve());
  const closed = await prepare('closed', (kept) => keepClosedRuns(kept, closedRuns));
  const open = await prepare('open', (kept) => keepOpenRuns(kept, openRuns));
  const withNothing = await measureStart(empty, scope);
  const withClosed = await measureStart(closed, scope);
  const withOpen = await measureStart(open, scope);
  return {
    closedRuns,
    emptyStartMilliseconds: withNothing.milliseconds,
    startMilliseconds: withClosed.milliseconds,
    closedRunsMegabytes: withClosed.megabytes - withNothing.megabytes,
    openRuns,
    openRunsMegabytes: withOpen.megabytes - withNothing.megabytes,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scope = createScope();
  await measureStorage(Number(process.argv[2] ?? 100_000), scope)
    .then((costs) => process.stdout.write(`${JSON.stringify(costs, null, 2)}\n`))
    .finally(scope.release);
}
