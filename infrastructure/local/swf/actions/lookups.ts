import {
  invalidToken,
  unknownDomain,
  unknownExecution,
  unknownTask,
  type Fault,
} from '../protocol/faults.js';
import { taskOf } from '../protocol/tokens.js';
import { runOfId, type AnyRun } from '../storage/closed-run.js';
import type { Domain, Frozen, OpenActivity, OpenDecision, Run, State } from '../state/state.js';

/** Something found, or the fault that says why not. */
export type Found<Value> = { readonly found: Value } | { readonly fault: Fault };

/** The domain of a name, in either status. */
export function domainNamed(state: Frozen<State>, name: string): Found<Frozen<Domain>> {
  const found = state.domains.get(name);
  return found === undefined ? { fault: unknownDomain(name) } : { found };
}

/** A run, open or closed, until its retention ends. */
export function runNamed(
  state: Frozen<State>,
  domain: string,
  execution: { readonly workflowId: string; readonly runId: string },
): Found<Frozen<AnyRun>> {
  if (!state.domains.has(domain)) return { fault: unknownDomain(domain) };
  const found = runOfId(state, execution.runId);
  if (found?.domain === domain && found.workflowId === execution.workflowId) return { found };
  return { fault: unknownExecution(execution.workflowId, execution.runId) };
}

/** The open run of a workflowId; with a runId only if it is this one. */
export function openRun(
  state: Frozen<State>,
  domainName: string,
  workflowId: string,
  runId: string | undefined,
): Found<Frozen<Run>> {
  const domain = state.domains.get(domainName);
  if (domain === undefined) return { fault: unknownDomain(domainName) };
  const found = domain.open.get(workflowId);
  if (found === undefined || (runId !== undefined && runId !== '' && found.runId !== runId)) {
    return { fault: unknownExecution(workflowId, runId) };
  }
  return { found };
}

/** The started activity task that a token stands for. */
export function startedActivity(
  state: Frozen<State>,
  token: string,
): Found<{ readonly run: Frozen<Run>; readonly task: Frozen<OpenActivity> }> {
  const reference = taskOf('activity', token);
  if (reference === null) return { fault: invalidToken };
  const run = openRunOf(state, reference.runId);
  if ('fault' in run) return run;
  const task = run.found.activities.get(reference.scheduledEventId);
  if (task === undefined || task.startedEventId !== reference.startedEventId) {
    return { fault: unknownTask('activity', reference.scheduledEventId) };
  }
  return { found: { run: run.found, task } };
}

/** The started decision task that a token stands for. */
export function startedDecision(
  state: Frozen<State>,
  token: string,
): Found<{ readonly run: Frozen<Run>; readonly task: Frozen<OpenDecision> }> {
  const reference = taskOf('decision', token);
  if (reference === null) return { fault: invalidToken };
  const run = openRunOf(state, reference.runId);
  if ('fault' in run) return run;
  const task = run.found.decision;
  if (task === null || task.startedEventId !== reference.startedEventId) {
    return { fault: unknownTask('decision', reference.scheduledEventId) };
  }
  return { found: { run: run.found, task } };
}

function openRunOf(state: Frozen<State>, runId: string): Found<Frozen<Run>> {
  const run = runOfId(state, runId);
  if (run === undefined) {
    return { fault: { name: 'UnknownResourceFault', message: `Unknown execution, runId = ${runId}` } };
  }
  return run.closed === null ? { found: run } : { fault: unknownExecution(run.workflowId, run.runId) };
}
