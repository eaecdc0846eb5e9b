import { eventOfText, type HistoryEvent } from '../../../../infrastructure/local/swf/state/events.js';

/** What is open at some point of a history. */
interface Open {
  /** scheduledEventIds of decision tasks that are scheduled and not closed, oldest first. */
  readonly decisions: number[];
  /** startedEventId of the first of them; 0 while it waits. */
  decisionStarted: number;
  readonly completed: Set<number>;
  /** Started (or 0) by scheduledEventId. */
  readonly activities: Map<number, number>;
  readonly activityIds: Map<string, number>;
  /** TimerStarted by timerId. */
  readonly timers: Map<string, number>;
  /** Types of the ...Initiated events (and of LambdaFunctionScheduled) that nothing has come of yet, by id. */
  readonly initiated: Map<number, string>;
  /** ChildWorkflowExecutionStarted of the open children by their initiatedEventId. */
  readonly children: Map<number, number>;
  /** LambdaFunctionStarted by scheduledEventId. */
  readonly functions: Map<number, number>;
  closed: boolean;
}

const ends = new Set([
  'WorkflowExecutionCompleted',
  'WorkflowExecutionFailed',
  'WorkflowExecutionCanceled',
  'WorkflowExecutionTimedOut',
  'WorkflowExecutionTerminated',
  'WorkflowExecutionContinuedAsNew',
]);

/** Every breach of the rules that any history must obey, in words; empty for a good history. */
export function breachesOf(history: readonly string[]): string[] {
  const breaches: string[] = [];
  const open: Open = {
    decisions: [],
    decisionStarted: 0,
    completed: new Set(),
    activities: new Map(),
    activityIds: new Map(),
    timers: new Map(),
    initiated: new Map(),
    children: new Map(),
    functions: new Map(),
    closed: false,
  };
  let previousAt = 0;
  for (const [index, text] of history.entries()) {
    const event = eventOfText(text);
    const must = (holds: boolean, what: string): void => {
      if (!holds) breaches.push(`${event.eventId} ${event.eventType}: ${what}`);
    };
    must(event.eventId === index + 1, 'ids are dense');
    must(event.eventAt >= previousAt, 'time does not run backwards');
    must(!open.closed, 'nothing follows the end');
    must(
      (event.eventType === 'WorkflowExecutionStarted') === (index === 0),
      'the start comes first and once',
    );
    previousAt = event.eventAt;
    if ('decisionTaskCompletedEventId' in event.attributes) {
      must(
        open.completed.has(event.attributes.decisionTaskCompletedEventId),
        'belongs to a completed decision task',
      );
    }
    step(open, event, must);
    if (ends.has(event.eventType)) open.closed = true;
  }
  return breaches;
}

