import { invalid, invalidToken } from '../protocol/faults.js';
import type { pollForActivityTask, pollForDecisionTask, countPendingTasks } from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import { pageTokenOf, positionOf, taskTokenOf } from '../protocol/tokens.js';
import { eventText } from '../state/events.js';
import { taskListKey } from '../state/queue.js';
import type { Frozen, Run, State } from '../state/state.js';
import { changesOf } from '../runs/consequences.js';
import { append, draftOf } from '../runs/draft.js';
import { recordedEvent } from './history.js';
import { domainNamed } from './lookups.js';
import { answered, refused, type Call, type Outcome } from './outcome.js';
import { pageSize, requestText } from './paging.js';

const emptyActivity = '{"startedEventId":0}';
const emptyDecision = '{"startedEventId":0,"previousStartedEventId":0}';

/** Starts the first waiting task of the list, or waits for one. */
export function pollForActivity(
  state: Frozen<State>,
  input: Satisfying<typeof pollForActivityTask>,
  call: Call,
): Outcome {
  const domain = domainNamed(state, input.domain);
  if ('fault' in domain) return refused(domain.fault);
  const list = taskListKey('activity', input.domain, input.taskList.name);
  const first = firstTask(state, list);
  if (first === null) return { type: 'wait', list, emptyBody: emptyActivity };
  const { run, scheduledEventId } = first;
  const scheduled = recordedEvent(run, scheduledEventId);
  if (scheduled.eventType !== 'ActivityTaskScheduled')
    throw new Error(`no activity ${scheduledEventId} in ${run.runId}`);
  const { activityId, activityType, input: activityInput } = scheduled.attributes;
  const draft = draftOf(state, run, call.now);
  const { identity } = input;
  const startedEventId = append(draft, {
    eventType: 'ActivityTaskStarted',
    attributes: { identity, scheduledEventId },
  });
  const { runId, workflowId } = run;
  return {
    type: 'done',
    changes: changesOf(draft),
    handOut: { runId, startedEventId },
    body: JSON.stringify({
      taskToken: taskTokenOf({ kind: 'activity', runId, scheduledEventId, startedEventId }),
      activityId,
      startedEventId,
      workflowExecution: { workflowId, runId },
      activityType,
      input: activityInput,
    }),
  };
}

/** Starts the first waiting task of the list, or waits for one; with a page token it gives the next page of a started task. */
export function pollForDecision(
  state: Frozen<State>,
  input: Satisfying<typeof pollForDecisionTask>,
  call: Call,
): Outcome {
  const domain = domainNamed(state, input.domain);
  if ('fault' in domain) return refused(domain.fault);
  if (input.nextPageToken !== undefined && input.nextPageToken !== '') return nextPage(state, input, call);
  const list = taskListKey('decision', input.domain, input.taskList.name);
  const first = firstTask(state, list);
  if (first === null) return { type: 'wait', list, emptyBody: emptyDecision };
  const { run, scheduledEventId } = first;
  const draft = draftOf(state, run, call.now);
  const { identity } = input;
  const startedEventId = append(draft, {
    eventType: 'DecisionTaskStarted',
    attributes: { identity, scheduledEventId },
  });
  const history = [...run.history, ...draft.events.map(eventText)];
  return {
    type: 'done',
    changes: changesOf(draft),
    handOut: { runId: run.runId, startedEventId },
    body: decisionBody(run, history, { scheduledEventId, startedEventId, from: 0 }, input, call),
  };
}

function nextPage(state: Frozen<State>, input: Satisfying<typeof pollForDecisionTask>, call: Call): Outcome {
  const request = requestOf(input);
  const page = positionOf(input.nextPageToken ?? '', request, call.now);
  if ('problem' in page) return refused(invalid(page.problem));
  const [runId, startedEventId, from] = page.position;
  const run = state.runs.get(String(runId));
  const task = run?.decision;
  if (run === undefined || !task || task.startedEventId !== startedEventId || typeof from !== 'number') {
    return refused(invalidToken);
  }
  const { scheduledEventId } = task;
  const body = decisionBody(run, run.history, { scheduledEventId, startedEventId, from }, input, call);
  return { type: 'done', changes: [], body };
}

/** The answer with the events from the given place on, put together from the stored texts. */
function decisionBody(
  run: Frozen<Run>,
  history: readonly string[],
  task: { readonly scheduledEventId: number; readonly startedEventId: number; readonly from: number },
  input: Satisfying<typeof pollForDecisionTask>,
  call: Call,
): string {
  const { runId, workflowId, previousStartedEventId } = run;
  const { scheduledEventId, startedEventId, from } = task;
  const first = input.startAtPreviousStartedEvent === true ? Math.max(previousStartedEventId, 1) : 1;
  const visible = history.slice(first - 1, startedEventId);
  if (input.reverseOrder === true) visible.reverse();
  const size = pageSize(input);
  const more = from + size < visible.length;
  const nextPageToken = more
    ? pageTokenOf({
        request: requestOf(input),
        position: [runId, startedEventId, from + size],
        issuedAt: call.now,
      })
    : undefined;
  const frame = JSON.stringify({
    taskToken: taskTokenOf({ kind: 'decision', runId, scheduledEventId, startedEventId }),
    startedEventId,
    previousStartedEventId,
    workflowExecution: { workflowId, runId },
    workflowType: run.workflowType,
    nextPageToken,
  });
  return `${frame.slice(0, -1)},"events":[${visible.slice(from, from + size).join(',')}]}`;
}

/** Tasks that wait in one list; started ones do not count. */
export function countPending(
  state: Frozen<State>,
  kind: 'activity' | 'decision',
  input: Satisfying<typeof countPendingTasks>,
): Outcome {
  const domain = domainNamed(state, input.domain);
  if ('fault' in domain) return refused(domain.fault);
  const count = state.taskLists.get(taskListKey(kind, input.domain, input.taskList.name))?.size ?? 0;
  return answered({ count, truncated: false });
}

/** identity may differ from page to page. */
function requestOf(input: Satisfying<typeof pollForDecisionTask>): string {
  const { identity: _, ...rest } = input;
  return requestText('PollForDecisionTask', rest);
}

function firstTask(
  state: Frozen<State>,
  key: string,
): { readonly run: Frozen<Run>; readonly scheduledEventId: number } | null {
  const task = state.taskLists.get(key)?.lanes[0]?.first;
  if (!task) return null;
  const run = state.runs.get(task.runId);
  if (run === undefined) throw new Error(`a task of ${task.runId} waits, but there is no such run`);
  return { run, scheduledEventId: task.scheduledEventId };
}
