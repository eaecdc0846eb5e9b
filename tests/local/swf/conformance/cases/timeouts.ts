import {
  DescribeWorkflowExecutionCommand,
  RecordActivityTaskHeartbeatCommand,
  RegisterDomainCommand,
  RegisterWorkflowTypeCommand,
  RespondActivityTaskCompletedCommand,
  StartWorkflowExecutionCommand,
  TerminateWorkflowExecutionCommand,
} from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import { continueAsNew } from '../../support/decisions.js';
import { scheduleActivity, startTimer, workflowType } from '../../support/world.js';
import { refused, type Case, type World } from '../harness.js';

type Clock = 'SCHEDULE_TO_START' | 'SCHEDULE_TO_CLOSE' | 'START_TO_CLOSE' | 'HEARTBEAT';

const members = {
  SCHEDULE_TO_START: 'scheduleToStartTimeout',
  SCHEDULE_TO_CLOSE: 'scheduleToCloseTimeout',
  START_TO_CLOSE: 'startToCloseTimeout',
  HEARTBEAT: 'heartbeatTimeout',
} as const;

/** All clocks of an activity off but this one, which runs for ten seconds. */
function onlyClock(clock: Clock) {
  const off = Object.fromEntries(Object.values(members).map((name) => [name, 'NONE']));
  return { ...off, [members[clock]]: '10' };
}

const moments: readonly (readonly [Clock, 'waits' | 'is at work'])[] = [
  ['SCHEDULE_TO_START', 'waits'],
  ['SCHEDULE_TO_CLOSE', 'waits'],
  ['SCHEDULE_TO_CLOSE', 'is at work'],
  ['START_TO_CLOSE', 'is at work'],
  ['HEARTBEAT', 'is at work'],
];

const activities: Case[] = [
  ...moments.map(([clock, moment]): Case => {
    const worked = moment === 'is at work';
    return {
      title: `${clock} runs out while the activity ${moment}: at its moment, not a millisecond before`,
      covers: ['ActivityTaskTimedOut', `ActivityTaskTimedOut:${clock}`],
      run: async (world) => {
        const run = await world.after([scheduleActivity('a', onlyClock(clock))]);
        const task = worked ? await world.pollActivity() : null;
        world.clock.advance(9_999);
        expect(await world.types(run)).toHaveLength(worked ? 6 : 5);
        world.clock.advance(1);
        expect((await world.types(run)).slice(-2)).toEqual(['ActivityTaskTimedOut', 'DecisionTaskScheduled']);
        expect(await world.last(run, 'ActivityTaskTimedOut')).toEqual({
          timeoutType: clock,
          scheduledEventId: 5,
          startedEventId: worked ? 6 : 0,
        });
        expect(await world.pendingActivities()).toBe(0);
        if (task === null) return;
        const { taskToken } = task;
        const late = 'Unknown activity, scheduledEventId = 5';
        const { client } = world;
        await refused(
          client.send(new RespondActivityTaskCompletedCommand({ taskToken })),
          'UnknownResourceFault',
          late,
        );
        await refused(
          client.send(new RecordActivityTaskHeartbeatCommand({ taskToken })),
          'UnknownResourceFault',
          late,
        );
      },
    };
  }),
  ...(['SCHEDULE_TO_START', 'START_TO_CLOSE', 'HEARTBEAT'] as const).map((clock): Case => ({
    title: `${clock} does not run at the other moment of an activity`,
    covers: ['ScheduleActivityTask', 'ActivityTaskScheduled'],
    run: async (world) => {
      const run = await world.after([scheduleActivity('a', onlyClock(clock))]);
      if (clock === 'SCHEDULE_TO_START') await world.pollActivity();
      world.clock.advance(3_600_000);
      expect(await world.types(run)).not.toContain('ActivityTaskTimedOut');
    },
  })),
  {
    title: 'a heartbeat starts its clock anew, and its details stand in the time-out',
    covers: ['RecordActivityTaskHeartbeat', 'ActivityTaskTimedOut:HEARTBEAT'],
    run: async (world) => {
      const run = await world.after([scheduleActivity('a', onlyClock('HEARTBEAT'))]);
      const { taskToken } = await world.pollActivity();
      world.clock.advance(8_000);
      await world.client.send(new RecordActivityTaskHeartbeatCommand({ taskToken, details: 'half' }));
      world.clock.advance(8_000);
      await world.client.send(new RecordActivityTaskHeartbeatCommand({ taskToken }));
      world.clock.advance(10_000);
      expect(await world.last(run, 'ActivityTaskTimedOut')).toMatchObject({ details: 'half' });
    },
  },
  {
    title: 'of several clocks the first to run out counts',
    covers: ['ActivityTaskTimedOut:START_TO_CLOSE'],
    run: async (world) => {
      const given = { startToCloseTimeout: '5', scheduleToCloseTimeout: '6', heartbeatTimeout: '7' };
      const run = await world.after([scheduleActivity('a', given)]);
      await world.pollActivity();
      world.clock.advance(60_000);
      expect(await world.last(run, 'ActivityTaskTimedOut')).toMatchObject({ timeoutType: 'START_TO_CLOSE' });
      expect((await world.types(run)).filter((type) => type === 'ActivityTaskTimedOut')).toHaveLength(1);
    },
  },
];

