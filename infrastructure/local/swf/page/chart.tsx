import type { VNode } from 'preact';
import type { HistoryEvent } from '../state/events.js';
import { isBad, lasting, type Span } from './spans.js';

const mostRows = 150;
/** Bars are drawn on a line of this many units, whatever its width on the screen. */
const units = 1000;
const leastWidth = 4;

/** Activities, timers, children and the like as bars over time: pale while waiting, full at work, red where it went wrong. */
export function Chart(props: {
  readonly spans: readonly Span[];
  readonly startedAt: number;
  /** The end of the time that is drawn. */
  readonly until: number;
}): VNode | null {
  const { startedAt, until } = props;
  const spans = props.spans.filter((span) => span.kind !== 'decision');
  if (spans.length === 0) return null;
  const length = Math.max(until - startedAt, 1);
  const place = (at: number): number => Math.round(((at - startedAt) / length) * units);
  return (
    <section aria-label="Chart">
      <h2>What ran when</h2>
      <table class="chart panel">
        <tbody>
          {spans.slice(-mostRows).map((span) => (
            <tr key={span.begun.eventId}>
              <th scope="row">
                <a href={`#event-${span.begun.eventId}`}>{span.label}</a>{' '}
                <span class="quiet">{span.kind}</span>
              </th>
              <td>
                <Bar span={span} place={place} />
              </td>
              <td class="number">{lasting((span.ended?.eventAt ?? until) - span.begun.eventAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet small">
        {lasting(length)} from left to right{spans.length > mostRows && `; the newest ${mostRows}`}.
      </p>
    </section>
  );
}

function Bar({ span, place }: { readonly span: Span; readonly place: (at: number) => number }): VNode {
  const { begun, started, ended } = span;
  const from = Math.min(place(begun.eventAt), units - leastWidth);
  const to = ended === null ? units : Math.max(place(ended.eventAt), from + leastWidth);
  const waits = span.kind === 'activity' || span.kind === 'child' || span.kind === 'function';
  const taken = waits ? (started === null ? to : Math.min(place(started.eventAt), to)) : from;
  const tone = toneOf(ended);
  return (
    <svg viewBox={`0 0 ${units} 14`} preserveAspectRatio="none" role="img" aria-label={endingOf(span)}>
      {taken > from && <rect class={`waiting ${tone}`} x={from} y="4" width={taken - from} height="6" />}
      {(to > taken || !waits) && (
        <rect class={tone} x={taken} y="1" width={Math.max(to - taken, leastWidth)} height="12" />
      )}
    </svg>
  );
}

function toneOf(ended: HistoryEvent | null): string {
  if (ended === null) return 'open';
  if (isBad(ended)) return 'bad';
  return /Canceled$/.test(ended.eventType) ? 'canceled' : 'done';
}

/** How a span ended, in words. */
export function endingOf({ kind, started, ended }: Span): string {
  if (ended === null) return started === null && kind !== 'timer' ? 'waiting' : 'open';
  const { eventType, attributes } = ended;
  if ('timeoutType' in attributes) return `timed out, ${attributes.timeoutType}`;
  if (eventType === 'TimerFired') return 'fired';
  if (kind === 'external') return eventType.endsWith('Failed') ? 'failed' : 'delivered';
  return /(Completed|Failed|TimedOut|Canceled|Terminated)$/.exec(eventType)?.[1]?.toLowerCase() ?? 'ended';
}
