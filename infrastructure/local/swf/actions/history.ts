import { invalid } from '../protocol/faults.js';
import type { getWorkflowExecutionHistory } from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import { pageTokenOf, positionOf } from '../protocol/tokens.js';
import { eventCountOf, historyOf } from '../storage/closed-run.js';
import { eventOfText, type HistoryEvent } from '../state/events.js';
import type { Frozen, Run, State } from '../state/state.js';
import { runNamed } from './lookups.js';
import { refused, type Call, type Outcome } from './outcome.js';
import { pageSize, requestText } from './paging.js';

/** Pages by event; ascending, or descending in reverse order. */
export function getHistory(
  state: Frozen<State>,
  input: Satisfying<typeof getWorkflowExecutionHistory>,
  call: Call,
): Outcome {
  const found = runNamed(state, input.domain, input.execution);
  if ('fault' in found) return refused(found.fault);
  const run = found.found;
  const request = requestText('GetWorkflowExecutionHistory', input);
  const descending = input.reverseOrder === true;
  const last = eventCountOf(run);
  let from = descending ? last : 1;
  if (input.nextPageToken !== undefined && input.nextPageToken !== '') {
    const page = positionOf(input.nextPageToken, request, call.now);
    if ('problem' in page) return refused(invalid(page.problem));
    from = Number(page.position[0]);
  }
  const size = pageSize(input);
  const history = historyOf(state, run);
  const texts = descending
    ? history.slice(Math.max(from - size, 0), from).reverse()
    : history.slice(from - 1, from - 1 + size);
  const next = descending ? from - size : from + size;
  const more = descending ? next >= 1 : next <= last;
  const token = more
    ? `,"nextPageToken":"${pageTokenOf({ request, position: [next], issuedAt: call.now })}"`
    : '';
  return { type: 'done', changes: [], body: `{"events":[${texts.join(',')}]${token}}` };
}

/** An event of a run's history, taken apart again. */
export function recordedEvent(run: Frozen<Run>, eventId: number): HistoryEvent {
  const text = run.history[eventId - 1];
  if (text === undefined) throw new Error(`no event ${eventId} in ${run.runId}`);
  return eventOfText(text);
}
