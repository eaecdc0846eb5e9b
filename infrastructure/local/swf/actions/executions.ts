import { typeText, unknownType } from '../protocol/faults.js';
import type {
  requestCancelWorkflowExecution,
  signalWorkflowExecution,
  startWorkflowExecution,
  terminateWorkflowExecution,
} from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import { typeKey, type Frozen, type State } from '../state/state.js';
import { changesOf } from '../runs/consequences.js';
import { append, appendClosing, callForDecision, draftOf } from '../runs/draft.js';
import { domainNamed, openRun } from './lookups.js';
import { accepted, refused, type Call, type Outcome } from './outcome.js';
import { configurationOf, mostOpenExecutions, runStarted, tagsOf } from '../runs/start.js';

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
  const change = runStarted(call.now, {
    domain: input.domain,
    workflowId: input.workflowId,
    runId,
    ...configuration,
    input: input.input,
    workflowType: { name: type.name, version: type.version },
    tagList: tagsOf(input),
    parentInitiatedEventId: 0,
  });
  return { type: 'done', changes: [change], body: JSON.stringify({ runId }) };
}

/** Repeats are recorded again. */
export function signal(
  state: Frozen<State>,
  input: Satisfying<typeof signalWorkflowExecution>,
  call: Call,
): Outcome {
  const run = openRun(state, input.domain, input.workflowId, input.runId);
  if ('fault' in run) return refused(run.fault);
  const draft = draftOf(state, run.found, call.now);
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
  const draft = draftOf(state, run.found, call.now);
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
  const draft = draftOf(state, run.found, call.now);
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
