import {
  DeprecateWorkflowTypeCommand,
  DescribeWorkflowExecutionCommand,
  GetWorkflowExecutionHistoryCommand,
  RegisterWorkflowTypeCommand,
  RequestCancelWorkflowExecutionCommand,
  SignalWorkflowExecutionCommand,
  StartWorkflowExecutionCommand,
  TerminateWorkflowExecutionCommand,
  type Decision,
  type RegisterWorkflowTypeCommandInput,
  type SWFClient,
} from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import { complete, domain, scheduleActivity, startTimer, workflowType } from '../../support/world.js';
import { refused, type Case } from '../harness.js';

const second = { name: 'order', version: '2' };

const starts: Case[] = [
  {
    title: 'StartWorkflowExecution takes what it leaves out from the type',
    covers: ['StartWorkflowExecution', 'WorkflowExecutionStarted', 'DecisionTaskScheduled'],
    run: async (world) => {
      const run = await world.start();
      expect(await world.types(run)).toEqual(['WorkflowExecutionStarted', 'DecisionTaskScheduled']);
      expect(await world.last(run, 'WorkflowExecutionStarted')).toEqual({
        executionStartToCloseTimeout: '86400',
        taskStartToCloseTimeout: '30',
        childPolicy: 'ABANDON',
        taskList: { name: 'main' },
        workflowType,
        parentInitiatedEventId: 0,
      });
      expect(await world.last(run, 'DecisionTaskScheduled')).toEqual({
        taskList: { name: 'main' },
        startToCloseTimeout: '30',
        scheduleToStartTimeout: 'NONE',
      });
    },
  },
  {
    title: 'StartWorkflowExecution overrides every default of the type',
    covers: ['StartWorkflowExecution', 'WorkflowExecutionStarted', 'DescribeWorkflowExecution'],
    run: async (world) => {
      const configuration = {
        executionStartToCloseTimeout: '60',
        taskStartToCloseTimeout: 'NONE',
        childPolicy: 'REQUEST_CANCEL' as const,
        taskList: { name: 'other' },
        taskPriority: '7',
        lambdaRole: 'role',
      };
      const run = await world.start('order-1', { ...configuration, input: 'cart', tagList: ['gift'] });
      expect(await world.last(run, 'WorkflowExecutionStarted')).toEqual({
        ...configuration,
        input: 'cart',
        tagList: ['gift'],
        workflowType,
        parentInitiatedEventId: 0,
      });
      expect((await world.describe(run)).executionConfiguration).toEqual(configuration);
      expect(await world.last(run, 'DecisionTaskScheduled')).toMatchObject({ taskPriority: '7' });
    },
  },
  {
    title: 'StartWorkflowExecution leaves an empty list of tags out',
    covers: ['StartWorkflowExecution'],
    run: async (world) => {
      const run = await world.start('order-1', { tagList: [] });
      expect(await world.last(run, 'WorkflowExecutionStarted')).not.toHaveProperty('tagList');
      expect((await world.describe(run)).executionInfo).not.toHaveProperty('tagList');
    },
  },
  {
    title: 'StartWorkflowExecution needs a known domain and a known type',
    covers: ['StartWorkflowExecution', 'UnknownResourceFault'],
    run: async (world) => {
      const message = 'Unknown type: WorkflowType=[name=order, version=2]';
      await refused(world.start('a', { workflowType: second }), 'UnknownResourceFault', message);
      await refused(world.start('a', { domain: 'x' }), 'UnknownResourceFault', 'Unknown domain: x');
    },
  },
  {
    title: 'StartWorkflowExecution refuses a deprecated type',
    covers: ['StartWorkflowExecution', 'TypeDeprecatedFault'],
    run: async (world) => {
      await world.client.send(new DeprecateWorkflowTypeCommand({ domain, workflowType }));
      await refused(world.start(), 'TypeDeprecatedFault', 'WorkflowType=[name=order, version=1]');
    },
  },
  ...[
    ['executionStartToCloseTimeout', 'defaultExecutionStartToCloseTimeout'],
    ['taskList', 'defaultTaskList'],
    ['taskStartToCloseTimeout', 'defaultTaskStartToCloseTimeout'],
    ['childPolicy', 'defaultChildPolicy'],
  ].map(([member = '', missing = '']): Case => ({
    title: `StartWorkflowExecution names ${member} when neither it nor the type gives it`,
    covers: ['StartWorkflowExecution', 'DefaultUndefinedFault'],
    run: async (world) => {
      const defaults: Partial<RegisterWorkflowTypeCommandInput> = {
        defaultExecutionStartToCloseTimeout: '60',
        defaultTaskList: { name: 'l' },
        defaultTaskStartToCloseTimeout: '60',
        defaultChildPolicy: 'TERMINATE',
      };
      const given = Object.fromEntries(Object.entries(defaults).filter(([name]) => name !== missing));
      await world.client.send(new RegisterWorkflowTypeCommand({ domain, ...second, ...given }));
      await refused(world.start('a', { workflowType: second }), 'DefaultUndefinedFault', member);
    },
  })),
  {
    title: 'StartWorkflowExecution gives a workflowId to one open run at a time',
    covers: ['StartWorkflowExecution', 'WorkflowExecutionAlreadyStartedFault'],
    run: async (world) => {
      const { runId } = await world.start();
      await refused(world.start(), 'WorkflowExecutionAlreadyStartedFault');
      await world.decide([complete]);
      expect((await world.start()).runId).not.toBe(runId);
    },
  },
  {
    title:
      'StartWorkflowExecution reports a deprecated type before missing values, and those before a taken workflowId',
    covers: ['StartWorkflowExecution', 'TypeDeprecatedFault', 'DefaultUndefinedFault'],
    run: async (world) => {
      await world.start();
      await world.client.send(new RegisterWorkflowTypeCommand({ domain, ...second }));
      await refused(world.start('order-1', { workflowType: second }), 'DefaultUndefinedFault');
      await world.client.send(new DeprecateWorkflowTypeCommand({ domain, workflowType: second }));
      await refused(world.start('order-1', { workflowType: second }), 'TypeDeprecatedFault');
    },
  },
  {
    title: 'runs and domains of one region are unknown in another',
    covers: ['StartWorkflowExecution', 'UnknownResourceFault'],
    run: async (world) => {
      await world.start();
      const elsewhere = await fetch(world.url, {
        method: 'POST',
        headers: {
          'x-amz-target': 'SimpleWorkflowService.DescribeDomain',
          authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/elsewhere/swf/aws4_request',
        },
        body: JSON.stringify({ name: domain }),
      });
      expect(await elsewhere.text()).toContain('Unknown domain: shop');
      const call = world.client.send(
        new StartWorkflowExecutionCommand({ domain: 'x', workflowId: 'w', workflowType }),
      );
      await refused(call, 'UnknownResourceFault');
    },
  },
];

