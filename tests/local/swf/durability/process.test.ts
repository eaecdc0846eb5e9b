import {
  GetWorkflowExecutionHistoryCommand,
  PollForActivityTaskCommand,
  PollForDecisionTaskCommand,
  RegisterActivityTypeCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  RespondActivityTaskCompletedCommand,
  RespondDecisionTaskCompletedCommand,
  CountOpenWorkflowExecutionsCommand,
  StartWorkflowExecutionCommand,
  type HistoryEvent,
  SWFServiceException,
  type SWFClient,
} from '@aws-sdk/client-swf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openService } from '../../../../infrastructure/local/swf/service.js';
import type { Entry } from '../../../../infrastructure/local/swf/state/change.js';
import { buildServer, type ServerProgram } from '../support/server-process.js';
import { virtualClock } from '../support/virtual-clock.js';
import { clientOf, complete, scheduleActivity, typesOf } from '../support/world.js';

const domain = 'durable';
const type = { name: 'type', version: '1' };
const taskList = { name: 'list' };

let program: ServerProgram;
beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

async function register(client: SWFClient): Promise<void> {
  const named = { domain, ...type, defaultTaskList: taskList, defaultTaskStartToCloseTimeout: '1' };
  await client.send(new RegisterDomainCommand({ name: domain, workflowExecutionRetentionPeriodInDays: '1' }));
  await client.send(
    new RegisterWorkflowTypeCommand({
      ...named,
      defaultExecutionStartToCloseTimeout: '3600',
      defaultChildPolicy: 'ABANDON',
    }),
  );
  await client.send(
    new RegisterActivityTypeCommand({
      ...named,
      defaultTaskScheduleToStartTimeout: 'NONE',
      defaultTaskScheduleToCloseTimeout: 'NONE',
    }),
  );
}

/** What clients were told, over all lives of the server. */
interface Told {
  /** runId by workflowId. */
  readonly started: Map<string, string>;
  /** Tokens of the activity tasks that were handed out. */
  readonly tasks: string[];
  /** Results whose completion was answered. */
  readonly results: Set<string>;
  /** Refusals that nobody expected. */
  readonly surprises: string[];
}

/** A workflow of one activity, scheduled again when it timed out. Every loop ends with its first lost connection. */
function drive(client: SWFClient, told: Told, life: number, starting: () => boolean): Promise<unknown> {
  const untilLost = async (turn: () => Promise<boolean>): Promise<void> => {
    const lost = (error: unknown): boolean => {
      if (error instanceof SWFServiceException) told.surprises.push(error.message);
      return false;
    };
    for (let going = true; going;) going = await turn().catch(lost);
  };
  let started = 0;
  const starter = untilLost(async () => {
    if (!starting()) return false;
    started += 1;
    const workflowId = `w-${life}-${started}`;
    const { runId } = await client.send(
      new StartWorkflowExecutionCommand({ domain, workflowId, workflowType: type }),
    );
    told.started.set(workflowId, runId ?? '');
    return true;
  });
  const decider = () =>
    untilLost(async () => {
      const {
        taskToken,
        events = [],
        workflowExecution,
      } = await client.send(new PollForDecisionTaskCommand({ domain, taskList }));
      if (!taskToken) return true;
      // A start whose answer was lost has happened all the same.
      told.started.set(workflowExecution?.workflowId ?? '', workflowExecution?.runId ?? '');
      const isDone = typesOf(events).includes('ActivityTaskCompleted');
      const decisions = [isDone ? complete : scheduleActivity(`a${events.length}`, { activityType: type })];
      await client.send(new RespondDecisionTaskCompletedCommand({ taskToken, decisions })).catch(onlyUnknown);
      return true;
    });
  const worker = () =>
    untilLost(async () => {
      const { taskToken } = await client.send(new PollForActivityTaskCommand({ domain, taskList }));
      if (!taskToken) return true;
      told.tasks.push(taskToken);
      const result = `${life}-${told.tasks.length}`;
      await client
        .send(new RespondActivityTaskCompletedCommand({ taskToken, result }))
        .then(() => told.results.add(result), onlyUnknown);
      return true;
    });
  return Promise.all([starter, decider(), decider(), worker(), worker()]);
}

/** A task may have timed out in the meantime; a lost connection goes on. */
function onlyUnknown(error: unknown): void {
  if (error instanceof Error && error.name === 'UnknownResourceFault') return;
  throw error;
}

