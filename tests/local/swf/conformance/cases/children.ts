import {
  DeprecateWorkflowTypeCommand,
  RegisterWorkflowTypeCommand,
  RequestCancelWorkflowExecutionCommand,
  TerminateWorkflowExecutionCommand,
  type Decision,
  type RegisterWorkflowTypeCommandInput,
} from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import { cancelRun, continueAsNew, failRun, startChild } from '../../support/decisions.js';
import { childType, complete, domain, marker } from '../../support/world.js';
import type { Case, World } from '../harness.js';

const parcels = { taskList: { name: 'parcels' } };

/** A parent with one started child, whose first decision task waits; the parent's waits as well. */
async function family(world: World, more: Parameters<typeof startChild>[1] = {}) {
  const parent = await world.after([startChild('parcel-1', more)]);
  const started = await world.last(parent, 'ChildWorkflowExecutionStarted');
  const { runId } = executionIn(started);
  return { parent, child: { workflowId: 'parcel-1', runId } };
}

function executionIn(attributes: unknown): { workflowId: string; runId: string } {
  const found: unknown = new Map<string, unknown>(Object.entries(attributes ?? {})).get('workflowExecution');
  if (typeof found !== 'object' || found === null) throw new Error('no workflowExecution');
  const members = new Map<string, unknown>(Object.entries(found));
  return { workflowId: String(members.get('workflowId')), runId: String(members.get('runId')) };
}

const closings: readonly (readonly [event: string, decision: Decision, attributes: object])[] = [
  ['ChildWorkflowExecutionCompleted', complete, { result: 'shipped' }],
  ['ChildWorkflowExecutionFailed', failRun, { reason: 'broken', details: 'in half' }],
  ['ChildWorkflowExecutionCanceled', cancelRun, { details: 'as asked' }],
];

const links = { initiatedEventId: 5, startedEventId: 6 };

const reports: Case[] = [
  ...closings.map(([event, decision, attributes]) => ({
    title: `${decision.decisionType} of a child gives the parent ${event} with its links, and a decision task`,
    covers: [event, decision.decisionType ?? ''],
    run: async (world: World) => {
      const { parent, child } = await family(world);
      await world.decide([]);
      await world.decide([decision], parcels);
      expect(await world.last(parent, event)).toEqual({
        workflowExecution: child,
        workflowType: childType,
        ...links,
        ...attributes,
      });
      expect((await world.types(parent)).at(-1)).toBe('DecisionTaskScheduled');
    },
  })),
  {
    title: 'a terminated child gives the parent ChildWorkflowExecutionTerminated',
    covers: ['ChildWorkflowExecutionTerminated', 'TerminateWorkflowExecution'],
    run: async (world) => {
      const { parent, child } = await family(world);
      await world.client.send(
        new TerminateWorkflowExecutionCommand({ domain, workflowId: child.workflowId, reason: 'lost' }),
      );
      expect(await world.last(parent, 'ChildWorkflowExecutionTerminated')).toEqual({
        workflowExecution: child,
        workflowType: childType,
        ...links,
      });
    },
  },
  {
    title: 'a child that times out gives the parent ChildWorkflowExecutionTimedOut at that moment',
    covers: ['ChildWorkflowExecutionTimedOut', 'ChildWorkflowExecutionTimedOut:START_TO_CLOSE'],
    run: async (world) => {
      const { parent, child } = await family(world, { executionStartToCloseTimeout: '60' });
      world.clock.advance(59_999);
      expect(await world.types(parent)).not.toContain('ChildWorkflowExecutionTimedOut');
      world.clock.advance(1);
      expect(await world.last(parent, 'ChildWorkflowExecutionTimedOut')).toEqual({
        workflowExecution: child,
        workflowType: childType,
        timeoutType: 'START_TO_CLOSE',
        ...links,
      });
    },
  },
  {
    title:
      'a child that continues as new tells the parent nothing; its last run reports with the first links',
    covers: ['ChildWorkflowExecutionCompleted', 'ContinueAsNewWorkflowExecution'],
    run: async (world) => {
      const { parent, child } = await family(world);
      const before = await world.types(parent);
      await world.decide([continueAsNew()], parcels);
      expect(await world.types(parent)).toEqual(before);
      const { workflowExecution } = await world.decide([complete], parcels);
      expect(workflowExecution?.runId).not.toBe(child.runId);
      expect(await world.last(parent, 'ChildWorkflowExecutionCompleted')).toMatchObject({
        workflowExecution,
        ...links,
      });
    },
  },
  {
    title: 'a closed parent hears nothing of its child',
    covers: ['StartChildWorkflowExecution', 'CompleteWorkflowExecution'],
    run: async (world) => {
      const { parent } = await family(world);
      await world.decide([complete]);
      const before = await world.types(parent);
      await world.decide([complete], parcels);
      expect(await world.types(parent)).toEqual(before);
    },
  },
];

