import type { Change } from './change.js';
import { eventOfText } from './events.js';
import { waitingTasks } from './queue.js';
import type { Domain, Frozen, RegisteredType, Run, State } from './state.js';

/**
 * Changes that lead from the empty state to this one, in groups of moderate size. Two states with the same dump
 * are the same for every client.
 */
export function* dump(state: Frozen<State>): Iterable<readonly Change[]> {
  for (const domain of state.domains.values()) yield [...changesOfDomain(domain)];
  for (const run of state.runs.values()) yield [...changesOfRun(run)];
  // The order of the lists means nothing, so it must not make equal states look different.
  const lists = [...state.taskLists.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
  for (const list of lists) {
    const tasks = [...waitingTasks(list)].map((task) => [task.runId, task.scheduledEventId] as const);
    yield [{ type: 'tasksOrdered', list: list.key, tasks }];
  }
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

function* changesOfRun(run: Frozen<Run>): Iterable<Change> {
  const { domain, workflowId, runId } = run;
  yield { type: 'runStarted', domain, workflowId, runId, events: run.history.map(eventOfText) };
  for (const task of run.activities.values()) {
    if (task.startedEventId === 0) continue;
    const { scheduledEventId, details, lastSignAt } = task;
    yield { type: 'heartbeatRecorded', runId, scheduledEventId, details, at: lastSignAt };
  }
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
