import type { Decision } from '@aws-sdk/client-swf';
import { TerminateWorkflowExecutionCommand } from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import { cancelExternal, scheduleFunction, signalExternal } from '../../support/decisions.js';
import { complete, domain } from '../../support/world.js';
import type { Case } from '../harness.js';

interface Kind {
  readonly decision: (
    workflowId: string,
    more?: { runId?: string; control?: string; input?: string },
  ) => Decision;
  readonly name: string;
  readonly received: string;
  readonly sent: string;
  readonly details: object;
  readonly receivedDetails: object;
}

const kinds: readonly Kind[] = [
  {
    decision: (workflowId, more) => signalExternal(workflowId, { input: 'now', ...more }),
    name: 'SignalExternalWorkflowExecution',
    received: 'WorkflowExecutionSignaled',
    sent: 'ExternalWorkflowExecutionSignaled',
    details: { signalName: 'hurry', input: 'now' },
    receivedDetails: { signalName: 'hurry', input: 'now' },
  },
  {
    decision: (workflowId, more) => cancelExternal(workflowId, more),
    name: 'RequestCancelExternalWorkflowExecution',
    received: 'WorkflowExecutionCancelRequested',
    sent: 'ExternalWorkflowExecutionCancelRequested',
    details: {},
    receivedDetails: {},
  },
];

const deliveries = kinds.flatMap(({ decision, name, received, sent, details, receivedDetails }): Case[] => [
  {
    title: `${name} reaches the open run of a workflowId, wakes it, and tells the sender`,
    covers: [name, `${name}Initiated`, received, sent],
    run: async (world) => {
      const target = await world.start('target');
      await world.decide([]);
      const sender = await world.after([decision('target', { control: 'mine' })], 'sender');
      expect((await world.types(sender)).slice(4)).toEqual([
        `${name}Initiated`,
        sent,
        'DecisionTaskScheduled',
      ]);
      expect(await world.last(sender, `${name}Initiated`)).toEqual({
        workflowId: 'target',
        control: 'mine',
        ...details,
        decisionTaskCompletedEventId: 4,
      });
      expect(await world.last(sender, sent)).toEqual({ workflowExecution: target, initiatedEventId: 5 });
      expect((await world.types(target)).slice(-2)).toEqual([received, 'DecisionTaskScheduled']);
      expect(await world.last(target, received)).toEqual({
        ...receivedDetails,
        externalWorkflowExecution: sender,
        externalInitiatedEventId: 5,
      });
    },
  },
  {
    title: `${name} reaches a run that is named, and only this one`,
    covers: [name, `${name}Failed`, `${name}Failed:UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION`],
    run: async (world) => {
      const { runId } = await world.start('target');
      await world.decide([]);
      const sender = await world.after(
        [decision('target', { runId }), decision('target', { runId: 'other', control: 'mine' })],
        'sender',
      );
      expect(await world.last(sender, sent)).toMatchObject({ initiatedEventId: 5 });
      expect(await world.last(sender, `${name}Failed`)).toEqual({
        workflowId: 'target',
        runId: 'other',
        control: 'mine',
        cause: 'UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION',
        initiatedEventId: 6,
        decisionTaskCompletedEventId: 4,
      });
    },
  },
  {
    title: `${name} fails for a workflowId that never was, and calls for a decision`,
    covers: [`${name}Failed`, `${name}Failed:UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION`],
    run: async (world) => {
      const sender = await world.after([decision('nobody')]);
      expect((await world.types(sender)).slice(4)).toEqual([
        `${name}Initiated`,
        `${name}Failed`,
        'DecisionTaskScheduled',
      ]);
    },
  },
  {
    title: `${name} fails for a closed run`,
    covers: [`${name}Failed:UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION`],
    run: async (world) => {
      const { runId } = await world.start('target');
      await world.client.send(new TerminateWorkflowExecutionCommand({ domain, workflowId: 'target' }));
      const sender = await world.after([decision('target', { runId })], 'sender');
      expect(await world.last(sender, `${name}Failed`)).toMatchObject({ workflowId: 'target', runId });
    },
  },
  {
    title: `${name} reaches its own run`,
    covers: [name, received, sent],
    run: async (world) => {
      const run = await world.after([decision('order-1')]);
      expect((await world.types(run)).slice(4)).toEqual([
        `${name}Initiated`,
        received,
        'DecisionTaskScheduled',
        sent,
      ]);
    },
  },
  {
    title: `${name} in the batch that closes the run is dropped`,
    covers: [`${name}Initiated`, 'WorkflowExecutionCompleted'],
    run: async (world) => {
      const target = await world.start('target');
      await world.decide([]);
      const sender = await world.after([decision('target'), complete], 'sender');
      expect(await world.types(sender)).toHaveLength(6);
      expect(await world.types(target)).toHaveLength(4);
    },
  },
  {
    title: `${name} makes the target's closing decision fail`,
    covers: [name, 'CompleteWorkflowExecutionFailed:UNHANDLED_DECISION'],
    run: async (world) => {
      const target = await world.start('target');
      const open = await world.pollDecision();
      await world.after([decision('target')], 'sender');
      await world.respond(open.taskToken, [complete]);
      expect(await world.last(target, 'CompleteWorkflowExecutionFailed')).toMatchObject({
        cause: 'UNHANDLED_DECISION',
      });
    },
  },
]);

