// Writes histories as Amazon SWF does, as far as orders need it: decisions become events, tasks and timers come to
// their ends. No time passes here; the test says what happens next.
import type { Decision, HistoryEvent, ScheduleActivityTaskDecisionAttributes } from '@aws-sdk/client-swf';

/** A run that a worker could be doing. */
export type OpenActivity = { readonly activityId: string; readonly scheduledEventId: number };

/** A history that is being written. */
export type HistoryWriter = {
  /** A copy of all events so far. */
  readonly events: () => HistoryEvent[];
  /** Ends the decision task: its decisions take effect. Before that, the task must have been started. */
  readonly complete: (
    startedEventId: number,
    decisions: readonly Decision[],
    executionContext: string,
  ) => void;
  /** Gives the decision task out; answers the id of its event. */
  readonly startDecision: () => number;
  readonly activities: () => readonly OpenActivity[];
  readonly timers: () => readonly string[];
  readonly completeActivity: (activity: OpenActivity, result: string) => void;
  readonly failActivity: (activity: OpenActivity, details: string) => void;
  readonly timeOutActivity: (activity: OpenActivity) => void;
  readonly fireTimer: (timerId: string) => void;
  readonly signal: (signalName: string, input: string) => void;
  readonly closed: () => boolean;
};

const fixed = new Date('2026-03-01T12:00:00Z');

