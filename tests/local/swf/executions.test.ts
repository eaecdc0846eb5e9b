import {
  DeprecateWorkflowTypeCommand,
  DescribeWorkflowExecutionCommand,
  GetWorkflowExecutionHistoryCommand,
  RegisterWorkflowTypeCommand,
  RequestCancelWorkflowExecutionCommand,
  SignalWorkflowExecutionCommand,
  StartWorkflowExecutionCommand,
  TerminateWorkflowExecutionCommand,
  type RegisterWorkflowTypeCommandInput,
  type SWFClient,
} from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import {
  attributesOf,
  complete,
  domain,
  scheduleActivity,
  shop,
  startTimer,
  taskList,
  typesOf,
  workflowType,
} from './support/world.js';

describe('StartWorkflowExecution', () => {
  it('records the start with the defaults of the type and calls for a decision', async () => {
    const { start, history } = await shop();
    const run = await start('order-1', { input: 'cart', tagList: ['gift', 'express'] });
    expect(run.runId.length).toBeLessThanOrEqual(64);
    const events = await history(run);
    expect(typesOf(events)).toEqual(['WorkflowExecutionStarted', 'DecisionTaskScheduled']);
    expect(attributesOf(events, 1)).toEqual({
      workflowType,
      taskList,
      input: 'cart',
      tagList: ['gift', 'express'],
      childPolicy: 'ABANDON',
      executionStartToCloseTimeout: '86400',
      taskStartToCloseTimeout: '30',
      parentInitiatedEventId: 0,
    });
    expect(attributesOf(events, 2)).toEqual({
      taskList,
      startToCloseTimeout: '30',
      scheduleToStartTimeout: 'NONE',
    });
    expect(events.map((event) => event.eventId)).toEqual([1, 2]);
  });

  it('prefers its own values to those of the type', async () => {
    const { start, history, describe: look } = await shop();
    const own = {
      taskList: { name: 'other' },
      taskPriority: '7',
      executionStartToCloseTimeout: '60',
      taskStartToCloseTimeout: '5',
      childPolicy: 'TERMINATE',
      lambdaRole: 'arn:role',
    } as const;
    const run = await start('order-1', own);
    const events = await history(run);
    expect(attributesOf(events, 1)).toMatchObject(own);
    expect(attributesOf(events, 2)).toMatchObject({ taskList: own.taskList, taskPriority: '7' });
    expect((await look(run)).executionConfiguration).toEqual(own);
  });

  it('refuses unknown and deprecated types', async () => {
    const { client, start } = await shop();
    const unknown = { name: 'order', version: '9' };
    await expect(start('order-1', { workflowType: unknown })).rejects.toMatchObject({
      name: 'UnknownResourceFault',
      message: 'Unknown type: WorkflowType=[name=order, version=9]',
    });
    await client.send(new DeprecateWorkflowTypeCommand({ domain, workflowType }));
    await expect(start()).rejects.toMatchObject({
      name: 'TypeDeprecatedFault',
      message: 'WorkflowType=[name=order, version=1]',
    });
  });

  it.each([
    ['executionStartToCloseTimeout', 'defaultExecutionStartToCloseTimeout'],
    ['taskList', 'defaultTaskList'],
    ['taskStartToCloseTimeout', 'defaultTaskStartToCloseTimeout'],
    ['childPolicy', 'defaultChildPolicy'],
  ])('names %s when neither the call nor the type gives it', async (member, missing) => {
    const { client, start } = await shop();
    const defaults: Partial<RegisterWorkflowTypeCommandInput> = {
      defaultExecutionStartToCloseTimeout: '60',
      defaultTaskList: taskList,
      defaultTaskStartToCloseTimeout: '60',
      defaultChildPolicy: 'TERMINATE',
    };
    const given = Object.fromEntries(Object.entries(defaults).filter(([name]) => name !== missing));
    await client.send(new RegisterWorkflowTypeCommand({ domain, name: 'order', version: '2', ...given }));
    const incomplete = { workflowType: { name: 'order', version: '2' } };
    await expect(start('order-1', incomplete)).rejects.toMatchObject({
      name: 'DefaultUndefinedFault',
      message: member,
    });
  });

  it('gives a workflowId to one open run at a time', async () => {
    const { start, decide } = await shop();
    const first = await start();
    await expect(start()).rejects.toMatchObject({ name: 'WorkflowExecutionAlreadyStartedFault' });
    await decide([complete]);
    const second = await start();
    expect(second.runId).not.toBe(first.runId);
  });
});

