import {
  PollForDecisionTaskCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  RespondDecisionTaskCompletedCommand,
  StartWorkflowExecutionCommand,
  type SWFClient,
} from '@aws-sdk/client-swf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openService } from '../../../../infrastructure/local/swf/service.js';
import type { Entry } from '../../../../infrastructure/local/swf/state/change.js';
import { buildServer, type ServerProgram } from '../support/server-process.js';
import { virtualClock } from '../support/virtual-clock.js';
import { clientOf, complete } from '../support/world.js';

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
}

describe('a killed server', () => {
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
