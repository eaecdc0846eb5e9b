import type { OrderId } from '../ids.js';
import type { ProcessSettings } from './limits.js';
import type { Situation } from './situation.js';
import { runFromKey, runKey, type Step, stepFromKey, stepKey } from './steps.js';

// What a process may learn, in words of its own. The workflow service's history is translated into these, including
// the echoes of our own decisions: a decision that never arrived leaves no echo, and is made again.

/** A wait of the process with a deadline: before a retry, or before the first run of a step that has one. */
export type Timer =
  | { readonly name: 'retry'; readonly step: Step; readonly run: number }
  | { readonly name: 'wait'; readonly step: Step };

/** One fact of a process. */
export type ProcessFact =
  | { readonly type: 'ProcessStarted'; readonly orderId: OrderId; readonly settings: ProcessSettings }
  | { readonly type: 'StepScheduled'; readonly step: Step; readonly run: number }
  /** The service refused to schedule (throttled, a limit, an unknown type): no run came of it. */
  | { readonly type: 'StepNotScheduled'; readonly step: Step; readonly cause: string }
  | { readonly type: 'StepDone'; readonly step: Step; readonly run: number; readonly situation: Situation }
  | { readonly type: 'StepFailed'; readonly step: Step; readonly run: number; readonly reason: string }
  | { readonly type: 'StepTimedOut'; readonly step: Step; readonly run: number }
  | { readonly type: 'StepWithdrawalRequested'; readonly step: Step; readonly run: number }
  | { readonly type: 'StepWithdrawn'; readonly step: Step; readonly run: number }
  | { readonly type: 'TimerStarted'; readonly timer: Timer }
  | { readonly type: 'TimerNotStarted'; readonly timer: Timer; readonly cause: string }
  | { readonly type: 'TimerFired'; readonly timer: Timer }
  | { readonly type: 'TimerCancelled'; readonly timer: Timer }
  /** Somebody outside the process changed the order, such as a customer who cancelled. */
  | { readonly type: 'OrderChanged'; readonly situation: Situation }
  /** Something arrived that this version does not understand; it is kept for people to read and changes nothing. */
  | { readonly type: 'NotUnderstood'; readonly what: string };

const retryPrefix = 'retry-';
const waitPrefix = 'wait-';

/** The timer's name within its process: `wait-ReleaseToWarehouse`, `retry-ReserveCard.1-2`. */
export const timerKey = (timer: Timer): string =>
  timer.name === 'retry'
    ? `${retryPrefix}${runKey(timer.step, timer.run)}`
    : `${waitPrefix}${stepKey(timer.step)}`;

/** The timer with exactly this key (the inverse of `timerKey`); null for any other text. */
export const timerFromKey = (key: string): Timer | null => {
  if (key.startsWith(waitPrefix)) {
    const step = stepFromKey(key.slice(waitPrefix.length));
    return step === null ? null : { name: 'wait', step };
  }
  const named = key.startsWith(retryPrefix) ? runFromKey(key.slice(retryPrefix.length)) : null;
  return named === null ? null : { name: 'retry', ...named };
};
