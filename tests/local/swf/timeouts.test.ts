import {
  DescribeWorkflowExecutionCommand,
  RecordActivityTaskHeartbeatCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  RespondActivityTaskCompletedCommand,
  StartWorkflowExecutionCommand,
} from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import {
  attributesOf,
  complete,
  domain,
  scheduleActivity,
  shop,
  startTimer,
  taskList,
  typesOf,
  workflowType,
} from './support/world.js';

const second = 1000;

/** A run with one scheduled activity; nothing but the given timeouts limits it. */
async function waiting(timeouts: Parameters<typeof scheduleActivity>[1]) {
  const world = await shop();
  const run = await world.start();
  const none = {
    scheduleToStartTimeout: 'NONE',
    scheduleToCloseTimeout: 'NONE',
    startToCloseTimeout: 'NONE',
    heartbeatTimeout: 'NONE',
  };
  await world.decide([scheduleActivity('a', { ...none, ...timeouts })]);
  return { ...world, run };
}

describe('an activity times out', () => {
  it.each([
    ['SCHEDULE_TO_START', { scheduleToStartTimeout: '5' }],
    ['SCHEDULE_TO_CLOSE', { scheduleToCloseTimeout: '5' }],
  ])('while it waits: %s, not a millisecond early', async (timeoutType, timeouts) => {
    const { clock, run, history, pendingActivities } = await waiting(timeouts);
    clock.advance(5 * second - 1);
    expect(await history(run)).toHaveLength(5);
    clock.advance(1);
    const events = await history(run);
    expect(typesOf(events).slice(5)).toEqual(['ActivityTaskTimedOut', 'DecisionTaskScheduled']);
    expect(attributesOf(events, 6)).toEqual({ timeoutType, scheduledEventId: 5, startedEventId: 0 });
    expect(await pendingActivities()).toBe(0);
  });

  it.each([
    ['START_TO_CLOSE', { startToCloseTimeout: '5' }, 7],
    ['SCHEDULE_TO_CLOSE', { scheduleToCloseTimeout: '5' }, 5],
    ['HEARTBEAT', { heartbeatTimeout: '5' }, 7],
  ])('while it is worked on: %s', async (timeoutType, timeouts, after) => {
    const { client, clock, run, history, pollActivity } = await waiting(timeouts);
    clock.advance(2 * second);
    const { taskToken } = await pollActivity();
    clock.advance((after - 2) * second - 1);
    expect(await history(run)).toHaveLength(6);
    clock.advance(1);
    const events = await history(run);
    expect(attributesOf(events, 7)).toEqual({ timeoutType, scheduledEventId: 5, startedEventId: 6 });
    await expect(client.send(new RespondActivityTaskCompletedCommand({ taskToken }))).rejects.toMatchObject({
      name: 'UnknownResourceFault',
      message: 'Unknown activity, scheduledEventId = 5',
    });
  });

  it('by the clock that runs out first', async () => {
    const { clock, run, history, pollActivity } = await waiting({
      scheduleToCloseTimeout: '9',
      startToCloseTimeout: '5',
      heartbeatTimeout: '7',
    });
    clock.advance(3 * second);
    await pollActivity();
    clock.advance(5 * second);
    expect(attributesOf(await history(run), 7)).toMatchObject({ timeoutType: 'START_TO_CLOSE' });
  });

  it('no sooner than a heartbeat timeout after the last heartbeat, whose details it tells', async () => {
    const { client, clock, run, history, pollActivity } = await waiting({ heartbeatTimeout: '5' });
    const { taskToken } = await pollActivity();
    clock.advance(4 * second);
    await client.send(new RecordActivityTaskHeartbeatCommand({ taskToken, details: 'half' }));
    clock.advance(4 * second);
    await client.send(new RecordActivityTaskHeartbeatCommand({ taskToken }));
    clock.advance(5 * second - 1);
    expect(await history(run)).toHaveLength(6);
    clock.advance(1);
    expect(attributesOf(await history(run), 7)).toMatchObject({ timeoutType: 'HEARTBEAT', details: 'half' });
  });

  it('never, when nothing limits it but the execution', async () => {
    const { clock, run, history, pollActivity } = await waiting({});
    await pollActivity();
    clock.advance(86_399 * second);
    expect(await history(run)).toHaveLength(6);
  });
});

