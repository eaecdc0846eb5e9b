import type { EventAttributes } from './attributes.js';
import { nextExpiry } from './clocks.js';
import { decisionCompleted, decisionScheduled, decisionStarted, releaseHeldBack } from './decision-tasks.js';
import { remove, reschedule } from './due.js';
import { eventText, type HistoryEvent } from './events.js';
import { foldLink } from './links.js';
import { dequeue, enqueue, taskListKey } from './queue.js';
import { shelve } from '../storage/closed-run.js';
import { milliseconds, type CloseStatus, type OpenActivity, type Run, type State } from './state.js';

/** Appends an event to a run's history and draws its consequences, except for the due time. */
export function fold(state: State, run: Run, event: HistoryEvent): void {
  if (event.eventId !== run.history.length + 1 || state.runs.get(run.runId) !== run) {
    throw new Error(`event ${event.eventId} does not continue the history of ${run.runId}`);
  }
  run.history.push(eventText(event));
  switch (event.eventType) {
    case 'WorkflowExecutionCancelRequested':
      run.cancelRequested = true;
      return;
    case 'WorkflowExecutionCompleted':
      return closeRun(state, run, event.eventAt, 'COMPLETED');
    case 'WorkflowExecutionFailed':
      return closeRun(state, run, event.eventAt, 'FAILED');
    case 'WorkflowExecutionCanceled':
      return closeRun(state, run, event.eventAt, 'CANCELED');
    case 'WorkflowExecutionTimedOut':
      return closeRun(state, run, event.eventAt, 'TIMED_OUT');
    case 'WorkflowExecutionTerminated':
      return closeRun(state, run, event.eventAt, 'TERMINATED');
    case 'WorkflowExecutionContinuedAsNew':
      return closeRun(state, run, event.eventAt, 'CONTINUED_AS_NEW');
    case 'DecisionTaskScheduled':
      return decisionScheduled(state, run, event.eventId, event.eventAt, event.attributes);
    case 'DecisionTaskStarted':
      return decisionStarted(state, run, event.eventId, event.eventAt);
    case 'DecisionTaskCompleted':
      run.previousStartedEventId = event.attributes.startedEventId;
      decisionCompleted(run, event.attributes);
      return releaseHeldBack(state, run, event.eventAt);
    case 'DecisionTaskTimedOut':
      if (run.decision?.node) dequeue(state.taskLists, run.decision.node);
      run.decisionLists = { ...run.decisionLists, temporary: null };
      return releaseHeldBack(state, run, event.eventAt);
    case 'ActivityTaskScheduled':
      return activityScheduled(state, run, event.eventId, event.eventAt, event.attributes);
    case 'ActivityTaskStarted': {
      const task = activityOf(run, event.attributes.scheduledEventId);
      if (task.node !== null) dequeue(state.taskLists, task.node);
      task.node = null;
      task.startedEventId = event.eventId;
      task.startedAt = event.eventAt;
      task.lastSignAt = event.eventAt;
      run.latestActivityAt = event.eventAt;
      return;
    }
    case 'ActivityTaskCompleted':
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
    case 'ActivityTaskCanceled': {
      const task = activityOf(run, event.attributes.scheduledEventId);
      if (task.node !== null) dequeue(state.taskLists, task.node);
      run.activities.delete(task.scheduledEventId);
      run.activityIds.delete(task.activityId);
      run.latestActivityAt = event.eventAt;
      return;
    }
    case 'ActivityTaskCancelRequested': {
      const scheduledEventId = run.activityIds.get(event.attributes.activityId);
      if (scheduledEventId !== undefined)
        activityOf(run, scheduledEventId).cancelRequestedEventId = event.eventId;
      return;
    }
    case 'TimerStarted': {
      const { timerId, startToFireTimeout } = event.attributes;
      const firesAt = event.eventAt + milliseconds(startToFireTimeout);
      run.timers.set(timerId, { timerId, startedEventId: event.eventId, firesAt });
      return;
    }
    case 'TimerFired':
    case 'TimerCanceled':
      run.timers.delete(event.attributes.timerId);
      return;
    case 'StartChildWorkflowExecutionInitiated':
    case 'StartChildWorkflowExecutionFailed':
    case 'ChildWorkflowExecutionStarted':
    case 'ChildWorkflowExecutionCompleted':
    case 'ChildWorkflowExecutionFailed':
    case 'ChildWorkflowExecutionTimedOut':
    case 'ChildWorkflowExecutionCanceled':
    case 'ChildWorkflowExecutionTerminated':
    case 'SignalExternalWorkflowExecutionInitiated':
    case 'SignalExternalWorkflowExecutionFailed':
    case 'ExternalWorkflowExecutionSignaled':
    case 'RequestCancelExternalWorkflowExecutionInitiated':
    case 'RequestCancelExternalWorkflowExecutionFailed':
    case 'ExternalWorkflowExecutionCancelRequested':
    case 'LambdaFunctionScheduled':
    case 'StartLambdaFunctionFailed':
    case 'LambdaFunctionCompleted':
    case 'LambdaFunctionFailed':
    case 'LambdaFunctionTimedOut':
      return foldLink(run, event);
    case 'WorkflowExecutionStarted':
    case 'WorkflowExecutionSignaled':
    case 'CompleteWorkflowExecutionFailed':
    case 'FailWorkflowExecutionFailed':
    case 'CancelWorkflowExecutionFailed':
    case 'ContinueAsNewWorkflowExecutionFailed':
    case 'ScheduleActivityTaskFailed':
    case 'RequestCancelActivityTaskFailed':
    case 'MarkerRecorded':
    case 'RecordMarkerFailed':
    case 'StartTimerFailed':
    case 'CancelTimerFailed':
    case 'ScheduleLambdaFunctionFailed':
    case 'LambdaFunctionStarted':
      return;
  }
}