const late = { taskList: { name: 'affine' }, taskListScheduleToStartTimeout: '10' };

const decisionTasks: Case[] = [
  {
    title:
      'START_TO_CLOSE of a decision task: it is closed, its answer comes too late, and another is scheduled',
    covers: ['DecisionTaskTimedOut', 'DecisionTaskTimedOut:START_TO_CLOSE'],
    run: async (world) => {
      const run = await world.start();
      const { taskToken } = await world.pollDecision();
      world.clock.advance(29_999);
      expect(await world.types(run)).toHaveLength(3);
      world.clock.advance(1);
      expect((await world.types(run)).slice(3)).toEqual(['DecisionTaskTimedOut', 'DecisionTaskScheduled']);
      expect(await world.last(run, 'DecisionTaskTimedOut')).toEqual({
        timeoutType: 'START_TO_CLOSE',
        scheduledEventId: 2,
        startedEventId: 3,
      });
      const message = 'Unknown decision task, scheduledEventId = 2';
      await refused(world.respond(taskToken, []), 'UnknownResourceFault', message);
    },
  },
  {
    title: 'START_TO_CLOSE of a decision task with one held back: that one follows, without another',
    covers: ['DecisionTaskTimedOut:START_TO_CLOSE', 'WorkflowExecutionSignaled'],
    run: async (world) => {
      const run = await world.start();
      await world.pollDecision();
      await world.signal();
      world.clock.advance(30_000);
      expect((await world.types(run)).slice(3)).toEqual([
        'WorkflowExecutionSignaled',
        'DecisionTaskScheduled',
        'DecisionTaskTimedOut',
      ]);
      expect(await world.pendingDecisions()).toBe(1);
    },
  },
  {
    title: 'a decision task with NONE blocks its run until that times out',
    covers: ['WorkflowExecutionTimedOut', 'WorkflowExecutionTimedOut:START_TO_CLOSE'],
    run: async (world) => {
      const run = await world.start('order-1', { taskStartToCloseTimeout: 'NONE' });
      await world.pollDecision();
      world.clock.advance(86_400_000);
      expect((await world.types(run)).slice(3)).toEqual(['WorkflowExecutionTimedOut']);
    },
  },
  {
    title: 'SCHEDULE_TO_START of a decision task on a temporary list: it goes back to the list of the run',
    covers: [
      'DecisionTaskTimedOut',
      'DecisionTaskTimedOut:SCHEDULE_TO_START',
      'RespondDecisionTaskCompleted',
    ],
    run: async (world) => {
      const run = await world.start();
      const { taskToken } = await world.pollDecision();
      await world.respond(taskToken, [startTimer('t', '0')], late);
      expect(await world.last(run, 'DecisionTaskScheduled')).toMatchObject({
        taskList: { name: 'affine' },
        scheduleToStartTimeout: '10',
      });
      world.clock.advance(10_000);
      expect(await world.last(run, 'DecisionTaskTimedOut')).toEqual({
        timeoutType: 'SCHEDULE_TO_START',
        scheduledEventId: 7,
        startedEventId: 0,
      });
      expect(await world.last(run, 'DecisionTaskScheduled')).toMatchObject({
        taskList: { name: 'main' },
        scheduleToStartTimeout: 'NONE',
      });
      expect(await world.pendingDecisions('affine')).toBe(0);
    },
  },
  {
    title: 'START_TO_CLOSE of a decision task on a temporary list drops the override too',
    covers: ['DecisionTaskTimedOut:START_TO_CLOSE', 'PollForDecisionTask'],
    run: async (world) => {
      const run = await world.start();
      const { taskToken } = await world.pollDecision();
      await world.respond(taskToken, [startTimer('t', '0')], late);
      await world.pollDecision('affine');
      world.clock.advance(30_000);
      expect(await world.last(run, 'DecisionTaskTimedOut')).toMatchObject({ timeoutType: 'START_TO_CLOSE' });
      expect(await world.pendingDecisions('main')).toBe(1);
    },
  },
  {
    title: 'a waiting decision task has no limit of its own',
    covers: ['DecisionTaskScheduled'],
    run: async (world) => {
      const run = await world.start();
      world.clock.advance(86_399_999);
      expect(await world.types(run)).toHaveLength(2);
    },
  },
];

