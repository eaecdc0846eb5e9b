import {
  DeprecateActivityTypeCommand,
  RegisterActivityTypeCommand,
  type Decision,
  type RegisterActivityTypeCommandInput,
} from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import {
  activityType,
  attributesOf,
  cancelActivity,
  cancelTimer,
  complete,
  domain,
  marker,
  scheduleActivity,
  shop,
  startTimer,
  taskList,
  typesOf,
} from './support/world.js';

/** Starts a run, answers its first decision task and gives the events behind DecisionTaskCompleted (which is event 4). */
async function after(world: Awaited<ReturnType<typeof shop>>, decisions: Decision[]) {
  const run = await world.start();
  await world.decide(decisions);
  const events = await world.history(run);
  return { run, events, types: typesOf(events).slice(4) };
}

describe('ScheduleActivityTask', () => {
  it('shows the effective values of decision and type', async () => {
    const world = await shop();
    const { events } = await after(world, [
      scheduleActivity('a', {
        input: 'card',
        control: 'mine',
        startToCloseTimeout: 'NONE',
        taskPriority: '3',
      }),
    ]);
    expect(attributesOf(events, 5)).toEqual({
      activityType,
      activityId: 'a',
      input: 'card',
      control: 'mine',
      taskList,
      taskPriority: '3',
      scheduleToStartTimeout: '100',
      scheduleToCloseTimeout: '400',
      startToCloseTimeout: 'NONE',
      heartbeatTimeout: '50',
      decisionTaskCompletedEventId: 4,
    });
    expect(await world.pendingDecisions()).toBe(0);
  });

  it('fails for an unknown and for a deprecated type, and calls for one decision after the batch', async () => {
    const world = await shop();
    await world.client.send(new RegisterActivityTypeCommand({ domain, name: 'old', version: '1' }));
    const old = { name: 'old', version: '1' };
    await world.client.send(new DeprecateActivityTypeCommand({ domain, activityType: old }));
    const { events, types } = await after(world, [
      scheduleActivity('a', { activityType: { name: 'charge', version: '2' } }),
      scheduleActivity('b', { activityType: old }),
      marker(),
    ]);
    expect(types).toEqual([
      'ScheduleActivityTaskFailed',
      'ScheduleActivityTaskFailed',
      'MarkerRecorded',
      'DecisionTaskScheduled',
    ]);
    expect(attributesOf(events, 5)).toEqual({
      activityType: { name: 'charge', version: '2' },
      activityId: 'a',
      cause: 'ACTIVITY_TYPE_DOES_NOT_EXIST',
      decisionTaskCompletedEventId: 4,
    });
    expect(attributesOf(events, 6)).toMatchObject({ cause: 'ACTIVITY_TYPE_DEPRECATED' });
  });

  it('refuses an id that is open, also within one batch, and takes it again once it is closed', async () => {
    const world = await shop();
    const { run, events, types } = await after(world, [scheduleActivity('a'), scheduleActivity('a')]);
    expect(types).toEqual(['ActivityTaskScheduled', 'ScheduleActivityTaskFailed', 'DecisionTaskScheduled']);
    expect(attributesOf(events, 6)).toMatchObject({ cause: 'ACTIVITY_ID_ALREADY_IN_USE' });
    await world.work();
    await world.decide([scheduleActivity('a')]);
    expect(typesOf(await world.history(run)).at(-1)).toBe('ActivityTaskScheduled');
  });

  it.each([
    ['defaultTaskList', 'DEFAULT_TASK_LIST_UNDEFINED'],
    ['defaultTaskScheduleToStartTimeout', 'DEFAULT_SCHEDULE_TO_START_TIMEOUT_UNDEFINED'],
    ['defaultTaskScheduleToCloseTimeout', 'DEFAULT_SCHEDULE_TO_CLOSE_TIMEOUT_UNDEFINED'],
    ['defaultTaskStartToCloseTimeout', 'DEFAULT_START_TO_CLOSE_TIMEOUT_UNDEFINED'],
  ])('fails when neither the decision nor the type gives %s', async (missing, cause) => {
    const world = await shop();
    const all: Partial<RegisterActivityTypeCommandInput> = {
      defaultTaskList: taskList,
      defaultTaskScheduleToStartTimeout: '10',
      defaultTaskScheduleToCloseTimeout: '10',
      defaultTaskStartToCloseTimeout: '10',
    };
    const given = Object.fromEntries(Object.entries(all).filter(([name]) => name !== missing));
    await world.client.send(
      new RegisterActivityTypeCommand({ domain, name: 'charge', version: '2', ...given }),
    );
    const { events } = await after(world, [
      scheduleActivity('a', { activityType: { name: 'charge', version: '2' } }),
    ]);
    expect(attributesOf(events, 5)).toMatchObject({ cause });
  });

  it('does without a heartbeat timeout', async () => {
    const world = await shop();
    await world.client.send(new RegisterActivityTypeCommand({ domain, name: 'bare', version: '1' }));
    const { events } = await after(world, [
      scheduleActivity('a', {
        activityType: { name: 'bare', version: '1' },
        taskList,
        scheduleToStartTimeout: '1',
        scheduleToCloseTimeout: '2',
        startToCloseTimeout: '3',
      }),
    ]);
    expect(attributesOf(events, 5)).not.toHaveProperty('heartbeatTimeout');
    expect(typesOf(events)[4]).toBe('ActivityTaskScheduled');
  });

  it('opens at most a thousand activities and a thousand timers', async () => {
    const world = await shop();
    const many = Array.from({ length: 1001 }, (_, index) => scheduleActivity(`a${index}`));
    const timers = Array.from({ length: 1001 }, (_, index) => startTimer(`t${index}`));
    const run = await world.start();
    await world.decide([...many, ...timers]);
    const events = (await world.describe(run)).openCounts;
    expect(events).toMatchObject({ openActivityTasks: 1000, openTimers: 1000 });
    const { events: shown = [] } = await world.pollDecision();
    expect(attributesOf(shown, 5)).toMatchObject({ activityId: 'a0' });
  });

  it('hands out the higher priority first', async () => {
    const world = await shop();
    await after(world, [
      scheduleActivity('usual'),
      scheduleActivity('low', { taskPriority: '-5' }),
      scheduleActivity('high', { taskPriority: '5' }),
    ]);
    const order: (string | undefined)[] = [];
    for (let count = 0; count < 3; count += 1) order.push((await world.pollActivity()).activityId);
    expect(order).toEqual(['high', 'usual', 'low']);
  });
});

