import type { Decision, DecisionType } from '../protocol/decisions.js';
import { requestCancelActivity, scheduleActivity } from './activities.js';
import type { Batch } from './batch.js';
import { startChild } from './children.js';
import { cancelRun, completeRun, continueAsNew, failRun } from './closings.js';
import { requestCancelExternal, signalExternal } from './externals.js';
import { scheduleFunction } from './functions.js';
import { recordMarker } from './markers.js';
import { cancelTimer, startTimer } from './timers.js';

type Performer = (batch: Batch, decision: Decision) => void;

/** A decision whose attributes are needed; that they are there was checked with the request. */
function needing<Attributes>(
  attributesOf: (decision: Decision) => Attributes | undefined,
  perform: (batch: Batch, attributes: Attributes) => void,
): Performer {
  return (batch, decision) => {
    const attributes = attributesOf(decision);
    if (attributes === undefined) throw new Error(`${decision.decisionType} without attributes`);
    perform(batch, attributes);
  };
}

/** What carries out each decision type. */
const performers: Readonly<Record<DecisionType, Performer>> = {
  ScheduleActivityTask: needing((one) => one.scheduleActivityTaskDecisionAttributes, scheduleActivity),
  RequestCancelActivityTask: needing(
    (one) => one.requestCancelActivityTaskDecisionAttributes,
    requestCancelActivity,
  ),
  StartTimer: needing((one) => one.startTimerDecisionAttributes, startTimer),
  CancelTimer: needing((one) => one.cancelTimerDecisionAttributes, cancelTimer),
  RecordMarker: needing((one) => one.recordMarkerDecisionAttributes, recordMarker),
  StartChildWorkflowExecution: needing(
    (one) => one.startChildWorkflowExecutionDecisionAttributes,
    startChild,
  ),
  SignalExternalWorkflowExecution: needing(
    (one) => one.signalExternalWorkflowExecutionDecisionAttributes,
    signalExternal,
  ),
  RequestCancelExternalWorkflowExecution: needing(
    (one) => one.requestCancelExternalWorkflowExecutionDecisionAttributes,
    requestCancelExternal,
  ),
  ScheduleLambdaFunction: needing((one) => one.scheduleLambdaFunctionDecisionAttributes, scheduleFunction),
  CompleteWorkflowExecution: needing(
    (one) => one.completeWorkflowExecutionDecisionAttributes ?? {},
    completeRun,
  ),
  FailWorkflowExecution: needing((one) => one.failWorkflowExecutionDecisionAttributes ?? {}, failRun),
  CancelWorkflowExecution: needing((one) => one.cancelWorkflowExecutionDecisionAttributes ?? {}, cancelRun),
  ContinueAsNewWorkflowExecution: needing(
    (one) => one.continueAsNewWorkflowExecutionDecisionAttributes ?? {},
    continueAsNew,
  ),
};

/** Appends the events of one decision to the batch. */
export function perform(batch: Batch, decision: Decision): void {
  performers[decision.decisionType](batch, decision);
}
