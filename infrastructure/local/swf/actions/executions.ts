import { typeText, unknownType } from '../protocol/faults.js';
import type {
  requestCancelWorkflowExecution,
  signalWorkflowExecution,
  startWorkflowExecution,
  terminateWorkflowExecution,
} from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import type { Configuration, Frozen, State, WorkflowDefaults } from '../state/state.js';
import { typeKey } from '../state/state.js';
import { append, appendClosing, callForDecision, changesOf, decisionScheduled, draftOf } from './draft.js';
import { domainNamed, openRun } from './lookups.js';
import { accepted, refused, type Call, type Outcome } from './outcome.js';

const mostOpenExecutions = 100_000;

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

/** Checks in this order: domain, type, its status, missing values, an open run of the workflowId, the number of open runs. */
export function start(
  state: Frozen<State>,
  input: Satisfying<typeof startWorkflowExecution>,
  call: Call,
): Outcome {
  const domain = domainNamed(state, input.domain);
  if ('fault' in domain) return refused(domain.fault);
  const type = domain.found.workflowTypes.get(typeKey(input.workflowType));
  if (type === undefined) return refused(unknownType('WorkflowType', input.workflowType));
  if (type.deprecatedAt !== null) {
    return refused({ name: 'TypeDeprecatedFault', message: typeText('WorkflowType', type) });
  }
  const configuration = configurationOf(input, type.defaults);
  if ('missing' in configuration) {
    return refused({ name: 'DefaultUndefinedFault', message: configuration.missing });
  }
  if (domain.found.open.has(input.workflowId)) {
    return refused({ name: 'WorkflowExecutionAlreadyStartedFault', message: '' });
  }
  if (domain.found.open.size >= mostOpenExecutions) {
    const message = `A domain has at most ${mostOpenExecutions} open executions`;
    return refused({ name: 'LimitExceededFault', message });
  }
  const runId = `22${call.freshId}=`;
  const lists = { permanent: configuration.taskList.name, temporary: null };
  return {
    type: 'done',
    body: JSON.stringify({ runId }),
    changes: [
      {
        type: 'runStarted',
        domain: input.domain,
        workflowId: input.workflowId,
        runId,
        events: [
          {
            eventId: 1,
            eventAt: call.now,
            eventType: 'WorkflowExecutionStarted',
            attributes: {
              ...configuration,
              input: input.input,
              workflowType: { name: type.name, version: type.version },
              tagList: input.tagList?.length === 0 ? undefined : input.tagList,
              parentInitiatedEventId: 0,
            },
          },
          { eventId: 2, eventAt: call.now, ...decisionScheduled(configuration, lists) },
        ],
      },
    ],
  };
}

/** Repeats are recorded again. */
export function signal(
  state: Frozen<State>,
  input: Satisfying<typeof signalWorkflowExecution>,
  call: Call,
): Outcome {
  const run = openRun(state, input.domain, input.workflowId, input.runId);
  if ('fault' in run) return refused(run.fault);
  const draft = draftOf(run.found, call.now);
  append(draft, {
    eventType: 'WorkflowExecutionSignaled',
    attributes: { signalName: input.signalName, input: input.input, externalInitiatedEventId: 0 },
  });
  callForDecision(draft);
  return accepted(changesOf(draft));
}

/** Only tells the decider; repeats are recorded again. */
export function requestCancel(
  state: Frozen<State>,
  input: Satisfying<typeof requestCancelWorkflowExecution>,
  call: Call,
): Outcome {
  const run = openRun(state, input.domain, input.workflowId, input.runId);
  if ('fault' in run) return refused(run.fault);
  const draft = draftOf(run.found, call.now);
  append(draft, {
    eventType: 'WorkflowExecutionCancelRequested',
    attributes: { externalInitiatedEventId: 0 },
  });
  callForDecision(draft);
  return accepted(changesOf(draft));
}

/** Closes at once, without asking the decider. */
export function terminate(
  state: Frozen<State>,
  input: Satisfying<typeof terminateWorkflowExecution>,
  call: Call,
): Outcome {
  const run = openRun(state, input.domain, input.workflowId, input.runId);
  if ('fault' in run) return refused(run.fault);
  const draft = draftOf(run.found, call.now);
  appendClosing(draft, {
    eventType: 'WorkflowExecutionTerminated',
    attributes: {
      reason: input.reason,
      details: input.details,
      childPolicy: input.childPolicy ?? run.found.configuration.childPolicy,
      cause: 'OPERATOR_INITIATED',
    },
  });
  return accepted(changesOf(draft));
}