describe('RequestCancelActivityTask', () => {
  it('cancels a waiting task at once, also one of the same batch', async () => {
    const world = await shop();
    const { events, types } = await after(world, [scheduleActivity('a'), cancelActivity('a')]);
    expect(types).toEqual([
      'ActivityTaskScheduled',
      'ActivityTaskCancelRequested',
      'ActivityTaskCanceled',
      'DecisionTaskScheduled',
    ]);
    expect(attributesOf(events, 6)).toEqual({ activityId: 'a', decisionTaskCompletedEventId: 4 });
    expect(attributesOf(events, 7)).toEqual({
      scheduledEventId: 5,
      startedEventId: 0,
      latestCancelRequestedEventId: 6,
    });
    expect(await world.pendingActivities()).toBe(0);
  });

  it('only tells a started task, and calls for no decision', async () => {
    const world = await shop();
    const { run } = await after(world, [scheduleActivity('a')]);
    await world.pollActivity();
    await world.signal();
    await world.decide([cancelActivity('a'), cancelActivity('a')]);
    expect(typesOf(await world.history(run)).slice(-2)).toEqual([
      'ActivityTaskCancelRequested',
      'ActivityTaskCancelRequested',
    ]);
    expect(await world.pendingDecisions()).toBe(0);
  });

  it('fails for an id that is not open', async () => {
    const world = await shop();
    const { events, types } = await after(world, [cancelActivity('a')]);
    expect(types).toEqual(['RequestCancelActivityTaskFailed', 'DecisionTaskScheduled']);
    expect(attributesOf(events, 5)).toEqual({
      activityId: 'a',
      cause: 'ACTIVITY_ID_UNKNOWN',
      decisionTaskCompletedEventId: 4,
    });
  });
});

