import type { Draft } from '../runs/draft.js';
import type { Domain, Frozen } from '../state/state.js';

/** The decisions of one completed decision task while they are carried out: an earlier one is visible to the later ones. */
export interface Batch {
  readonly draft: Draft;
  readonly domain: Frozen<Domain>;
  readonly decisionTaskCompletedEventId: number;
  /** Activities that this batch opened (or closed: null), by activityId. */
  readonly activities: Map<string, BatchActivity | null>;
  openActivities: number;
  /** TimerStarted of the timers that this batch started (or canceled: null), by timerId. */
  readonly timers: Map<string, number | null>;
  openTimers: number;
  /** Children that this batch initiated. */
  newChildren: number;
  /** Ids of the functions that this batch scheduled; those of earlier batches have come to their end. */
  readonly functionIds: Set<string>;
  /** Whether one of the events calls for a decision. */
  wantsDecision: boolean;
}

export interface BatchActivity {
  readonly scheduledEventId: number;
  /** 0 while waiting. */
  readonly startedEventId: number;
}

/** Begins a batch behind its DecisionTaskCompleted. */
export function batchOf(draft: Draft, domain: Frozen<Domain>): Batch {
  return {
    draft,
    domain,
    decisionTaskCompletedEventId: draft.lastEventId,
    activities: new Map(),
    openActivities: draft.run.activities.size,
    timers: new Map(),
    openTimers: draft.run.timers.size,
    newChildren: 0,
    functionIds: new Set(),
    wantsDecision: false,
  };
}

/** The open activity task with this id, as the batch has left it so far. */
export function openActivity(batch: Batch, activityId: string): BatchActivity | null {
  const own = batch.activities.get(activityId);
  if (own !== undefined) return own;
  const { run } = batch.draft;
  const scheduledEventId = run.activityIds.get(activityId);
  return scheduledEventId === undefined ? null : (run.activities.get(scheduledEventId) ?? null);
}

/** TimerStarted of the running timer with this id, as the batch has left it so far. */
export function runningTimer(batch: Batch, timerId: string): number | null {
  const own = batch.timers.get(timerId);
  if (own !== undefined) return own;
  return batch.draft.run.timers.get(timerId)?.startedEventId ?? null;
}