type Ask = (client: SWFClient, workflowId: string, runId?: string) => Promise<unknown>;
const asks: readonly (readonly [name: string, ask: Ask])[] = [
  [
    'SignalWorkflowExecution',
    (client, workflowId, runId) =>
      client.send(
        new SignalWorkflowExecutionCommand({ domain, workflowId, runId, signalName: 's', input: 'i' }),
      ),
  ],
  [
    'RequestCancelWorkflowExecution',
    (client, workflowId, runId) =>
      client.send(new RequestCancelWorkflowExecutionCommand({ domain, workflowId, runId })),
  ],
  [
    'TerminateWorkflowExecution',
    (client, workflowId, runId) =>
      client.send(new TerminateWorkflowExecutionCommand({ domain, workflowId, runId })),
  ],
];

describe.each(asks)('%s', (_, ask) => {
  it('takes the open run with and without its runId', async () => {
    const { client, start, history } = await shop();
    const one = await start();
    const two = await start('order-2');
    await ask(client, 'order-1', one.runId);
    await ask(client, 'order-2');
    expect((await history(one)).length).toBeGreaterThan(2);
    expect((await history(two)).length).toBeGreaterThan(2);
  });

  it('refuses another runId, an unknown workflowId and a closed run', async () => {
    const { client, start, decide } = await shop();
    const run = await start();
    await expect(ask(client, 'order-1', 'another')).rejects.toMatchObject({
      name: 'UnknownResourceFault',
      message: 'Unknown execution: WorkflowExecution=[workflowId=order-1, runId=another]',
    });
    await expect(ask(client, 'order-9')).rejects.toMatchObject({
      message: 'Unknown execution, workflowId = order-9',
    });
    await decide([complete]);
    await expect(ask(client, 'order-1', run.runId)).rejects.toMatchObject({
      message: `Unknown execution: WorkflowExecution=[workflowId=order-1, runId=${run.runId}]`,
    });
  });
});

describe('signals, cancel requests and termination', () => {
  it('are recorded again when repeated, and call for one decision', async () => {
    const { client, start, signal, history } = await shop();
    const run = await start();
    await signal();
    await signal();
    const cancel = new RequestCancelWorkflowExecutionCommand({ domain, workflowId: 'order-1' });
    await client.send(cancel);
    await client.send(cancel);
    const events = await history(run);
    expect(typesOf(events).slice(2)).toEqual([
      'WorkflowExecutionSignaled',
      'WorkflowExecutionSignaled',
      'WorkflowExecutionCancelRequested',
      'WorkflowExecutionCancelRequested',
    ]);
    expect(attributesOf(events, 3)).toEqual({ signalName: 'hurry', externalInitiatedEventId: 0 });
    expect(attributesOf(events, 5)).toEqual({ externalInitiatedEventId: 0 });
  });

  it('wake an idle run', async () => {
    const { start, decide, signal, history } = await shop();
    const run = await start();
    await decide([]);
    await signal();
    expect(typesOf(await history(run)).slice(4)).toEqual([
      'WorkflowExecutionSignaled',
      'DecisionTaskScheduled',
    ]);
  });

  it('terminate at once, with the effective child policy', async () => {
    const { client, start, history, describe: look, pendingDecisions } = await shop();
    const one = await start('one');
    const two = await start('two');
    const terminate = { domain, workflowId: 'one', reason: 'fraud', details: 'card' };
    await client.send(new TerminateWorkflowExecutionCommand(terminate));
    await client.send(
      new TerminateWorkflowExecutionCommand({ domain, workflowId: 'two', childPolicy: 'TERMINATE' }),
    );
    expect(attributesOf(await history(one), 3)).toEqual({
      reason: 'fraud',
      details: 'card',
      childPolicy: 'ABANDON',
      cause: 'OPERATOR_INITIATED',
    });
    expect(attributesOf(await history(two), 3)).toMatchObject({ childPolicy: 'TERMINATE' });
    expect((await look(one)).executionInfo?.closeStatus).toBe('TERMINATED');
    expect(await pendingDecisions()).toBe(0);
  });
});