/** Begins the history of an execution. `refuse` says which schedules fail as if throttled. */
export const startHistory = (input: string, refuse: () => boolean): HistoryWriter => {
  const events: HistoryEvent[] = [];
  const activities = new Map<string, OpenActivity>();
  const timers = new Map<string, number>();
  let closed = false;
  // From the decision task's start on, whatever arrives is news that the decision did not know.
  let newsSinceStart = false;

  const append = (
    eventType: NonNullable<HistoryEvent['eventType']>,
    attributes: Partial<HistoryEvent>,
  ): number => {
    const eventId = events.length + 1;
    events.push({ eventTimestamp: fixed, eventType, eventId, ...attributes });
    return eventId;
  };
  const end = (activity: OpenActivity): { scheduledEventId: number; startedEventId: number } => {
    activities.delete(activity.activityId);
    newsSinceStart = true;
    return { scheduledEventId: activity.scheduledEventId, startedEventId: 0 };
  };

  const schedule = (
    wanted: ScheduleActivityTaskDecisionAttributes,
    decisionTaskCompletedEventId: number,
  ): void => {
    const { activityId, activityType } = wanted;
    const id = activityId ?? '';
    const cause = activities.has(id) ? 'ACTIVITY_ID_ALREADY_IN_USE' : 'ACTIVITY_CREATION_RATE_EXCEEDED';
    if (activities.has(id) || refuse()) {
      append('ScheduleActivityTaskFailed', {
        scheduleActivityTaskFailedEventAttributes: {
          activityId,
          activityType,
          cause,
          decisionTaskCompletedEventId,
        },
      });
      return;
    }
    const scheduledEventId = append('ActivityTaskScheduled', {
      activityTaskScheduledEventAttributes: {
        ...wanted,
        taskList: wanted.taskList,
        decisionTaskCompletedEventId,
      },
    });
    activities.set(id, { activityId: id, scheduledEventId });
  };

  const apply = (decision: Decision, decisionTaskCompletedEventId: number): void => {
    const { scheduleActivityTaskDecisionAttributes: wanted, startTimerDecisionAttributes: timer } = decision;
    if (wanted !== undefined) schedule(wanted, decisionTaskCompletedEventId);
    if (timer !== undefined) {
      const { timerId, startToFireTimeout } = timer;
      if (timers.has(timerId ?? '')) {
        append('StartTimerFailed', {
          startTimerFailedEventAttributes: {
            timerId,
            cause: 'TIMER_ID_ALREADY_IN_USE',
            decisionTaskCompletedEventId,
          },
        });
      } else {
        const eventId = append('TimerStarted', {
          timerStartedEventAttributes: { timerId, startToFireTimeout, decisionTaskCompletedEventId },
        });
        timers.set(timerId ?? '', eventId);
      }
    }
    const cancelled = decision.cancelTimerDecisionAttributes?.timerId;
    if (cancelled !== undefined) {
      const startedEventId = timers.get(cancelled);
      if (timers.delete(cancelled)) {
        append('TimerCanceled', {
          timerCanceledEventAttributes: { timerId: cancelled, startedEventId, decisionTaskCompletedEventId },
        });
      } else {
        append('CancelTimerFailed', {
          cancelTimerFailedEventAttributes: {
            timerId: cancelled,
            cause: 'TIMER_ID_UNKNOWN',
            decisionTaskCompletedEventId,
          },
        });
      }
    }
    const withdrawn = decision.requestCancelActivityTaskDecisionAttributes?.activityId;
    if (withdrawn !== undefined) {
      const open = activities.get(withdrawn);
      if (open === undefined) {
        append('RequestCancelActivityTaskFailed', {
          requestCancelActivityTaskFailedEventAttributes: {
            activityId: withdrawn,
            cause: 'ACTIVITY_ID_UNKNOWN',
            decisionTaskCompletedEventId,
          },
        });
      } else {
        append('ActivityTaskCancelRequested', {
          activityTaskCancelRequestedEventAttributes: { activityId: withdrawn, decisionTaskCompletedEventId },
        });
        append('ActivityTaskCanceled', { activityTaskCanceledEventAttributes: end(open) });
      }
    }
    if (decision.decisionType === 'CompleteWorkflowExecution') {
      if (newsSinceStart) {
        append('CompleteWorkflowExecutionFailed', {
          completeWorkflowExecutionFailedEventAttributes: {
            cause: 'UNHANDLED_DECISION',
            decisionTaskCompletedEventId,
          },
        });
      } else {
        append('WorkflowExecutionCompleted', {
          workflowExecutionCompletedEventAttributes: { decisionTaskCompletedEventId },
        });
        closed = true;
      }
    }
  };

  append('WorkflowExecutionStarted', {
    workflowExecutionStartedEventAttributes: {
      childPolicy: 'TERMINATE',
      taskList: { name: 'any' },
      workflowType: { name: 'Order', version: '1' },
      input,
    },
  });

  return {
    events: () => [...events],
    closed: () => closed,
    activities: () => [...activities.values()],
    timers: () => [...timers.keys()],
    startDecision: () => {
      const scheduledEventId = append('DecisionTaskScheduled', {
        decisionTaskScheduledEventAttributes: { taskList: { name: 'any' } },
      });
      newsSinceStart = false;
      return append('DecisionTaskStarted', { decisionTaskStartedEventAttributes: { scheduledEventId } });
    },
    complete: (startedEventId, decisions, executionContext) => {
      const completedId = append('DecisionTaskCompleted', {
        decisionTaskCompletedEventAttributes: {
          scheduledEventId: startedEventId - 1,
          startedEventId,
          executionContext,
        },
      });
      for (const decision of decisions) apply(decision, completedId);
    },
    completeActivity: (activity, result) => {
      append('ActivityTaskCompleted', { activityTaskCompletedEventAttributes: { ...end(activity), result } });
    },
    failActivity: (activity, details) => {
      append('ActivityTaskFailed', {
        activityTaskFailedEventAttributes: { ...end(activity), reason: 'step_not_done', details },
      });
    },
    timeOutActivity: (activity) => {
      append('ActivityTaskTimedOut', {
        activityTaskTimedOutEventAttributes: { ...end(activity), timeoutType: 'START_TO_CLOSE' },
      });
    },
    fireTimer: (timerId) => {
      const startedEventId = timers.get(timerId);
      timers.delete(timerId);
      newsSinceStart = true;
      append('TimerFired', { timerFiredEventAttributes: { timerId, startedEventId } });
    },
    signal: (signalName, input) => {
      newsSinceStart = true;
      append('WorkflowExecutionSignaled', {
        workflowExecutionSignaledEventAttributes: { signalName, input },
      });
    },
  };
};
