import { invalid, type Fault } from '../protocol/faults.js';
import type {
  countClosedWorkflowExecutions,
  countOpenWorkflowExecutions,
  describeWorkflowExecution,
  listClosedWorkflowExecutions,
  listOpenWorkflowExecutions,
} from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import { pageTokenOf, positionOf } from '../protocol/tokens.js';
import { typeKey, type Frozen, type State } from '../state/state.js';
import { detailsOf, type AnyRun } from '../storage/closed-run.js';
import type { RunIndex, TimeOf, Trait } from '../storage/run-index.js';
import type { Position, SortedRows } from '../storage/sorted-rows.js';
import { domainNamed, runNamed, type Found } from './lookups.js';
import { answered, refused, timestamp, type Call, type Outcome } from './outcome.js';
import { pageSize, requestText } from './paging.js';

type OpenQuery = Satisfying<typeof countOpenWorkflowExecutions>;
type ClosedQuery = Satisfying<typeof countClosedWorkflowExecutions>;
type TimeFilter = OpenQuery['startTimeFilter'];
type Filters = Omit<ClosedQuery, 'domain' | 'startTimeFilter' | 'closeTimeFilter'>;
type ListQuery =
  Satisfying<typeof listOpenWorkflowExecutions> | Satisfying<typeof listClosedWorkflowExecutions>;

/** The runs that a query asks for: a kept list, and the part of it between two times, both included. */
interface Selection {
  readonly rows: Pick<SortedRows<AnyRun>, 'count' | 'upwards' | 'downwards'>;
  readonly timeOf: TimeOf;
  readonly oldest: number;
  readonly latest: number;
}

/** A run, open or closed, as long as it is kept. */
export function describe(state: Frozen<State>, input: Satisfying<typeof describeWorkflowExecution>): Outcome {
  const found = runNamed(state, input.domain, input.execution);
  if ('fault' in found) return refused(found.fault);
  const run = found.found;
  const { configuration, openCounts, latestActivityAt, executionContext } = detailsOf(state, run);
  return answered({
    executionInfo: infoOf(run),
    executionConfiguration: {
      taskStartToCloseTimeout: configuration.taskStartToCloseTimeout,
      executionStartToCloseTimeout: configuration.executionStartToCloseTimeout,
      taskList: configuration.taskList,
      childPolicy: configuration.childPolicy,
      taskPriority: configuration.taskPriority,
      lambdaRole: configuration.lambdaRole,
    },
    openCounts,
    latestActivityTaskTimestamp: latestActivityAt === undefined ? undefined : timestamp(latestActivityAt),
    latestExecutionContext: executionContext,
  });
}

/** Newest start first. */
export function listOpen(
  state: Frozen<State>,
  input: Satisfying<typeof listOpenWorkflowExecutions>,
  call: Call,
): Outcome {
  return page('ListOpenWorkflowExecutions', input, call, openRuns(state, input, call));
}

/** Exact; never truncated. */
export function countOpen(state: Frozen<State>, input: OpenQuery, call: Call): Outcome {
  return count(openRuns(state, input, call));
}

/** Newest first: by close time if that is filtered by, else by start. */
export function listClosed(
  state: Frozen<State>,
  input: Satisfying<typeof listClosedWorkflowExecutions>,
  call: Call,
): Outcome {
  return page('ListClosedWorkflowExecutions', input, call, closedRuns(state, input, call));
}

/** Exact; never truncated. */
export function countClosed(state: Frozen<State>, input: ClosedQuery, call: Call): Outcome {
  return count(closedRuns(state, input, call));
}

function openRuns(state: Frozen<State>, input: OpenQuery, call: Call): Found<Selection> {
  const domain = domainNamed(state, input.domain);
  if ('fault' in domain) return domain;
  const problem = exclusiveFilters(input);
  if (problem !== null) return { fault: invalid(problem) };
  return { found: selection(domain.found.openIndex, input, 'start', input.startTimeFilter, call.now) };
}

function closedRuns(state: Frozen<State>, input: ClosedQuery, call: Call): Found<Selection> {
  const domain = domainNamed(state, input.domain);
  if ('fault' in domain) return domain;
  const { startTimeFilter, closeTimeFilter } = input;
  if (startTimeFilter !== undefined && closeTimeFilter !== undefined) {
    return { fault: invalid('Cannot specify both a startTimeFilter and a closeTimeFilter') };
  }
  const filter = startTimeFilter ?? closeTimeFilter;
  if (filter === undefined) return { fault: invalid('Must specify time filter') };
  const problem = exclusiveFilters(input);
  if (problem !== null) return { fault: invalid(problem) };
  const timeOf = startTimeFilter === undefined ? 'close' : 'start';
  return { found: selection(domain.found.closedIndex, input, timeOf, filter, call.now) };
}

