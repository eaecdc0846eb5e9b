import { createHash } from 'node:crypto';
import type { EventAttributes } from '../state/attributes.js';
import type { Delivery, Execution, Frozen, Run } from '../state/state.js';
import { append, callForDecision, draftIn, type Draft } from './draft.js';
import { recordedEvent } from '../actions/history.js';
import { openRun } from '../actions/lookups.js';
import { runStarted } from './start.js';

/**
 * Carries out what a decision has initiated: starts the child, hands over the signal or the cancel request, invokes
 * the function; and tells the run what came of it.
 */
export function deliver(draft: Draft, { initiatedEventId }: Delivery): void {
  const event = recordedEvent(draft.run, initiatedEventId);
  if (event.eventType === 'StartChildWorkflowExecutionInitiated') {
    startChild(draft, initiatedEventId, event.attributes);
  } else if (event.eventType === 'SignalExternalWorkflowExecutionInitiated') {
    signal(draft, initiatedEventId, event.attributes);
  } else if (event.eventType === 'RequestCancelExternalWorkflowExecutionInitiated') {
    requestCancel(draft, initiatedEventId, event.attributes);
  } else if (event.eventType === 'LambdaFunctionScheduled') {
    invoke(draft, initiatedEventId, event.attributes);
  } else throw new Error(`event ${initiatedEventId} of ${draft.run.runId} initiates nothing`);
  callForDecision(draft);
}

/** A runId that follows from the event that leads to the run, so that a replay finds the same one. */
export function derivedRunId(runId: string, eventId: number): string {
  return `22${createHash('sha256').update(`${runId} ${eventId}`).digest('base64')}`;
}

function startChild(
  draft: Draft,
  initiatedEventId: number,
  given: EventAttributes['StartChildWorkflowExecutionInitiated'],
): void {
  const { step, run } = draft;
  const { workflowId, workflowType, control, decisionTaskCompletedEventId } = given;
  if (step.state.domains.get(run.domain)?.open.has(workflowId) === true) {
    append(draft, {
      eventType: 'StartChildWorkflowExecutionFailed',
      attributes: {
        workflowType,
        cause: 'WORKFLOW_ALREADY_RUNNING',
        workflowId,
        initiatedEventId,
        decisionTaskCompletedEventId,
        control,
      },
    });
    return;
  }
  const runId = derivedRunId(run.runId, initiatedEventId);
  step.starts.push(
    runStarted(step.at, {
      domain: run.domain,
      workflowId,
      runId,
      input: given.input,
      executionStartToCloseTimeout: given.executionStartToCloseTimeout,
      taskStartToCloseTimeout: given.taskStartToCloseTimeout,
      childPolicy: given.childPolicy,
      taskList: given.taskList,
      taskPriority: given.taskPriority,
      tagList: given.tagList,
      lambdaRole: given.lambdaRole,
      workflowType,
      parentWorkflowExecution: executionOf(run),
      parentInitiatedEventId: initiatedEventId,
    }),
  );
  append(draft, {
    eventType: 'ChildWorkflowExecutionStarted',
    attributes: { workflowExecution: { workflowId, runId }, workflowType, initiatedEventId },
  });
}

function signal(
  draft: Draft,
  initiatedEventId: number,
  given: EventAttributes['SignalExternalWorkflowExecutionInitiated'],
): void {
  const { step, run } = draft;
  const { workflowId, runId, control, decisionTaskCompletedEventId, signalName, input } = given;
  const target = openRun(step.state, run.domain, workflowId, runId);
  if ('fault' in target) {
    append(draft, {
      eventType: 'SignalExternalWorkflowExecutionFailed',
      attributes: {
        workflowId,
        runId,
        cause: 'UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION',
        initiatedEventId,
        decisionTaskCompletedEventId,
        control,
      },
    });
    return;
  }
  const receiver = draftIn(step, target.found);
  append(receiver, {
    eventType: 'WorkflowExecutionSignaled',
    attributes: {
      signalName,
      input,
      externalWorkflowExecution: executionOf(run),
      externalInitiatedEventId: initiatedEventId,
    },
  });
  callForDecision(receiver);
  append(draft, {
    eventType: 'ExternalWorkflowExecutionSignaled',
    attributes: { workflowExecution: executionOf(target.found), initiatedEventId },
  });
}

function requestCancel(
  draft: Draft,
  initiatedEventId: number,
  given: EventAttributes['RequestCancelExternalWorkflowExecutionInitiated'],
): void {
  const { step, run } = draft;
  const { workflowId, runId, control, decisionTaskCompletedEventId } = given;
  const target = openRun(step.state, run.domain, workflowId, runId);
  if ('fault' in target) {
    append(draft, {
      eventType: 'RequestCancelExternalWorkflowExecutionFailed',
      attributes: {
        workflowId,
        runId,
        cause: 'UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION',
        initiatedEventId,
        decisionTaskCompletedEventId,
        control,
      },
    });
    return;
  }
  const receiver = draftIn(step, target.found);
  append(receiver, {
    eventType: 'WorkflowExecutionCancelRequested',
    attributes: { externalWorkflowExecution: executionOf(run), externalInitiatedEventId: initiatedEventId },
  });
  callForDecision(receiver);
  append(draft, {
    eventType: 'ExternalWorkflowExecutionCancelRequested',
    attributes: { workflowExecution: executionOf(target.found), initiatedEventId },
  });
}

/** There are no functions here: with a role none of the name is found, and without one nothing is even looked for. */
function invoke(
  draft: Draft,
  scheduledEventId: number,
  { name }: EventAttributes['LambdaFunctionScheduled'],
): void {
  if (draft.run.configuration.lambdaRole === undefined) {
    append(draft, {
      eventType: 'StartLambdaFunctionFailed',
      attributes: {
        scheduledEventId,
        cause: 'ASSUME_ROLE_FAILED',
        message: 'No IAM role is attached to the current workflow execution.',
      },
    });
    return;
  }
  const startedEventId = append(draft, {
    eventType: 'LambdaFunctionStarted',
    attributes: { scheduledEventId },
  });
  append(draft, {
    eventType: 'LambdaFunctionFailed',
    attributes: {
      scheduledEventId,
      startedEventId,
      reason: 'ResourceNotFoundException',
      details: `Function not found: ${name}`,
    },
  });
}

function executionOf({ workflowId, runId }: Frozen<Run>): Execution {
  return { workflowId, runId };
}
