import type { VNode } from 'preact';
import { memberAt, textAt } from '../protocol/subject.js';
import type { HistoryEvent } from '../state/events.js';
import { endingOf } from './chart.js';
import { runAddress } from './overview.js';
import { isBad, lasting, spanOf, type Span } from './spans.js';

const longestPreview = 160;

/** A history, one line per event: when since the start, what, why, and what became of it. */
export function Timeline(props: {
  readonly region: string;
  readonly events: readonly HistoryEvent[];
  readonly spans: ReadonlyMap<number, Span>;
  readonly startedAt: number;
}): VNode {
  return (
    <ol class="timeline">
      {props.events.map((event) => (
        <Line
          key={event.eventId}
          region={props.region}
          event={event}
          span={spanOf(event, props.spans)}
          startedAt={props.startedAt}
        />
      ))}
    </ol>
  );
}

function Line(props: {
  readonly region: string;
  readonly event: HistoryEvent;
  readonly span: Span | null;
  readonly startedAt: number;
}): VNode {
  const { event, span, startedAt } = props;
  const { eventId, eventAt, eventType, attributes } = event;
  const decidedBy = memberAt(attributes, 'decisionTaskCompletedEventId');
  const shown = previewOf(attributes);
  return (
    <li class={`${toneOf(event)}${typeof decidedBy === 'number' ? ' decided' : ''}`} id={`event-${eventId}`}>
      <a class="id" href={`#event-${eventId}`}>
        {eventId}
      </a>
      <time dateTime={new Date(eventAt).toISOString()} title={new Date(eventAt).toISOString()}>
        +{lasting(eventAt - startedAt)}
      </time>
      <div class="what">
        <strong>{words(eventType)}</strong> {nameIn(event, span)} <Course event={event} span={span} />
        {typeof decidedBy === 'number' && (
          <span class="link">
            decided in <a href={`#event-${decidedBy}`}>#{decidedBy}</a>
          </span>
        )}
        {otherRuns(attributes).map((runId) => (
          <a key={runId} class="link" href={runAddress(props.region, runId)}>
            its run
          </a>
        ))}
        {shown !== '' && <code class="preview">{shown}</code>}
        <details id={`attributes-${eventId}`}>
          <summary title="All attributes" aria-label={`All attributes of event ${eventId}`}>
            …
          </summary>
          <pre>{JSON.stringify(attributes, null, 2)}</pre>
        </details>
      </div>
    </li>
  );
}

/** From the beginning of a span: how it ended. From a later event: how long it took, and where it began. */
function Course({ event, span }: { readonly event: HistoryEvent; readonly span: Span | null }): VNode | null {
  if (span === null) return null;
  const { begun, started, ended } = span;
  if (event.eventId === begun.eventId) {
    const late = ended !== null && isBad(ended);
    const tone = ended === null ? 'note' : late ? 'bad' : 'plain';
    return (
      <span class={`badge ${tone}`}>
        {endingOf(span)}
        {ended !== null && (
          <>
            {' '}
            after {lasting(ended.eventAt - begun.eventAt)},{' '}
            <a href={`#event-${ended.eventId}`}>#{ended.eventId}</a>
          </>
        )}
      </span>
    );
  }
  const before = started === null || event.eventId === started.eventId ? begun : started;
  const verb = event.eventId === started?.eventId ? 'after waiting' : 'after';
  return (
    <span class="link">
      {verb} {lasting(event.eventAt - before.eventAt)}, from{' '}
      <a href={`#event-${begun.eventId}`}>#{begun.eventId}</a>
    </span>
  );
}

function nameIn({ eventType, attributes }: HistoryEvent, span: Span | null): VNode | string {
  const type = memberAt(attributes, 'activityType') ?? memberAt(attributes, 'workflowType');
  const own =
    textAt(attributes, 'signalName') ??
    textAt(attributes, 'markerName') ??
    textAt(attributes, 'activityId') ??
    textAt(attributes, 'timerId') ??
    (span === null || span.kind === 'decision' ? null : span.label);
  const list = /Scheduled$/.test(eventType) ? textAt(attributes, 'taskList', 'name') : null;
  const parts = [
    own,
    type === undefined ? null : `${textAt(type, 'name') ?? ''} ${textAt(type, 'version') ?? ''}`,
    textAt(attributes, 'timeoutType'),
    textAt(attributes, 'cause'),
    list === null ? null : `on ${list}`,
    textAt(attributes, 'identity') === null ? null : `by ${textAt(attributes, 'identity') ?? ''}`,
  ].filter((part) => part !== null);
  return <span class="name">{parts.join(' · ')}</span>;
}

/** The runs that an event tells of: a child, a parent, a sender, the run before or after. */
function otherRuns(attributes: unknown): readonly string[] {
  return [
    textAt(attributes, 'workflowExecution', 'runId'),
    textAt(attributes, 'parentWorkflowExecution', 'runId'),
    textAt(attributes, 'externalWorkflowExecution', 'runId'),
    textAt(attributes, 'newExecutionRunId'),
    textAt(attributes, 'continuedExecutionRunId'),
  ].filter((runId) => runId !== null);
}

/** The beginning of what the application itself has said. */
function previewOf(attributes: unknown): string {
  const names = ['reason', 'result', 'input', 'details', 'executionContext'];
  const said = names.map((name) => textAt(attributes, name)).filter((text) => text !== null && text !== '');
  const text = said.join(' · ');
  return text.length > longestPreview ? `${text.slice(0, longestPreview)} …` : text;
}

function words(eventType: string): string {
  return eventType.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

function toneOf(event: HistoryEvent): string {
  const { eventType } = event;
  if (isBad(event)) return 'bad';
  if (eventType.startsWith('DecisionTask')) return 'decision';
  return eventType.startsWith('WorkflowExecution') ? 'execution' : 'work';
}
