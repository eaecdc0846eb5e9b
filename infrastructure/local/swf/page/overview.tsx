import type { VNode } from 'preact';
import { Moment } from '../../page/layout.js';
import { textAt } from '../protocol/subject.js';
import type { Service } from '../service.js';
import type { Frozen } from '../state/state.js';
import { eventCountOf, type AnyRun } from '../storage/closed-run.js';
import { filterOf, runsOf, type Regions } from './filters.js';

const rowsShown = 50;

/** The domains, and what waits in the task lists for whom. */
export function Overview({ service }: { readonly service: Service }): VNode {
  const regions = service.regions();
  return (
    <>
      <Domains regions={regions} />
      <TaskLists service={service} regions={regions} />
    </>
  );
}

/** Where a run's own page is. */
export function runAddress(region: string, runId: string): string {
  return `/run?${new URLSearchParams({ region, runId }).toString()}`;
}

/** OPEN, or how and when a run was closed. */
export function Status({ run }: { readonly run: Frozen<AnyRun> }): VNode {
  if (run.closed === null) return <span class="badge note">open</span>;
  const { status } = run.closed;
  const tone =
    status === 'COMPLETED' ? 'good' : status === 'FAILED' || status === 'TIMED_OUT' ? 'bad' : 'plain';
  return <span class={`badge ${tone}`}>{status.toLowerCase().replaceAll('_', ' ')}</span>;
}

/** The runs that the address asks for, page by page. */
export function Runs({ regions, url }: { readonly regions: Regions; readonly url: URL }): VNode {
  const from = Math.max(Math.floor(Number(url.searchParams.get('from') ?? 0)), 0) || 0;
  const { runs, more } = runsOf(regions, filterOf(url), { from, most: rowsShown });
  const page = (start: number): string => {
    const address = new URLSearchParams(url.searchParams);
    address.set('from', String(start));
    return `/?${address.toString()}`;
  };
  return (
    <section>
      {runs.length === 0 ? (
        <p class="panel">No run fits. A run shows up here as soon as it is started.</p>
      ) : (
        <div class="scroll" tabIndex={0}>
          <table class="stack">
            <thead>
              <tr>
                {['Workflow id', 'Status', 'Type', 'Domain', 'Started', 'Ended', 'Events'].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {runs.map(({ region, run }) => (
                <tr key={run.runId}>
                  <td>
                    <a href={runAddress(region, run.runId)}>{run.workflowId}</a>
                    {run.tagList !== undefined && run.tagList.length > 0 && (
                      <div class="quiet small">{run.tagList.join(', ')}</div>
                    )}
                  </td>
                  <td class="beside">
                    <Status run={run} />
                  </td>
                  <td class="beside">
                    {run.workflowType.name} <span class="quiet">{run.workflowType.version}</span>
                  </td>
                  <td class="beside">
                    {run.domain} <span class="quiet">{region}</span>
                  </td>
                  <td>
                    <Moment at={run.startedAt} />
                  </td>
                  <td>{run.closed !== null && <Moment at={run.closed.at} />}</td>
                  <td class="beside">
                    {eventCountOf(run)} <span class="quiet narrow">events</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <nav class="pages" aria-label="Pages of runs">
        {from > 0 && <a href={page(Math.max(from - rowsShown, 0))}>Newer</a>}
        {more && <a href={page(from + rowsShown)}>Older</a>}
      </nav>
    </section>
  );
}

function Domains({ regions }: { readonly regions: Regions }): VNode {
  const domains = [...regions].flatMap(([region, state]) =>
    [...state.domains.values()].map((domain) => ({ region, domain })),
  );
  return (
    <section>
      <h2>Domains</h2>
      {domains.length === 0 && <p class="panel">No domain is registered yet.</p>}
      <ul class="cards">
        {domains.map(({ region, domain }) => (
          <li key={`${region} ${domain.name}`} class="panel">
            <strong>{domain.name}</strong> <span class="quiet">{region}</span>{' '}
            {domain.status === 'DEPRECATED' && <span class="badge note">deprecated</span>}
            <div>
              <a href={`/?${new URLSearchParams({ domain: domain.name, status: 'OPEN' }).toString()}`}>
                {domain.open.size} open
              </a>
              ,{' '}
              <a href={`/?${new URLSearchParams({ domain: domain.name, status: 'CLOSED' }).toString()}`}>
                {domain.closedIndex.size()} closed
              </a>
            </div>
            <div class="quiet small">
              {domain.workflowTypes.size} workflow types, {domain.activityTypes.size} activity types; closed
              runs are kept {domain.retention === 'NONE' ? '0' : domain.retention} days
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ListRow {
  readonly region: string;
  readonly kind: string;
  readonly domain: string;
  readonly name: string;
  readonly waiting: number;
  readonly pollers: readonly string[];
}

function rowsOf(service: Service, regions: Regions): readonly ListRow[] {
  return [...regions].flatMap(([region, state]) => {
    const pollers = service.pollers(region);
    const keys = [...new Set([...state.taskLists.keys(), ...pollers.keys()])].sort();
    return keys.map((key) => {
      // As `taskListKey` puts it together.
      const [kind = '', rest = ''] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
      const colon = rest.indexOf(':');
      return {
        region,
        kind,
        domain: rest.slice(0, colon),
        name: rest.slice(colon + 1),
        waiting: state.taskLists.get(key)?.size ?? 0,
        pollers: (pollers.get(key) ?? []).map((input) => textAt(input, 'identity') ?? 'without a name'),
      };
    });
  });
}

const pollersNamed = 5;

function TaskLists({ service, regions }: { readonly service: Service; readonly regions: Regions }): VNode {
  const rows = rowsOf(service, regions);
  return (
    <section>
      <h2>Task lists</h2>
      {rows.length === 0 ? (
        <p class="panel">Nothing waits in a list, and nobody polls one.</p>
      ) : (
        <div class="scroll" tabIndex={0}>
          <table class="stack">
            <thead>
              <tr>
                {['List', 'Tasks of', 'Domain', 'Waiting tasks', 'Pollers'].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.region} ${row.kind} ${row.domain} ${row.name}`}>
                  <td>{row.name}</td>
                  <td class="beside">{row.kind}</td>
                  <td class="beside">
                    {row.domain} <span class="quiet">{row.region}</span>
                  </td>
                  <td class="beside">
                    <span class={`badge ${row.waiting > 0 && row.pollers.length === 0 ? 'bad' : 'plain'}`}>
                      {row.waiting} waiting
                    </span>
                  </td>
                  <td class="beside">
                    {row.pollers.length} <span class="quiet">polling</span>{' '}
                    <span class="quiet small">{namesOf(row.pollers)}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function namesOf(pollers: readonly string[]): string {
  const names = [...new Set(pollers)];
  const rest = names.length - pollersNamed;
  return names.slice(0, pollersNamed).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
