import { append, appendClosing } from '../actions/draft.js';
import type { DecisionAttributes, DecisionType } from '../protocol/decisions.js';
import type { Fact } from '../state/events.js';
import type { Batch } from './batch.js';

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
