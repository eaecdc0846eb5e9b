import type { EventAttributes } from './attributes.js';

/** The name of an event. */
export type EventType = keyof EventAttributes;

/** Every event type of the service. */
export const eventTypes: Readonly<Record<EventType, true>> = {
  WorkflowExecutionStarted: true,
  WorkflowExecutionSignaled: true,
  WorkflowExecutionCancelRequested: true,
  WorkflowExecutionCompleted: true,
  CompleteWorkflowExecutionFailed: true,
  WorkflowExecutionFailed: true,
  FailWorkflowExecutionFailed: true,
  WorkflowExecutionCanceled: true,
  CancelWorkflowExecutionFailed: true,
  WorkflowExecutionContinuedAsNew: true,
  ContinueAsNewWorkflowExecutionFailed: true,
  WorkflowExecutionTimedOut: true,
  WorkflowExecutionTerminated: true,
  DecisionTaskScheduled: true,
  DecisionTaskStarted: true,
  DecisionTaskCompleted: true,
  DecisionTaskTimedOut: true,
  ActivityTaskScheduled: true,
  ScheduleActivityTaskFailed: true,
  ActivityTaskStarted: true,
  ActivityTaskCompleted: true,
  ActivityTaskFailed: true,
  ActivityTaskTimedOut: true,
  ActivityTaskCanceled: true,
  ActivityTaskCancelRequested: true,
  RequestCancelActivityTaskFailed: true,
  MarkerRecorded: true,
  RecordMarkerFailed: true,
  TimerStarted: true,
  StartTimerFailed: true,
  TimerFired: true,
  TimerCanceled: true,
  CancelTimerFailed: true,
  StartChildWorkflowExecutionInitiated: true,
  StartChildWorkflowExecutionFailed: true,
  ChildWorkflowExecutionStarted: true,
  ChildWorkflowExecutionCompleted: true,
  ChildWorkflowExecutionFailed: true,
  ChildWorkflowExecutionTimedOut: true,
  ChildWorkflowExecutionCanceled: true,
  ChildWorkflowExecutionTerminated: true,
  SignalExternalWorkflowExecutionInitiated: true,
  SignalExternalWorkflowExecutionFailed: true,
  ExternalWorkflowExecutionSignaled: true,
  RequestCancelExternalWorkflowExecutionInitiated: true,
  RequestCancelExternalWorkflowExecutionFailed: true,
  ExternalWorkflowExecutionCancelRequested: true,
  LambdaFunctionScheduled: true,
  ScheduleLambdaFunctionFailed: true,
  LambdaFunctionStarted: true,
  StartLambdaFunctionFailed: true,
  LambdaFunctionCompleted: true,
  LambdaFunctionFailed: true,
  LambdaFunctionTimedOut: true,
};

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
