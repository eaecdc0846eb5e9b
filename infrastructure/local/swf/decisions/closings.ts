import { derivedRunId } from '../runs/deliveries.js';
import { append, appendClosing } from '../runs/draft.js';
import { runStarted, tagsOf } from '../runs/start.js';
import type { DecisionAttributes, DecisionType } from '../protocol/decisions.js';
import type { Fact } from '../state/events.js';
import type { Batch } from './batch.js';
import { startedSettings } from './children.js';

const closing: ReadonlySet<DecisionType> = new Set<DecisionType>([
  'CompleteWorkflowExecution',
  'FailWorkflowExecution',
  'CancelWorkflowExecution',
  'ContinueAsNewWorkflowExecution',
]);

/** Whether a decision of this type ends the run; such a decision must be the last of its list. */
export function isClosing(type: DecisionType): boolean {
  return closing.has(type);
}

/** Closes with COMPLETED, or fails while a newer decision task waits. */
export function completeRun(batch: Batch, given: DecisionAttributes<'CompleteWorkflowExecution'>): void {
  const { decisionTaskCompletedEventId } = batch;
  close(
    batch,
    {
      eventType: 'WorkflowExecutionCompleted',
      attributes: { result: given.result, decisionTaskCompletedEventId },
    },
    'CompleteWorkflowExecutionFailed',
  );
}

/** Closes with FAILED, or fails while a newer decision task waits. */
export function failRun(batch: Batch, given: DecisionAttributes<'FailWorkflowExecution'>): void {
  const { decisionTaskCompletedEventId } = batch;
  const { reason, details } = given;
  close(
    batch,
    { eventType: 'WorkflowExecutionFailed', attributes: { reason, details, decisionTaskCompletedEventId } },
    'FailWorkflowExecutionFailed',
  );
}

/** Closes with CANCELED, or fails while a newer decision task waits; needs no request. */
export function cancelRun(batch: Batch, given: DecisionAttributes<'CancelWorkflowExecution'>): void {
  const { decisionTaskCompletedEventId } = batch;
  close(
    batch,
    {
      eventType: 'WorkflowExecutionCanceled',
      attributes: { details: given.details, decisionTaskCompletedEventId },
    },
    'CancelWorkflowExecutionFailed',
  );
}

/**
 * Closes with CONTINUED_AS_NEW and starts the next run of the same workflowId in the same step. What the decision
 * leaves out comes from the type, not from the present run; only the parent stays.
 */
export function continueAsNew(
  batch: Batch,
  given: DecisionAttributes<'ContinueAsNewWorkflowExecution'>,
): void {
  const { draft, domain, decisionTaskCompletedEventId } = batch;
  const { run, step } = draft;
  const { workflowId, parent } = run;
  const workflowType = {
    name: run.workflowType.name,
    version: given.workflowTypeVersion ?? run.workflowType.version,
  };
  const settings =
    draft.decision === 'waiting' ? 'UNHANDLED_DECISION' : startedSettings(domain, given, workflowType);
  if (typeof settings === 'string') {
    append(draft, {
      eventType: 'ContinueAsNewWorkflowExecutionFailed',
      attributes: { cause: settings, decisionTaskCompletedEventId },
    });
    batch.wantsDecision = true;
    return;
  }
  const runId = derivedRunId(run.runId, draft.lastEventId);
  const starting = { input: given.input, ...settings, tagList: tagsOf(given), workflowType };
  appendClosing(draft, {
    eventType: 'WorkflowExecutionContinuedAsNew',
    attributes: { ...starting, newExecutionRunId: runId, decisionTaskCompletedEventId },
  });
  step.starts.push(
    runStarted(draft.at, {
      domain: run.domain,
      workflowId,
      runId,
      ...starting,
      continuedExecutionRunId: run.runId,
      parentWorkflowExecution: parent?.workflowExecution,
      parentInitiatedEventId: parent?.initiatedEventId ?? 0,
    }),
  );
}

/** Something has happened that the decider has not seen when a newer decision task waits: then the run stays open. */
function close(
  batch: Batch,
  fact: Fact,
  failure:
    'CompleteWorkflowExecutionFailed' | 'FailWorkflowExecutionFailed' | 'CancelWorkflowExecutionFailed',
): void {
  const { draft, decisionTaskCompletedEventId } = batch;
  if (draft.decision !== 'waiting') return appendClosing(draft, fact);
  append(draft, {
    eventType: failure,
    attributes: { cause: 'UNHANDLED_DECISION', decisionTaskCompletedEventId },
  });
}
