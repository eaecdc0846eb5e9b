// Every kind of event that SWF can put into a history, and what we make of it.
import { EventType, type HistoryEvent } from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import { factsFromHistory } from '../../../adapters/swf/from-history.js';
import { encodeFailure, encodeSituation, encodeWorkflowInput } from '../../../adapters/swf/payloads.js';
import type { ProcessFact } from '../../../domain/process/facts.js';
import { newOrder } from '../../process/order-model.js';
import { someOrderId, someSettings } from '../../process/process-run.js';

const at = new Date('2026-03-01T12:00:00Z');
const event = (eventId: number, eventType: EventType, attributes: Partial<HistoryEvent>): HistoryEvent => ({
  eventId,
  eventType,
  eventTimestamp: at,
  ...attributes,
});

const pick = event(5, 'ActivityTaskScheduled', {
  activityTaskScheduledEventAttributes: {
    activityType: { name: 'Pick', version: '1' },
    activityId: 'Pick-3',
    taskList: { name: 'floor-leeds' },
    decisionTaskCompletedEventId: 4,
  },
});
const scheduled: ProcessFact = { type: 'StepScheduled', step: { name: 'Pick' }, run: 3 };
const ofPick = { step: { name: 'Pick' }, run: 3 } as const;
const ended = { scheduledEventId: 5, startedEventId: 6 };
const grace = { name: 'wait', step: { name: 'ReleaseToWarehouse' } } as const;

/** The facts of one event that follows the scheduling of `Pick-3`. */
const after = (eventType: EventType, attributes: Partial<HistoryEvent> = {}): readonly ProcessFact[] => {
  const [first, ...rest] = factsFromHistory([pick, event(9, eventType, attributes)]);
  expect(first).toEqual(scheduled);
  return rest;
};