const functions: Case[] = [
  {
    title: 'ScheduleLambdaFunction without a role gives StartLambdaFunctionFailed',
    covers: [
      'ScheduleLambdaFunction',
      'LambdaFunctionScheduled',
      'StartLambdaFunctionFailed',
      'StartLambdaFunctionFailed:ASSUME_ROLE_FAILED',
    ],
    run: async (world) => {
      const given = { control: 'mine', input: 'photo', startToCloseTimeout: '900' };
      const run = await world.after([scheduleFunction('f', given)]);
      expect((await world.types(run)).slice(4)).toEqual([
        'LambdaFunctionScheduled',
        'StartLambdaFunctionFailed',
        'DecisionTaskScheduled',
      ]);
      expect(await world.last(run, 'LambdaFunctionScheduled')).toEqual({
        id: 'f',
        name: 'resize',
        ...given,
        decisionTaskCompletedEventId: 4,
      });
      expect(await world.last(run, 'StartLambdaFunctionFailed')).toEqual({
        scheduledEventId: 5,
        cause: 'ASSUME_ROLE_FAILED',
        message: 'No IAM role is attached to the current workflow execution.',
      });
    },
  },
  {
    title: 'ScheduleLambdaFunction with a role finds no function',
    covers: ['ScheduleLambdaFunction', 'LambdaFunctionStarted', 'LambdaFunctionFailed'],
    run: async (world) => {
      const run = await world.start('order-1', { lambdaRole: 'arn:aws:iam::123456789012:role/x' });
      await world.decide([scheduleFunction()]);
      expect((await world.types(run)).slice(4)).toEqual([
        'LambdaFunctionScheduled',
        'LambdaFunctionStarted',
        'LambdaFunctionFailed',
        'DecisionTaskScheduled',
      ]);
      expect(await world.last(run, 'LambdaFunctionStarted')).toEqual({ scheduledEventId: 5 });
      expect(await world.last(run, 'LambdaFunctionFailed')).toMatchObject({
        scheduledEventId: 5,
        startedEventId: 6,
        reason: 'ResourceNotFoundException',
      });
      expect((await world.describe(run)).openCounts?.openLambdaFunctions).toBe(0);
    },
  },
  {
    title: 'ScheduleLambdaFunction refuses an id that is in use, and takes it again later',
    covers: ['ScheduleLambdaFunctionFailed', 'ScheduleLambdaFunctionFailed:ID_ALREADY_IN_USE'],
    run: async (world) => {
      const run = await world.after([scheduleFunction('f'), scheduleFunction('f')]);
      expect(await world.last(run, 'ScheduleLambdaFunctionFailed')).toEqual({
        id: 'f',
        name: 'resize',
        cause: 'ID_ALREADY_IN_USE',
        decisionTaskCompletedEventId: 4,
      });
      await world.decide([scheduleFunction('f')]);
      expect((await world.types(run)).slice(-3)).toEqual([
        'LambdaFunctionScheduled',
        'StartLambdaFunctionFailed',
        'DecisionTaskScheduled',
      ]);
    },
  },
  {
    title: 'ScheduleLambdaFunction opens at most a thousand functions at once',
    covers: ['ScheduleLambdaFunctionFailed:OPEN_LAMBDA_FUNCTIONS_LIMIT_EXCEEDED'],
    run: async (world) => {
      const many = Array.from({ length: 1001 }, (_, index) => scheduleFunction(`f${index}`));
      const run = await world.after([...many, complete]);
      expect((await world.describe(run)).openCounts?.openLambdaFunctions).toBe(1000);
      expect(await world.last(run, 'ScheduleLambdaFunctionFailed')).toMatchObject({ id: 'f1000' });
    },
  },
];

/** Signals and cancel requests to other executions, and functions. */
export const externals: readonly Case[] = [...deliveries, ...functions];
