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

/** An event, or its text as it stands in a history. */
export type RecordedEvent = HistoryEvent | string;

/** One event is shown to a client, put into a history and written to the journal: its text is made once. */
const texts = new WeakMap<HistoryEvent, string>();

/** The text of an event as clients get it. */
export function eventText(event: HistoryEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const { eventId, eventAt, eventType, attributes } = event;
  const member = `${eventType.charAt(0).toLowerCase()}${eventType.slice(1)}EventAttributes`;
  // In one go: a text put together from pieces would keep the pieces, at twice the memory.
  const text = JSON.stringify({ eventId, eventTimestamp: eventAt / 1000, eventType, [member]: attributes });
  texts.set(event, text);
  return text;
}

/** The event that a text made by `eventText` stands for. */
export function eventOfText(text: string): HistoryEvent {
  return eventOfJson(JSON.parse(text));
}

/** The event that parsed text made by `eventText` stands for; throws when it is none. */
export function eventOfJson(json: unknown): HistoryEvent {
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

/** The event that was recorded. */
export function recorded(event: RecordedEvent): HistoryEvent {
  return typeof event === 'string' ? eventOfText(event) : event;
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
