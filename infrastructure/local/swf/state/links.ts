import type { HistoryEvent } from './events.js';
import type { Delivery, Run } from './state.js';

/** Events by which a run deals with other executions and with functions. */
type LinkEvent = Extract<
  HistoryEvent,
  {
    readonly eventType:
      | 'StartChildWorkflowExecutionInitiated'
      | 'StartChildWorkflowExecutionFailed'
      | 'ChildWorkflowExecutionStarted'
      | 'ChildWorkflowExecutionCompleted'
      | 'ChildWorkflowExecutionFailed'
      | 'ChildWorkflowExecutionTimedOut'
      | 'ChildWorkflowExecutionCanceled'
      | 'ChildWorkflowExecutionTerminated'
      | 'SignalExternalWorkflowExecutionInitiated'
      | 'SignalExternalWorkflowExecutionFailed'
      | 'ExternalWorkflowExecutionSignaled'
      | 'RequestCancelExternalWorkflowExecutionInitiated'
      | 'RequestCancelExternalWorkflowExecutionFailed'
      | 'ExternalWorkflowExecutionCancelRequested'
      | 'LambdaFunctionScheduled'
      | 'StartLambdaFunctionFailed'
      | 'LambdaFunctionCompleted'
      | 'LambdaFunctionFailed'
      | 'LambdaFunctionTimedOut';
  }
>;

/** Keeps the open children of a run, and what it has initiated that is not yet carried out. */
export function foldLink(run: Run, event: LinkEvent): void {
  switch (event.eventType) {
    case 'StartChildWorkflowExecutionInitiated': {
      const { workflowId } = event.attributes;
      run.children.set(event.eventId, { workflowId, runId: '', startedEventId: 0 });
      return initiated(run, event, 'child');
    }
    case 'StartChildWorkflowExecutionFailed':
      run.children.delete(event.attributes.initiatedEventId);
      return carriedOut(run, event.attributes.initiatedEventId);
    case 'ChildWorkflowExecutionStarted': {
      const { initiatedEventId, workflowExecution } = event.attributes;
      const child = run.children.get(initiatedEventId);
      if (child === undefined) throw new Error(`no child ${initiatedEventId} in ${run.runId}`);
      child.runId = workflowExecution.runId;
      child.startedEventId = event.eventId;
      return carriedOut(run, initiatedEventId);
    }
    case 'ChildWorkflowExecutionCompleted':
    case 'ChildWorkflowExecutionFailed':
    case 'ChildWorkflowExecutionTimedOut':
    case 'ChildWorkflowExecutionCanceled':
    case 'ChildWorkflowExecutionTerminated':
      run.children.delete(event.attributes.initiatedEventId);
      return;
    case 'SignalExternalWorkflowExecutionInitiated':
      return initiated(run, event, 'signal');
    case 'RequestCancelExternalWorkflowExecutionInitiated':
      return initiated(run, event, 'cancel');
    case 'LambdaFunctionScheduled':
      return initiated(run, event, 'lambda');
    case 'SignalExternalWorkflowExecutionFailed':
    case 'ExternalWorkflowExecutionSignaled':
    case 'RequestCancelExternalWorkflowExecutionFailed':
    case 'ExternalWorkflowExecutionCancelRequested':
      return carriedOut(run, event.attributes.initiatedEventId);
    case 'StartLambdaFunctionFailed':
    case 'LambdaFunctionCompleted':
    case 'LambdaFunctionFailed':
    case 'LambdaFunctionTimedOut':
      return carriedOut(run, event.attributes.scheduledEventId);
  }
}

function initiated(run: Run, event: HistoryEvent, kind: Delivery['kind']): void {
  run.deliveries.push({ initiatedEventId: event.eventId, kind, at: event.eventAt });
}

function carriedOut(run: Run, initiatedEventId: number): void {
  const index = run.deliveries.findIndex((delivery) => delivery.initiatedEventId === initiatedEventId);
  if (index !== -1) run.deliveries.splice(index, 1);
}
