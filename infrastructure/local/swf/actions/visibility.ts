import { invalid } from '../protocol/faults.js';
import type {
  countClosedWorkflowExecutions,
  countOpenWorkflowExecutions,
  describeWorkflowExecution,
  listClosedWorkflowExecutions,
  listOpenWorkflowExecutions,
} from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import { openCountsOf, type Frozen, type Run, type State } from '../state/state.js';
import { domainNamed, runNamed, type Found } from './lookups.js';
import { answered, refused, timestamp, type Call, type Outcome } from './outcome.js';
import { compareKeys, pageOf } from './paging.js';

type OpenQuery = Satisfying<typeof countOpenWorkflowExecutions>;
type ClosedQuery = Satisfying<typeof countClosedWorkflowExecutions>;
type TimeFilter = OpenQuery['startTimeFilter'];
type Filters = Omit<ClosedQuery, 'domain' | 'startTimeFilter' | 'closeTimeFilter'>;

/** A run, open or closed, as long as it is kept. */
export function describe(state: Frozen<State>, input: Satisfying<typeof describeWorkflowExecution>): Outcome {
  const found = runNamed(state, input.domain, input.execution);
  if ('fault' in found) return refused(found.fault);
  const run = found.found;
  const { configuration } = run;
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
    openCounts: openCountsOf(run),
    latestActivityTaskTimestamp:
      run.latestActivityAt === undefined ? undefined : timestamp(run.latestActivityAt),
    latestExecutionContext: run.executionContext,
  });
}

/** Newest start first. */
export function listOpen(
  state: Frozen<State>,
  input: Satisfying<typeof listOpenWorkflowExecutions>,
  call: Call,
): Outcome {
  const rows = openRuns(state, input, call);
  return 'fault' in rows
    ? refused(rows.fault)
    : page('ListOpenWorkflowExecutions', input, call, rows.found, startOf);
}

/** Exact; never truncated. */
export function countOpen(state: Frozen<State>, input: OpenQuery, call: Call): Outcome {
  const rows = openRuns(state, input, call);
  return 'fault' in rows ? refused(rows.fault) : answered({ count: rows.found.length, truncated: false });
}

/** Newest first: by close time if that is filtered by, else by start. */
export function listClosed(
  state: Frozen<State>,
  input: Satisfying<typeof listClosedWorkflowExecutions>,
  call: Call,
): Outcome {
  const rows = closedRuns(state, input, call);
  if ('fault' in rows) return refused(rows.fault);
  const key = input.closeTimeFilter === undefined ? startOf : endOf;
  return page('ListClosedWorkflowExecutions', input, call, rows.found, key);
}

/** Exact; never truncated. */
export function countClosed(state: Frozen<State>, input: ClosedQuery, call: Call): Outcome {
  const rows = closedRuns(state, input, call);
  return 'fault' in rows ? refused(rows.fault) : answered({ count: rows.found.length, truncated: false });
}

function openRuns(state: Frozen<State>, input: OpenQuery, call: Call): Found<Frozen<Run>[]> {
  const domain = domainNamed(state, input.domain);
  if ('fault' in domain) return domain;
  const problem = exclusiveFilters(input);
  if (problem !== null) return { fault: invalid(problem) };
  const { startTimeFilter } = input;
  return {
    found: [...domain.found.open.values()].filter(
      (run) => within(run.startedAt, startTimeFilter, call.now) && matches(run, input),
    ),
  };
}

function closedRuns(state: Frozen<State>, input: ClosedQuery, call: Call): Found<Frozen<Run>[]> {
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
  const timeOf = (run: Frozen<Run>) =>
    startTimeFilter === undefined ? (run.closed?.at ?? 0) : run.startedAt;
  return {
    found: [...domain.found.closed.values()].filter(
      (run) => within(timeOf(run), filter, call.now) && matches(run, input),
    ),
  };
}

/** Both ends count as inside; without a latest date everything up to now does. */
function within(at: number, filter: TimeFilter, now: number): boolean {
  const latest = filter.latestDate === undefined ? now : filter.latestDate * 1000;
  return at >= filter.oldestDate * 1000 && at <= latest;
}

function matches(run: Frozen<Run>, filters: Filters): boolean {
  const { executionFilter, typeFilter, tagFilter, closeStatusFilter } = filters;
  if (executionFilter !== undefined && executionFilter.workflowId !== run.workflowId) return false;
  if (typeFilter !== undefined) {
    if (typeFilter.name !== run.workflowType.name) return false;
    if (typeFilter.version && typeFilter.version !== run.workflowType.version) return false;
  }
  if (tagFilter !== undefined && !(run.tagList?.includes(tagFilter.tag) ?? false)) return false;
  return closeStatusFilter === undefined || closeStatusFilter.status === run.closed?.status;
}

function exclusiveFilters(filters: Filters): string | null {
  const given = (['executionFilter', 'typeFilter', 'tagFilter', 'closeStatusFilter'] as const).filter(
    (name) => filters[name] !== undefined,
  );
  if (given.length < 2) return null;
  return `Cannot specify more than one exclusive filters in the same query: [${given.join(', ')}]`;
}

function startOf(run: Frozen<Run>): readonly number[] {
  return [run.startedAt, run.sequence];
}

function endOf(run: Frozen<Run>): readonly number[] {
  return [run.closed?.at ?? 0, run.sequence];
}

/** Newest first; reverse order begins with the oldest. Runs of one millisecond are ordered by their start. */
function page(
  action: string,
  input: Satisfying<typeof listOpenWorkflowExecutions> | Satisfying<typeof listClosedWorkflowExecutions>,
  call: Call,
  runs: Frozen<Run>[],
  keyOf: (run: Frozen<Run>) => readonly number[],
): Outcome {
  const rows = runs.sort((one, other) => compareKeys(keyOf(one), keyOf(other)));
  const result = pageOf(action, input, call.now, rows, keyOf, input.reverseOrder !== true);
  if ('fault' in result) return refused(result.fault);
  return answered({ executionInfos: result.rows.map(infoOf), nextPageToken: result.nextPageToken });
}

function infoOf(run: Frozen<Run>): object {
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