interface Address {
  readonly workflowId: string;
  readonly runId?: string;
}

const asks: readonly (readonly [string, string, (client: SWFClient, to: Address) => Promise<unknown>])[] = [
  [
    'SignalWorkflowExecution',
    'WorkflowExecutionSignaled',
    (client, to) =>
      client.send(new SignalWorkflowExecutionCommand({ domain, signalName: 's', input: 'i', ...to })),
  ],
  [
    'RequestCancelWorkflowExecution',
    'WorkflowExecutionCancelRequested',
    (client, to) => client.send(new RequestCancelWorkflowExecutionCommand({ domain, ...to })),
  ],
  [
    'TerminateWorkflowExecution',
    'WorkflowExecutionTerminated',
    (client, to) =>
      client.send(new TerminateWorkflowExecutionCommand({ domain, reason: 'r', details: 'd', ...to })),
  ],
];
const recorded: Readonly<Record<string, object>> = {
  SignalWorkflowExecution: { signalName: 's', input: 'i', externalInitiatedEventId: 0 },
  RequestCancelWorkflowExecution: { externalInitiatedEventId: 0 },
  TerminateWorkflowExecution: {
    reason: 'r',
    details: 'd',
    childPolicy: 'ABANDON',
    cause: 'OPERATOR_INITIATED',
  },
};

const requests = asks.flatMap(([name, event, ask]): Case[] => [
  ...[true, false].map((named): Case => ({
    title: `${name} reaches the open run ${named ? 'by its runId' : 'of the workflowId'}`,
    covers: [name, event, ...(name.startsWith('Terminate') ? [`${event}:OPERATOR_INITIATED`] : [])],
    run: async (world) => {
      const run = await world.start();
      await world.decide([]);
      await ask(world.client, named ? run : { workflowId: run.workflowId });
      expect(await world.last(run, event)).toEqual(recorded[name]);
      const closes = name === 'TerminateWorkflowExecution';
      expect((await world.types(run)).slice(4)).toEqual(closes ? [event] : [event, 'DecisionTaskScheduled']);
    },
  })),
  {
    title: `${name} does not know a closed run, another runId, or a workflowId that never was`,
    covers: [name, 'UnknownResourceFault'],
    run: async (world) => {
      const run = await world.start();
      await world.decide([complete]);
      const open = await world.start();
      const text = (workflowId: string, runId: string) =>
        `Unknown execution: WorkflowExecution=[workflowId=${workflowId}, runId=${runId}]`;
      const fault = 'UnknownResourceFault';
      await refused(ask(world.client, run), fault, text('order-1', run.runId));
      await refused(ask(world.client, { ...open, runId: 'x' }), fault, text('order-1', 'x'));
      await refused(
        ask(world.client, { workflowId: 'never' }),
        fault,
        'Unknown execution, workflowId = never',
      );
    },
  },
]);

