import type { Decision } from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import {
  activityType,
  cancelActivity,
  cancelTimer,
  complete,
  marker,
  scheduleActivity,
  shopWords,
  startTimer,
  taskList,
  typesOf,
  workflowType,
} from '../support/world.js';
import { allow, allowed, shopFor } from './authorised-shop.js';

describe('decisions', () => {
  const decider = ['swf:PollForDecisionTask', 'swf:RespondDecisionTaskCompleted'];

  /** What stands in the history behind the completion of a decision task by the worker. */
  async function decided(statements: readonly unknown[], decisions: Decision[]): Promise<readonly string[]> {
    const { worker, admin } = await shopFor(allow(decider), ...statements);
    const execution = await admin.start();
    await shopWords(worker).decide(decisions);
    const events = await admin.history(execution);
    return events.slice(4).map((event) => {
      const type = event.eventType ?? '';
      const attributes: unknown = Object.entries(event).find(([name]) =>
        name.endsWith('EventAttributes'),
      )?.[1];
      const cause = typeof attributes === 'object' && attributes !== null && 'cause' in attributes;
      return cause ? `${type} ${String(attributes.cause)}` : type;
    });
  }

  it('need the right to complete decision tasks at all', async () => {
    const { worker, admin } = await shopFor(allow('swf:PollForDecisionTask'));
    await admin.start();
    const { taskToken } = await shopWords(worker).pollDecision();
    expect(await allowed(shopWords(worker).respond(taskToken, []))).toBe(false);
    expect(await allowed(admin.respond(taskToken, []))).toBe(true);
  });

  it('are denied one by one, and the others are carried out', async () => {
    const timers = allow(['swf:StartTimer']);
    expect(await decided([timers], [startTimer('a'), scheduleActivity('x'), startTimer('b')])).toEqual([
      'TimerStarted',
      'ScheduleActivityTaskFailed OPERATION_NOT_PERMITTED',
      'TimerStarted',
      'DecisionTaskScheduled',
    ]);
  });

  const child: Decision = {
    decisionType: 'StartChildWorkflowExecution',
    startChildWorkflowExecutionDecisionAttributes: { workflowId: 'child', workflowType },
  };
  const signal: Decision = {
    decisionType: 'SignalExternalWorkflowExecution',
    signalExternalWorkflowExecutionDecisionAttributes: { workflowId: 'other', signalName: 'hello' },
  };
  const cancelOther: Decision = {
    decisionType: 'RequestCancelExternalWorkflowExecution',
    requestCancelExternalWorkflowExecutionDecisionAttributes: { workflowId: 'other' },
  };

  it.each<[string, Decision]>([
    ['ScheduleActivityTaskFailed', scheduleActivity()],
    ['RequestCancelActivityTaskFailed', cancelActivity()],
    ['RecordMarkerFailed', marker()],
    ['StartTimerFailed', startTimer()],
    ['CancelTimerFailed', cancelTimer()],
    ['StartChildWorkflowExecutionFailed', child],
    ['SignalExternalWorkflowExecutionFailed', signal],
    ['RequestCancelExternalWorkflowExecutionFailed', cancelOther],
    ['CompleteWorkflowExecutionFailed', complete],
    ['FailWorkflowExecutionFailed', { decisionType: 'FailWorkflowExecution' }],
    ['CancelWorkflowExecutionFailed', { decisionType: 'CancelWorkflowExecution' }],
    ['ContinueAsNewWorkflowExecutionFailed', { decisionType: 'ContinueAsNewWorkflowExecution' }],
  ])('leave %s when nothing allows them', async (failure, decision) => {
    expect((await decided([], [decision])).filter((event) => !event.endsWith('Initiated'))).toEqual([
      `${failure} OPERATION_NOT_PERMITTED`,
      'DecisionTaskScheduled',
    ]);
  });

  it('activities are bound to types and lists; a list that is left out is that of the type', async () => {
    const bound = allow('swf:ScheduleActivityTask', {
      StringEquals: { 'swf:activityType.name': activityType.name, 'swf:taskList.name': taskList.name },
    });
    const elsewhere = scheduleActivity('b', { taskList: { name: 'elsewhere' } });
    const stranger = scheduleActivity('c', { activityType: { name: 'stranger', version: '1' } });
    expect(await decided([bound], [scheduleActivity('a'), elsewhere, stranger])).toEqual([
      'ActivityTaskScheduled',
      'ScheduleActivityTaskFailed OPERATION_NOT_PERMITTED',
      'ScheduleActivityTaskFailed OPERATION_NOT_PERMITTED',
      'DecisionTaskScheduled',
    ]);
  });

  it('children are bound to types and tags', async () => {
    const bound = allow('swf:StartChildWorkflowExecution', {
      StringEquals: { 'swf:workflowType.name': workflowType.name, 'swf:tagList.member.0': 'child' },
    });
    const tagged: Decision = {
      ...child,
      startChildWorkflowExecutionDecisionAttributes: {
        workflowId: 'tagged',
        workflowType,
        tagList: ['child'],
      },
    };
    const events = await decided([bound], [child, tagged]);
    expect(events.slice(0, 2)).toEqual([
      'StartChildWorkflowExecutionFailed OPERATION_NOT_PERMITTED',
      'StartChildWorkflowExecutionInitiated',
    ]);
  });

  it('a run goes on after a denied end, and ends once it is allowed', async () => {
    const { worker, admin } = await shopFor(allow(decider));
    const execution = await admin.start();
    await shopWords(worker).decide([complete]);
    await admin.decide([complete]);
    expect(typesOf(await admin.history(execution)).at(-1)).toBe('WorkflowExecutionCompleted');
  });
});