describe('a decision task times out', () => {
  it('when it is started and not answered, and another is scheduled', async () => {
    const { start, pollDecision, respond, history, clock, pendingDecisions } = await shop();
    const run = await start();
    const { taskToken } = await pollDecision();
    clock.advance(30 * second - 1);
    expect(await history(run)).toHaveLength(3);
    clock.advance(1);
    const events = await history(run);
    expect(typesOf(events).slice(3)).toEqual(['DecisionTaskTimedOut', 'DecisionTaskScheduled']);
    expect(attributesOf(events, 4)).toEqual({
      timeoutType: 'START_TO_CLOSE',
      scheduledEventId: 2,
      startedEventId: 3,
    });
    expect(events[3]?.eventTimestamp).toEqual(events[4]?.eventTimestamp);
    expect(await pendingDecisions()).toBe(1);
    await expect(respond(taskToken, [complete])).rejects.toMatchObject({
      message: 'Unknown decision task, scheduledEventId = 2',
    });
    expect(await pollDecision()).toMatchObject({ startedEventId: 6, previousStartedEventId: 0 });
  });

  it('and the one held back behind it becomes available instead', async () => {
    const { start, pollDecision, history, clock, signal } = await shop();
    const run = await start();
    await pollDecision();
    await signal();
    clock.advance(30 * second);
    expect(typesOf(await history(run)).slice(3)).toEqual([
      'WorkflowExecutionSignaled',
      'DecisionTaskScheduled',
      'DecisionTaskTimedOut',
    ]);
    expect((await pollDecision()).startedEventId).toBe(7);
  });

  it('never while it waits, or with NONE', async () => {
    const { start, pollDecision, history, clock } = await shop();
    const run = await start('order-1', { taskStartToCloseTimeout: 'NONE' });
    clock.advance(3600 * second);
    expect(await history(run)).toHaveLength(2);
    await pollDecision();
    clock.advance(3600 * second);
    expect(await history(run)).toHaveLength(3);
  });
});

describe('timers', () => {
  it('fire once, in the order of their times', async () => {
    const { start, decide, history, clock } = await shop();
    const run = await start();
    await decide([startTimer('late', '20'), startTimer('early', '10')]);
    clock.advance(10 * second);
    expect(typesOf(await history(run)).slice(6)).toEqual(['TimerFired', 'DecisionTaskScheduled']);
    clock.advance(3600 * second);
    const events = await history(run);
    expect(typesOf(events).slice(6)).toEqual(['TimerFired', 'DecisionTaskScheduled', 'TimerFired']);
    expect([attributesOf(events, 7), attributesOf(events, 9)]).toEqual([
      { timerId: 'early', startedEventId: 6 },
      { timerId: 'late', startedEventId: 5 },
    ]);
  });

  it('of zero seconds fire at once, and their ids are free again', async () => {
    const { start, decide, history } = await shop();
    const run = await start();
    await decide([startTimer('t', '0')]);
    expect(typesOf(await history(run)).slice(4)).toEqual([
      'TimerStarted',
      'TimerFired',
      'DecisionTaskScheduled',
    ]);
    await decide([startTimer('t', '0')]);
    expect(typesOf(await history(run)).slice(-3)).toEqual([
      'TimerStarted',
      'TimerFired',
      'DecisionTaskScheduled',
    ]);
  });
});

describe('an execution', () => {
  it('times out from its start, whatever is open, and drops it', async () => {
    const { start, decide, history, describe: look, clock, pendingDecisions } = await shop();
    const run = await start('order-1', { executionStartToCloseTimeout: '60', childPolicy: 'TERMINATE' });
    await decide([scheduleActivity(), startTimer('t', '59')]);
    clock.advance(60 * second);
    const events = await history(run);
    expect(typesOf(events).slice(6)).toEqual([
      'TimerFired',
      'DecisionTaskScheduled',
      'WorkflowExecutionTimedOut',
    ]);
    expect(attributesOf(events, 9)).toEqual({ timeoutType: 'START_TO_CLOSE', childPolicy: 'TERMINATE' });
    expect((await look(run)).executionInfo?.closeStatus).toBe('TIMED_OUT');
    expect(await pendingDecisions()).toBe(0);
  });

  it('is deleted when its retention ends, and not before', async () => {
    const { client, start, decide, clock } = await shop();
    const execution = await start();
    await decide([complete]);
    const look = () => client.send(new DescribeWorkflowExecutionCommand({ domain, execution }));
    clock.advance(7 * 86_400 * second - 1);
    expect((await look()).executionInfo?.closeStatus).toBe('COMPLETED');
    clock.advance(1);
    await expect(look()).rejects.toMatchObject({ name: 'UnknownResourceFault' });
  });

  it.each(['0', 'NONE'])('is deleted on closing with a retention of %s', async (days) => {
    const { client, clock } = await shop();
    await client.send(
      new RegisterDomainCommand({ name: 'brief', workflowExecutionRetentionPeriodInDays: days }),
    );
    const defaults = {
      defaultTaskList: taskList,
      defaultTaskStartToCloseTimeout: '5',
      defaultExecutionStartToCloseTimeout: '10',
      defaultChildPolicy: 'ABANDON',
    } as const;
    await client.send(new RegisterWorkflowTypeCommand({ domain: 'brief', ...workflowType, ...defaults }));
    const { runId } = await client.send(
      new StartWorkflowExecutionCommand({ domain: 'brief', workflowId: 'w', workflowType }),
    );
    const look = () =>
      client.send(
        new DescribeWorkflowExecutionCommand({ domain: 'brief', execution: { workflowId: 'w', runId } }),
      );
    expect((await look()).executionInfo?.executionStatus).toBe('OPEN');
    clock.advance(10 * second);
    await expect(look()).rejects.toMatchObject({ name: 'UnknownResourceFault' });
  });
});