const repeats = asks.slice(0, 2).map(([name, event, ask]): Case => ({
  title: `${name} is recorded again when it is repeated, and calls for one decision`,
  covers: [name, event, 'DecisionTaskScheduled'],
  run: async (world) => {
    const run = await world.start();
    await world.pollDecision();
    await ask(world.client, run);
    await ask(world.client, run);
    expect((await world.types(run)).slice(3)).toEqual([event, 'DecisionTaskScheduled', event]);
  },
}));

const small: Decision = { decisionType: 'RecordMarker', recordMarkerDecisionAttributes: { markerName: 'm' } };

const descriptions: Case[] = [
  {
    title:
      'DescribeWorkflowExecution and GetWorkflowExecutionHistory know open and closed runs by both ids only',
    covers: ['DescribeWorkflowExecution', 'GetWorkflowExecutionHistory', 'UnknownResourceFault'],
    run: async (world) => {
      const { runId } = await world.start();
      const execution = { workflowId: 'other', runId };
      const fault = 'UnknownResourceFault';
      await refused(world.client.send(new DescribeWorkflowExecutionCommand({ domain, execution })), fault);
      await refused(world.client.send(new GetWorkflowExecutionHistoryCommand({ domain, execution })), fault);
      await world.decide([complete]);
      await world.describe({ workflowId: 'order-1', runId });
    },
  },
  {
    title: 'DescribeWorkflowExecution counts what is open, and knows the latest activity and context',
    covers: ['DescribeWorkflowExecution', 'ActivityTaskStarted'],
    run: async (world) => {
      const run = await world.start();
      expect(await world.describe(run)).not.toHaveProperty('latestActivityTaskTimestamp');
      const { taskToken } = await world.pollDecision();
      await world.respond(taskToken, [scheduleActivity('a'), scheduleActivity('b'), startTimer()], {
        executionContext: 'half way',
      });
      world.clock.advance(5000);
      await world.pollActivity();
      const shown = await world.describe(run);
      expect(shown.openCounts).toEqual({
        openActivityTasks: 2,
        openDecisionTasks: 0,
        openTimers: 1,
        openChildWorkflowExecutions: 0,
        openLambdaFunctions: 0,
      });
      expect(shown.latestExecutionContext).toBe('half way');
      const [last] = (await world.history(run)).slice(-1);
      expect(last?.eventType).toBe('ActivityTaskStarted');
      expect(shown.latestActivityTaskTimestamp).toEqual(last?.eventTimestamp);
    },
  },
  {
    title: 'DescribeWorkflowExecution keeps the context until another is given, even an empty one',
    covers: ['DescribeWorkflowExecution', 'DecisionTaskCompleted'],
    run: async (world) => {
      const run = await world.start();
      await world.decide([startTimer('t', '0')], { executionContext: 'first' });
      await world.decide([startTimer('t', '0')]);
      expect((await world.describe(run)).latestExecutionContext).toBe('first');
      await world.decide([], { executionContext: '' });
      expect((await world.describe(run)).latestExecutionContext).toBe('');
      expect(await world.last(run, 'DecisionTaskCompleted')).toMatchObject({ executionContext: '' });
    },
  },
  {
    title: 'DescribeWorkflowExecution shows a cancel request while the run is open, and not after',
    covers: ['DescribeWorkflowExecution', 'RequestCancelWorkflowExecution'],
    run: async (world) => {
      const run = await world.start();
      await world.client.send(new RequestCancelWorkflowExecutionCommand({ domain, workflowId: 'order-1' }));
      expect((await world.describe(run)).executionInfo?.cancelRequested).toBe(true);
      await world.decide([complete]);
      expect((await world.describe(run)).executionInfo?.cancelRequested).toBe(false);
    },
  },
  {
    title: 'a run whose history has reached 25,000 events is terminated',
    covers: ['RespondDecisionTaskCompleted', 'WorkflowExecutionTerminated:EVENT_LIMIT_EXCEEDED'],
    run: async (world) => {
      const run = await world.start();
      const markers = new Array<Decision>(10_000).fill(small);
      for (let count = 0; count < 3; count += 1) {
        await world.decide(markers);
        if (count < 2) await world.signal();
      }
      const query = { domain, execution: run, reverseOrder: true, maximumPageSize: 1 };
      const { events } = await world.client.send(new GetWorkflowExecutionHistoryCommand(query));
      expect(events?.[0]).toMatchObject({
        eventType: 'WorkflowExecutionTerminated',
        workflowExecutionTerminatedEventAttributes: { childPolicy: 'ABANDON', cause: 'EVENT_LIMIT_EXCEEDED' },
      });
    },
  },
];

/** Runs: their start, what reaches them from outside, and what is shown of them. */
export const executions: readonly Case[] = [...starts, ...requests, ...repeats, ...descriptions];
