import {
  DeprecateActivityTypeCommand,
  RegisterActivityTypeCommand,
  RespondActivityTaskCanceledCommand,
  RespondActivityTaskCompletedCommand,
  type Decision,
  type RegisterActivityTypeCommandInput,
} from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import {
  activityType,
  cancelActivity,
  cancelTimer,
  domain,
  marker,
  scheduleActivity,
  startTimer,
} from '../../support/world.js';
import type { Case, World } from '../harness.js';

const bare = { name: 'bare', version: '1' };

const settings = {
  taskList: { name: 'main' },
  scheduleToStartTimeout: '1',
  scheduleToCloseTimeout: '2',
  startToCloseTimeout: '3',
};

function failure(
  decision: string,
  cause: string,
  decisions: Decision[],
  prepare: (world: World) => Promise<unknown> = () => Promise.resolve(),
): Case {
  const event = `${decision}Failed`;
  return {
    title: `${decision} fails with ${cause}, and calls for a decision behind the batch`,
    covers: [decision, event, `${event}:${cause}`],
    run: async (world) => {
      await prepare(world);
      const run = await world.after([...decisions, marker()]);
      expect((await world.types(run)).slice(-3)).toEqual([event, 'MarkerRecorded', 'DecisionTaskScheduled']);
      expect(await world.last(run, event)).toMatchObject({ cause, decisionTaskCompletedEventId: 4 });
    },
  };
}

const activities: Case[] = [
  {
    title: 'ScheduleActivityTask shows the effective values: those of the decision before those of the type',
    covers: ['ScheduleActivityTask', 'ActivityTaskScheduled'],
    run: async (world) => {
      const given = { input: 'card', control: 'mine', startToCloseTimeout: 'NONE', taskPriority: '3' };
      const run = await world.after([scheduleActivity('a', given)]);
      expect(await world.last(run, 'ActivityTaskScheduled')).toEqual({
        activityType,
        activityId: 'a',
        ...given,
        taskList: { name: 'main' },
        scheduleToStartTimeout: '100',
        scheduleToCloseTimeout: '400',
        heartbeatTimeout: '50',
        decisionTaskCompletedEventId: 4,
      });
      expect(await world.pendingDecisions()).toBe(0);
    },
  },
  {
    title: 'ScheduleActivityTask overrides every default of the type',
    covers: ['ScheduleActivityTask', 'ActivityTaskScheduled'],
    run: async (world) => {
      const given = { ...settings, taskList: { name: 'other' }, heartbeatTimeout: '4', taskPriority: '-1' };
      const run = await world.after([scheduleActivity('a', given)]);
      expect(await world.last(run, 'ActivityTaskScheduled')).toMatchObject(given);
      expect(await world.pendingActivities('other')).toBe(1);
    },
  },
  {
    title: 'ScheduleActivityTask does without a heartbeat timeout',
    covers: ['ScheduleActivityTask', 'ActivityTaskScheduled'],
    run: async (world) => {
      await world.client.send(new RegisterActivityTypeCommand({ domain, ...bare }));
      const run = await world.after([scheduleActivity('a', { activityType: bare, ...settings })]);
      expect(await world.last(run, 'ActivityTaskScheduled')).not.toHaveProperty('heartbeatTimeout');
    },
  },
  {
    title: 'ScheduleActivityTask takes an id again once its task is closed',
    covers: ['ScheduleActivityTask', 'ActivityTaskCompleted'],
    run: async (world) => {
      const run = await world.after([scheduleActivity('a')]);
      await world.work();
      await world.decide([scheduleActivity('a')]);
      expect((await world.types(run)).at(-1)).toBe('ActivityTaskScheduled');
    },
  },
  failure('ScheduleActivityTask', 'ACTIVITY_TYPE_DOES_NOT_EXIST', [
    scheduleActivity('a', { activityType: bare }),
  ]),
  failure('ScheduleActivityTask', 'ACTIVITY_TYPE_DEPRECATED', [scheduleActivity()], (world) =>
    world.client.send(new DeprecateActivityTypeCommand({ domain, activityType })),
  ),
  failure('ScheduleActivityTask', 'ACTIVITY_ID_ALREADY_IN_USE', [
    scheduleActivity('a'),
    scheduleActivity('a'),
  ]),
  failure(
    'ScheduleActivityTask',
    'OPEN_ACTIVITIES_LIMIT_EXCEEDED',
    Array.from({ length: 1001 }, (_, index) => scheduleActivity(`a${index}`)),
  ),
  ...[
    ['defaultTaskList', 'DEFAULT_TASK_LIST_UNDEFINED'],
    ['defaultTaskScheduleToStartTimeout', 'DEFAULT_SCHEDULE_TO_START_TIMEOUT_UNDEFINED'],
    ['defaultTaskScheduleToCloseTimeout', 'DEFAULT_SCHEDULE_TO_CLOSE_TIMEOUT_UNDEFINED'],
    ['defaultTaskStartToCloseTimeout', 'DEFAULT_START_TO_CLOSE_TIMEOUT_UNDEFINED'],
  ].map(([missing = '', cause = '']) =>
    failure('ScheduleActivityTask', cause, [scheduleActivity('a', { activityType: bare })], (world) =>
      world.client.send(bareType(missing)),
    ),
  ),
];

function bareType(missing: string) {
  const all: Partial<RegisterActivityTypeCommandInput> = {
    defaultTaskList: { name: 'main' },
    defaultTaskScheduleToStartTimeout: '10',
    defaultTaskScheduleToCloseTimeout: '10',
    defaultTaskStartToCloseTimeout: '10',
  };
  const given = Object.fromEntries(Object.entries(all).filter(([name]) => name !== missing));
  return new RegisterActivityTypeCommand({ domain, ...bare, ...given });
}

