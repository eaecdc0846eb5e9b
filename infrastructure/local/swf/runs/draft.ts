import type { Change } from '../state/change.js';
import type { Fact, HistoryEvent } from '../state/events.js';
import type { DecisionLists, Frozen, Run, State } from '../state/state.js';

/** All that one call, or one deadline, does: a draft for each run that it touches, and the runs that it starts. */
export interface Step {
  readonly state: Frozen<State>;
  readonly at: number;
  /** By runId. */
  readonly drafts: Map<string, Draft>;
  /** What follows behind the drafts. */
  readonly starts: Change[];
  /** Drafts that have closed their run, or filled its history, and of which nobody has yet drawn the consequences. */
  readonly ending: Draft[];
}

/** Events that are about to be appended to one run, and what they already mean for the run's decision tasks. */
export interface Draft {
  readonly step: Step;
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

/** Begins a step with nothing to append to its first run. */
export function draftOf(state: Frozen<State>, run: Frozen<Run>, now: number): Draft {
  return draftIn({ state, at: now, drafts: new Map(), starts: [], ending: [] }, run);
}

/** The draft of another run in the same step; the same one each time. */
export function draftIn(step: Step, run: Frozen<Run>): Draft {
  const known = step.drafts.get(run.runId);
  if (known !== undefined) return known;
  const draft: Draft = {
    step,
    run,
    at: step.at,
    events: [],
    lastEventId: run.history.length,
    decision: decisionStateOf(run),
    lists: run.decisionLists,
    closed: false,
  };
  step.drafts.set(run.runId, draft);
  return draft;
}

/** Adds an event and returns its id. */
export function append(draft: Draft, fact: Fact): number {
  draft.lastEventId += 1;
  draft.events.push({ eventId: draft.lastEventId, eventAt: draft.at, ...fact });
  if (draft.lastEventId === eventLimit) draft.step.ending.push(draft);
  return draft.lastEventId;
}

/** Adds the event that ends the run. */
export function appendClosing(draft: Draft, fact: Fact): void {
  append(draft, fact);
  draft.closed = true;
  draft.step.ending.push(draft);
}

/** Schedules a decision task unless one waits already; behind a started one it is held back. */
export function callForDecision(draft: Draft): void {
  if (draft.decision === 'waiting' || draft.decision === 'startedWithOneHeldBack') return;
  append(draft, decisionScheduled(draft.run.configuration, draft.lists));
  draft.decision = draft.decision === 'none' ? 'waiting' : 'startedWithOneHeldBack';
}

/** The decision task that goes to the present list. */
export function decisionScheduled(
  configuration: { readonly taskPriority?: string | undefined; readonly taskStartToCloseTimeout: string },
  lists: DecisionLists,
): Fact {
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

function decisionStateOf(run: Frozen<Run>): Draft['decision'] {
  if (run.decision === null) return 'none';
  if (run.decision.startedEventId === 0) return 'waiting';
  return run.heldBack === null ? 'started' : 'startedWithOneHeldBack';
}
