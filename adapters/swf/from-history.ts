// SWF's history into our words. Every kind of event is named in one table: understood, of no interest, or not
// understood; what cannot be read is a fact for people, never an exception, so one odd event parks nothing but itself.
import type { EventType, HistoryEvent } from '@aws-sdk/client-swf';
import * as E from 'fp-ts/lib/Either.js';
import { timerFromKey, type ProcessFact, type Timer } from '../../domain/process/facts.js';
import { runFromKey, type Step } from '../../domain/process/steps.js';
import { orderChangedSignal } from './names.js';
import { decodeFailure, decodeSituation, decodeWorkflowInput, type PayloadProblem } from './payloads.js';

type Run = { readonly step: Step; readonly run: number };
/** Runs by the id of the event that scheduled them: later events of a run name only that. */
type ScheduledRuns = ReadonlyMap<number, Run>;
type Reader = (event: HistoryEvent, scheduled: ScheduledRuns) => readonly ProcessFact[];

const notUnderstood = (event: HistoryEvent, why: string): ProcessFact => ({
  type: 'NotUnderstood',
  what: `event ${event.eventId ?? 0} ${event.eventType ?? 'of no type'}: ${why}`,
});

const whyPayload = ({ expected }: PayloadProblem): string => `expected ${expected.join(', ')}`;

const noInterest: Reader = () => [];
const notOurs: Reader = (event) => [notUnderstood(event, 'not used by this workflow')];

const ofRun =
  (
    idOf: (event: HistoryEvent) => number | undefined,
    read: (run: Run, event: HistoryEvent) => readonly ProcessFact[],
  ): Reader =>
  (event, scheduled) => {
    const run = scheduled.get(idOf(event) ?? -1);
    return run === undefined ? [notUnderstood(event, 'of an unknown activity')] : read(run, event);
  };

const ofActivity =
  (
    idOf: (event: HistoryEvent) => string | undefined,
    read: (run: Run, event: HistoryEvent) => readonly ProcessFact[],
  ): Reader =>
  (event) => {
    const run = runFromKey(idOf(event) ?? '');
    return run === null ? [notUnderstood(event, 'of an unknown activity id')] : read(run, event);
  };

const ofTimer =
  (
    idOf: (event: HistoryEvent) => string | undefined,
    read: (timer: Timer, event: HistoryEvent) => readonly ProcessFact[],
  ): Reader =>
  (event) => {
    const timer = timerFromKey(idOf(event) ?? '');
    return timer === null ? [notUnderstood(event, 'of an unknown timer id')] : read(timer, event);
  };

const started: Reader = (event) => {
  const input = decodeWorkflowInput(event.workflowExecutionStartedEventAttributes?.input);
  return E.isLeft(input)
    ? [notUnderstood(event, whyPayload(input.left))]
    : [{ type: 'ProcessStarted', ...input.right }];
};

const signaled: Reader = (event) => {
  const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
  if (signalName !== orderChangedSignal) return [notUnderstood(event, 'an unknown signal')];
  const situation = decodeSituation(input);
  return E.isLeft(situation)
    ? [notUnderstood(event, whyPayload(situation.left))]
    : [{ type: 'OrderChanged', situation: situation.right }];
};

const completed = ofRun(
  (event) => event.activityTaskCompletedEventAttributes?.scheduledEventId,
  (run, event) => {
    const situation = decodeSituation(event.activityTaskCompletedEventAttributes?.result);
    if (E.isRight(situation)) return [{ type: 'StepDone', ...run, situation: situation.right }];
    // The run is over all the same; a new one answers in a form of today.
    return [
      notUnderstood(event, whyPayload(situation.left)),
      { type: 'StepFailed', ...run, reason: 'its result was not understood' },
    ];
  },
);

const failed = ofRun(
  (event) => event.activityTaskFailedEventAttributes?.scheduledEventId,
  (run, event) => {
    const { reason, details } = event.activityTaskFailedEventAttributes ?? {};
    const told = decodeFailure(details);
    return [
      { type: 'StepFailed', ...run, reason: E.isRight(told) ? told.right : (reason ?? 'no reason given') },
    ];
  },
);

const cancelRequestFailed = ofActivity(
  (event) => event.requestCancelActivityTaskFailedEventAttributes?.activityId,
  (run, event) => {
    const { cause } = event.requestCancelActivityTaskFailedEventAttributes ?? {};
    // An unknown id is a run that is over. Any other refusal counts as asked: asking again at once would never end.
    if (cause === 'ACTIVITY_ID_UNKNOWN') return [{ type: 'StepWithdrawn', ...run }];
    return [notUnderstood(event, cause ?? 'no cause'), { type: 'StepWithdrawalRequested', ...run }];
  },
);

const startTimerFailed = ofTimer(
  (event) => event.startTimerFailedEventAttributes?.timerId,
  (timer, event) => {
    const { cause } = event.startTimerFailedEventAttributes ?? {};
    return cause === 'TIMER_ID_ALREADY_IN_USE'
      ? [{ type: 'TimerStarted', timer }]
      : [{ type: 'TimerNotStarted', timer, cause: cause ?? 'no cause given' }];
  },
);

const closeFailed: Reader = (event) => {
  const { cause } = event.completeWorkflowExecutionFailedEventAttributes ?? {};
  // Something arrived while the end was decided; it is in this history too, and the end is decided anew.
  return cause === 'UNHANDLED_DECISION' ? [] : [notUnderstood(event, cause ?? 'no cause')];
};