describe('understood', () => {
  it('WorkflowExecutionStarted', () => {
    const input = encodeWorkflowInput({ orderId: someOrderId(), settings: someSettings });
    const workflowExecutionStartedEventAttributes = {
      childPolicy: 'TERMINATE',
      taskList: { name: 'any' },
      workflowType: { name: 'Order', version: '1' },
      input,
    } as const;
    expect(after('WorkflowExecutionStarted', { workflowExecutionStartedEventAttributes })).toEqual([
      { type: 'ProcessStarted', orderId: someOrderId(), settings: someSettings },
    ]);
  });
  it('ActivityTaskScheduled', () => expect(factsFromHistory([pick])).toEqual([scheduled]));
  it('ScheduleActivityTaskFailed', () =>
    expect(
      after('ScheduleActivityTaskFailed', {
        scheduleActivityTaskFailedEventAttributes: {
          activityType: { name: 'SendMail', version: '1' },
          activityId: 'SendMail.order_shipped.9-1',
          cause: 'ACTIVITY_CREATION_RATE_EXCEEDED',
          decisionTaskCompletedEventId: 4,
        },
      }),
    ).toEqual([
      {
        type: 'StepNotScheduled',
        step: { name: 'SendMail', mail: 'order_shipped', factRevision: 9 },
        cause: 'ACTIVITY_CREATION_RATE_EXCEEDED',
      },
    ]));
  it('ActivityTaskCompleted', () =>
    expect(
      after('ActivityTaskCompleted', {
        activityTaskCompletedEventAttributes: { ...ended, result: encodeSituation(newOrder) },
      }),
    ).toEqual([{ type: 'StepDone', ...ofPick, situation: newOrder }]));
  it('ActivityTaskFailed, with our details, with a reason only, with nothing', () => {
    const failed = (attributes: object): readonly ProcessFact[] =>
      after('ActivityTaskFailed', { activityTaskFailedEventAttributes: { ...ended, ...attributes } });
    const because = (reason: string): readonly ProcessFact[] => [{ type: 'StepFailed', ...ofPick, reason }];
    expect(failed({ reason: 'step_not_done', details: encodeFailure('closed') })).toEqual(because('closed'));
    expect(failed({ reason: 'other' })).toEqual(because('other'));
    expect(failed({})).toEqual(because('no reason given'));
  });
  it('ActivityTaskTimedOut', () =>
    expect(
      after('ActivityTaskTimedOut', {
        activityTaskTimedOutEventAttributes: { ...ended, timeoutType: 'HEARTBEAT' },
      }),
    ).toEqual([{ type: 'StepTimedOut', ...ofPick }]));
  it('ActivityTaskCancelRequested', () =>
    expect(
      after('ActivityTaskCancelRequested', {
        activityTaskCancelRequestedEventAttributes: { activityId: 'Pick-3', decisionTaskCompletedEventId: 4 },
      }),
    ).toEqual([{ type: 'StepWithdrawalRequested', ...ofPick }]));
  it('ActivityTaskCanceled', () =>
    expect(after('ActivityTaskCanceled', { activityTaskCanceledEventAttributes: ended })).toEqual([
      { type: 'StepWithdrawn', ...ofPick },
    ]));
  it('RequestCancelActivityTaskFailed: an unknown run is over, any other refusal is not asked again', () => {
    const refused = (cause: 'ACTIVITY_ID_UNKNOWN' | 'OPERATION_NOT_PERMITTED'): readonly ProcessFact[] =>
      after('RequestCancelActivityTaskFailed', {
        requestCancelActivityTaskFailedEventAttributes: {
          activityId: 'Pick-3',
          cause,
          decisionTaskCompletedEventId: 4,
        },
      });
    expect(refused('ACTIVITY_ID_UNKNOWN')).toEqual([{ type: 'StepWithdrawn', ...ofPick }]);
    expect(refused('OPERATION_NOT_PERMITTED')).toEqual([
      { type: 'NotUnderstood', what: 'event 9 RequestCancelActivityTaskFailed: OPERATION_NOT_PERMITTED' },
      { type: 'StepWithdrawalRequested', ...ofPick },
    ]);
  });
  it('TimerStarted, TimerFired, TimerCanceled', () => {
    const decided = { timerId: 'wait-ReleaseToWarehouse', decisionTaskCompletedEventId: 4 };
    expect(
      after('TimerStarted', { timerStartedEventAttributes: { ...decided, startToFireTimeout: '5' } }),
    ).toEqual([{ type: 'TimerStarted', timer: grace }]);
    expect(
      after('TimerFired', {
        timerFiredEventAttributes: { timerId: 'wait-ReleaseToWarehouse', startedEventId: 8 },
      }),
    ).toEqual([{ type: 'TimerFired', timer: grace }]);
    expect(
      after('TimerCanceled', { timerCanceledEventAttributes: { ...decided, startedEventId: 8 } }),
    ).toEqual([{ type: 'TimerCancelled', timer: grace }]);
  });
  it('StartTimerFailed: a timer in use runs, others were not started', () => {
    const refused = (
      cause: 'TIMER_ID_ALREADY_IN_USE' | 'TIMER_CREATION_RATE_EXCEEDED',
    ): readonly ProcessFact[] =>
      after('StartTimerFailed', {
        startTimerFailedEventAttributes: { timerId: 'retry-Pick-1', cause, decisionTaskCompletedEventId: 4 },
      });
    const timer = { name: 'retry', step: { name: 'Pick' }, run: 1 } as const;
    expect(refused('TIMER_ID_ALREADY_IN_USE')).toEqual([{ type: 'TimerStarted', timer }]);
    expect(refused('TIMER_CREATION_RATE_EXCEEDED')).toEqual([
      { type: 'TimerNotStarted', timer, cause: 'TIMER_CREATION_RATE_EXCEEDED' },
    ]);
  });
  it('CancelTimerFailed: it is not waited for either way', () =>
    expect(
      after('CancelTimerFailed', {
        cancelTimerFailedEventAttributes: {
          timerId: 'wait-ReleaseToWarehouse',
          cause: 'TIMER_ID_UNKNOWN',
          decisionTaskCompletedEventId: 4,
        },
      }),
    ).toEqual([{ type: 'TimerCancelled', timer: grace }]));
  it('WorkflowExecutionSignaled', () =>
    expect(
      after('WorkflowExecutionSignaled', {
        workflowExecutionSignaledEventAttributes: {
          signalName: 'OrderChanged',
          input: encodeSituation({ ...newOrder, revision: 8 }),
        },
      }),
    ).toEqual([{ type: 'OrderChanged', situation: { ...newOrder, revision: 8 } }]));
  it('CompleteWorkflowExecutionFailed: news slipped in, and the end is decided anew', () =>
    expect(
      after('CompleteWorkflowExecutionFailed', {
        completeWorkflowExecutionFailedEventAttributes: {
          cause: 'UNHANDLED_DECISION',
          decisionTaskCompletedEventId: 4,
        },
      }),
    ).toEqual([]));
});

describe('of no interest', () => {
  it.each([
    'DecisionTaskScheduled',
    'DecisionTaskStarted',
    'DecisionTaskCompleted',
    'DecisionTaskTimedOut',
    'ActivityTaskStarted',
    'MarkerRecorded',
    'WorkflowExecutionCompleted',
    'WorkflowExecutionTimedOut',
    'WorkflowExecutionTerminated',
  ] as const)('%s', (eventType) => expect(after(eventType)).toEqual([]));
});

