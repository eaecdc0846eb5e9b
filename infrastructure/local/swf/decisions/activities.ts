import { append } from '../runs/draft.js';
import type { DecisionAttributes } from '../protocol/decisions.js';
import { typeKey } from '../state/state.js';
import { openActivity, type Batch } from './batch.js';

const mostOpenActivities = 1000;

/** Each timeout and the list come from the decision, else from the type; all but the heartbeat timeout must be set. */
export function scheduleActivity(batch: Batch, given: DecisionAttributes<'ScheduleActivityTask'>): void {
  const { draft, decisionTaskCompletedEventId } = batch;
  const { activityId, input, control } = given;
  const activityType = { name: given.activityType.name, version: given.activityType.version };
  const settings = settingsOf(batch, given);
  if (typeof settings === 'string') {
    append(draft, {
      eventType: 'ScheduleActivityTaskFailed',
      attributes: { activityType, activityId, cause: settings, decisionTaskCompletedEventId },
    });
    batch.wantsDecision = true;
    return;
  }
  const scheduledEventId = append(draft, {
    eventType: 'ActivityTaskScheduled',
    attributes: { activityType, activityId, input, control, ...settings, decisionTaskCompletedEventId },
  });
  batch.activities.set(activityId, { scheduledEventId, startedEventId: 0 });
  batch.openActivities += 1;
}

/** A waiting task is canceled at once; a started one learns of it from its next heartbeat. */
export function requestCancelActivity(
  batch: Batch,
  given: DecisionAttributes<'RequestCancelActivityTask'>,
): void {
  const { draft, decisionTaskCompletedEventId } = batch;
  const { activityId } = given;
  const task = openActivity(batch, activityId);
  if (task === null) {
    append(draft, {
      eventType: 'RequestCancelActivityTaskFailed',
      attributes: { activityId, cause: 'ACTIVITY_ID_UNKNOWN', decisionTaskCompletedEventId },
    });
    batch.wantsDecision = true;
    return;
  }
  const latestCancelRequestedEventId = append(draft, {
    eventType: 'ActivityTaskCancelRequested',
    attributes: { decisionTaskCompletedEventId, activityId },
  });
  if (task.startedEventId !== 0) return;
  const { scheduledEventId } = task;
  append(draft, {
    eventType: 'ActivityTaskCanceled',
    attributes: { scheduledEventId, startedEventId: 0, latestCancelRequestedEventId },
  });
  batch.activities.set(activityId, null);
  batch.openActivities -= 1;
  batch.wantsDecision = true;
}

/** The effective settings, or the cause why the task cannot be scheduled; the first in the order of the checks. */
function settingsOf(batch: Batch, given: DecisionAttributes<'ScheduleActivityTask'>) {
  const type = batch.domain.activityTypes.get(typeKey(given.activityType));
  if (type === undefined) return 'ACTIVITY_TYPE_DOES_NOT_EXIST';
  if (type.deprecatedAt !== null) return 'ACTIVITY_TYPE_DEPRECATED';
  if (openActivity(batch, given.activityId) !== null) return 'ACTIVITY_ID_ALREADY_IN_USE';
  if (batch.openActivities >= mostOpenActivities) return 'OPEN_ACTIVITIES_LIMIT_EXCEEDED';
  const { defaults } = type;
  const list = given.taskList ?? defaults.defaultTaskList;
  const scheduleToStartTimeout = given.scheduleToStartTimeout || defaults.defaultTaskScheduleToStartTimeout;
  const scheduleToCloseTimeout = given.scheduleToCloseTimeout || defaults.defaultTaskScheduleToCloseTimeout;
  const startToCloseTimeout = given.startToCloseTimeout || defaults.defaultTaskStartToCloseTimeout;
  if (list === undefined) return 'DEFAULT_TASK_LIST_UNDEFINED';
  if (!scheduleToStartTimeout) return 'DEFAULT_SCHEDULE_TO_START_TIMEOUT_UNDEFINED';
  if (!scheduleToCloseTimeout) return 'DEFAULT_SCHEDULE_TO_CLOSE_TIMEOUT_UNDEFINED';
  if (!startToCloseTimeout) return 'DEFAULT_START_TO_CLOSE_TIMEOUT_UNDEFINED';
  return {
    taskList: { name: list.name },
    scheduleToStartTimeout,
    scheduleToCloseTimeout,
    startToCloseTimeout,
    heartbeatTimeout: given.heartbeatTimeout || defaults.defaultTaskHeartbeatTimeout || undefined,
    taskPriority: given.taskPriority ?? defaults.defaultTaskPriority,
  };
}
