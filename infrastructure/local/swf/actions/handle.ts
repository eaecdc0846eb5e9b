import * as inputs from '../protocol/requests.js';
import type { Frozen, State } from '../state/state.js';
import { completeDecisionTask } from './completion.js';
import * as domains from './domains.js';
import * as executions from './executions.js';
import { getHistory } from './history.js';
import { action, refused, type Action, type Call, type Outcome } from './outcome.js';
import * as polls from './polls.js';
import * as tags from './tags.js';
import * as types from './types.js';
import * as visibility from './visibility.js';
import * as workers from './workers.js';

/** Every action of the service. */
const actions = new Map<string, Action>([
  ['RegisterDomain', action(inputs.registerDomain, domains.register)],
  ['DeprecateDomain', action(inputs.nameOfDomain, domains.deprecate)],
  ['UndeprecateDomain', action(inputs.nameOfDomain, domains.undeprecate)],
  ['DescribeDomain', action(inputs.nameOfDomain, domains.describe)],
  ['ListDomains', action(inputs.listDomains, domains.list)],
  ['TagResource', action(inputs.tagResource, tags.tag)],
  ['UntagResource', action(inputs.untagResource, tags.untag)],
  ['ListTagsForResource', action(inputs.listTagsForResource, tags.list)],
  ['RegisterWorkflowType', action(inputs.registerWorkflowType, types.registerWorkflow)],
  ['RegisterActivityType', action(inputs.registerActivityType, types.registerActivity)],
  [
    'DeprecateWorkflowType',
    action(inputs.oneWorkflowType, (state, input, call) =>
      types.deprecate(state, 'workflow', input.domain, input.workflowType, call),
    ),
  ],
  [
    'UndeprecateWorkflowType',
    action(inputs.oneWorkflowType, (state, input) =>
      types.undeprecate(state, 'workflow', input.domain, input.workflowType),
    ),
  ],
  [
    'DeleteWorkflowType',
    action(inputs.oneWorkflowType, (state, input) =>
      types.remove(state, 'workflow', input.domain, input.workflowType),
    ),
  ],
  [
    'DescribeWorkflowType',
    action(inputs.oneWorkflowType, (state, input) =>
      types.describe(state, 'workflow', input.domain, input.workflowType),
    ),
  ],
  [
    'DeprecateActivityType',
    action(inputs.oneActivityType, (state, input, call) =>
      types.deprecate(state, 'activity', input.domain, input.activityType, call),
    ),
  ],
  [
    'UndeprecateActivityType',
    action(inputs.oneActivityType, (state, input) =>
      types.undeprecate(state, 'activity', input.domain, input.activityType),
    ),
  ],
  [
    'DeleteActivityType',
    action(inputs.oneActivityType, (state, input) =>
      types.remove(state, 'activity', input.domain, input.activityType),
    ),
  ],
  [
    'DescribeActivityType',
    action(inputs.oneActivityType, (state, input) =>
      types.describe(state, 'activity', input.domain, input.activityType),
    ),
  ],
  [
    'ListWorkflowTypes',
    action(inputs.listTypes, (state, input, call) =>
      types.list(state, 'workflow', 'ListWorkflowTypes', input, call),
    ),
  ],
  [
    'ListActivityTypes',
    action(inputs.listTypes, (state, input, call) =>
      types.list(state, 'activity', 'ListActivityTypes', input, call),
    ),
  ],
  ['StartWorkflowExecution', action(inputs.startWorkflowExecution, executions.start)],
  ['SignalWorkflowExecution', action(inputs.signalWorkflowExecution, executions.signal)],
  ['RequestCancelWorkflowExecution', action(inputs.requestCancelWorkflowExecution, executions.requestCancel)],
  ['TerminateWorkflowExecution', action(inputs.terminateWorkflowExecution, executions.terminate)],
  ['DescribeWorkflowExecution', action(inputs.describeWorkflowExecution, visibility.describe)],
  ['GetWorkflowExecutionHistory', action(inputs.getWorkflowExecutionHistory, getHistory)],
  ['ListOpenWorkflowExecutions', action(inputs.listOpenWorkflowExecutions, visibility.listOpen)],
  ['CountOpenWorkflowExecutions', action(inputs.countOpenWorkflowExecutions, visibility.countOpen)],
  ['ListClosedWorkflowExecutions', action(inputs.listClosedWorkflowExecutions, visibility.listClosed)],
  ['CountClosedWorkflowExecutions', action(inputs.countClosedWorkflowExecutions, visibility.countClosed)],
  ['PollForActivityTask', action(inputs.pollForActivityTask, polls.pollForActivity)],
  ['PollForDecisionTask', action(inputs.pollForDecisionTask, polls.pollForDecision)],
  [
    'CountPendingActivityTasks',
    action(inputs.countPendingTasks, (state, input) => polls.countPending(state, 'activity', input)),
  ],
  [
    'CountPendingDecisionTasks',
    action(inputs.countPendingTasks, (state, input) => polls.countPending(state, 'decision', input)),
  ],
  ['RespondDecisionTaskCompleted', action(inputs.respondDecisionTaskCompleted, completeDecisionTask)],
  ['RespondActivityTaskCompleted', action(inputs.respondActivityTaskCompleted, workers.complete)],
  ['RespondActivityTaskFailed', action(inputs.respondActivityTaskFailed, workers.fail)],
  ['RespondActivityTaskCanceled', action(inputs.respondActivityTaskCanceled, workers.cancel)],
  ['RecordActivityTaskHeartbeat', action(inputs.recordActivityTaskHeartbeat, workers.heartbeat)],
]);

/** The names of all actions. */
export const actionNames: readonly string[] = [...actions.keys()].sort();

/** What a call of the named action leads to. Changes nothing; the changes in the outcome are for `apply`. */
export function handle(state: Frozen<State>, name: string, call: Call): Outcome {
  const known = actions.get(name);
  if (known !== undefined) return known(state, call);
  return refused({
    name: 'UnknownOperationException',
    message: `The action '${name}' is unknown`,
  });
}
