import { oneOf, structure, violate, text, type Findings, type Rule, type Satisfying } from './rules.js';
import {
  anyRunId,
  arn,
  childPolicy,
  data,
  executionTimeout,
  functionTimeout,
  identifier,
  label,
  priority,
  remark,
  tagList,
  taskList,
  taskTimeout,
  timerDuration,
  typeReference,
  typeVersion,
} from './vocabulary.js';

const none = {};
const started = {
  input: data,
  executionStartToCloseTimeout: executionTimeout,
  taskList,
  taskPriority: priority,
  taskStartToCloseTimeout: taskTimeout,
  childPolicy,
  tagList,
  lambdaRole: arn,
};

/** The attributes of each decision type. A structure that does not belong to the decision's type is checked all the same. */
const attributes = {
  completeWorkflowExecutionDecisionAttributes: structure(none, { result: data }),
  startTimerDecisionAttributes: structure(
    { timerId: identifier, startToFireTimeout: timerDuration },
    { control: data },
  ),
  requestCancelExternalWorkflowExecutionDecisionAttributes: structure(
    { workflowId: identifier },
    { runId: anyRunId, control: data },
  ),
  signalExternalWorkflowExecutionDecisionAttributes: structure(
    { workflowId: identifier, signalName: label },
    { runId: anyRunId, input: data, control: data },
  ),
  cancelTimerDecisionAttributes: structure({ timerId: identifier }),
  recordMarkerDecisionAttributes: structure({ markerName: label }, { details: data }),
  scheduleActivityTaskDecisionAttributes: structure(
    { activityType: typeReference, activityId: identifier },
    {
      control: data,
      input: data,
      scheduleToCloseTimeout: taskTimeout,
      taskList,
      taskPriority: priority,
      scheduleToStartTimeout: taskTimeout,
      startToCloseTimeout: taskTimeout,
      heartbeatTimeout: taskTimeout,
    },
  ),
  continueAsNewWorkflowExecutionDecisionAttributes: structure(none, {
    ...started,
    workflowTypeVersion: typeVersion,
  }),
  scheduleLambdaFunctionDecisionAttributes: structure(
    { id: identifier, name: text({ atLeast: 1, atMost: 64 }) },
    { control: data, input: data, startToCloseTimeout: functionTimeout },
  ),
  failWorkflowExecutionDecisionAttributes: structure(none, { reason: remark, details: data }),
  requestCancelActivityTaskDecisionAttributes: structure({ activityId: identifier }),
  startChildWorkflowExecutionDecisionAttributes: structure(
    { workflowType: typeReference, workflowId: identifier },
    { ...started, control: data },
  ),
  cancelWorkflowExecutionDecisionAttributes: structure(none, { details: data }),
};

/** Every decision, in the order in which the service names them. */
export const decisionTypes = [
  'CompleteWorkflowExecution',
  'StartTimer',
  'RequestCancelExternalWorkflowExecution',
  'SignalExternalWorkflowExecution',
  'CancelTimer',
  'RecordMarker',
  'ScheduleActivityTask',
  'ContinueAsNewWorkflowExecution',
  'ScheduleLambdaFunction',
  'FailWorkflowExecution',
  'RequestCancelActivityTask',
  'StartChildWorkflowExecution',
  'CancelWorkflowExecution',
] as const;

/** The name of a decision. */
export type DecisionType = (typeof decisionTypes)[number];

type AttributesMember<Type extends DecisionType> = `${Uncapitalize<Type>}DecisionAttributes`;

/** Decisions whose attributes may be left out, because all of their members are optional. */
const attributesOptional: ReadonlySet<DecisionType> = new Set<DecisionType>([
  'CompleteWorkflowExecution',
  'FailWorkflowExecution',
  'CancelWorkflowExecution',
  'ContinueAsNewWorkflowExecution',
]);

const loose = structure({ decisionType: oneOf(decisionTypes) }, attributes);

/** A decision as it was sent: its type, and attributes of any type. */
export type Decision = Satisfying<typeof loose>;

/** The attributes of one decision type. */
export type DecisionAttributes<Type extends DecisionType> = Satisfying<
  (typeof attributes)[AttributesMember<Type>]
>;

/** A decision with all its attributes; the attributes of its own type are there when they are needed. */
export const decision: Rule<Decision> = (value, path, findings: Findings): value is Decision => {
  if (!loose(value, path, findings)) return false;
  const member = memberOf(value.decisionType);
  if (attributesOptional.has(value.decisionType) || value[member] !== undefined) return true;
  return violate(findings, null, `${path}.${member}`, 'not be null');
};

function memberOf(type: DecisionType): AttributesMember<DecisionType> {
  switch (type) {
    case 'CompleteWorkflowExecution':
      return 'completeWorkflowExecutionDecisionAttributes';
    case 'StartTimer':
      return 'startTimerDecisionAttributes';
    case 'RequestCancelExternalWorkflowExecution':
      return 'requestCancelExternalWorkflowExecutionDecisionAttributes';
    case 'SignalExternalWorkflowExecution':
      return 'signalExternalWorkflowExecutionDecisionAttributes';
    case 'CancelTimer':
      return 'cancelTimerDecisionAttributes';
    case 'RecordMarker':
      return 'recordMarkerDecisionAttributes';
    case 'ScheduleActivityTask':
      return 'scheduleActivityTaskDecisionAttributes';
    case 'ContinueAsNewWorkflowExecution':
      return 'continueAsNewWorkflowExecutionDecisionAttributes';
    case 'ScheduleLambdaFunction':
      return 'scheduleLambdaFunctionDecisionAttributes';
    case 'FailWorkflowExecution':
      return 'failWorkflowExecutionDecisionAttributes';
    case 'RequestCancelActivityTask':
      return 'requestCancelActivityTaskDecisionAttributes';
    case 'StartChildWorkflowExecution':
      return 'startChildWorkflowExecutionDecisionAttributes';
    case 'CancelWorkflowExecution':
      return 'cancelWorkflowExecutionDecisionAttributes';
  }
}
