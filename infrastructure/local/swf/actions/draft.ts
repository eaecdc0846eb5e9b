import type { Change } from '../state/change.js';
import type { Fact, HistoryEvent } from '../state/events.js';
import type { Configuration, DecisionLists, Frozen, Run } from '../state/state.js';

/** Events that are about to be appended to one run, and what they already mean for the run's decision tasks. */
export interface Draft {
  readonly run: Frozen<Run>;
  readonly at: number;
  readonly events: HistoryEvent[];
  lastEventId: number;
  decision: 'none' | 'waiting' | 'started' | 'startedWithOneHeldBack';
  lists: DecisionLists;
  closed: boolean;
}

/** A history may not grow beyond this; the service then terminates the run. */
const eventLimit = 25_000;

/** Begins with nothing to append. */
export function draftOf(run: Frozen<Run>, now: number): Draft {
  return {
    run,
    at: now,
    events: [],
    lastEventId: run.history.length,
    decision: decisionStateOf(run),
    lists: run.decisionLists,
    closed: false,
  };
}

/** Adds an event and returns its id. */
export function append(draft: Draft, fact: Fact): number {
  draft.lastEventId += 1;
  draft.events.push({ eventId: draft.lastEventId, eventAt: draft.at, ...fact });
  return draft.lastEventId;
}

/** Adds the event that ends the run. */
export function appendClosing(draft: Draft, fact: Fact): void {
  append(draft, fact);
  draft.closed = true;
}

/** Schedules a decision task unless one waits already; behind a started one it is held back. */
export function callForDecision(draft: Draft): void {
  if (draft.decision === 'waiting' || draft.decision === 'startedWithOneHeldBack') return;
  append(draft, decisionScheduled(draft.run.configuration, draft.lists));
  draft.decision = draft.decision === 'none' ? 'waiting' : 'startedWithOneHeldBack';
}

/** The decision task that goes to the present list. */
export function decisionScheduled(configuration: Frozen<Configuration>, lists: DecisionLists): Fact {
  return {
    eventType: 'DecisionTaskScheduled',
    attributes: {
      taskList: { name: lists.temporary?.name ?? lists.permanent },
      taskPriority: configuration.taskPriority,
      startToCloseTimeout: configuration.taskStartToCloseTimeout,
      scheduleToStartTimeout: lists.temporary?.scheduleToStartTimeout ?? 'NONE',
    },
  };
}

/** The change that appends the events; a history that has reached its limit is ended with them. */
export function changesOf(draft: Draft): Change[] {
  if (draft.lastEventId >= eventLimit && !draft.closed) {
    const { childPolicy } = draft.run.configuration;
    appendClosing(draft, {
      eventType: 'WorkflowExecutionTerminated',
      attributes: { childPolicy, cause: 'EVENT_LIMIT_EXCEEDED' },
    });
  }
  return [{ type: 'eventsAppended', runId: draft.run.runId, events: draft.events }];
}

function decisionStateOf(run: Frozen<Run>): Draft['decision'] {
  if (run.decision === null) return 'none';
  if (run.decision.startedEventId === 0) return 'waiting';
  return run.heldBack === null ? 'started' : 'startedWithOneHeldBack';
}
