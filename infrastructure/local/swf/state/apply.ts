import type { Change } from './change.js';
import { recorded, type HistoryEvent } from './events.js';
import { fold, rescheduleRun, requeue } from './fold.js';
import { dequeue, enqueue } from './queue.js';
import { forget } from '../storage/closed-run.js';
import {
  milliseconds,
  newDomain,
  typeKey,
  type Domain,
  type RegisteredType,
  type Run,
  type State,
} from './state.js';

/** The only function that changes a state. Deterministic: the same changes in the same order give the same state. */
export function apply(state: State, change: Change): void {
  switch (change.type) {
    case 'domainRegistered': {
      const { name, description, retention, tags } = change;
      const tagged = new Map(tags.map(({ key, value }) => [key, value]));
      state.domains.set(name, newDomain({ name, description, retention, tags: tagged }));
      return;
    }
    case 'domainDeprecated': {
      const domain = domainOf(state, change.name);
      domain.status = 'DEPRECATED';
      for (const type of domain.workflowTypes.values()) type.deprecatedAt ??= change.at;
      for (const type of domain.activityTypes.values()) type.deprecatedAt ??= change.at;
      return;
    }
    case 'domainUndeprecated':
      domainOf(state, change.name).status = 'REGISTERED';
      return;
    case 'domainTagged': {
      const { tags } = domainOf(state, change.name);
      for (const { key, value } of change.tags) tags.set(key, value);
      return;
    }
    case 'domainUntagged': {
      const { tags } = domainOf(state, change.name);
      for (const key of change.keys) tags.delete(key);
      return;
    }
    case 'typeRegistered': {
      const { name, version, description, at } = change;
      const registered = { name, version, description, createdAt: at, deprecatedAt: null };
      const domain = domainOf(state, change.domain);
      if (change.kind === 'workflow') {
        domain.workflowTypes.set(typeKey(change), { ...registered, defaults: change.defaults });
      } else domain.activityTypes.set(typeKey(change), { ...registered, defaults: change.defaults });
      return;
    }
    case 'typeDeprecated':
    case 'typeUndeprecated': {
      const type = typesOf(state, change).get(typeKey(change));
      if (type !== undefined) type.deprecatedAt = change.type === 'typeDeprecated' ? change.at : null;
      return;
    }
    case 'typeDeleted':
      typesOf(state, change).delete(typeKey(change));
      return;
    case 'runStarted':
      startRun(state, change);
      return;
    case 'eventsAppended': {
      const run = runOf(state, change.runId);
      for (const event of change.events) fold(state, run, recorded(event));
      rescheduleRun(state, run);
      return;
    }
    case 'heartbeatRecorded': {
      const run = runOf(state, change.runId);
      const task = run.activities.get(change.scheduledEventId);
      if (task === undefined)
        throw new Error(`no open activity ${change.scheduledEventId} in ${change.runId}`);
      task.lastSignAt = change.at;
      if (change.details !== undefined) task.details = change.details;
      rescheduleRun(state, run);
      return;
    }
    case 'handOutWithdrawn': {
      const run = runOf(state, change.runId);
      run.history.length = change.eventId - 1;
      requeue(state, run, change.eventId);
      rescheduleRun(state, run);
      return;
    }
    case 'runDeleted': {
      const run = state.closedRuns.get(change.runId);
      if (run !== undefined) forget(state, run);
      return;
    }
    case 'childFollowed': {
      const child = runOf(state, change.runId).children.get(change.initiatedEventId);
      if (child !== undefined) child.runId = change.childRunId;
      return;
    }
    case 'runsShelved':
      return; // what lies on the shelves is brought in by whoever opens them
    case 'tasksOrdered':
      for (const [runId, scheduledEventId] of change.tasks) {
        const run = runOf(state, runId);
        const task = run.activities.get(scheduledEventId) ?? run.decision;
        if (task === null || task.node === null)
          throw new Error(`no waiting task ${scheduledEventId} in ${runId}`);
        const { priority } = task;
        dequeue(state.taskLists, task.node);
        task.node = enqueue(state.taskLists, change.list, { runId, scheduledEventId, priority }, 'last');
      }
      return;
  }
}

function startRun(state: State, change: Change & { type: 'runStarted' }): void {
  const { domain, workflowId, runId } = change;
  const events = change.events.map(recorded);
  const run = newRun(change.sequence ?? state.started + 1, { domain, workflowId, runId }, events[0]);
  state.started = Math.max(state.started, run.sequence);
  state.runs.set(runId, run);
  const { open, openIndex } = domainOf(state, domain);
  open.set(workflowId, run);
  openIndex.add(run);
  for (const event of events) fold(state, run, event);
  rescheduleRun(state, run);
  followChild(state, run);
}

/** The parent of a run knows its child by its latest run. */
function followChild(state: State, { parent, runId }: Run): void {
  if (parent === null) return;
  const child = state.runs.get(parent.workflowExecution.runId)?.children.get(parent.initiatedEventId);
  if (child !== undefined) child.runId = runId;
}

function newRun(
  sequence: number,
  names: { domain: string; workflowId: string; runId: string },
  first: HistoryEvent | undefined,
): Run {
  if (first?.eventType !== 'WorkflowExecutionStarted') {
    throw new Error(`the history of ${names.runId} does not begin with its start`);
  }
  const started = first.attributes;
  return {
    ...names,
    sequence,
    due: Infinity,
    heapIndex: -1,
    workflowType: started.workflowType,
    startedAt: first.eventAt,
    configuration: {
      taskStartToCloseTimeout: started.taskStartToCloseTimeout,
      executionStartToCloseTimeout: started.executionStartToCloseTimeout,
      taskList: started.taskList,
      childPolicy: started.childPolicy,
      taskPriority: started.taskPriority,
      lambdaRole: started.lambdaRole,
    },
    tagList: started.tagList,
    parent:
      started.parentWorkflowExecution === undefined
        ? null
        : {
            workflowExecution: started.parentWorkflowExecution,
            initiatedEventId: started.parentInitiatedEventId,
          },
    history: [],
    decision: null,
    heldBack: null,
    previousStartedEventId: 0,
    decisionLists: { permanent: started.taskList.name, temporary: null },
    executionContext: undefined,
    activities: new Map(),
    activityIds: new Map(),
    timers: new Map(),
    children: new Map(),
    deliveries: [],
    cancelRequested: false,
    latestActivityAt: undefined,
    timesOutAt: first.eventAt + milliseconds(started.executionStartToCloseTimeout),
    closed: null,
  };
}

function typesOf(
  state: State,
  { kind, domain }: { kind: 'workflow' | 'activity'; domain: string },
): Map<string, RegisteredType<object>> {
  const { workflowTypes, activityTypes } = domainOf(state, domain);
  return kind === 'workflow' ? workflowTypes : activityTypes;
}

function domainOf(state: State, name: string): Domain {
  const domain = state.domains.get(name);
  if (domain === undefined) throw new Error(`no domain ${name}`);
  return domain;
}

function runOf(state: State, runId: string): Run {
  const run = state.runs.get(runId);
  if (run === undefined) throw new Error(`no run ${runId}`);
  return run;
}
