import type { VNode } from 'preact';
import type { Frozen, State } from '../state/state.js';
import type { AnyRun } from '../storage/closed-run.js';

/** The state of each region that was ever addressed. */
export type Regions = ReadonlyMap<string, Frozen<State>>;

/** Which runs are to be seen; an empty text lets all through. */
export interface Filter {
  readonly domain: string;
  readonly status: string;
  readonly workflowId: string;
  readonly type: string;
  readonly tag: string;
}

const statuses = [
  'OPEN',
  'CLOSED',
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
] as const;

/** The filter that an address asks for. */
export function filterOf({ searchParams }: URL): Filter {
  const text = (name: string): string => searchParams.get(name)?.trim() ?? '';
  return {
    domain: text('domain'),
    status: text('status'),
    workflowId: text('workflowId'),
    type: text('type'),
    tag: text('tag'),
  };
}

/** A run and where it is. */
export interface Found {
  readonly region: string;
  readonly run: Frozen<AnyRun>;
}

/**
 * The runs that a filter lets through, the newest start first, from the given place on.
 * @returns at most `most` of them, and whether there are more
 */
export function runsOf(
  regions: Regions,
  filter: Filter,
  { from, most }: { readonly from: number; readonly most: number },
): { readonly runs: readonly Found[]; readonly more: boolean } {
  const wanted = from + most + 1;
  const found: Found[] = [];
  for (const [region, state] of regions) {
    for (const domain of state.domains.values()) {
      if (filter.domain !== '' && filter.domain !== domain.name) continue;
      // Each list is in the order of starting: from none is more needed than is wanted of all.
      for (const index of [domain.openIndex, domain.closedIndex]) {
        let fitting = 0;
        for (const run of index.list('all', '', 'start').downwards({ time: Infinity, sequence: Infinity })) {
          if (!passes(run, filter)) continue;
          found.push({ region, run });
          fitting += 1;
          if (fitting === wanted) break;
        }
      }
    }
  }
  found.sort(
    ({ run: one }, { run: other }) => other.startedAt - one.startedAt || other.sequence - one.sequence,
  );
  return { runs: found.slice(from, from + most), more: found.length > from + most };
}

function passes(run: Frozen<AnyRun>, filter: Filter): boolean {
  const { status, workflowId, type, tag } = filter;
  return (
    (status === '' || fitsStatus(run, status)) &&
    (workflowId === '' || run.workflowId.includes(workflowId) || run.runId === workflowId) &&
    (type === '' || `${run.workflowType.name} ${run.workflowType.version}`.includes(type)) &&
    (tag === '' || (run.tagList ?? []).includes(tag))
  );
}

function fitsStatus(run: Frozen<AnyRun>, status: string): boolean {
  if (status === 'OPEN') return run.closed === null;
  return run.closed !== null && (status === 'CLOSED' || run.closed.status === status);
}

/** The form that sets the filter; it works without the script. */
export function FilterForm({
  filter,
  domains,
}: {
  readonly filter: Filter;
  readonly domains: readonly string[];
}): VNode {
  return (
    <>
      <h2 id="runs">Runs</h2>
      <form class="find filters" method="get" action="/#runs">
        <label>
          Domain
          <select name="domain">
            <option value="">all</option>
            {domains.map((name) => (
              <option key={name} value={name} selected={name === filter.domain}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Status
          <select name="status">
            <option value="">all</option>
            {statuses.map((name) => (
              <option key={name} value={name} selected={name === filter.status}>
                {name.toLowerCase().replaceAll('_', ' ')}
              </option>
            ))}
          </select>
        </label>
        <Field label="Workflow id" name="workflowId" value={filter.workflowId} />
        <Field label="Type" name="type" value={filter.type} />
        <Field label="Tag" name="tag" value={filter.tag} />
        <button type="submit">Show</button>
      </form>
    </>
  );
}

function Field(props: { readonly label: string; readonly name: string; readonly value: string }): VNode {
  return (
    <label>
      {props.label}
      <input type="search" name={props.name} value={props.value} autocomplete="off" />
    </label>
  );
}