const executions: Case[] = [
  {
    title: 'an execution times out from its start, whatever is open, and its token is of no use',
    covers: ['WorkflowExecutionTimedOut', 'WorkflowExecutionTimedOut:START_TO_CLOSE'],
    run: async (world) => {
      const run = await world.start('order-1', {
        executionStartToCloseTimeout: '60',
        taskStartToCloseTimeout: 'NONE',
      });
      const { taskToken } = await world.pollDecision();
      world.clock.advance(60_000);
      expect((await world.types(run)).slice(3)).toEqual(['WorkflowExecutionTimedOut']);
      expect(await world.last(run, 'WorkflowExecutionTimedOut')).toEqual({
        timeoutType: 'START_TO_CLOSE',
        childPolicy: 'ABANDON',
      });
      const message = `Unknown execution: WorkflowExecution=[workflowId=order-1, runId=${run.runId}]`;
      await refused(world.respond(taskToken, []), 'UnknownResourceFault', message);
    },
  },
  {
    title: 'the clock of an execution starts anew when it continues as new',
    covers: ['ContinueAsNewWorkflowExecution', 'DecisionTaskScheduled'],
    run: async (world) => {
      const given = { executionStartToCloseTimeout: '60' };
      await world.start('order-1', given);
      world.clock.advance(50_000);
      await world.decide([continueAsNew(given)]);
      world.clock.advance(50_000);
      const { workflowExecution } = await world.pollDecision();
      expect(workflowExecution?.workflowId).toBe('order-1');
    },
  },
  ...(['0', 'NONE', '1', '90'] as const).map((days): Case => ({
    title: `a closed run is kept for the retention of ${days}`,
    covers: ['DescribeWorkflowExecution', 'UnknownResourceFault'],
    run: async (world) => retained(world, days),
  })),
];

async function retained({ client, clock }: World, days: string): Promise<void> {
  const kept = 'kept';
  await client.send(new RegisterDomainCommand({ name: kept, workflowExecutionRetentionPeriodInDays: days }));
  await client.send(new RegisterWorkflowTypeCommand({ domain: kept, ...workflowType }));
  const { runId } = await client.send(
    new StartWorkflowExecutionCommand({
      domain: kept,
      workflowId: 'w',
      workflowType,
      taskList: { name: 'l' },
      taskStartToCloseTimeout: '1',
      executionStartToCloseTimeout: '31536000',
      childPolicy: 'ABANDON',
    }),
  );
  const describe = () =>
    client.send(
      new DescribeWorkflowExecutionCommand({ domain: kept, execution: { workflowId: 'w', runId } }),
    );
  clock.advance(100 * 86_400_000);
  await describe(); // an open run is never removed
  await client.send(new TerminateWorkflowExecutionCommand({ domain: kept, workflowId: 'w' }));
  const period = days === 'NONE' ? 0 : Number(days) * 86_400_000;
  if (period > 0) {
    clock.advance(period - 1);
    await describe();
    clock.advance(1);
  }
  await refused(describe(), 'UnknownResourceFault');
}

const timers: Case[] = [
  {
    title: 'a timer fires once, at its moment, with its links',
    covers: ['TimerFired', 'StartTimer'],
    run: async (world) => {
      const run = await world.after([startTimer('t', '10')]);
      world.clock.advance(9_999);
      expect(await world.types(run)).toHaveLength(5);
      world.clock.advance(1);
      expect((await world.types(run)).slice(5)).toEqual(['TimerFired', 'DecisionTaskScheduled']);
      expect(await world.last(run, 'TimerFired')).toEqual({ timerId: 't', startedEventId: 5 });
      world.clock.advance(100_000);
      expect(await world.types(run)).toHaveLength(7);
    },
  },
  {
    title: 'a timer of zero seconds fires at once, and its id is free',
    covers: ['TimerFired', 'TimerStarted'],
    run: async (world) => {
      const run = await world.after([startTimer('t', '0')]);
      expect((await world.types(run)).slice(4)).toEqual([
        'TimerStarted',
        'TimerFired',
        'DecisionTaskScheduled',
      ]);
      await world.decide([startTimer('t', '5')]);
      expect((await world.types(run)).at(-1)).toBe('TimerStarted');
    },
  },
  {
    title: 'timers fire in the order of their times, and call for one decision',
    covers: ['TimerFired'],
    run: async (world) => {
      const run = await world.after([startTimer('late', '9'), startTimer('soon', '3')]);
      world.clock.advance(10_000);
      expect((await world.types(run)).slice(6)).toEqual([
        'TimerFired',
        'DecisionTaskScheduled',
        'TimerFired',
      ]);
      expect(await world.last(run, 'TimerFired')).toMatchObject({ timerId: 'late' });
    },
  },
];

/** Time-outs by clock and moment, timers, and retention. */
export const timeouts: readonly Case[] = [...activities, ...decisionTasks, ...executions, ...timers];