const starts: Case[] = [
  {
    title:
      'StartChildWorkflowExecution shows the effective values, starts the child and calls for a decision',
    covers: [
      'StartChildWorkflowExecution',
      'StartChildWorkflowExecutionInitiated',
      'ChildWorkflowExecutionStarted',
      'WorkflowExecutionStarted',
    ],
    run: async (world) => {
      const { parent, child } = await family(world, {
        input: 'box',
        control: 'mine',
        tagList: ['fragile'],
        taskPriority: '4',
        childPolicy: 'ABANDON',
        lambdaRole: 'arn:aws:iam::123456789012:role/x',
      });
      const effective = {
        input: 'box',
        executionStartToCloseTimeout: '3600',
        taskStartToCloseTimeout: '30',
        childPolicy: 'ABANDON',
        taskList: { name: 'parcels' },
        taskPriority: '4',
        tagList: ['fragile'],
        lambdaRole: 'arn:aws:iam::123456789012:role/x',
        workflowType: childType,
      };
      expect((await world.types(parent)).slice(4)).toEqual([
        'StartChildWorkflowExecutionInitiated',
        'ChildWorkflowExecutionStarted',
        'DecisionTaskScheduled',
      ]);
      expect(await world.last(parent, 'StartChildWorkflowExecutionInitiated')).toEqual({
        ...effective,
        workflowId: 'parcel-1',
        control: 'mine',
        decisionTaskCompletedEventId: 4,
      });
      expect(await world.last(parent, 'ChildWorkflowExecutionStarted')).toEqual({
        workflowExecution: child,
        workflowType: childType,
        initiatedEventId: 5,
      });
      expect(await world.last(child, 'WorkflowExecutionStarted')).toEqual({
        ...effective,
        parentWorkflowExecution: parent,
        parentInitiatedEventId: 5,
      });
      const { executionInfo } = await world.describe(child);
      expect(executionInfo?.parent).toEqual(parent);
      const { openCounts } = await world.describe(parent);
      expect(openCounts?.openChildWorkflowExecutions).toBe(1);
    },
  },
  {
    title: 'a child that was initiated in the batch that closes its parent is dropped',
    covers: ['StartChildWorkflowExecutionInitiated', 'WorkflowExecutionCompleted'],
    run: async (world) => {
      const parent = await world.after([startChild(), complete]);
      expect((await world.types(parent)).slice(4)).toEqual([
        'StartChildWorkflowExecutionInitiated',
        'WorkflowExecutionCompleted',
      ]);
      expect(await world.pendingDecisions('parcels')).toBe(0);
      const { openCounts } = await world.describe(parent);
      expect(openCounts?.openChildWorkflowExecutions).toBe(1);
    },
  },
];

