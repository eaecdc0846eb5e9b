import type {
  ContinueAsNewWorkflowExecutionDecisionAttributes,
  Decision,
  RequestCancelExternalWorkflowExecutionDecisionAttributes,
  ScheduleLambdaFunctionDecisionAttributes,
  SignalExternalWorkflowExecutionDecisionAttributes,
  StartChildWorkflowExecutionDecisionAttributes,
} from '@aws-sdk/client-swf';
import { childType } from './world.js';

/** A decision; what is not given comes from the type. */
export function startChild(
  workflowId = 'parcel-1',
  more: Partial<StartChildWorkflowExecutionDecisionAttributes> = {},
): Decision {
  return {
    decisionType: 'StartChildWorkflowExecution',
    startChildWorkflowExecutionDecisionAttributes: { workflowId, workflowType: childType, ...more },
  };
}

/** A decision. */
export function signalExternal(
  workflowId: string,
  more: Partial<SignalExternalWorkflowExecutionDecisionAttributes> = {},
): Decision {
  return {
    decisionType: 'SignalExternalWorkflowExecution',
    signalExternalWorkflowExecutionDecisionAttributes: { workflowId, signalName: 'hurry', ...more },
  };
}

/** A decision. */
export function cancelExternal(
  workflowId: string,
  more: Partial<RequestCancelExternalWorkflowExecutionDecisionAttributes> = {},
): Decision {
  return {
    decisionType: 'RequestCancelExternalWorkflowExecution',
    requestCancelExternalWorkflowExecutionDecisionAttributes: { workflowId, ...more },
  };
}

/** A decision; what is not given comes from the type. */
export function continueAsNew(
  more: Partial<ContinueAsNewWorkflowExecutionDecisionAttributes> = {},
): Decision {
  return {
    decisionType: 'ContinueAsNewWorkflowExecution',
    continueAsNewWorkflowExecutionDecisionAttributes: more,
  };
}

/** A decision. */
export function scheduleFunction(
  id = 'f',
  more: Partial<ScheduleLambdaFunctionDecisionAttributes> = {},
): Decision {
  return {
    decisionType: 'ScheduleLambdaFunction',
    scheduleLambdaFunctionDecisionAttributes: { id, name: 'resize', ...more },
  };
}

/** A decision with reason and details. */
export const failRun: Decision = {
  decisionType: 'FailWorkflowExecution',
  failWorkflowExecutionDecisionAttributes: { reason: 'broken', details: 'in half' },
};

/** A decision with details. */
export const cancelRun: Decision = {
  decisionType: 'CancelWorkflowExecution',
  cancelWorkflowExecutionDecisionAttributes: { details: 'as asked' },
};
