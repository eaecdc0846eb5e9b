import type { ComponentChildren, JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Domain, Frozen, Run, State } from '../state/state.js';
import { stylesheet } from './stylesheet.js';
import { Timeline } from './timeline.js';

type Regions = ReadonlyMap<string, Frozen<State>>;

/** A page that is ready to be sent. */
export interface RenderedPage {
  readonly status: number;
  readonly html: string;
}

const rowsShown = 50;

/** The page at a path; null where there is none. `/` shows everything, `/run` one run's history. */
export function pageFor(regions: Regions, url: URL): RenderedPage | null {
  if (url.pathname === '/') return rendered(200, 'SWF Local', <Overview regions={regions} />);
  if (url.pathname !== '/run') return null;
  const region = url.searchParams.get('region') ?? '';
  const run = regions.get(region)?.runs.get(url.searchParams.get('runId') ?? '');
  if (run === undefined) return rendered(404, 'Unknown run', <p>There is no such run, or no longer.</p>);
  return rendered(200, run.workflowId, <RunPage region={region} run={run} />);
}

function rendered(status: number, title: string, content: JSX.Element): RenderedPage {
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: stylesheet }} />
      </head>
      <body>
        <header>
          <a href="/">SWF Local</a>
        </header>
        <main>{content}</main>
      </body>
    </html>,
  );
  return { status, html: `<!doctype html>${html}` };
}

function Overview({ regions }: { regions: Regions }): JSX.Element {
  const domains = [...regions].flatMap(([region, state]) =>
    [...state.domains.values()].map((domain) => ({ region, domain })),
  );
  const lists = [...regions].flatMap(([region, state]) =>
    [...state.taskLists.values()].map((list) => ({ region, list })),
  );
  return (
    <>
      <h1>Domains</h1>
      {domains.length === 0 && <p>No domain is registered yet.</p>}
      {domains.map(({ region, domain }) => (
        <DomainSection region={region} domain={domain} />
      ))}
      <h2>Waiting tasks</h2>
      {lists.length === 0 ? (
        <p>None.</p>
      ) : (
        <Table heads={['Region', 'Task list', 'Waiting']}>
          {lists.map(({ region, list }) => (
            <tr>
              <td>{region}</td>
              <td>{list.key}</td>
              <td>{list.size}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}

function DomainSection({ region, domain }: { region: string; domain: Frozen<Domain> }): JSX.Element {
  const open = [...domain.open.values()].reverse();
  const closed = [...domain.closed.values()].reverse();
  return (
    <section>
      <h2>
        {domain.name} <small>{region}</small>
      </h2>
      <p>
        {domain.status}, {domain.workflowTypes.size} workflow types, {domain.activityTypes.size} activity
        types, keeps closed runs {domain.retention === 'NONE' ? '0' : domain.retention} days
      </p>
      <h3>Open runs: {open.length}</h3>
      <Runs region={region} runs={open} />
      <h3>Closed runs: {closed.length}</h3>
      <Runs region={region} runs={closed} />
    </section>
  );
}

function Runs({ region, runs }: { region: string; runs: readonly Frozen<Run>[] }): JSX.Element | null {
  if (runs.length === 0) return null;
  return (
    <>
      <Table heads={['Workflow id', 'Type', 'Started', 'Status', 'Events']}>
        {runs.slice(0, rowsShown).map((run) => (
          <tr>
            <td>
              <a href={`/run?${new URLSearchParams({ region, runId: run.runId }).toString()}`}>
                {run.workflowId}
              </a>
            </td>
            <td>
              {run.workflowType.name} {run.workflowType.version}
            </td>
            <td>{instant(run.startedAt)}</td>
            <td>{statusOf(run)}</td>
            <td>{run.history.length}</td>
          </tr>
        ))}
      </Table>
      {runs.length > rowsShown && <p>The newest {rowsShown} are shown.</p>}
    </>
  );
}

function RunPage({ region, run }: { region: string; run: Frozen<Run> }): JSX.Element {
  return (
    <>
      <h1>{run.workflowId}</h1>
      <dl>
        <dt>Status</dt>
        <dd>{statusOf(run)}</dd>
        <dt>Run id</dt>
        <dd>{run.runId}</dd>
        <dt>Type</dt>
        <dd>
          {run.workflowType.name} {run.workflowType.version}
        </dd>
        <dt>Domain</dt>
        <dd>
          {run.domain}, {region}
        </dd>
        <dt>Open</dt>
        <dd>
          {run.activities.size} activities, {run.timers.size} timers
        </dd>
      </dl>
      <Timeline history={run.history} startedAt={run.startedAt} />
    </>
  );
}

function Table({ heads, children }: { heads: readonly string[]; children: ComponentChildren }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function statusOf(run: Frozen<Run>): string {
  return run.closed === null ? 'OPEN' : `${run.closed.status} ${instant(run.closed.at)}`;
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}