/** Without a latest date everything up to now is inside. */
function selection<Row extends AnyRun>(
  index: Pick<RunIndex<Row>, 'list'>,
  filters: Filters,
  timeOf: TimeOf,
  { oldestDate, latestDate }: TimeFilter,
  now: number,
): Selection {
  const [trait, value] = traitOf(filters);
  const latest = latestDate === undefined ? now : latestDate * 1000;
  return { rows: index.list(trait, value, timeOf), timeOf, oldest: oldestDate * 1000, latest };
}

/** The one filter that is given beside the time, if any. */
function traitOf({ executionFilter, typeFilter, tagFilter, closeStatusFilter }: Filters): [Trait, string] {
  if (executionFilter !== undefined) return ['workflowId', executionFilter.workflowId];
  if (typeFilter !== undefined) {
    const { name, version } = typeFilter;
    return version ? ['type', typeKey({ name, version })] : ['typeName', name];
  }
  if (tagFilter !== undefined) return ['tag', tagFilter.tag];
  if (closeStatusFilter !== undefined) return ['status', closeStatusFilter.status];
  return ['all', ''];
}

function exclusiveFilters(filters: Filters): string | null {
  const given = (['executionFilter', 'typeFilter', 'tagFilter', 'closeStatusFilter'] as const).filter(
    (name) => filters[name] !== undefined,
  );
  if (given.length < 2) return null;
  return `Cannot specify more than one exclusive filters in the same query: [${given.join(', ')}]`;
}

function count(selected: Found<Selection>): Outcome {
  if ('fault' in selected) return refused(selected.fault);
  const { rows, oldest, latest } = selected.found;
  return answered({ count: rows.count(oldest, latest), truncated: false });
}

/** Newest first; reverse order begins with the oldest. Runs of one millisecond are ordered by their start. */
function page(action: string, input: ListQuery, call: Call, selected: Found<Selection>): Outcome {
  if ('fault' in selected) return refused(selected.fault);
  const { rows, timeOf, oldest, latest } = selected.found;
  const request = requestText(action, input);
  const upwards = input.reverseOrder === true;
  const first = firstPosition(input, request, call.now, upwards ? oldest : latest, upwards);
  if ('fault' in first) return refused(first.fault);
  const size = pageSize(input);
  const runs: Frozen<AnyRun>[] = [];
  let next: Position | null = null;
  for (const run of upwards ? rows.upwards(first.found) : rows.downwards(first.found)) {
    const position = {
      time: timeOf === 'start' ? run.startedAt : (run.closed?.at ?? 0),
      sequence: run.sequence,
    };
    if (upwards ? position.time > latest : position.time < oldest) break;
    if (runs.length === size) {
      next = position;
      break;
    }
    runs.push(run);
  }
  const token = next && pageTokenOf({ request, position: [next.time, next.sequence], issuedAt: call.now });
  return answered({ executionInfos: runs.map(infoOf), nextPageToken: token ?? undefined });
}

/** Where a page begins, although runs may have come or gone since its token was made. */
function firstPosition(
  { nextPageToken }: ListQuery,
  request: string,
  now: number,
  bound: number,
  upwards: boolean,
): { readonly found: Position } | { readonly fault: Fault } {
  if (nextPageToken === undefined || nextPageToken === '') {
    return { found: { time: bound, sequence: upwards ? 0 : Infinity } };
  }
  const read = positionOf(nextPageToken, request, now);
  if ('problem' in read) return { fault: invalid(read.problem) };
  const [time, sequence] = read.position;
  if (typeof time !== 'number' || typeof sequence !== 'number') return { fault: invalid('Invalid token') };
  return { found: { time, sequence } };
}

function infoOf(run: Frozen<AnyRun>): object {
  const { closed } = run;
  return {
    execution: { workflowId: run.workflowId, runId: run.runId },
    workflowType: run.workflowType,
    startTimestamp: timestamp(run.startedAt),
    executionStatus: closed === null ? 'OPEN' : 'CLOSED',
    closeTimestamp: closed === null ? undefined : timestamp(closed.at),
    closeStatus: closed?.status,
    parent: run.parent?.workflowExecution,
    tagList: run.tagList,
    cancelRequested: closed === null && run.cancelRequested,
  };
}
