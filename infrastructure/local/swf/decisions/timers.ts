import { append } from '../runs/draft.js';
import type { DecisionAttributes } from '../protocol/decisions.js';
import { runningTimer, type Batch } from './batch.js';

const mostOpenTimers = 1000;

/** An id is free again once its timer has fired or was canceled. */
export function startTimer(batch: Batch, given: DecisionAttributes<'StartTimer'>): void {
  const { draft, decisionTaskCompletedEventId } = batch;
  const { timerId, startToFireTimeout, control } = given;
  const inUse = runningTimer(batch, timerId) !== null;
  if (inUse || batch.openTimers >= mostOpenTimers) {
    const cause = inUse ? 'TIMER_ID_ALREADY_IN_USE' : 'OPEN_TIMERS_LIMIT_EXCEEDED';
    append(draft, {
      eventType: 'StartTimerFailed',
      attributes: { timerId, cause, decisionTaskCompletedEventId },
    });
    batch.wantsDecision = true;
    return;
  }
  const startedEventId = append(draft, {
    eventType: 'TimerStarted',
    attributes: { timerId, control, startToFireTimeout, decisionTaskCompletedEventId },
  });
  batch.timers.set(timerId, startedEventId);
  batch.openTimers += 1;
}

/** A canceled timer never fires and calls for no decision. */
export function cancelTimer(batch: Batch, given: DecisionAttributes<'CancelTimer'>): void {
  const { draft, decisionTaskCompletedEventId } = batch;
  const { timerId } = given;
  const startedEventId = runningTimer(batch, timerId);
  if (startedEventId === null) {
    append(draft, {
      eventType: 'CancelTimerFailed',
      attributes: { timerId, cause: 'TIMER_ID_UNKNOWN', decisionTaskCompletedEventId },
    });
    batch.wantsDecision = true;
    return;
  }
  append(draft, {
    eventType: 'TimerCanceled',
    attributes: { timerId, startedEventId, decisionTaskCompletedEventId },
  });
  batch.timers.set(timerId, null);
  batch.openTimers -= 1;
}
