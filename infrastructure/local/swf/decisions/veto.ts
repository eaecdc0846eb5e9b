import { append } from '../runs/draft.js';
import type { Decision } from '../protocol/decisions.js';
import type { Fact } from '../state/events.js';
import type { Frozen, Run } from '../state/state.js';
import type { Batch } from './batch.js';

/** Asked before each decision of a completion: the cause that the decision must fail with; null lets it be carried out. */
export type Veto = (decision: Decision, run: Frozen<Run>) => string | null;

/** What a failed decision leaves in the history, before anything was initiated. */
function failureOf(decision: Decision, cause: string, decisionTaskCompletedEventId: number): Fact | null {
  const refused = { cause, decisionTaskCompletedEventId };
  switch (decision.decisionType) {
    case 'CompleteWorkflowExecution':
      return { eventType: 'CompleteWorkflowExecutionFailed', attributes: refused };
    case 'FailWorkflowExecution':
      return { eventType: 'FailWorkflowExecutionFailed', attributes: refused };
    case 'CancelWorkflowExecution':
      return { eventType: 'CancelWorkflowExecutionFailed', attributes: refused };
    case 'ContinueAsNewWorkflowExecution':
      return { eventType: 'ContinueAsNewWorkflowExecutionFailed', attributes: refused };
    case 'ScheduleActivityTask': {
      const given = decision.scheduleActivityTaskDecisionAttributes;
      if (given === undefined) return null;
      const { activityId } = given;
      const activityType = { name: given.activityType.name, version: given.activityType.version };
      return {
        eventType: 'ScheduleActivityTaskFailed',
        attributes: { activityType, activityId, ...refused },
      };
    }
    case 'RequestCancelActivityTask': {
      const activityId = decision.requestCancelActivityTaskDecisionAttributes?.activityId ?? '';
      return { eventType: 'RequestCancelActivityTaskFailed', attributes: { activityId, ...refused } };
    }
    case 'StartTimer': {
      const timerId = decision.startTimerDecisionAttributes?.timerId ?? '';
      return { eventType: 'StartTimerFailed', attributes: { timerId, ...refused } };
    }
    case 'CancelTimer': {
      const timerId = decision.cancelTimerDecisionAttributes?.timerId ?? '';
      return { eventType: 'CancelTimerFailed', attributes: { timerId, ...refused } };
    }
    case 'RecordMarker': {
      const markerName = decision.recordMarkerDecisionAttributes?.markerName ?? '';
      return { eventType: 'RecordMarkerFailed', attributes: { markerName, ...refused } };
    }
    case 'StartChildWorkflowExecution': {
      const given = decision.startChildWorkflowExecutionDecisionAttributes;
      if (given === undefined) return null;
      const { workflowId, control } = given;
      const workflowType = { name: given.workflowType.name, version: given.workflowType.version };
      return {
        eventType: 'StartChildWorkflowExecutionFailed',
        attributes: { workflowType, workflowId, control, initiatedEventId: 0, ...refused },
      };
    }
    case 'SignalExternalWorkflowExecution': {
      const given = decision.signalExternalWorkflowExecutionDecisionAttributes;
      if (given === undefined) return null;
      return {
        eventType: 'SignalExternalWorkflowExecutionFailed',
        attributes: { ...addressOf(given), initiatedEventId: 0, ...refused },
      };
    }
    case 'RequestCancelExternalWorkflowExecution': {
      const given = decision.requestCancelExternalWorkflowExecutionDecisionAttributes;
      if (given === undefined) return null;
      return {
        eventType: 'RequestCancelExternalWorkflowExecutionFailed',
        attributes: { ...addressOf(given), initiatedEventId: 0, ...refused },
      };
    }
    case 'ScheduleLambdaFunction': {
      const given = decision.scheduleLambdaFunctionDecisionAttributes;
      if (given === undefined) return null;
      const { id, name } = given;
      return { eventType: 'ScheduleLambdaFunctionFailed', attributes: { id, name, ...refused } };
    }
  }
}

/**
 * Leaves the failure of a decision in the history instead of its effect, and calls for a new decision task. False, with
 * nothing done, where the decision lacks its attributes.
 */
export function failDecision(batch: Batch, decision: Decision, cause: string): boolean {
  const failure = failureOf(decision, cause, batch.decisionTaskCompletedEventId);
  if (failure === null) return false;
  append(batch.draft, failure);
  batch.wantsDecision = true;
  return true;
}

function addressOf(given: { workflowId: string; runId?: string; control?: string }) {
  const { workflowId, runId, control } = given;
  return { workflowId, runId: runId || undefined, control };
}
