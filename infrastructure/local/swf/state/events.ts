/** Everything that a history can hold, as far as this server makes it. Names and members are the service's. */

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
  readonly cause: string;
}
type Text = string | undefined;

export type ChildPolicy = 'TERMINATE' | 'REQUEST_CANCEL' | 'ABANDON';

/** Attributes by event type. Undefined members are not written. */
export interface EventAttributes {
  WorkflowExecutionStarted: {
    readonly input?: Text;
    readonly executionStartToCloseTimeout: string;
    readonly taskStartToCloseTimeout: string;
    readonly childPolicy: ChildPolicy;
    readonly taskList: Name;
    readonly taskPriority?: Text;
    readonly workflowType: TypeReference;
    readonly tagList?: readonly string[] | undefined;
    readonly continuedExecutionRunId?: Text;
    readonly parentWorkflowExecution?: Execution | undefined;
    readonly parentInitiatedEventId: number;
    readonly lambdaRole?: Text;
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
  TimerStarted: Decided & {
    readonly timerId: string;
    readonly control?: Text;
    readonly startToFireTimeout: string;
  };
  StartTimerFailed: Refused & { readonly timerId: string };
  TimerFired: { readonly timerId: string; readonly startedEventId: number };
  TimerCanceled: Decided & { readonly timerId: string; readonly startedEventId: number };
  CancelTimerFailed: Refused & { readonly timerId: string };
}

export type EventType = keyof EventAttributes;
export type ActivityTimeout = 'SCHEDULE_TO_START' | 'SCHEDULE_TO_CLOSE' | 'START_TO_CLOSE' | 'HEARTBEAT';

/** An event before it has its place in a history. */
export type Fact = {
  [Type in EventType]: { readonly eventType: Type; readonly attributes: EventAttributes[Type] };
}[EventType];

/** An event of a history. `eventId` counts from 1 without gaps; `eventAt` is in milliseconds since 1970. */
export type HistoryEvent = { readonly eventId: number; readonly eventAt: number } & Fact;

/** The text of an event as clients get it. */
export function eventText(event: HistoryEvent): string {
  const { eventId, eventAt, eventType, attributes } = event;
  const member = `${eventType.charAt(0).toLowerCase()}${eventType.slice(1)}EventAttributes`;
  // In one go: a text put together from pieces would keep the pieces, at twice the memory.
  return JSON.stringify({ eventId, eventTimestamp: eventAt / 1000, eventType, [member]: attributes });
}

/** The event that a text made by `eventText` stands for. */
export function eventOfText(text: string): HistoryEvent {
  const json: unknown = JSON.parse(text);
  if (typeof json !== 'object' || json === null) throw new Error('a stored event is not an object');
  const members = new Map<string, unknown>(Object.entries(json));
  const event = {
    eventId: members.get('eventId'),
    eventAt: Math.round(Number(members.get('eventTimestamp')) * 1000),
    eventType: members.get('eventType'),
    attributes: [...members.values()].find((member) => typeof member === 'object'),
  };
  if (!isHistoryEvent(event)) throw new Error('a stored event lacks its members');
  return event;
}

// Only the envelope is checked: stored events are this server's own.
function isHistoryEvent(json: object): json is HistoryEvent {
  return (
    'eventId' in json &&
    typeof json.eventId === 'number' &&
    'eventType' in json &&
    typeof json.eventType === 'string' &&
    'attributes' in json &&
    typeof json.attributes === 'object' &&
    json.attributes !== null
  );
}