const readers: Readonly<Record<EventType, Reader>> = {
  WorkflowExecutionStarted: started,
  WorkflowExecutionSignaled: signaled,
  // Orders are cancelled in the checkout, where money and goods are undone; not by a request to the workflow.
  WorkflowExecutionCancelRequested: notOurs,
  CompleteWorkflowExecutionFailed: closeFailed,
  // No decision follows these; they are met when the history of an ended process is read.
  WorkflowExecutionCompleted: noInterest,
  WorkflowExecutionTimedOut: noInterest,
  WorkflowExecutionTerminated: noInterest,

  DecisionTaskScheduled: noInterest,
  DecisionTaskStarted: noInterest,
  DecisionTaskCompleted: noInterest,
  DecisionTaskTimedOut: noInterest,
  MarkerRecorded: noInterest,

  ActivityTaskScheduled: ofActivity(
    (event) => event.activityTaskScheduledEventAttributes?.activityId,
    (run) => [{ type: 'StepScheduled', ...run }],
  ),
  ScheduleActivityTaskFailed: ofActivity(
    (event) => event.scheduleActivityTaskFailedEventAttributes?.activityId,
    ({ step }, event) => [
      {
        type: 'StepNotScheduled',
        step,
        cause: event.scheduleActivityTaskFailedEventAttributes?.cause ?? 'no cause given',
      },
    ],
  ),
  ActivityTaskStarted: noInterest,
  ActivityTaskCompleted: completed,
  ActivityTaskFailed: failed,
  ActivityTaskTimedOut: ofRun(
    (event) => event.activityTaskTimedOutEventAttributes?.scheduledEventId,
    (run) => [{ type: 'StepTimedOut', ...run }],
  ),
  ActivityTaskCancelRequested: ofActivity(
    (event) => event.activityTaskCancelRequestedEventAttributes?.activityId,
    (run) => [{ type: 'StepWithdrawalRequested', ...run }],
  ),
  RequestCancelActivityTaskFailed: cancelRequestFailed,
  ActivityTaskCanceled: ofRun(
    (event) => event.activityTaskCanceledEventAttributes?.scheduledEventId,
    (run) => [{ type: 'StepWithdrawn', ...run }],
  ),

  TimerStarted: ofTimer(
    (event) => event.timerStartedEventAttributes?.timerId,
    (timer) => [{ type: 'TimerStarted', timer }],
  ),
  StartTimerFailed: startTimerFailed,
  TimerFired: ofTimer(
    (event) => event.timerFiredEventAttributes?.timerId,
    (timer) => [{ type: 'TimerFired', timer }],
  ),
  TimerCanceled: ofTimer(
    (event) => event.timerCanceledEventAttributes?.timerId,
    (timer) => [{ type: 'TimerCancelled', timer }],
  ),
  // Whether it fired meanwhile or was never there: it is not to be waited for, and asking again would never end.
  CancelTimerFailed: ofTimer(
    (event) => event.cancelTimerFailedEventAttributes?.timerId,
    (timer) => [{ type: 'TimerCancelled', timer }],
  ),

  WorkflowExecutionFailed: notOurs,
  FailWorkflowExecutionFailed: notOurs,
  WorkflowExecutionCanceled: notOurs,
  CancelWorkflowExecutionFailed: notOurs,
  WorkflowExecutionContinuedAsNew: notOurs,
  ContinueAsNewWorkflowExecutionFailed: notOurs,
  RecordMarkerFailed: notOurs,
  StartChildWorkflowExecutionInitiated: notOurs,
  StartChildWorkflowExecutionFailed: notOurs,
  ChildWorkflowExecutionStarted: notOurs,
  ChildWorkflowExecutionCompleted: notOurs,
  ChildWorkflowExecutionFailed: notOurs,
  ChildWorkflowExecutionTimedOut: notOurs,
  ChildWorkflowExecutionCanceled: notOurs,
  ChildWorkflowExecutionTerminated: notOurs,
  SignalExternalWorkflowExecutionInitiated: notOurs,
  SignalExternalWorkflowExecutionFailed: notOurs,
  ExternalWorkflowExecutionSignaled: notOurs,
  RequestCancelExternalWorkflowExecutionInitiated: notOurs,
  RequestCancelExternalWorkflowExecutionFailed: notOurs,
  ExternalWorkflowExecutionCancelRequested: notOurs,
  LambdaFunctionScheduled: notOurs,
  ScheduleLambdaFunctionFailed: notOurs,
  LambdaFunctionStarted: notOurs,
  StartLambdaFunctionFailed: notOurs,
  LambdaFunctionCompleted: notOurs,
  LambdaFunctionFailed: notOurs,
  LambdaFunctionTimedOut: notOurs,
};

// The service may send kinds of event that are newer than its client.
const readersByName: ReadonlyMap<string, Reader> = new Map(Object.entries(readers));

/**
 * The facts of a history, oldest first. Takes all pages together: later events point back into earlier ones. Total:
 * what cannot be read becomes `NotUnderstood`.
 */
export const factsFromHistory = (events: readonly HistoryEvent[]): readonly ProcessFact[] => {
  const scheduled = new Map<number, Run>();
  return events.flatMap((event) => {
    const run = runFromKey(event.activityTaskScheduledEventAttributes?.activityId ?? '');
    if (run !== null && event.eventId !== undefined) scheduled.set(event.eventId, run);
    return (readersByName.get(event.eventType ?? '') ?? notOurs)(event, scheduled);
  });
};
