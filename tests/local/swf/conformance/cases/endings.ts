import {
  DeprecateWorkflowTypeCommand,
  RegisterWorkflowTypeCommand,
  type Decision,
  type RegisterWorkflowTypeCommandInput,
} from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import { cancelRun, continueAsNew, failRun, startChild } from '../../support/decisions.js';
import {
  cancelTimer,
  complete,
  domain,
  marker,
  scheduleActivity,
  startTimer,
  workflowType,
} from '../../support/world.js';
import { refused, type Case, type World } from '../harness.js';

interface Closing {
  readonly decision: Decision;
  readonly name: string;
  readonly event: string;
  readonly attributes: object;
  readonly status: string;
}

const closings: readonly Closing[] = [
  {
    decision: complete,
    name: 'CompleteWorkflowExecution',
    event: 'WorkflowExecutionCompleted',
    attributes: { result: 'shipped' },
    status: 'COMPLETED',
  },
  {
    decision: failRun,
    name: 'FailWorkflowExecution',
    event: 'WorkflowExecutionFailed',
    attributes: { reason: 'broken', details: 'in half' },
    status: 'FAILED',
  },
  {
    decision: cancelRun,
    name: 'CancelWorkflowExecution',
    event: 'WorkflowExecutionCanceled',
    attributes: { details: 'as asked' },
    status: 'CANCELED',
  },
  {
    decision: continueAsNew({ input: 'next' }),
    name: 'ContinueAsNewWorkflowExecution',
    event: 'WorkflowExecutionContinuedAsNew',
    attributes: { input: 'next', workflowType },
    status: 'CONTINUED_AS_NEW',
  },
];

const each = closings.flatMap(({ decision, name, event, attributes, status }): Case[] => [
  {
    title: `${name} closes the run, whatever is open, and drops it`,
    covers: [name, event, 'DescribeWorkflowExecution'],
    run: async (world) => {
      const run = await world.after([scheduleActivity(), startTimer(), startChild(), decision]);
      expect((await world.types(run)).slice(4)).toEqual([
        'ActivityTaskScheduled',
        'TimerStarted',
        'StartChildWorkflowExecutionInitiated',
        event,
      ]);
      expect(await world.last(run, event)).toMatchObject({ ...attributes, decisionTaskCompletedEventId: 4 });
      const { executionInfo, openCounts } = await world.describe(run);
      expect(executionInfo).toMatchObject({ executionStatus: 'CLOSED', closeStatus: status });
      expect(openCounts).toEqual({
        openActivityTasks: 1,
        openDecisionTasks: 0,
        openTimers: 1,
        openChildWorkflowExecutions: 1,
        openLambdaFunctions: 0,
      });
      expect(await world.pendingActivities()).toBe(0);
      world.clock.advance(3_600_000);
      expect(await world.types(run)).toHaveLength(8);
    },
  },
  {
    title: `${name} needs no attributes`,
    covers: [name, event],
    run: async (world) => {
      const run = await world.after([{ decisionType: decision.decisionType }]);
      expect((await world.types(run)).slice(4)).toEqual([event]);
    },
  },
  {
    title: `${name} fails while a newer decision task waits`,
    covers: [name, `${name}Failed`, `${name}Failed:UNHANDLED_DECISION`],
    run: async (world) => {
      const run = await world.start();
      const task = await world.pollDecision();
      await world.signal();
      await world.respond(task.taskToken, [decision]);
      expect((await world.types(run)).slice(3)).toEqual([
        'WorkflowExecutionSignaled',
        'DecisionTaskScheduled',
        'DecisionTaskCompleted',
        `${name}Failed`,
      ]);
      expect(await world.last(run, `${name}Failed`)).toEqual({
        cause: 'UNHANDLED_DECISION',
        decisionTaskCompletedEventId: 6,
      });
      await world.decide([decision]);
      expect((await world.types(run)).at(-1)).toBe(event);
    },
  },
  {
    title: `${name} closes although an earlier decision of its batch failed`,
    covers: [name, 'CancelTimerFailed:TIMER_ID_UNKNOWN'],
    run: async (world) => {
      const run = await world.after([cancelTimer(), decision]);
      expect((await world.types(run)).slice(4)).toEqual(['CancelTimerFailed', event]);
    },
  },
  {
    title: `${name} is refused when it is not the last decision, and the task stays open`,
    covers: ['RespondDecisionTaskCompleted', 'ValidationException'],
    run: async (world) => {
      const run = await world.start();
      const { taskToken } = await world.pollDecision();
      const call = world.respond(taskToken, [decision, marker()]);
      await refused(call, 'ValidationException', 'Close must be last decision in list');
      await refused(world.respond(taskToken, [decision, decision]), 'ValidationException');
      expect(await world.types(run)).toHaveLength(3);
      await world.respond(taskToken, [decision]);
    },
  },
]);

/** The run that continues the first one: its events are those of its first decision task. */
async function nextRun(world: World, list = 'main') {
  const { workflowExecution, events = [] } = await world.pollDecision(list);
  const { workflowId = '', runId = '' } = workflowExecution ?? {};
  return { run: { workflowId, runId }, events };
}

