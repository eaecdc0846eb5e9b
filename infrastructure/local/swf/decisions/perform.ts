import type { Decision, DecisionType } from '../protocol/decisions.js';
import { requestCancelActivity, scheduleActivity } from './activities.js';
import type { Batch } from './batch.js';
import { cancelRun, completeRun, failRun } from './closings.js';
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
const performers: Readonly<Partial<Record<DecisionType, Performer>>> = {
  ScheduleActivityTask: needing((one) => one.scheduleActivityTaskDecisionAttributes, scheduleActivity),
  RequestCancelActivityTask: needing(
    (one) => one.requestCancelActivityTaskDecisionAttributes,
    requestCancelActivity,
  ),
  StartTimer: needing((one) => one.startTimerDecisionAttributes, startTimer),
  CancelTimer: needing((one) => one.cancelTimerDecisionAttributes, cancelTimer),
  RecordMarker: needing((one) => one.recordMarkerDecisionAttributes, recordMarker),
  CompleteWorkflowExecution: needing(
    (one) => one.completeWorkflowExecutionDecisionAttributes ?? {},
    completeRun,
  ),
  FailWorkflowExecution: needing((one) => one.failWorkflowExecutionDecisionAttributes ?? {}, failRun),
  CancelWorkflowExecution: needing((one) => one.cancelWorkflowExecutionDecisionAttributes ?? {}, cancelRun),
};

/** Whether this server carries out decisions of the type. */
export function isPerformed(type: DecisionType): boolean {
  return performers[type] !== undefined;
}

/** Appends the events of one decision to the batch. */
export function perform(batch: Batch, decision: Decision): void {
  const performer = performers[decision.decisionType];
  if (performer === undefined) throw new Error(`${decision.decisionType} is not carried out`);
  performer(batch, decision);
}
