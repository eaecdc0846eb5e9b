const denied = 'OPERATION_NOT_PERMITTED';
const starting = [
  'WORKFLOW_TYPE_DOES_NOT_EXIST',
  'WORKFLOW_TYPE_DEPRECATED',
  'DEFAULT_EXECUTION_START_TO_CLOSE_TIMEOUT_UNDEFINED',
  'DEFAULT_TASK_LIST_UNDEFINED',
  'DEFAULT_TASK_START_TO_CLOSE_TIMEOUT_UNDEFINED',
  'DEFAULT_CHILD_POLICY_UNDEFINED',
] as const;

/** Every cause that the service documents for the failure of a decision, by the event that carries it. */
export const failureCauses = {
  CompleteWorkflowExecutionFailed: ['UNHANDLED_DECISION', denied],
  FailWorkflowExecutionFailed: ['UNHANDLED_DECISION', denied],
  CancelWorkflowExecutionFailed: ['UNHANDLED_DECISION', denied],
  ContinueAsNewWorkflowExecutionFailed: [
    'UNHANDLED_DECISION',
    ...starting,
    'CONTINUE_AS_NEW_WORKFLOW_EXECUTION_RATE_EXCEEDED',
    denied,
  ],
  ScheduleActivityTaskFailed: [
    'ACTIVITY_TYPE_DOES_NOT_EXIST',
    'ACTIVITY_TYPE_DEPRECATED',
    'ACTIVITY_ID_ALREADY_IN_USE',
    'OPEN_ACTIVITIES_LIMIT_EXCEEDED',
    'ACTIVITY_CREATION_RATE_EXCEEDED',
    'DEFAULT_TASK_LIST_UNDEFINED',
    'DEFAULT_SCHEDULE_TO_START_TIMEOUT_UNDEFINED',
    'DEFAULT_SCHEDULE_TO_CLOSE_TIMEOUT_UNDEFINED',
    'DEFAULT_START_TO_CLOSE_TIMEOUT_UNDEFINED',
    'DEFAULT_HEARTBEAT_TIMEOUT_UNDEFINED',
    denied,
  ],
  RequestCancelActivityTaskFailed: ['ACTIVITY_ID_UNKNOWN', denied],
  StartTimerFailed: [
    'TIMER_ID_ALREADY_IN_USE',
    'OPEN_TIMERS_LIMIT_EXCEEDED',
    'TIMER_CREATION_RATE_EXCEEDED',
    denied,
  ],
  CancelTimerFailed: ['TIMER_ID_UNKNOWN', denied],
  RecordMarkerFailed: [denied],
  StartChildWorkflowExecutionFailed: [
    ...starting,
    'OPEN_CHILDREN_LIMIT_EXCEEDED',
    'OPEN_WORKFLOWS_LIMIT_EXCEEDED',
    'CHILD_CREATION_RATE_EXCEEDED',
    'WORKFLOW_ALREADY_RUNNING',
    denied,
  ],
  SignalExternalWorkflowExecutionFailed: [
    'UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION',
    'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED',
    denied,
  ],
  RequestCancelExternalWorkflowExecutionFailed: [
    'UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION',
    'REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED',
    denied,
  ],
  ScheduleLambdaFunctionFailed: [
    'ID_ALREADY_IN_USE',
    'OPEN_LAMBDA_FUNCTIONS_LIMIT_EXCEEDED',
    'LAMBDA_FUNCTION_CREATION_RATE_EXCEEDED',
    'LAMBDA_SERVICE_NOT_AVAILABLE_IN_REGION',
  ],
  StartLambdaFunctionFailed: ['ASSUME_ROLE_FAILED'],
} as const;

/** Every other word by which an event tells why it happened: clocks that ran out, and who asked for an end. */
export const eventReasons = {
  WorkflowExecutionTimedOut: ['START_TO_CLOSE'],
  WorkflowExecutionTerminated: ['OPERATOR_INITIATED', 'CHILD_POLICY_APPLIED', 'EVENT_LIMIT_EXCEEDED'],
  WorkflowExecutionCancelRequested: ['CHILD_POLICY_APPLIED'],
  DecisionTaskTimedOut: ['START_TO_CLOSE', 'SCHEDULE_TO_START'],
  ActivityTaskTimedOut: ['START_TO_CLOSE', 'SCHEDULE_TO_START', 'SCHEDULE_TO_CLOSE', 'HEARTBEAT'],
  ChildWorkflowExecutionTimedOut: ['START_TO_CLOSE'],
  LambdaFunctionTimedOut: ['START_TO_CLOSE'],
} as const;
