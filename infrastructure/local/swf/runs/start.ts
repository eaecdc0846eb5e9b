import type { startWorkflowExecution } from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import type { EventAttributes } from '../state/attributes.js';
import type { Change } from '../state/change.js';
import type { Configuration, Execution, Frozen, WorkflowDefaults } from '../state/state.js';
import { decisionScheduled } from './draft.js';

/** Open executions of one domain, children included. */
export const mostOpenExecutions = 100_000;

/** What a start gives; each value that it leaves out comes from the type. */
export type StartValues = Pick<
  Satisfying<typeof startWorkflowExecution>,
  | 'executionStartToCloseTimeout'
  | 'taskList'
  | 'taskStartToCloseTimeout'
  | 'childPolicy'
  | 'taskPriority'
  | 'lambdaRole'
>;

/** The effective values of a start, or the first needed one that neither the start nor the type gives. */
export function configurationOf(
  given: StartValues,
  defaults: Frozen<WorkflowDefaults>,
):
  | Configuration
  | {
      readonly missing:
        'executionStartToCloseTimeout' | 'taskList' | 'taskStartToCloseTimeout' | 'childPolicy';
    } {
  const executionStartToCloseTimeout =
    given.executionStartToCloseTimeout || defaults.defaultExecutionStartToCloseTimeout;
  const taskList = given.taskList ?? defaults.defaultTaskList;
  const taskStartToCloseTimeout = given.taskStartToCloseTimeout || defaults.defaultTaskStartToCloseTimeout;
  const childPolicy = given.childPolicy ?? defaults.defaultChildPolicy;
  if (!executionStartToCloseTimeout) return { missing: 'executionStartToCloseTimeout' };
  if (taskList === undefined) return { missing: 'taskList' };
  if (!taskStartToCloseTimeout) return { missing: 'taskStartToCloseTimeout' };
  if (childPolicy === undefined) return { missing: 'childPolicy' };
  return {
    executionStartToCloseTimeout,
    taskList: { name: taskList.name },
    taskStartToCloseTimeout,
    childPolicy,
    taskPriority: given.taskPriority ?? defaults.defaultTaskPriority,
    lambdaRole: given.lambdaRole ?? defaults.defaultLambdaRole,
  };
}

/** Tags as a history shows them: no list when there are none. */
export function tagsOf(given: { readonly tagList?: readonly string[] }): readonly string[] | undefined {
  return given.tagList?.length === 0 ? undefined : given.tagList;
}

/** A new run with its first two events: its start, and its first decision task. */
export function runStarted(
  at: number,
  run: Execution & { readonly domain: string } & EventAttributes['WorkflowExecutionStarted'],
): Change {
  const { domain, workflowId, runId, ...attributes } = run;
  const lists = { permanent: attributes.taskList.name, temporary: null };
  return {
    type: 'runStarted',
    domain,
    workflowId,
    runId,
    events: [
      { eventId: 1, eventAt: at, eventType: 'WorkflowExecutionStarted', attributes },
      { eventId: 2, eventAt: at, ...decisionScheduled(attributes, lists) },
    ],
  };
}