const failures: Case[] = [
  failure('WORKFLOW_TYPE_DOES_NOT_EXIST', [startChild('p', { workflowType: { name: 'no', version: '1' } })]),
  failure('WORKFLOW_TYPE_DEPRECATED', [startChild('p')], (world) =>
    world.client.send(new DeprecateWorkflowTypeCommand({ domain, workflowType: childType })),
  ),
  ...[
    ['defaultExecutionStartToCloseTimeout', 'DEFAULT_EXECUTION_START_TO_CLOSE_TIMEOUT_UNDEFINED'],
    ['defaultTaskList', 'DEFAULT_TASK_LIST_UNDEFINED'],
    ['defaultTaskStartToCloseTimeout', 'DEFAULT_TASK_START_TO_CLOSE_TIMEOUT_UNDEFINED'],
    ['defaultChildPolicy', 'DEFAULT_CHILD_POLICY_UNDEFINED'],
  ].map(([missing = '', cause = '']) =>
    failure(cause, [startChild('p', { workflowType: { name: 'bare', version: '1' } })], (world) =>
      world.client.send(bareType(missing)),
    ),
  ),
  failure(
    'OPEN_CHILDREN_LIMIT_EXCEEDED',
    Array.from({ length: 1001 }, (_, index) => startChild(`p-${index}`)),
  ),
  {
    title: 'StartChildWorkflowExecution fails with WORKFLOW_ALREADY_RUNNING behind its Initiated event',
    covers: [
      'StartChildWorkflowExecutionFailed',
      'StartChildWorkflowExecutionFailed:WORKFLOW_ALREADY_RUNNING',
    ],
    run: async (world) => {
      const parent = await world.after([startChild('order-1', { control: 'mine' }), marker()]);
      expect((await world.types(parent)).slice(4)).toEqual([
        'StartChildWorkflowExecutionInitiated',
        'MarkerRecorded',
        'StartChildWorkflowExecutionFailed',
        'DecisionTaskScheduled',
      ]);
      expect(await world.last(parent, 'StartChildWorkflowExecutionFailed')).toEqual({
        workflowType: childType,
        workflowId: 'order-1',
        cause: 'WORKFLOW_ALREADY_RUNNING',
        initiatedEventId: 5,
        decisionTaskCompletedEventId: 4,
        control: 'mine',
      });
    },
  },
];

function failure(
  cause: string,
  decisions: Decision[],
  prepare: (world: World) => Promise<unknown> = () => Promise.resolve(),
): Case {
  return {
    title: `StartChildWorkflowExecution fails at once with ${cause}`,
    covers: ['StartChildWorkflowExecutionFailed', `StartChildWorkflowExecutionFailed:${cause}`],
    run: async (world) => {
      await prepare(world);
      const parent = await world.after(decisions);
      expect(await world.last(parent, 'StartChildWorkflowExecutionFailed')).toMatchObject({
        cause,
        initiatedEventId: 0,
        decisionTaskCompletedEventId: 4,
      });
      expect(await world.pendingDecisions()).toBe(1);
    },
  };
}

function bareType(missing: string) {
  const all: Partial<RegisterWorkflowTypeCommandInput> = {
    defaultTaskList: { name: 'x' },
    defaultTaskStartToCloseTimeout: '30',
    defaultExecutionStartToCloseTimeout: '60',
    defaultChildPolicy: 'ABANDON',
  };
  const given = Object.fromEntries(Object.entries(all).filter(([name]) => name !== missing));
  return new RegisterWorkflowTypeCommand({ domain, name: 'bare', version: '1', ...given });
}

type Close = readonly [how: string, close: (world: World) => Promise<unknown>];
const hard: readonly Close[] = [
  [
    'is terminated',
    ({ client }) => client.send(new TerminateWorkflowExecutionCommand({ domain, workflowId: 'order-1' })),
  ],
  ['times out', ({ clock }) => Promise.resolve(clock.advance(600_000))],
];
const soft: readonly Close[] = [
  ['completes', (world) => world.decide([complete])],
  ['fails', (world) => world.decide([failRun])],
  ['is canceled', (world) => world.decide([cancelRun])],
  ['continues as new', (world) => world.decide([continueAsNew({ childPolicy: 'TERMINATE' })])],
];

/** Starts a parent with the policy, and its child. */
async function familyWith(world: World, childPolicy: 'TERMINATE' | 'REQUEST_CANCEL' | 'ABANDON') {
  const parent = await world.start('order-1', { childPolicy, executionStartToCloseTimeout: '600' });
  await world.decide([startChild()]);
  const child = executionIn(await world.last(parent, 'ChildWorkflowExecutionStarted'));
  return { parent, child };
}

