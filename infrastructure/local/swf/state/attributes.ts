/** The attributes of everything that a history can hold. Names and members are the service's. */

/** What becomes of open children when their parent is terminated or times out. */
export type ChildPolicy = 'TERMINATE' | 'REQUEST_CANCEL' | 'ABANDON';
/** The clock of an activity task that ran out. */
export type ActivityTimeout = 'SCHEDULE_TO_START' | 'SCHEDULE_TO_CLOSE' | 'START_TO_CLOSE' | 'HEARTBEAT';

interface Name {
  readonly name: string;
}
interface TypeReference {
  readonly name: string;
  readonly version: string;
}
interface Execution {
  readonly workflowId: string;
  readonly runId: string;
}
interface Decided {
  readonly decisionTaskCompletedEventId: number;
}
interface Closed {
  readonly scheduledEventId: number;
  /** 0 when the task was never started. */
  readonly startedEventId: number;
}
interface Refused extends Decided {
  /** One of the causes that the service documents for the event. */
  readonly cause: string;
}
type Text = string | undefined;
/** The effective values of an execution that is about to be started. */
interface Starting {
  readonly input?: Text;
  readonly executionStartToCloseTimeout: string;
  readonly taskStartToCloseTimeout: string;
  readonly childPolicy: ChildPolicy;
  readonly taskList: Name;
  readonly taskPriority?: Text;
  readonly tagList?: readonly string[] | undefined;
  readonly lambdaRole?: Text;
  readonly workflowType: TypeReference;
}
/** What the sender of a signal or a cancel request named. */
interface Addressed {
  readonly workflowId: string;
  readonly runId?: Text;
  readonly control?: Text;
}
/** Back-links of what became of another execution. */
interface Initiated {
  readonly workflowExecution: Execution;
  readonly initiatedEventId: number;
}
interface ChildClosed extends Initiated {
  readonly workflowType: TypeReference;
  readonly startedEventId: number;
}
/** What a lambda task has come to. */
interface LambdaClosed {
  readonly scheduledEventId: number;
  readonly startedEventId: number;
}

