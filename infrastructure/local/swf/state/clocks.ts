import type { ActivityTimeout } from './attributes.js';
import type { Delivery, Frozen, OpenActivity, OpenDecision, OpenTimer, Run } from './state.js';

/** The next thing that time does to an open run. */
export type Expiry = { readonly at: number } & (
  | { readonly type: 'execution' }
  | { readonly type: 'delivery'; readonly delivery: Delivery }
  | { readonly type: 'decision'; readonly task: Frozen<OpenDecision> }
  | { readonly type: 'activity'; readonly task: Frozen<OpenActivity>; readonly timeoutType: ActivityTimeout }
  | { readonly type: 'timer'; readonly timer: Frozen<OpenTimer> }
);

/**
 * What expires first in an open run. What a decision has initiated comes before everything else, because it is due
 * at once. Of equal deadlines: decision task, activities and timers in the order of
 * their scheduling, the execution itself last.
 */
export function nextExpiry(run: Frozen<Run>): Expiry {
  const [delivery] = run.deliveries;
  if (delivery !== undefined) return { type: 'delivery', at: delivery.at, delivery };
  let next: Expiry = { type: 'execution', at: run.timesOutAt };
  for (const timer of run.timers.values()) {
    if (timer.firesAt < next.at || (timer.firesAt === next.at && next.type === 'execution')) {
      next = { type: 'timer', at: timer.firesAt, timer };
    }
  }
  for (const task of run.activities.values()) {
    const at = activityExpiresAt(task);
    if (at < next.at || (at === next.at && next.type !== 'activity' && at !== Infinity)) {
      next = { type: 'activity', at, task, timeoutType: firstClock(task, at) };
    }
  }
  const { decision } = run;
  if (decision !== null && decision.expiresAt <= next.at && decision.expiresAt !== Infinity) {
    next = { type: 'decision', at: decision.expiresAt, task: decision };
  }
  return next;
}

/** When the first of the activity's running clocks runs out. */
function activityExpiresAt(task: Frozen<OpenActivity>): number {
  const whole = task.scheduledAt + task.scheduleToClose;
  if (task.startedEventId === 0) return Math.min(whole, task.scheduledAt + task.scheduleToStart);
  return Math.min(whole, task.startedAt + task.startToClose, task.lastSignAt + task.heartbeat);
}

function firstClock(task: Frozen<OpenActivity>, at: number): ActivityTimeout {
  if (task.startedEventId === 0) {
    return task.scheduledAt + task.scheduleToStart === at ? 'SCHEDULE_TO_START' : 'SCHEDULE_TO_CLOSE';
  }
  if (task.startedAt + task.startToClose === at) return 'START_TO_CLOSE';
  return task.scheduledAt + task.scheduleToClose === at ? 'SCHEDULE_TO_CLOSE' : 'HEARTBEAT';
}