/** Gives the run its place in the due queue, unless it has closed: its next expiry. */
export function rescheduleRun(state: State, run: Run): void {
  if (state.runs.get(run.runId) !== run) return;
  run.due = nextExpiry(run).at;
  reschedule(state.due, run);
}

/** Makes the task that was started by the event wait again, as the next of its list. */
export function requeue(state: State, run: Run, startedEventId: number): void {
  const { runId } = run;
  if (run.decision?.startedEventId === startedEventId) {
    const { decision } = run;
    decision.startedEventId = 0;
    decision.expiresAt = decision.availableAt + decision.scheduleToStart;
    decision.node = enqueue(state.taskLists, decision.list, { ...decision, runId }, 'first');
    return;
  }
  for (const task of run.activities.values()) {
    if (task.startedEventId !== startedEventId) continue;
    task.startedEventId = 0;
    task.node = enqueue(state.taskLists, task.list, { ...task, runId }, 'first');
  }
}

function activityScheduled(
  state: State,
  run: Run,
  scheduledEventId: number,
  at: number,
  attributes: EventAttributes['ActivityTaskScheduled'],
): void {
  const list = taskListKey('activity', run.domain, attributes.taskList.name);
  const priority = Number(attributes.taskPriority ?? 0);
  const { runId } = run;
  const task: OpenActivity = {
    activityId: attributes.activityId,
    scheduledEventId,
    scheduledAt: at,
    list,
    priority,
    scheduleToStart: milliseconds(attributes.scheduleToStartTimeout),
    scheduleToClose: milliseconds(attributes.scheduleToCloseTimeout),
    startToClose: milliseconds(attributes.startToCloseTimeout),
    heartbeat: milliseconds(attributes.heartbeatTimeout),
    startedEventId: 0,
    startedAt: 0,
    lastSignAt: 0,
    details: undefined,
    cancelRequestedEventId: 0,
    node: enqueue(state.taskLists, list, { runId, scheduledEventId, priority }, 'last'),
  };
  run.activities.set(scheduledEventId, task);
  run.activityIds.set(task.activityId, scheduledEventId);
  run.latestActivityAt = at;
}

/** What the run was goes to the shelf; the rest of it is forgotten. */
function closeRun(state: State, run: Run, at: number, status: CloseStatus): void {
  const domain = state.domains.get(run.domain);
  if (domain === undefined) throw new Error(`no domain ${run.domain}`);
  shelve(state, domain, run, { at, status });
  if (run.decision?.node) dequeue(state.taskLists, run.decision.node);
  for (const task of run.activities.values()) if (task.node !== null) dequeue(state.taskLists, task.node);
  state.runs.delete(run.runId);
  domain.open.delete(run.workflowId);
  domain.openIndex.remove(run);
  remove(state.due, run);
}

function activityOf(run: Run, scheduledEventId: number): OpenActivity {
  const task = run.activities.get(scheduledEventId);
  if (task === undefined) throw new Error(`no open activity ${scheduledEventId} in ${run.runId}`);
  return task;
}
