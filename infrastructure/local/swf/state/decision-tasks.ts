import type { EventAttributes } from './attributes.js';
import { dequeue, enqueue, taskListKey } from './queue.js';
import { milliseconds, type OpenDecision, type Run, type State } from './state.js';

/** What the events of decision tasks mean for a run: one task is open at a time, and one more may be held back. */

/** A new task becomes available at once, or is held back behind one that is open. */
export function decisionScheduled(
  state: State,
  run: Run,
  scheduledEventId: number,
  at: number,
  attributes: EventAttributes['DecisionTaskScheduled'],
): void {
  const task: OpenDecision = {
    scheduledEventId,
    list: taskListKey('decision', run.domain, attributes.taskList.name),
    priority: Number(attributes.taskPriority ?? 0),
    scheduleToStart: milliseconds(attributes.scheduleToStartTimeout),
    startToClose: milliseconds(attributes.startToCloseTimeout),
    startedEventId: 0,
    expiresAt: Infinity,
    availableAt: at,
    node: null,
  };
  run.heldBack = task;
  if (run.decision === null) releaseHeldBack(state, run, at);
}

/** The open task is closed: the one behind it, if any, takes its place. */
export function releaseHeldBack(state: State, run: Run, at: number): void {
  const task = run.heldBack;
  run.heldBack = null;
  run.decision = task;
  if (task === null) return;
  const { scheduledEventId, priority } = task;
  task.availableAt = at;
  task.expiresAt = at + task.scheduleToStart;
  task.node = enqueue(state.taskLists, task.list, { runId: run.runId, scheduledEventId, priority }, 'last');
}

/** The waiting task was handed out. */
export function decisionStarted(state: State, run: Run, eventId: number, at: number): void {
  const task = run.decision;
  if (task === null) throw new Error(`no decision task to start in ${run.runId}`);
  if (task.node !== null) dequeue(state.taskLists, task.node);
  task.node = null;
  task.startedEventId = eventId;
  task.expiresAt = at + task.startToClose;
}

/** Keeps the context, and the list for the tasks to come. */
export function decisionCompleted(run: Run, attributes: EventAttributes['DecisionTaskCompleted']): void {
  run.executionContext = attributes.executionContext ?? run.executionContext;
  run.decisionLists = listsAfter(run.decisionLists, attributes);
}

/** The lists after a completion: with a timeout the override is temporary, without one permanent. */
export function listsAfter(
  lists: Run['decisionLists'],
  completed: Pick<EventAttributes['DecisionTaskCompleted'], 'taskList' | 'taskListScheduleToStartTimeout'>,
): Run['decisionLists'] {
  const { taskList, taskListScheduleToStartTimeout: timeout } = completed;
  if (taskList === undefined) return lists;
  if (timeout === undefined || timeout === '') return { permanent: taskList.name, temporary: null };
  return { ...lists, temporary: { name: taskList.name, scheduleToStartTimeout: timeout } };
}