describe('not understood', () => {
  const mustSaySo = (eventType: EventType, why: string, attributes: Partial<HistoryEvent> = {}): void =>
    expect(after(eventType, attributes)).toEqual([
      { type: 'NotUnderstood', what: `event 9 ${eventType}: ${why}` },
    ]);

  it.each([
    'WorkflowExecutionCancelRequested',
    'WorkflowExecutionFailed',
    'FailWorkflowExecutionFailed',
    'WorkflowExecutionCanceled',
    'CancelWorkflowExecutionFailed',
    'WorkflowExecutionContinuedAsNew',
    'ContinueAsNewWorkflowExecutionFailed',
    'RecordMarkerFailed',
    'StartChildWorkflowExecutionInitiated',
    'StartChildWorkflowExecutionFailed',
    'ChildWorkflowExecutionStarted',
    'ChildWorkflowExecutionCompleted',
    'ChildWorkflowExecutionFailed',
    'ChildWorkflowExecutionTimedOut',
    'ChildWorkflowExecutionCanceled',
    'ChildWorkflowExecutionTerminated',
    'SignalExternalWorkflowExecutionInitiated',
    'SignalExternalWorkflowExecutionFailed',
    'ExternalWorkflowExecutionSignaled',
    'RequestCancelExternalWorkflowExecutionInitiated',
    'RequestCancelExternalWorkflowExecutionFailed',
    'ExternalWorkflowExecutionCancelRequested',
    'LambdaFunctionScheduled',
    'ScheduleLambdaFunctionFailed',
    'LambdaFunctionStarted',
    'StartLambdaFunctionFailed',
    'LambdaFunctionCompleted',
    'LambdaFunctionFailed',
    'LambdaFunctionTimedOut',
  ] as const)('%s', (eventType) => mustSaySo(eventType, 'not used by this workflow'));

  it('a kind of event that is newer than this client, or has no type', () => {
    const isEvent = (value: unknown): value is HistoryEvent => typeof value === 'object';
    const sent: readonly unknown[] = [{ eventId: 3, eventType: 'ExecutionPaused' }, {}];
    expect(factsFromHistory(sent.filter(isEvent))).toEqual([
      { type: 'NotUnderstood', what: 'event 3 ExecutionPaused: not used by this workflow' },
      { type: 'NotUnderstood', what: 'event 0 of no type: not used by this workflow' },
    ]);
  });

  it('an unknown signal, and a known one with other contents; their contents are not repeated', () => {
    mustSaySo('WorkflowExecutionSignaled', 'an unknown signal', {
      workflowExecutionSignaledEventAttributes: { signalName: 'Ada', input: 'Lovelace' },
    });
    mustSaySo('WorkflowExecutionSignaled', 'expected $: JSON', {
      workflowExecutionSignaledEventAttributes: { signalName: 'OrderChanged', input: 'Lovelace' },
    });
  });

  it('a start with other input', () =>
    mustSaySo(
      'WorkflowExecutionStarted',
      'expected $.v: 2, $.orderId: OrderId, $.settings: ProcessSettings',
      {
        workflowExecutionStartedEventAttributes: {
          childPolicy: 'TERMINATE',
          taskList: { name: 'any' },
          workflowType: { name: 'Order', version: '1' },
          input: '{}',
        },
      },
    ));

  it('a result: its run is over all the same', () =>
    expect(
      after('ActivityTaskCompleted', { activityTaskCompletedEventAttributes: { ...ended, result: 'ok' } }),
    ).toEqual([
      { type: 'NotUnderstood', what: 'event 9 ActivityTaskCompleted: expected $: JSON' },
      { type: 'StepFailed', ...ofPick, reason: 'its result was not understood' },
    ]));

  it('events of an activity or timer that is none of ours, or that say nothing', () => {
    const elsewhere = { scheduledEventId: 4, startedEventId: 6 };
    mustSaySo('ActivityTaskCompleted', 'of an unknown activity', {
      activityTaskCompletedEventAttributes: elsewhere,
    });
    for (const type of ['ActivityTaskFailed', 'ActivityTaskTimedOut', 'ActivityTaskCanceled'] as const) {
      mustSaySo(type, 'of an unknown activity');
    }
    for (const type of [
      'ActivityTaskScheduled',
      'ScheduleActivityTaskFailed',
      'ActivityTaskCancelRequested',
      'RequestCancelActivityTaskFailed',
    ] as const) {
      mustSaySo(type, 'of an unknown activity id');
    }
    for (const type of [
      'TimerStarted',
      'StartTimerFailed',
      'TimerFired',
      'TimerCanceled',
      'CancelTimerFailed',
    ] as const) {
      mustSaySo(type, 'of an unknown timer id');
    }
  });

  it('an end that was refused for another reason', () =>
    mustSaySo('CompleteWorkflowExecutionFailed', 'OPERATION_NOT_PERMITTED', {
      completeWorkflowExecutionFailedEventAttributes: {
        cause: 'OPERATION_NOT_PERMITTED',
        decisionTaskCompletedEventId: 4,
      },
    }));
});

it('every kind of event that the client knows is read without its attributes, and none throws', () => {
  const types = Object.values(EventType);
  expect(types.length).toBeGreaterThan(50);
  for (const type of types) {
    for (const fact of factsFromHistory([event(1, type, {})])) expect(fact.type).toBe('NotUnderstood');
  }
});