const policies: Case[] = [
  ...hard.flatMap(([how, close]): Case[] => [
    {
      title: `TERMINATE ends the child when its parent ${how}`,
      covers: ['WorkflowExecutionTerminated', 'WorkflowExecutionTerminated:CHILD_POLICY_APPLIED'],
      run: async (world) => {
        const { child } = await familyWith(world, 'TERMINATE');
        await close(world);
        expect(await world.last(child, 'WorkflowExecutionTerminated')).toEqual({
          childPolicy: 'TERMINATE',
          cause: 'CHILD_POLICY_APPLIED',
        });
      },
    },
    {
      title: `REQUEST_CANCEL asks the child when its parent ${how}`,
      covers: ['WorkflowExecutionCancelRequested', 'WorkflowExecutionCancelRequested:CHILD_POLICY_APPLIED'],
      run: async (world) => {
        const { parent, child } = await familyWith(world, 'REQUEST_CANCEL');
        await close(world);
        expect(await world.last(child, 'WorkflowExecutionCancelRequested')).toEqual({
          externalWorkflowExecution: parent,
          externalInitiatedEventId: 0,
          cause: 'CHILD_POLICY_APPLIED',
        });
        expect((await world.describe(child)).executionInfo?.executionStatus).toBe('OPEN');
      },
    },
    {
      title: `ABANDON leaves the child alone when its parent ${how}`,
      covers: [how === 'times out' ? 'WorkflowExecutionTimedOut' : 'WorkflowExecutionTerminated'],
      run: async (world) => {
        const { parent, child } = await familyWith(world, 'ABANDON');
        await close(world);
        expect((await world.describe(parent)).executionInfo?.executionStatus).toBe('CLOSED');
        expect(await world.types(parent)).toHaveLength(8);
        expect(await world.types(child)).toHaveLength(2);
      },
    },
  ]),
  ...soft.map(([how, close]): Case => ({
    title: `no policy is applied when the parent ${how}`,
    covers: ['StartChildWorkflowExecution', 'ChildWorkflowExecutionStarted'],
    run: async (world) => {
      const { parent, child } = await familyWith(world, 'TERMINATE');
      await close(world);
      expect((await world.describe(parent)).executionInfo?.executionStatus).toBe('CLOSED');
      expect(await world.types(child)).toHaveLength(2);
    },
  })),
  {
    title: 'the policy of a termination overrides that of the execution, and works down to grandchildren',
    covers: ['TerminateWorkflowExecution', 'WorkflowExecutionTerminated:CHILD_POLICY_APPLIED'],
    run: async (world) => {
      const { child } = await familyWith(world, 'ABANDON');
      await world.decide([startChild('leaf')], parcels);
      const leaf = executionIn(await world.last(child, 'ChildWorkflowExecutionStarted'));
      const terminate = { domain, workflowId: 'order-1', childPolicy: 'TERMINATE' } as const;
      await world.client.send(new TerminateWorkflowExecutionCommand(terminate));
      expect(await world.last(child, 'WorkflowExecutionTerminated')).toMatchObject({
        childPolicy: 'TERMINATE',
      });
      expect(await world.last(leaf, 'WorkflowExecutionTerminated')).toMatchObject({
        cause: 'CHILD_POLICY_APPLIED',
      });
    },
  },
  {
    title: 'the policy reaches the run that continues the child',
    covers: ['ContinueAsNewWorkflowExecution', 'WorkflowExecutionTerminated:CHILD_POLICY_APPLIED'],
    run: async (world) => {
      const { child } = await familyWith(world, 'TERMINATE');
      await world.decide([continueAsNew()], parcels);
      const { workflowExecution } = await world.pollDecision('parcels');
      await world.client.send(new TerminateWorkflowExecutionCommand({ domain, workflowId: 'order-1' }));
      const runId = workflowExecution?.runId ?? '';
      expect(runId).not.toBe(child.runId);
      const ended = { workflowId: 'parcel-1', runId };
      expect(await world.last(ended, 'WorkflowExecutionTerminated')).toMatchObject({
        cause: 'CHILD_POLICY_APPLIED',
      });
    },
  },
  {
    title: 'a child may outlive a cancel request that it answers by completing',
    covers: ['RequestCancelWorkflowExecution', 'ChildWorkflowExecutionCompleted'],
    run: async (world) => {
      const { parent } = await family(world);
      await world.client.send(new RequestCancelWorkflowExecutionCommand({ domain, workflowId: 'parcel-1' }));
      await world.decide([complete], parcels);
      expect(await world.last(parent, 'ChildWorkflowExecutionCompleted')).toMatchObject(links);
    },
  },
];

/** Children: how they start, how they fail to, what parents hear of them, and child policies. */
export const children: readonly Case[] = [...starts, ...failures, ...reports, ...policies];
