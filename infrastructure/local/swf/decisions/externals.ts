import { append } from '../runs/draft.js';
import type { DecisionAttributes } from '../protocol/decisions.js';
import type { Batch } from './batch.js';

/** The signal is handed over after the batch; only then it can turn out that there is no such open execution. */
export function signalExternal(
  { draft, decisionTaskCompletedEventId }: Batch,
  given: DecisionAttributes<'SignalExternalWorkflowExecution'>,
): void {
  const { workflowId, runId, signalName, input, control } = given;
  append(draft, {
    eventType: 'SignalExternalWorkflowExecutionInitiated',
    attributes: {
      workflowId,
      runId: runId || undefined,
      signalName,
      input,
      control,
      decisionTaskCompletedEventId,
    },
  });
}

/** The request is handed over after the batch; only then it can turn out that there is no such open execution. */
export function requestCancelExternal(
  { draft, decisionTaskCompletedEventId }: Batch,
  given: DecisionAttributes<'RequestCancelExternalWorkflowExecution'>,
): void {
  const { workflowId, runId, control } = given;
  append(draft, {
    eventType: 'RequestCancelExternalWorkflowExecutionInitiated',
    attributes: { workflowId, runId: runId || undefined, control, decisionTaskCompletedEventId },
  });
}