/** Attributes by event type. Undefined members are not written. */
export interface EventAttributes {
  WorkflowExecutionStarted: Starting & {
    readonly continuedExecutionRunId?: Text;
    readonly parentWorkflowExecution?: Execution | undefined;
    readonly parentInitiatedEventId: number;
  };
  WorkflowExecutionSignaled: {
    readonly signalName: string;
    readonly input?: Text;
    readonly externalWorkflowExecution?: Execution | undefined;
    readonly externalInitiatedEventId: number;
  };
  WorkflowExecutionCancelRequested: {
    readonly externalWorkflowExecution?: Execution | undefined;
    readonly externalInitiatedEventId: number;
    readonly cause?: Text;
  };
  WorkflowExecutionCompleted: Decided & { readonly result?: Text };
  CompleteWorkflowExecutionFailed: Refused;
  WorkflowExecutionFailed: Decided & { readonly reason?: Text; readonly details?: Text };
  FailWorkflowExecutionFailed: Refused;
  WorkflowExecutionCanceled: Decided & { readonly details?: Text };
  CancelWorkflowExecutionFailed: Refused;
  WorkflowExecutionContinuedAsNew: Decided & Starting & { readonly newExecutionRunId: string };
  ContinueAsNewWorkflowExecutionFailed: Refused;
  WorkflowExecutionTimedOut: { readonly timeoutType: 'START_TO_CLOSE'; readonly childPolicy: ChildPolicy };
  WorkflowExecutionTerminated: {
    readonly reason?: Text;
    readonly details?: Text;
    readonly childPolicy: ChildPolicy;
    readonly cause: 'OPERATOR_INITIATED' | 'CHILD_POLICY_APPLIED' | 'EVENT_LIMIT_EXCEEDED';
  };
  DecisionTaskScheduled: {
    readonly taskList: Name;
    readonly taskPriority?: Text;
    readonly startToCloseTimeout: string;
    readonly scheduleToStartTimeout: string;
  };
  DecisionTaskStarted: { readonly identity?: Text; readonly scheduledEventId: number };
  DecisionTaskCompleted: Closed & {
    readonly executionContext?: Text;
    readonly taskList?: Name | undefined;
    readonly taskListScheduleToStartTimeout?: Text;
  };
  DecisionTaskTimedOut: Closed & { readonly timeoutType: 'SCHEDULE_TO_START' | 'START_TO_CLOSE' };
  ActivityTaskScheduled: Decided & {
    readonly activityType: TypeReference;
    readonly activityId: string;
    readonly input?: Text;
    readonly control?: Text;
    readonly scheduleToStartTimeout: string;
    readonly scheduleToCloseTimeout: string;
    readonly startToCloseTimeout: string;
    readonly heartbeatTimeout?: Text;
    readonly taskList: Name;
    readonly taskPriority?: Text;
  };
  ScheduleActivityTaskFailed: Refused & { readonly activityType: TypeReference; readonly activityId: string };
  ActivityTaskStarted: { readonly identity?: Text; readonly scheduledEventId: number };
  ActivityTaskCompleted: Closed & { readonly result?: Text };
  ActivityTaskFailed: Closed & { readonly reason?: Text; readonly details?: Text };
  ActivityTaskTimedOut: Closed & { readonly timeoutType: ActivityTimeout; readonly details?: Text };
  ActivityTaskCanceled: Closed & {
    readonly details?: Text;
    readonly latestCancelRequestedEventId?: number | undefined;
  };
  ActivityTaskCancelRequested: Decided & { readonly activityId: string };
  RequestCancelActivityTaskFailed: Refused & { readonly activityId: string };
  MarkerRecorded: Decided & { readonly markerName: string; readonly details?: Text };
  RecordMarkerFailed: Refused & { readonly markerName: string };
  TimerStarted: Decided & {
    readonly timerId: string;
    readonly control?: Text;
    readonly startToFireTimeout: string;
  };
  StartTimerFailed: Refused & { readonly timerId: string };
  TimerFired: { readonly timerId: string; readonly startedEventId: number };
  TimerCanceled: Decided & { readonly timerId: string; readonly startedEventId: number };
  CancelTimerFailed: Refused & { readonly timerId: string };
  StartChildWorkflowExecutionInitiated: Decided &
    Starting & { readonly workflowId: string; readonly control?: Text };
  StartChildWorkflowExecutionFailed: Refused & {
    readonly workflowType: TypeReference;
    readonly workflowId: string;
    /** 0 when it failed before it was initiated. */
    readonly initiatedEventId: number;
    readonly control?: Text;
  };
  ChildWorkflowExecutionStarted: Initiated & { readonly workflowType: TypeReference };
  ChildWorkflowExecutionCompleted: ChildClosed & { readonly result?: Text };
  ChildWorkflowExecutionFailed: ChildClosed & { readonly reason?: Text; readonly details?: Text };
  ChildWorkflowExecutionTimedOut: ChildClosed & { readonly timeoutType: 'START_TO_CLOSE' };
  ChildWorkflowExecutionCanceled: ChildClosed & { readonly details?: Text };
  ChildWorkflowExecutionTerminated: ChildClosed;
  SignalExternalWorkflowExecutionInitiated: Decided &
    Addressed & { readonly signalName: string; readonly input?: Text };
  SignalExternalWorkflowExecutionFailed: Refused & Addressed & { readonly initiatedEventId: number };
  ExternalWorkflowExecutionSignaled: Initiated;
  RequestCancelExternalWorkflowExecutionInitiated: Decided & Addressed;
  RequestCancelExternalWorkflowExecutionFailed: Refused & Addressed & { readonly initiatedEventId: number };
  ExternalWorkflowExecutionCancelRequested: Initiated;
  LambdaFunctionScheduled: Decided & {
    readonly id: string;
    readonly name: string;
    readonly control?: Text;
    readonly input?: Text;
    readonly startToCloseTimeout?: Text;
  };
  ScheduleLambdaFunctionFailed: Refused & { readonly id: string; readonly name: string };
  LambdaFunctionStarted: { readonly scheduledEventId: number };
  StartLambdaFunctionFailed: {
    readonly scheduledEventId: number;
    readonly cause: string;
    readonly message: string;
  };
  LambdaFunctionCompleted: LambdaClosed & { readonly result?: Text };
  LambdaFunctionFailed: LambdaClosed & { readonly reason?: Text; readonly details?: Text };
  LambdaFunctionTimedOut: LambdaClosed & { readonly timeoutType: 'START_TO_CLOSE' };
}
