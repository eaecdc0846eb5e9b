import type { VNode } from 'preact';
import { Moment } from '../../page/layout.js';
import { eventOfText } from '../state/events.js';
import type { Frozen, State } from '../state/state.js';
import { detailsOf, historyOf, type AnyRun } from '../storage/closed-run.js';
import { Chart } from './chart.js';
import { runAddress, Status } from './overview.js';
import { lasting, spansOf } from './spans.js';
import { Timeline } from './timeline.js';

const eventsShown = 500;

/** One run: its facts, a chart, and its history; a long history comes in pages, an open run's from its end. */
export function RunPage(props: {
  readonly region: string;
  readonly state: Frozen<State>;
  readonly run: Frozen<AnyRun>;
  readonly url: URL;
}): VNode {
  const { region, state, run, url } = props;
  const events = historyOf(state, run).map(eventOfText);
  const spans = spansOf(events);
  const latest = events.at(-1)?.eventAt ?? run.startedAt;
  const pages = Math.max(Math.ceil(events.length / eventsShown), 1);
  const asked = Number(url.searchParams.get('page') ?? (run.closed === null ? pages : 1));
  const page = Number.isSafeInteger(asked) ? Math.min(Math.max(asked, 1), pages) : 1;
  const counts = detailsOf(state, run).openCounts;
  return (
    <>
      <dl class="facts panel">
        <dt>Status</dt>
        <dd>
          <Status run={run} />{' '}
          {run.closed === null ? (
            run.cancelRequested && <span class="badge note">cancel requested</span>
          ) : (
            <>
              after {lasting(run.closed.at - run.startedAt)}, <Moment at={run.closed.at} />
            </>
          )}
        </dd>
        <dt>Started</dt>
        <dd>
          <Moment at={run.startedAt} />
        </dd>
        <dt>Type</dt>
        <dd>
          {run.workflowType.name} {run.workflowType.version}
        </dd>
        <dt>Domain</dt>
        <dd>
          {run.domain}, {region}
        </dd>
        <dt>Run id</dt>
        <dd>
          <code>{run.runId}</code>
        </dd>
        {run.parent !== null && (
          <>
            <dt>Parent</dt>
            <dd>
              <a href={runAddress(region, run.parent.workflowExecution.runId)}>
                {run.parent.workflowExecution.workflowId}
              </a>
            </dd>
          </>
        )}
        {run.tagList !== undefined && run.tagList.length > 0 && (
          <>
            <dt>Tags</dt>
            <dd>{run.tagList.join(', ')}</dd>
          </>
        )}
        <dt>{run.closed === null ? 'Open now' : 'Open at the end'}</dt>
        <dd>
          activities {counts.openActivityTasks}, timers {counts.openTimers}, children{' '}
          {counts.openChildWorkflowExecutions}, decision tasks {counts.openDecisionTasks}
        </dd>
      </dl>
      <Chart spans={[...spans.values()]} startedAt={run.startedAt} until={run.closed?.at ?? latest} />
      <h2>History</h2>
      {pages > 1 && <Pages region={region} runId={run.runId} page={page} pages={pages} />}
      <Timeline
        region={region}
        events={events.slice((page - 1) * eventsShown, page * eventsShown)}
        spans={spans}
        startedAt={run.startedAt}
      />
    </>
  );
}

function Pages(props: {
  readonly region: string;
  readonly runId: string;
  readonly page: number;
  readonly pages: number;
}): VNode {
  const { page, pages } = props;
  const address = (to: number): string => `${runAddress(props.region, props.runId)}&page=${to}`;
  return (
    <nav class="pages" aria-label="Pages of the history">
      {page > 1 && <a href={address(page - 1)}>Earlier</a>}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages && <a href={address(page + 1)}>Later</a>}
    </nav>
  );
}
