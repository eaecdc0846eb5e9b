import { eventOfText, type HistoryEvent } from '../../../../infrastructure/local/swf/state/events.js';

/** Event lists by runId; a run that is not in it is no longer kept, and nothing is claimed of it. */
type Histories = ReadonlyMap<string, readonly HistoryEvent[]>;
type Must = (holds: boolean, what: string) => void;

/** How a child's end is told to its parent. */
const reports: ReadonlyMap<string, string> = new Map([
  ['WorkflowExecutionCompleted', 'ChildWorkflowExecutionCompleted'],
  ['WorkflowExecutionFailed', 'ChildWorkflowExecutionFailed'],
  ['WorkflowExecutionCanceled', 'ChildWorkflowExecutionCanceled'],
  ['WorkflowExecutionTimedOut', 'ChildWorkflowExecutionTimedOut'],
  ['WorkflowExecutionTerminated', 'ChildWorkflowExecutionTerminated'],
]);
const ends: ReadonlySet<string> = new Set([...reports.keys(), 'WorkflowExecutionContinuedAsNew']);

/**
 * Every breach of the rules that histories must obey together, in words: what one run says of another, the other
 * must say too.
 */
export function brokenLinksOf(runs: ReadonlyMap<string, { readonly history: readonly string[] }>): string[] {
  const breaches: string[] = [];
  const histories = new Map([...runs].map(([runId, { history }]) => [runId, history.map(eventOfText)]));
  for (const [runId, events] of histories) {
    for (const event of events) {
      const must: Must = (holds, what) => {
        if (!holds) breaches.push(`${runId} ${event.eventId} ${event.eventType}: ${what}`);
      };
      if (event.eventType === 'WorkflowExecutionStarted') checkStart(event, runId, histories, must);
      checkDelivery(event, runId, histories, must);
      if (event === events.at(-1) && ends.has(event.eventType)) checkReport(event, events, histories, must);
    }
  }
  return breaches;
}

function checkStart(
  { attributes }: Extract<HistoryEvent, { eventType: 'WorkflowExecutionStarted' }>,
  runId: string,
  histories: Histories,
  must: Must,
): void {
  const { parentWorkflowExecution: parent, parentInitiatedEventId, continuedExecutionRunId } = attributes;
  must((parent === undefined) === (parentInitiatedEventId === 0), 'names a parent and its event, or neither');
  const initiated = histories.get(parent?.runId ?? '')?.[parentInitiatedEventId - 1];
  if (initiated !== undefined) {
    must(initiated.eventType === 'StartChildWorkflowExecutionInitiated', 'was initiated by its parent');
  }
  const former = histories.get(continuedExecutionRunId ?? '')?.at(-1);
  if (former === undefined) return;
  must(
    former.eventType === 'WorkflowExecutionContinuedAsNew' && former.attributes.newExecutionRunId === runId,
    'is what the former run continues as',
  );
}

/** Signals, cancel requests and starts of children: both sides name each other. */
function checkDelivery(event: HistoryEvent, runId: string, histories: Histories, must: Must): void {
  if (
    event.eventType === 'WorkflowExecutionSignaled' ||
    event.eventType === 'WorkflowExecutionCancelRequested'
  ) {
    const { externalWorkflowExecution: sender, externalInitiatedEventId: id } = event.attributes;
    const initiated = id === 0 ? undefined : histories.get(sender?.runId ?? '')?.[id - 1];
    const kind = event.eventType === 'WorkflowExecutionSignaled' ? 'Signal' : 'RequestCancel';
    if (initiated === undefined) return;
    must(initiated.eventType === `${kind}ExternalWorkflowExecutionInitiated`, 'was initiated by its sender');
  }
  if (
    event.eventType === 'ExternalWorkflowExecutionSignaled' ||
    event.eventType === 'ExternalWorkflowExecutionCancelRequested'
  ) {
    const { workflowExecution, initiatedEventId } = event.attributes;
    const received = histories
      .get(workflowExecution.runId)
      ?.filter(
        ({ attributes }) =>
          'externalInitiatedEventId' in attributes &&
          attributes.externalWorkflowExecution?.runId === runId &&
          attributes.externalInitiatedEventId === initiatedEventId,
      );
    must(received === undefined || received.length === 1, 'was received once');
  }
  if (event.eventType === 'ChildWorkflowExecutionStarted') {
    const { workflowExecution, initiatedEventId } = event.attributes;
    const first = histories.get(workflowExecution.runId)?.[0];
    if (first?.eventType !== 'WorkflowExecutionStarted') return;
    must(first.attributes.parentWorkflowExecution?.runId === runId, 'is the parent of its child');
    must(first.attributes.parentInitiatedEventId === initiatedEventId, 'by the event that initiated it');
  }
}

/** An open parent hears of each end of a child, but for one that goes on in a new run. */
function checkReport(
  end: HistoryEvent,
  events: readonly HistoryEvent[],
  histories: Histories,
  must: Must,
): void {
  const [first] = events;
  const report = reports.get(end.eventType);
  if (first?.eventType !== 'WorkflowExecutionStarted' || report === undefined) return;
  const { parentWorkflowExecution, parentInitiatedEventId } = first.attributes;
  const parent = histories.get(parentWorkflowExecution?.runId ?? '');
  const last = parent?.at(-1);
  if (parent === undefined || last === undefined) return;
  const told = parent.filter(
    ({ eventType, attributes }) =>
      eventType === report &&
      'initiatedEventId' in attributes &&
      attributes.initiatedEventId === parentInitiatedEventId,
  );
  const deaf = ends.has(last.eventType) && last.eventAt <= end.eventAt;
  must(told.length === 1 || (deaf && told.length === 0), 'is told to the parent once');
}
