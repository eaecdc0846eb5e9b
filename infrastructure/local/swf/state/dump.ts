import type { Change } from './change.js';
import { historyOf, type AnyRun } from '../storage/closed-run.js';
import { waitingTasks } from './queue.js';
import type { Domain, Frozen, RegisteredType, State } from './state.js';

/**
 * Changes that lead from the empty state to this one, in groups of moderate size, closed runs included. Two states
 * with the same dump are the same for every client.
 */
export function* dump(state: Frozen<State>): Iterable<readonly Change[]> {
  yield* domainsOf(state);
  const runs = [...state.runs.values(), ...state.closedRuns.values()];
  // A workflowId is free for its next run only when the one before is closed.
  runs.sort((one, other) => one.sequence - other.sequence);
  for (const run of runs) yield changesOfRun(state, run);
  yield* waitingOrderOf(state);
}

/** The domains of a state with their types. */
export function* domainsOf(state: Frozen<State>): Iterable<readonly Change[]> {
  for (const domain of state.domains.values()) yield [...changesOfDomain(domain)];
}

/** The order in which tasks wait, for when their runs are there. */
export function* waitingOrderOf(state: Frozen<State>): Iterable<readonly Change[]> {
  // The order of the lists means nothing, so it must not make equal states look different.
  const lists = [...state.taskLists.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
  for (const list of lists) {
    const tasks = [...waitingTasks(list)].map((task) => [task.runId, task.scheduledEventId] as const);
    yield [{ type: 'tasksOrdered', list: list.key, tasks }];
  }
}

/** One run; the runs around it may be there already or follow. */
export function changesOfRun(state: Frozen<State>, run: Frozen<AnyRun>): readonly Change[] {
  const { domain, workflowId, runId, sequence } = run;
  // Copied, because the list of an open run grows.
  const events = [...historyOf(state, run)];
  const changes: Change[] = [{ type: 'runStarted', domain, workflowId, runId, sequence, events }];
  if (run.closed !== null) return changes;
  for (const task of run.activities.values()) {
    if (task.startedEventId === 0) continue;
    const { scheduledEventId, details, lastSignAt } = task;
    changes.push({ type: 'heartbeatRecorded', runId, scheduledEventId, details, at: lastSignAt });
  }
  for (const [initiatedEventId, child] of run.children) {
    if (child.startedEventId === 0) continue;
    changes.push({ type: 'childFollowed', runId, initiatedEventId, childRunId: child.runId });
  }
  return changes;
}

function* changesOfDomain(domain: Frozen<Domain>): Iterable<Change> {
  const { name, description, retention } = domain;
  const tags = [...domain.tags].map(([key, value]) => ({ key, value }));
  yield { type: 'domainRegistered', name, description, retention, tags };
  for (const type of domain.workflowTypes.values()) {
    const { defaults } = type;
    yield { type: 'typeRegistered', kind: 'workflow', ...membersOf(name, type), defaults };
    if (type.deprecatedAt !== null) yield deprecationOf('workflow', name, type, type.deprecatedAt);
  }
  for (const type of domain.activityTypes.values()) {
    const { defaults } = type;
    yield { type: 'typeRegistered', kind: 'activity', ...membersOf(name, type), defaults };
    if (type.deprecatedAt !== null) yield deprecationOf('activity', name, type, type.deprecatedAt);
  }
  // Its types are deprecated one by one above, so the time does not matter any more.
  if (domain.status === 'DEPRECATED') yield { type: 'domainDeprecated', name, at: 0 };
}

function membersOf(domain: string, type: Frozen<RegisteredType<object>>) {
  const { name, version, description, createdAt } = type;
  return { domain, name, version, description, at: createdAt };
}

function deprecationOf(
  kind: 'workflow' | 'activity',
  domain: string,
  type: Frozen<RegisteredType<object>>,
  at: number,
): Change {
  return { type: 'typeDeprecated', kind, domain, name: type.name, version: type.version, at };
}