describe('a killed server', () => {
  it('has lost nothing that it answered, and repeats nothing', async () => {
    const told: Told = { started: new Map(), tasks: [], results: new Set(), surprises: [] };
    const seen = new Map<string, readonly HistoryEvent[]>();
    const lives = 6;
    for (let life = 1; life <= lives; life += 1) {
      const server = await program.start(['--data-dir', program.dataDirectory, '--poll-seconds', '1']);
      const client = clientOf(server.url);
      const historyOf = async (workflowId: string, runId: string) =>
        (
          await client.send(
            new GetWorkflowExecutionHistoryCommand({ domain, execution: { workflowId, runId } }),
          )
        ).events ?? [];
      if (life === 1) await register(client);
      for (const [runId, before] of seen) {
        const workflowId = [...told.started].find(([, id]) => id === runId)?.[0] ?? '';
        const now = await historyOf(workflowId, runId);
        expect(now.slice(0, before.length)).toEqual(before);
      }
      const target = told.started.size + 5 + life * 3;
      const last = life === lives;
      const driving = drive(client, told, life, () => !last || told.started.size < target);
      await until(() => Promise.resolve(told.started.size >= target || told.surprises.length > 0));
      if (!last) {
        for (const [workflowId, runId] of [...told.started].slice(-5)) {
          await historyOf(workflowId, runId).then((events) => seen.set(runId, events));
        }
        await server.kill();
        await driving;
        continue;
      }
      const count = new CountOpenWorkflowExecutionsCommand({
        domain,
        startTimeFilter: { oldestDate: new Date(0) },
      });
      await until(async () => (await client.send(count)).count === 0 || told.surprises.length > 0);
      expect(told.surprises).toEqual([]);
      const results: string[] = [];
      for (const [workflowId, runId] of told.started) {
        const events = await historyOf(workflowId, runId);
        expect(typesOf(events).at(-1)).toBe('WorkflowExecutionCompleted');
        for (const event of events) {
          const result = event.activityTaskCompletedEventAttributes?.result;
          if (result !== undefined) results.push(result);
        }
      }
      expect(new Set(results).size).toBe(results.length);
      expect(results).toEqual(expect.arrayContaining([...told.results]));
      expect(new Set(told.tasks).size).toBe(told.tasks.length);
      expect(await server.kill('SIGTERM')).toBe(0);
      await driving;
    }
  }, 30_000);

  it('knows the tokens that it gave out before', async () => {
    const folder = `${program.dataDirectory}-tokens`;
    const first = await program.start(['--data-dir', folder]);
    const before = clientOf(first.url);
    await register(before);
    await before.send(
      new StartWorkflowExecutionCommand({
        domain,
        workflowId: 'w',
        workflowType: type,
        taskStartToCloseTimeout: '600',
      }),
    );
    const { taskToken } = await before.send(new PollForDecisionTaskCommand({ domain, taskList }));
    await first.kill();
    const second = await program.start(['--data-dir', folder]);
    const after = clientOf(second.url);
    await after.send(new RespondDecisionTaskCompletedCommand({ taskToken, decisions: [complete] }));
    await second.kill();
  });
});

/** Resolves once the condition holds; it is looked at again and again, between turns of the event loop. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

describe('the entry point', () => {
  it('explains itself', async () => {
    const { code, output } = await program.run(['--help']);
    expect(code).toBe(0);
    expect(output).toContain('--data-dir');
  });

  it.each([
    [['--port', 'http'], '--port must be a whole number'],
    [['--in-memory', '--data-dir', 'x'], 'exclude each other'],
    [['--account', '1'], 'twelve digits'],
    [['--nonsense'], '--nonsense'],
  ])('refuses %j with one line', async (args, message) => {
    const { code, errors } = await program.run(args);
    expect(code).toBe(1);
    expect(errors).toContain(message);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });

  it('names the setting when the port is taken', async () => {
    const server = await program.start(['--in-memory']);
    const { code, errors } = await program.run(['--in-memory', '--port', new URL(server.url).port]);
    expect(code).toBe(1);
    expect(errors).toMatch(/--port is taken/);
    await server.kill();
  });
});

describe('answers wait for the journal', () => {
  it('and a task whose poller hangs up in the meantime waits again, as the next of its list', async () => {
    const writes: (() => void)[] = [];
    const entries: Entry[] = [];
    let blocked = false;
    const service = openService({
      clock: virtualClock(),
      account: '1',
      pollMilliseconds: 60_000,
      entries: [],
      journal: {
        append(entry) {
          entries.push(entry);
          return blocked ? new Promise((resolve) => writes.push(resolve)) : Promise.resolve();
        },
        rewrite: () => Promise.resolve(),
      },
    });
    let calls = 0;
    const ask = (action: string, input: object, caller = { gone: false, whenGone: () => undefined }) => {
      calls += 1;
      return service.perform({ region: 'r', action, input, freshId: `${calls}`, caller });
    };
    await ask('RegisterDomain', { name: domain, workflowExecutionRetentionPeriodInDays: '1' });
    await ask('RegisterWorkflowType', { domain, ...type });
    const values = {
      taskList,
      executionStartToCloseTimeout: '60',
      taskStartToCloseTimeout: '10',
      childPolicy: 'ABANDON',
    };
    for (const workflowId of ['first', 'second']) {
      await ask('StartWorkflowExecution', { domain, workflowId, workflowType: type, ...values });
    }
    const caller = { gone: false, whenGone: () => undefined };
    blocked = true;
    let answered = false;
    const lost = ask('PollForDecisionTask', { domain, taskList }, caller).then(() => (answered = true));
    await Promise.resolve();
    expect(writes).toHaveLength(1);
    expect(answered).toBe(false);
    caller.gone = true;
    blocked = false;
    for (const write of writes) write();
    await lost;
    expect(entries.at(-1)?.changes).toEqual([
      expect.objectContaining({ type: 'handOutWithdrawn', eventId: 3 }),
    ]);
    const answer = await ask('PollForDecisionTask', { domain, taskList });
    expect(answer).toMatchObject({ type: 'done', body: expect.stringContaining('"workflowId":"first"') });
  });
});
