import type { Change } from '../state/change.js';
import { nextExpiry } from '../state/clocks.js';
import type { Frozen, State } from '../state/state.js';
import { changesOf } from './consequences.js';
import { deliver } from './deliveries.js';
import { append, appendClosing, callForDecision, draftOf } from './draft.js';

/**
 * What the passing of time does next: the changes of the earliest deadline that has passed, none when there is
 * none. One deadline may move another, so apply the changes and ask again until nothing comes.
 */
export function tick(state: Frozen<State>, now: number): readonly Change[] {
  const run = state.due[0];
  if (run === undefined || run.due > now) return [];
  if (run.closed !== null) return [{ type: 'runDeleted', runId: run.runId }];
  const expiry = nextExpiry(run);
  const draft = draftOf(state, run, now);
  switch (expiry.type) {
    case 'delivery':
      deliver(draft, expiry.delivery);
      break;
    case 'execution':
      appendClosing(draft, {
        eventType: 'WorkflowExecutionTimedOut',
        attributes: { timeoutType: 'START_TO_CLOSE', childPolicy: run.configuration.childPolicy },
      });
      break;
    case 'decision': {
      const { scheduledEventId, startedEventId } = expiry.task;
      append(draft, {
        eventType: 'DecisionTaskTimedOut',
        attributes: {
          timeoutType: startedEventId === 0 ? 'SCHEDULE_TO_START' : 'START_TO_CLOSE',
          scheduledEventId,
          startedEventId,
        },
      });
      draft.decision = run.heldBack === null ? 'none' : 'waiting';
      draft.lists = { ...draft.lists, temporary: null };
      callForDecision(draft);
      break;
    }
    case 'activity': {
      const { scheduledEventId, startedEventId, details } = expiry.task;
      append(draft, {
        eventType: 'ActivityTaskTimedOut',
        attributes: { timeoutType: expiry.timeoutType, scheduledEventId, startedEventId, details },
      });
      callForDecision(draft);
      break;
    }
    case 'timer': {
      const { timerId, startedEventId } = expiry.timer;
      append(draft, { eventType: 'TimerFired', attributes: { timerId, startedEventId } });
      callForDecision(draft);
      break;
    }
  }
  return changesOf(draft);
}

/** When `tick` will next have something to do; Infinity for never. */
export function nextDeadline(state: Frozen<State>): number {
  return state.due[0]?.due ?? Infinity;
}
