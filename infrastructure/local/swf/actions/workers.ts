import type {
  recordActivityTaskHeartbeat,
  respondActivityTaskCanceled,
  respondActivityTaskCompleted,
  respondActivityTaskFailed,
} from '../protocol/requests.js';
import type { Satisfying } from '../protocol/rules.js';
import type { Fact } from '../state/events.js';
import type { Frozen, OpenActivity, State } from '../state/state.js';
import { changesOf } from '../runs/consequences.js';
import { append, callForDecision, draftOf } from '../runs/draft.js';
import { startedActivity } from './lookups.js';
import { accepted, refused, type Call, type Outcome } from './outcome.js';

/** Accepted once, also after a cancel request. */
export function complete(
  state: Frozen<State>,
  input: Satisfying<typeof respondActivityTaskCompleted>,
  call: Call,
): Outcome {
  const { result } = input;
  return close(state, input.taskToken, call, ({ scheduledEventId, startedEventId }) => ({
    eventType: 'ActivityTaskCompleted',
    attributes: { result, scheduledEventId, startedEventId },
  }));
}

/** Accepted once, also after a cancel request. Nothing is tried again by itself. */
export function fail(
  state: Frozen<State>,
  input: Satisfying<typeof respondActivityTaskFailed>,
  call: Call,
): Outcome {
  const { reason, details } = input;
  return close(state, input.taskToken, call, ({ scheduledEventId, startedEventId }) => ({
    eventType: 'ActivityTaskFailed',
    attributes: { reason, details, scheduledEventId, startedEventId },
  }));
}

/** Accepted without a cancel request too; the event then names none. */
export function cancel(
  state: Frozen<State>,
  input: Satisfying<typeof respondActivityTaskCanceled>,
  call: Call,
): Outcome {
  const { details } = input;
  return close(
    state,
    input.taskToken,
    call,
    ({ scheduledEventId, startedEventId, cancelRequestedEventId }) => ({
      eventType: 'ActivityTaskCanceled',
      attributes: {
        details,
        scheduledEventId,
        startedEventId,
        latestCancelRequestedEventId: cancelRequestedEventId === 0 ? undefined : cancelRequestedEventId,
      },
    }),
  );
}

/** Restarts the heartbeat clock; details that are left out keep the former ones. */
export function heartbeat(
  state: Frozen<State>,
  input: Satisfying<typeof recordActivityTaskHeartbeat>,
  call: Call,
): Outcome {
  const started = startedActivity(state, input.taskToken);
  if ('fault' in started) return refused(started.fault);
  const { run, task } = started.found;
  const { scheduledEventId } = task;
  return {
    type: 'done',
    changes: [
      { type: 'heartbeatRecorded', runId: run.runId, scheduledEventId, details: input.details, at: call.now },
    ],
    body: JSON.stringify({ cancelRequested: task.cancelRequestedEventId !== 0 }),
  };
}

function close(
  state: Frozen<State>,
  taskToken: string,
  call: Call,
  factOf: (task: Frozen<OpenActivity>) => Fact,
): Outcome {
  const started = startedActivity(state, taskToken);
  if ('fault' in started) return refused(started.fault);
  const draft = draftOf(state, started.found.run, call.now);
  append(draft, factOf(started.found.task));
  callForDecision(draft);
  return accepted(changesOf(draft));
}