const cancels: Case[] = [
  {
    title: 'RequestCancelActivityTask cancels a waiting task at once, also one of its own batch',
    covers: ['RequestCancelActivityTask', 'ActivityTaskCancelRequested', 'ActivityTaskCanceled'],
    run: async (world) => {
      const run = await world.after([scheduleActivity('a'), cancelActivity('a')]);
      expect((await world.types(run)).slice(4)).toEqual([
        'ActivityTaskScheduled',
        'ActivityTaskCancelRequested',
        'ActivityTaskCanceled',
        'DecisionTaskScheduled',
      ]);
      expect(await world.last(run, 'ActivityTaskCancelRequested')).toEqual({
        activityId: 'a',
        decisionTaskCompletedEventId: 4,
      });
      expect(await world.last(run, 'ActivityTaskCanceled')).toEqual({
        scheduledEventId: 5,
        startedEventId: 0,
        latestCancelRequestedEventId: 6,
      });
      expect(await world.pendingActivities()).toBe(0);
    },
  },
  ...(['canceled', 'completed'] as const).map((end): Case => ({
    title: `RequestCancelActivityTask only tells a started task, which may still be ${end}`,
    covers: [
      'RequestCancelActivityTask',
      end === 'canceled' ? 'ActivityTaskCanceled' : 'ActivityTaskCompleted',
    ],
    run: async (world) => {
      const run = await world.after([scheduleActivity('a')]);
      const { taskToken } = await world.pollActivity();
      await world.signal();
      await world.decide([cancelActivity('a'), cancelActivity('a')]);
      expect((await world.types(run)).at(-1)).toBe('ActivityTaskCancelRequested');
      expect(await world.pendingDecisions()).toBe(0);
      if (end === 'completed')
        await world.client.send(new RespondActivityTaskCompletedCommand({ taskToken }));
      else {
        await world.client.send(new RespondActivityTaskCanceledCommand({ taskToken, details: 'undone' }));
        const requested = (await world.types(run)).lastIndexOf('ActivityTaskCancelRequested') + 1;
        expect(await world.last(run, 'ActivityTaskCanceled')).toEqual({
          details: 'undone',
          scheduledEventId: 5,
          startedEventId: 6,
          latestCancelRequestedEventId: requested,
        });
      }
      expect((await world.types(run)).at(-1)).toBe('DecisionTaskScheduled');
    },
  })),
  failure('RequestCancelActivityTask', 'ACTIVITY_ID_UNKNOWN', [cancelActivity('a')]),
];

const timers: Case[] = [
  {
    title: 'StartTimer and RecordMarker are recorded without calling for a decision',
    covers: ['StartTimer', 'TimerStarted', 'RecordMarker', 'MarkerRecorded'],
    run: async (world) => {
      const run = await world.after([startTimer(), marker()]);
      expect((await world.types(run)).slice(4)).toEqual(['TimerStarted', 'MarkerRecorded']);
      expect(await world.last(run, 'TimerStarted')).toEqual({
        timerId: 't',
        startToFireTimeout: '10',
        decisionTaskCompletedEventId: 4,
      });
      expect(await world.last(run, 'MarkerRecorded')).toEqual({
        markerName: 'note',
        details: 'seen',
        decisionTaskCompletedEventId: 4,
      });
      expect(await world.pendingDecisions()).toBe(0);
    },
  },
  {
    title: 'RecordMarker takes any name, and the same one again',
    covers: ['RecordMarker', 'MarkerRecorded'],
    run: async (world) => {
      const run = await world.after([marker('a:/|b'), marker('a:/|b')]);
      expect((await world.types(run)).slice(4)).toEqual(['MarkerRecorded', 'MarkerRecorded']);
    },
  },
  {
    title: 'CancelTimer ends a running timer, and its id is free within the same batch',
    covers: ['CancelTimer', 'TimerCanceled', 'TimerStarted'],
    run: async (world) => {
      const run = await world.after([startTimer(), cancelTimer(), startTimer('t', '20')]);
      expect((await world.types(run)).slice(4)).toEqual(['TimerStarted', 'TimerCanceled', 'TimerStarted']);
      expect(await world.last(run, 'TimerCanceled')).toEqual({
        timerId: 't',
        startedEventId: 5,
        decisionTaskCompletedEventId: 4,
      });
      world.clock.advance(20_000);
      expect((await world.types(run)).filter((type) => type === 'TimerFired')).toHaveLength(1);
    },
  },
  failure('StartTimer', 'TIMER_ID_ALREADY_IN_USE', [startTimer(), startTimer()]),
  failure(
    'StartTimer',
    'OPEN_TIMERS_LIMIT_EXCEEDED',
    Array.from({ length: 1001 }, (_, index) => startTimer(`t${index}`)),
  ),
  failure('CancelTimer', 'TIMER_ID_UNKNOWN', [cancelTimer()]),
  {
    title: 'CancelTimer does not know a timer that has fired',
    covers: ['TimerFired', 'CancelTimerFailed:TIMER_ID_UNKNOWN'],
    run: async (world) => {
      const run = await world.after([startTimer('t', '0')]);
      await world.decide([cancelTimer()]);
      expect(await world.last(run, 'CancelTimerFailed')).toMatchObject({ timerId: 't' });
    },
  },
];

/** Activities, timers and markers: what their decisions leave in the history. */
export const schedulings: readonly Case[] = [...activities, ...cancels, ...timers];