describe('timers and markers', () => {
  it('are recorded without calling for a decision', async () => {
    const world = await shop();
    const { events, types } = await after(world, [startTimer(), marker()]);
    expect(types).toEqual(['TimerStarted', 'MarkerRecorded']);
    expect(attributesOf(events, 5)).toEqual({
      timerId: 't',
      startToFireTimeout: '10',
      decisionTaskCompletedEventId: 4,
    });
    expect(attributesOf(events, 6)).toEqual({
      markerName: 'note',
      details: 'seen',
      decisionTaskCompletedEventId: 4,
    });
    expect(await world.pendingDecisions()).toBe(0);
  });

  it('refuse a timer id in use until it is canceled, in the order of the batch', async () => {
    const world = await shop();
    const { events, types } = await after(world, [
      startTimer(),
      startTimer(),
      cancelTimer(),
      startTimer(),
      cancelTimer('other'),
    ]);
    expect(types).toEqual([
      'TimerStarted',
      'StartTimerFailed',
      'TimerCanceled',
      'TimerStarted',
      'CancelTimerFailed',
      'DecisionTaskScheduled',
    ]);
    expect(attributesOf(events, 6)).toMatchObject({ timerId: 't', cause: 'TIMER_ID_ALREADY_IN_USE' });
    expect(attributesOf(events, 7)).toEqual({
      timerId: 't',
      startedEventId: 5,
      decisionTaskCompletedEventId: 4,
    });
    expect(attributesOf(events, 9)).toMatchObject({ timerId: 'other', cause: 'TIMER_ID_UNKNOWN' });
  });
});

const closings: readonly (readonly [
  decision: Decision,
  event: string,
  attributes: object,
  status: string,
])[] = [
  [complete, 'WorkflowExecutionCompleted', { result: 'shipped' }, 'COMPLETED'],
  [
    {
      decisionType: 'FailWorkflowExecution',
      failWorkflowExecutionDecisionAttributes: { reason: 'r', details: 'd' },
    },
    'WorkflowExecutionFailed',
    { reason: 'r', details: 'd' },
    'FAILED',
  ],
  [
    { decisionType: 'CancelWorkflowExecution', cancelWorkflowExecutionDecisionAttributes: { details: 'd' } },
    'WorkflowExecutionCanceled',
    { details: 'd' },
    'CANCELED',
  ],
];

describe.each(closings)('closing decision %#', (decision, event, attributes, status) => {
  it(`closes the run with ${event}, whatever is open`, async () => {
    const world = await shop();
    const { run, events, types } = await after(world, [scheduleActivity(), startTimer(), decision]);
    expect(types).toEqual(['ActivityTaskScheduled', 'TimerStarted', event]);
    expect(attributesOf(events, 7)).toEqual({ ...attributes, decisionTaskCompletedEventId: 4 });
    expect((await world.describe(run)).executionInfo?.closeStatus).toBe(status);
    expect(await world.pendingActivities()).toBe(0);
    world.clock.advance(3600_000);
    expect(await world.history(run)).toHaveLength(7);
  });

  it('needs no attributes', async () => {
    const world = await shop();
    const { types } = await after(world, [{ decisionType: decision.decisionType }]);
    expect(types).toEqual([event]);
  });

  it('fails while a newer decision task waits', async () => {
    const world = await shop();
    const run = await world.start();
    const task = await world.pollDecision();
    await world.signal();
    await world.respond(task.taskToken, [decision]);
    const events = await world.history(run);
    expect(typesOf(events).at(-1)).toBe(`${decision.decisionType}Failed`);
    expect(attributesOf(events, 7)).toEqual({ cause: 'UNHANDLED_DECISION', decisionTaskCompletedEventId: 6 });
    expect(await world.pendingDecisions()).toBe(1);
  });

  it('closes although an earlier decision of its batch failed', async () => {
    const world = await shop();
    const { types } = await after(world, [cancelTimer(), decision]);
    expect(types).toEqual(['CancelTimerFailed', event]);
  });
});