const continuing: Case[] = [
  {
    title: 'ContinueAsNewWorkflowExecution inherits from the type, not from the run',
    covers: ['ContinueAsNewWorkflowExecution', 'WorkflowExecutionStarted'],
    run: async (world) => {
      const old = await world.start('order-1', {
        input: 'first',
        tagList: ['old'],
        taskPriority: '9',
        childPolicy: 'TERMINATE',
        executionStartToCloseTimeout: '7',
        taskStartToCloseTimeout: '8',
        lambdaRole: 'role',
      });
      await world.decide([continueAsNew()]);
      const { run } = await nextRun(world);
      const effective = {
        executionStartToCloseTimeout: '86400',
        taskStartToCloseTimeout: '30',
        childPolicy: 'ABANDON',
        taskList: { name: 'main' },
        workflowType,
      };
      expect(await world.last(run, 'WorkflowExecutionStarted')).toEqual({
        ...effective,
        continuedExecutionRunId: old.runId,
        parentInitiatedEventId: 0,
      });
      expect(await world.last(old, 'WorkflowExecutionContinuedAsNew')).toEqual({
        ...effective,
        newExecutionRunId: run.runId,
        decisionTaskCompletedEventId: 4,
      });
    },
  },
  {
    title: 'ContinueAsNewWorkflowExecution overrides everything, the version too',
    covers: ['ContinueAsNewWorkflowExecution', 'WorkflowExecutionStarted'],
    run: async (world) => {
      await world.client.send(new RegisterWorkflowTypeCommand({ domain, name: 'order', version: '2' }));
      const values = {
        input: 'next',
        tagList: ['new'],
        taskPriority: '-3',
        childPolicy: 'REQUEST_CANCEL' as const,
        executionStartToCloseTimeout: '70',
        taskStartToCloseTimeout: '80',
        taskList: { name: 'other' },
        lambdaRole: 'role',
      };
      const old = await world.after([continueAsNew({ ...values, workflowTypeVersion: '2' })]);
      const { run } = await nextRun(world, 'other');
      expect(await world.last(run, 'WorkflowExecutionStarted')).toEqual({
        ...values,
        workflowType: { name: 'order', version: '2' },
        continuedExecutionRunId: old.runId,
        parentInitiatedEventId: 0,
      });
    },
  },
  {
    title: 'ContinueAsNewWorkflowExecution keeps the parent, and leaves no gap for another start',
    covers: ['ContinueAsNewWorkflowExecution', 'WorkflowExecutionAlreadyStartedFault'],
    run: async (world) => {
      const parent = await world.after([startChild()]);
      await world.decide([continueAsNew()], { taskList: { name: 'parcels' } });
      await refused(world.start('parcel-1'), 'WorkflowExecutionAlreadyStartedFault');
      const { run } = await nextRun(world, 'parcels');
      expect(await world.last(run, 'WorkflowExecutionStarted')).toMatchObject({
        parentWorkflowExecution: parent,
        parentInitiatedEventId: 5,
      });
    },
  },
  continuedFailure('WORKFLOW_TYPE_DOES_NOT_EXIST', { workflowTypeVersion: '2' }),
  continuedFailure('WORKFLOW_TYPE_DEPRECATED', {}, (world) =>
    world.client.send(new DeprecateWorkflowTypeCommand({ domain, workflowType })),
  ),
  ...[
    ['defaultExecutionStartToCloseTimeout', 'DEFAULT_EXECUTION_START_TO_CLOSE_TIMEOUT_UNDEFINED'],
    ['defaultTaskList', 'DEFAULT_TASK_LIST_UNDEFINED'],
    ['defaultTaskStartToCloseTimeout', 'DEFAULT_TASK_START_TO_CLOSE_TIMEOUT_UNDEFINED'],
    ['defaultChildPolicy', 'DEFAULT_CHILD_POLICY_UNDEFINED'],
  ].map(([missing = '', cause = '']) =>
    continuedFailure(cause, { workflowTypeVersion: '2' }, (world) =>
      world.client.send(secondVersion(missing)),
    ),
  ),
];

function secondVersion(missing: string) {
  const all: Partial<RegisterWorkflowTypeCommandInput> = {
    defaultTaskList: { name: 'x' },
    defaultTaskStartToCloseTimeout: '30',
    defaultExecutionStartToCloseTimeout: '60',
    defaultChildPolicy: 'ABANDON',
  };
  const given = Object.fromEntries(Object.entries(all).filter(([name]) => name !== missing));
  return new RegisterWorkflowTypeCommand({ domain, name: 'order', version: '2', ...given });
}

function continuedFailure(
  cause: string,
  given: Parameters<typeof continueAsNew>[0],
  prepare: (world: World) => Promise<unknown> = () => Promise.resolve(),
): Case {
  const event = 'ContinueAsNewWorkflowExecutionFailed';
  return {
    title: `ContinueAsNewWorkflowExecution fails with ${cause}, and calls for a decision`,
    covers: [event, `${event}:${cause}`],
    run: async (world) => {
      const run = await world.start();
      await prepare(world);
      await world.decide([continueAsNew(given)]);
      expect((await world.types(run)).slice(4)).toEqual([event, 'DecisionTaskScheduled']);
      expect(await world.last(run, event)).toEqual({ cause, decisionTaskCompletedEventId: 4 });
    },
  };
}

/** Decisions that end a run, and continue-as-new. */
export const endings: readonly Case[] = [...each, ...continuing];
