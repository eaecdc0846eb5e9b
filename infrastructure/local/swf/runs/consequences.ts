import type { Change } from '../state/change.js';
import type { Fact, HistoryEvent } from '../state/events.js';
import type { Frozen, Run } from '../state/state.js';
import { append, appendClosing, callForDecision, draftIn, type Draft } from './draft.js';

/**
 * The changes of a step with all that follows from the runs that it closes: a history that has reached its limit is
 * ended, child policies are applied, and parents hear of their children. Runs that the step starts come last, so
 * that a workflowId is free again for the run that continues it.
 */
export function changesOf({ step }: Draft): Change[] {
  const done = new Set<Draft>();
  for (let draft = step.ending.shift(); draft !== undefined; draft = step.ending.shift()) {
    if (!draft.closed) endFullHistory(draft);
    const end = draft.events.at(-1);
    if (end === undefined || done.has(draft)) continue;
    done.add(draft);
    applyChildPolicy(draft, end);
    reportToParent(draft, end);
  }
  const changes: Change[] = [];
  for (const { run, events } of step.drafts.values()) {
    if (events.length > 0) changes.push({ type: 'eventsAppended', runId: run.runId, events });
  }
  return [...changes, ...step.starts];
}

function endFullHistory(draft: Draft): void {
  const { childPolicy } = draft.run.configuration;
  appendClosing(draft, {
    eventType: 'WorkflowExecutionTerminated',
    attributes: { childPolicy, cause: 'EVENT_LIMIT_EXCEEDED' },
  });
}

/** Only a run that was terminated or timed out takes its children along. */
function applyChildPolicy({ step, run }: Draft, end: HistoryEvent): void {
  if (end.eventType !== 'WorkflowExecutionTerminated' && end.eventType !== 'WorkflowExecutionTimedOut')
    return;
  const { childPolicy } = end.attributes;
  if (childPolicy === 'ABANDON') return;
  for (const { runId } of run.children.values()) {
    const child = step.state.runs.get(runId);
    if (child === undefined) continue; // initiated, but not started: it never will be
    const draft = draftIn(step, child);
    if (draft.closed) continue;
    if (childPolicy === 'TERMINATE') {
      appendClosing(draft, {
        eventType: 'WorkflowExecutionTerminated',
        attributes: { childPolicy: child.configuration.childPolicy, cause: 'CHILD_POLICY_APPLIED' },
      });
    } else {
      append(draft, {
        eventType: 'WorkflowExecutionCancelRequested',
        attributes: {
          externalWorkflowExecution: { workflowId: run.workflowId, runId: run.runId },
          externalInitiatedEventId: 0,
          cause: 'CHILD_POLICY_APPLIED',
        },
      });
      callForDecision(draft);
    }
  }
}

/** An open parent hears how its child ended; of a child that goes on in a new run it hears nothing yet. */
function reportToParent({ step, run }: Draft, end: HistoryEvent): void {
  if (run.parent === null) return;
  const { workflowExecution, initiatedEventId } = run.parent;
  const parent = step.state.runs.get(workflowExecution.runId);
  const startedEventId = parent?.children.get(initiatedEventId)?.startedEventId;
  if (parent === undefined || startedEventId === undefined) return;
  const report = reportOf(run, end, { initiatedEventId, startedEventId });
  const draft = draftIn(step, parent);
  if (report === null || draft.closed) return;
  append(draft, report);
  callForDecision(draft);
}

function reportOf(
  { workflowId, runId, workflowType }: Frozen<Run>,
  end: HistoryEvent,
  links: { readonly initiatedEventId: number; readonly startedEventId: number },
): Fact | null {
  const child = { workflowExecution: { workflowId, runId }, workflowType, ...links };
  if (end.eventType === 'WorkflowExecutionCompleted') {
    const { result } = end.attributes;
    return { eventType: 'ChildWorkflowExecutionCompleted', attributes: { ...child, result } };
  }
  if (end.eventType === 'WorkflowExecutionFailed') {
    const { reason, details } = end.attributes;
    return { eventType: 'ChildWorkflowExecutionFailed', attributes: { ...child, reason, details } };
  }
  if (end.eventType === 'WorkflowExecutionCanceled') {
    const { details } = end.attributes;
    return { eventType: 'ChildWorkflowExecutionCanceled', attributes: { ...child, details } };
  }
  if (end.eventType === 'WorkflowExecutionTimedOut') {
    const { timeoutType } = end.attributes;
    return { eventType: 'ChildWorkflowExecutionTimedOut', attributes: { ...child, timeoutType } };
  }
  if (end.eventType === 'WorkflowExecutionTerminated') {
    return { eventType: 'ChildWorkflowExecutionTerminated', attributes: child };
  }
  return null;
}