describe('DescribeWorkflowExecution', () => {
  it('shows an open run with its counts, context and latest activity', async () => {
    const { client, start, decide, describe: look, clock, work } = await shop();
    const run = await start('order-1', { tagList: ['gift'] });
    expect(await look(run)).not.toHaveProperty('latestExecutionContext');
    await decide([scheduleActivity('a'), scheduleActivity('b'), startTimer()], {
      executionContext: 'paying',
    });
    clock.advance(2000);
    await work();
    await client.send(new RequestCancelWorkflowExecutionCommand({ domain, workflowId: 'order-1' }));
    const shown = await look(run);
    const began = Date.UTC(2026, 0, 1);
    expect(shown.executionInfo).toEqual({
      execution: run,
      workflowType,
      startTimestamp: new Date(began),
      executionStatus: 'OPEN',
      tagList: ['gift'],
      cancelRequested: true,
    });
    expect(shown.openCounts).toEqual({
      openActivityTasks: 1,
      openDecisionTasks: 1,
      openTimers: 1,
      openChildWorkflowExecutions: 0,
      openLambdaFunctions: 0,
    });
    expect(shown.latestActivityTaskTimestamp).toEqual(new Date(began + 2000));
    expect(shown.latestExecutionContext).toBe('paying');
  });

  it('keeps the context of an earlier completion until another one is given, even an empty one', async () => {
    const { start, decide, signal, describe: look } = await shop();
    const run = await start();
    await decide([], { executionContext: 'first' });
    await signal();
    await decide([]);
    expect((await look(run)).latestExecutionContext).toBe('first');
    await signal();
    await decide([], { executionContext: '' });
    expect((await look(run)).latestExecutionContext).toBe('');
  });

  it('keeps what was open when the run closed, and forgets the cancel request', async () => {
    const { client, start, decide, describe: look } = await shop();
    const run = await start();
    await client.send(new RequestCancelWorkflowExecutionCommand({ domain, workflowId: 'order-1' }));
    await decide([scheduleActivity(), startTimer(), complete]);
    const shown = await look(run);
    expect(shown.openCounts).toMatchObject({ openActivityTasks: 1, openTimers: 1, openDecisionTasks: 0 });
    expect(shown.executionInfo).toMatchObject({
      executionStatus: 'CLOSED',
      closeStatus: 'COMPLETED',
      cancelRequested: false,
    });
  });

  it('needs both ids, like the history', async () => {
    const { client, start } = await shop();
    const { runId } = await start();
    const execution = { workflowId: 'order-2', runId };
    const refusal = {
      name: 'UnknownResourceFault',
      message: `Unknown execution: WorkflowExecution=[workflowId=order-2, runId=${runId}]`,
    };
    await expect(
      client.send(new DescribeWorkflowExecutionCommand({ domain, execution })),
    ).rejects.toMatchObject(refusal);
    await expect(
      client.send(new GetWorkflowExecutionHistoryCommand({ domain, execution })),
    ).rejects.toMatchObject(refusal);
    await expect(
      client.send(new StartWorkflowExecutionCommand({ domain: 'none', workflowId: 'x', workflowType })),
    ).rejects.toMatchObject({ message: 'Unknown domain: none' });
  });
});
