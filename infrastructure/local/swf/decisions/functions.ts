import { append } from '../runs/draft.js';
import type { DecisionAttributes } from '../protocol/decisions.js';
import type { Batch } from './batch.js';

const mostOpenFunctions = 1000;

/** What comes of the function shows after the batch; until then its id is in use. */
export function scheduleFunction(batch: Batch, given: DecisionAttributes<'ScheduleLambdaFunction'>): void {
  const { draft, decisionTaskCompletedEventId, functionIds } = batch;
  const { id, name, control, input } = given;
  const inUse = functionIds.has(id);
  if (inUse || functionIds.size >= mostOpenFunctions) {
    const cause = inUse ? 'ID_ALREADY_IN_USE' : 'OPEN_LAMBDA_FUNCTIONS_LIMIT_EXCEEDED';
    append(draft, {
      eventType: 'ScheduleLambdaFunctionFailed',
      attributes: { id, name, cause, decisionTaskCompletedEventId },
    });
    batch.wantsDecision = true;
    return;
  }
  append(draft, {
    eventType: 'LambdaFunctionScheduled',
    attributes: {
      id,
      name,
      control,
      input,
      startToCloseTimeout: given.startToCloseTimeout || undefined,
      decisionTaskCompletedEventId,
    },
  });
  functionIds.add(id);
}
