import { memberAt, textAt } from '../protocol/subject.js';
import type { HistoryEvent } from '../state/events.js';

/** Something in a history that begins with one event and ends with another. */
export interface Span {
  readonly kind: 'decision' | 'activity' | 'timer' | 'child' | 'external' | 'function';
  readonly label: string;
  /** The event that began it; its id names the span. */
  readonly begun: HistoryEvent;
  /** When somebody took it up; null while it waits, and where nobody has to. */
  readonly started: HistoryEvent | null;
  /** Null while it is open. */
  readonly ended: HistoryEvent | null;
}

/** The way to a text of a span's first event that names the span. */
const beginnings: Readonly<Record<string, readonly [Span['kind'], ...(readonly string[])]>> = {
  DecisionTaskScheduled: ['decision'],
  ActivityTaskScheduled: ['activity', 'activityId'],
  TimerStarted: ['timer', 'timerId'],
  StartChildWorkflowExecutionInitiated: ['child', 'workflowId'],
  SignalExternalWorkflowExecutionInitiated: ['external', 'workflowId'],
  RequestCancelExternalWorkflowExecutionInitiated: ['external', 'workflowId'],
  LambdaFunctionScheduled: ['function', 'id'],
};

const startings: ReadonlySet<string> = new Set([
  'DecisionTaskStarted',
  'ActivityTaskStarted',
  'ChildWorkflowExecutionStarted',
  'LambdaFunctionStarted',
]);

/** The id of the event to which an event belongs; null for one that stands alone. */
function beginningOf({ eventType, attributes }: HistoryEvent): number | null {
  const timer = eventType === 'TimerFired' || eventType === 'TimerCanceled';
  const id = timer
    ? memberAt(attributes, 'startedEventId')
    : (memberAt(attributes, 'scheduledEventId') ?? memberAt(attributes, 'initiatedEventId'));
  return typeof id === 'number' && id > 0 ? id : null;
}

/** The spans of a history, by the id of their first event, in the order of beginning. */
export function spansOf(history: readonly HistoryEvent[]): ReadonlyMap<number, Span> {
  const spans = new Map<number, Span>();
  for (const event of history) {
    const { eventId, eventType, attributes } = event;
    const beginning = beginnings[eventType];
    if (beginning !== undefined) {
      const [kind, ...way] = beginning;
      const label = way.length === 0 ? 'decision' : (textAt(attributes, ...way) ?? '');
      spans.set(eventId, { kind, label, begun: event, started: null, ended: null });
      continue;
    }
    const id = beginningOf(event);
    const span = id === null ? undefined : spans.get(id);
    if (id === null || span === undefined) continue;
    spans.set(id, startings.has(eventType) ? { ...span, started: event } : { ...span, ended: event });
  }
  return spans;
}

/** The span that an event begins, continues or ends. */
export function spanOf(event: HistoryEvent, spans: ReadonlyMap<number, Span>): Span | null {
  return spans.get(event.eventId) ?? spans.get(beginningOf(event) ?? 0) ?? null;
}

/** How an event is to be seen: red for what went wrong, apart from what was only decided or asked for. */
export function isBad({ eventType }: HistoryEvent): boolean {
  return /Failed$|TimedOut$|WorkflowExecutionTerminated$/.test(eventType);
}

/** A duration for people, from milliseconds. */
export function lasting(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((milliseconds % 60_000) / 1000)} s`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}
