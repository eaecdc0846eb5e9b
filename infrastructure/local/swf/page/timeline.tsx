import type { JSX } from 'preact';
import { eventOfText, type HistoryEvent } from '../state/events.js';

/** A run's history, one line per event: when, since the start; what; and its attributes. */
export function Timeline(props: { history: readonly string[]; startedAt: number }): JSX.Element {
  return (
    <ol class="timeline">
      {props.history.map(eventOfText).map((event) => (
        <li class={toneOf(event)} id={`event-${event.eventId}`}>
          <span class="id">{event.eventId}</span>
          <time dateTime={new Date(event.eventAt).toISOString()}>
            +{((event.eventAt - props.startedAt) / 1000).toFixed(3)} s
          </time>
          <strong>{event.eventType.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')}</strong>
          <span class="attributes">
            {Object.entries(event.attributes).map(([name, value]) => attribute(name, value))}
          </span>
        </li>
      ))}
    </ol>
  );
}

function attribute(name: string, value: unknown): JSX.Element {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isLink =
    name.endsWith('EventId') && typeof value === 'number' && value > 0 && !name.startsWith('parent');
  return (
    <span class="attribute">
      <i>{name}</i> {isLink ? <a href={`#event-${text}`}>{text}</a> : text}
    </span>
  );
}

function toneOf(event: HistoryEvent): string {
  if (/Failed|TimedOut|Terminated/.test(event.eventType)) return 'bad';
  if (event.eventType.startsWith('DecisionTask')) return 'decision';
  return event.eventType.startsWith('WorkflowExecution') ? 'execution' : 'work';
}