function step(open: Open, event: HistoryEvent, must: (holds: boolean, what: string) => void): void {
  switch (event.eventType) {
    case 'DecisionTaskScheduled':
      must(
        open.decisions.length === 0 || (open.decisions.length === 1 && open.decisionStarted > 0),
        'one at a time',
      );
      open.decisions.push(event.eventId);
      return;
    case 'DecisionTaskStarted':
      must(open.decisions[0] === event.attributes.scheduledEventId, 'starts the task that waits');
      must(open.decisionStarted === 0, 'starts once');
      open.decisionStarted = event.eventId;
      return;
    case 'DecisionTaskCompleted':
    case 'DecisionTaskTimedOut':
      must(open.decisions.shift() === event.attributes.scheduledEventId, 'closes the open task');
      must(open.decisionStarted === event.attributes.startedEventId, 'names the start');
      open.decisionStarted = 0;
      if (event.eventType === 'DecisionTaskCompleted') open.completed.add(event.eventId);
      return;
    case 'ActivityTaskScheduled':
      must(!open.activityIds.has(event.attributes.activityId), 'the id is free');
      open.activityIds.set(event.attributes.activityId, event.eventId);
      open.activities.set(event.eventId, 0);
      return;
    case 'ActivityTaskStarted':
      must(open.activities.get(event.attributes.scheduledEventId) === 0, 'starts a waiting task');
      open.activities.set(event.attributes.scheduledEventId, event.eventId);
      return;
    case 'ActivityTaskCompleted':
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
    case 'ActivityTaskCanceled': {
      const { scheduledEventId, startedEventId } = event.attributes;
      must(
        open.activities.get(scheduledEventId) === startedEventId,
        'closes an open task and names its start',
      );
      open.activities.delete(scheduledEventId);
      for (const [id, scheduled] of open.activityIds)
        if (scheduled === scheduledEventId) open.activityIds.delete(id);
      return;
    }
    case 'ActivityTaskCancelRequested':
      must(open.activityIds.has(event.attributes.activityId), 'names an open task');
      return;
    case 'ScheduleActivityTaskFailed':
      must(
        event.attributes.cause !== 'ACTIVITY_ID_ALREADY_IN_USE' ||
          open.activityIds.has(event.attributes.activityId),
        'the id was in use',
      );
      return;
    case 'RequestCancelActivityTaskFailed':
      must(
        event.attributes.cause !== 'ACTIVITY_ID_UNKNOWN' ||
          !open.activityIds.has(event.attributes.activityId),
        'the id was not open',
      );
      return;
    case 'TimerStarted':
      must(!open.timers.has(event.attributes.timerId), 'the id is free');
      open.timers.set(event.attributes.timerId, event.eventId);
      return;
    case 'TimerFired':
    case 'TimerCanceled':
      must(
        open.timers.get(event.attributes.timerId) === event.attributes.startedEventId,
        'ends a running timer',
      );
      open.timers.delete(event.attributes.timerId);
      return;
    case 'CompleteWorkflowExecutionFailed':
    case 'FailWorkflowExecutionFailed':
    case 'CancelWorkflowExecutionFailed':
    case 'ContinueAsNewWorkflowExecutionFailed':
      must(
        event.attributes.cause !== 'UNHANDLED_DECISION' || open.decisions.length === 1,
        'a newer decision task waits',
      );
      return;
    case 'WorkflowExecutionCompleted':
    case 'WorkflowExecutionFailed':
    case 'WorkflowExecutionCanceled':
    case 'WorkflowExecutionContinuedAsNew':
      must(open.decisions.length === 0, 'no newer decision task waits');
      return;
    case 'StartChildWorkflowExecutionInitiated':
    case 'SignalExternalWorkflowExecutionInitiated':
    case 'RequestCancelExternalWorkflowExecutionInitiated':
    case 'LambdaFunctionScheduled':
      open.initiated.set(event.eventId, event.eventType);
      return;
    case 'StartChildWorkflowExecutionFailed': {
      const { initiatedEventId } = event.attributes;
      if (initiatedEventId !== 0)
        settle(open, initiatedEventId, 'StartChildWorkflowExecutionInitiated', must);
      return;
    }
    case 'ChildWorkflowExecutionStarted': {
      const { initiatedEventId } = event.attributes;
      settle(open, initiatedEventId, 'StartChildWorkflowExecutionInitiated', must);
      open.children.set(initiatedEventId, event.eventId);
      return;
    }
    case 'ChildWorkflowExecutionCompleted':
    case 'ChildWorkflowExecutionFailed':
    case 'ChildWorkflowExecutionTimedOut':
    case 'ChildWorkflowExecutionCanceled':
    case 'ChildWorkflowExecutionTerminated': {
      const { initiatedEventId, startedEventId } = event.attributes;
      must(
        open.children.get(initiatedEventId) === startedEventId,
        'closes an open child and names its start',
      );
      open.children.delete(initiatedEventId);
      return;
    }
    case 'SignalExternalWorkflowExecutionFailed':
      if (event.attributes.initiatedEventId === 0) return; // failed before anything was initiated
      settle(open, event.attributes.initiatedEventId, 'SignalExternalWorkflowExecutionInitiated', must);
      return;
    case 'ExternalWorkflowExecutionSignaled':
      settle(open, event.attributes.initiatedEventId, 'SignalExternalWorkflowExecutionInitiated', must);
      return;
    case 'RequestCancelExternalWorkflowExecutionFailed':
      if (event.attributes.initiatedEventId === 0) return; // failed before anything was initiated
      settle(
        open,
        event.attributes.initiatedEventId,
        'RequestCancelExternalWorkflowExecutionInitiated',
        must,
      );
      return;
    case 'ExternalWorkflowExecutionCancelRequested':
      settle(
        open,
        event.attributes.initiatedEventId,
        'RequestCancelExternalWorkflowExecutionInitiated',
        must,
      );
      return;
    case 'LambdaFunctionStarted':
      must(open.initiated.has(event.attributes.scheduledEventId), 'starts a scheduled function');
      open.functions.set(event.attributes.scheduledEventId, event.eventId);
      return;
    case 'StartLambdaFunctionFailed':
      settle(open, event.attributes.scheduledEventId, 'LambdaFunctionScheduled', must);
      return;
    case 'LambdaFunctionCompleted':
    case 'LambdaFunctionFailed':
    case 'LambdaFunctionTimedOut': {
      const { scheduledEventId, startedEventId } = event.attributes;
      must(open.functions.get(scheduledEventId) === startedEventId, 'ends a started function');
      settle(open, scheduledEventId, 'LambdaFunctionScheduled', must);
      return;
    }
    case 'WorkflowExecutionStarted':
    case 'WorkflowExecutionSignaled':
    case 'WorkflowExecutionCancelRequested':
    case 'WorkflowExecutionTimedOut':
    case 'WorkflowExecutionTerminated':
    case 'MarkerRecorded':
    case 'RecordMarkerFailed':
    case 'StartTimerFailed':
    case 'CancelTimerFailed':
    case 'ScheduleLambdaFunctionFailed':
      return;
  }
}

/** Something has come of what was initiated: of the right kind, and once. */
function settle(open: Open, id: number, type: string, must: (holds: boolean, what: string) => void): void {
  must(open.initiated.get(id) === type, 'names what was initiated, once');
  open.initiated.delete(id);
}
