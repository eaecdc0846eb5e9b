import {
  CountPendingActivityTasksCommand,
  CountPendingDecisionTasksCommand,
  GetWorkflowExecutionHistoryCommand,
  PollForActivityTaskCommand,
  PollForDecisionTaskCommand,
  RecordActivityTaskHeartbeatCommand,
  RespondActivityTaskCanceledCommand,
  RespondActivityTaskCompletedCommand,
  RespondActivityTaskFailedCommand,
  RespondDecisionTaskCompletedCommand,
  type SWFClient,
} from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import {
  activityType,
  cancelActivity,
  complete,
  domain,
  marker,
  scheduleActivity,
  startTimer,
  workflowType,
} from '../../support/world.js';
import { refused, type Case, type World } from '../harness.js';

const taskList = { name: 'main' };

const polls: Case[] = [
  {
    title: 'PollForDecisionTask gives the first waiting task with the history up to its own start',
    covers: ['PollForDecisionTask', 'DecisionTaskStarted'],
    run: async (world) => {
      const run = await world.start();
      const query = { domain, taskList, identity: 'decider' };
      const task = await world.client.send(new PollForDecisionTaskCommand(query));
      expect(task).toMatchObject({
        startedEventId: 3,
        previousStartedEventId: 0,
        workflowExecution: run,
        workflowType,
      });
      expect(task.events).toHaveLength(3);
      expect(await world.last(run, 'DecisionTaskStarted')).toEqual({
        scheduledEventId: 2,
        identity: 'decider',
      });
      await world.respond(task.taskToken, [startTimer('t', '0')]);
      expect((await world.pollDecision()).previousStartedEventId).toBe(3);
    },
  },
  {
    title: 'PollForActivityTask gives the first waiting task, without its control',
    covers: ['PollForActivityTask', 'ActivityTaskStarted'],
    run: async (world) => {
      const run = await world.after([scheduleActivity('a', { input: 'card', control: 'mine' })]);
      const { taskToken, $metadata: _, ...task } = await world.pollActivity();
      expect(taskToken).toMatch(/^.{16,1024}$/);
      expect(task).toEqual({
        activityId: 'a',
        activityType,
        input: 'card',
        startedEventId: 6,
        workflowExecution: run,
      });
      expect(await world.last(run, 'ActivityTaskStarted')).toEqual({
        scheduledEventId: 5,
        identity: 'worker',
      });
    },
  },
  ...(['PollForDecisionTask', 'PollForActivityTask'] as const).map((name): Case => {
    const decisions = name === 'PollForDecisionTask';
    return {
      title: `${name} is held for a minute, and then answered without a token`,
      covers: [name],
      run: async (world) => {
        const held = world.clock.whenScheduled(60_000);
        const poll = decisions ? world.pollDecision() : world.pollActivity();
        await held;
        world.clock.advance(60_000);
        const { $metadata: _, ...answer } = await poll;
        expect(answer).toEqual(
          decisions ? { startedEventId: 0, previousStartedEventId: 0 } : { startedEventId: 0 },
        );
      },
    };
  }),
  {
    title: 'polls and pending counts fail at once for an unknown domain',
    covers: [
      'PollForDecisionTask',
      'PollForActivityTask',
      'CountPendingDecisionTasks',
      'CountPendingActivityTasks',
      'UnknownResourceFault',
    ],
    run: async ({ client }) => {
      const input = { domain: 'x', taskList };
      const fault = 'UnknownResourceFault';
      await refused(client.send(new PollForDecisionTaskCommand(input)), fault);
      await refused(client.send(new PollForActivityTaskCommand(input)), fault);
      await refused(client.send(new CountPendingDecisionTasksCommand(input)), fault);
      await refused(client.send(new CountPendingActivityTasksCommand(input)), fault);
    },
  },
  {
    title: 'a list hands out the higher priority first, and equal ones in their order',
    covers: ['PollForActivityTask', 'ScheduleActivityTask'],
    run: async (world) => {
      await world.after([
        scheduleActivity('usual'),
        scheduleActivity('low', { taskPriority: '-2147483648' }),
        scheduleActivity('high', { taskPriority: '2147483647' }),
        scheduleActivity('usual too', { taskPriority: '0' }),
      ]);
      const order: (string | undefined)[] = [];
      for (let count = 0; count < 4; count += 1) order.push((await world.pollActivity()).activityId);
      expect(order).toEqual(['high', 'usual', 'usual too', 'low']);
    },
  },
  {
    title: 'decision tasks have the priority of their execution',
    covers: ['PollForDecisionTask', 'StartWorkflowExecution'],
    run: async (world) => {
      await world.start('usual');
      await world.start('urgent', { taskPriority: '1' });
      expect((await world.pollDecision()).workflowExecution?.workflowId).toBe('urgent');
    },
  },
  {
    title: 'pending counts are those of waiting tasks, of each kind by itself, and 0 for a list never used',
    covers: ['CountPendingDecisionTasks', 'CountPendingActivityTasks'],
    run: async (world) => {
      await world.after([scheduleActivity('a'), scheduleActivity('b')]);
      await world.start('order-2');
      expect([await world.pendingDecisions(), await world.pendingActivities()]).toEqual([1, 2]);
      await world.pollActivity();
      expect(await world.pendingActivities()).toBe(1);
      expect([await world.pendingDecisions('x'), await world.pendingActivities('x')]).toEqual([0, 0]);
    },
  },
];

const pages: Case[] = [
  {
    title: 'PollForDecisionTask gives further pages of the same task, and none of later events',
    covers: ['PollForDecisionTask'],
    run: async (world) => {
      await world.start();
      await world.decide([marker(), marker(), startTimer('t', '0')]);
      const query = { domain, taskList, maximumPageSize: 5 };
      const first = await world.client.send(new PollForDecisionTaskCommand(query));
      await world.signal();
      const { nextPageToken } = first;
      const next = await world.client.send(new PollForDecisionTaskCommand({ ...query, nextPageToken }));
      expect(next.taskToken).toBe(first.taskToken);
      const ids = [...(first.events ?? []), ...(next.events ?? [])].map(({ eventId }) => eventId);
      expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(next).not.toHaveProperty('nextPageToken');
    },
  },
  {
    title: 'PollForDecisionTask can begin at the previous start, and run backwards',
    covers: ['PollForDecisionTask'],
    run: async (world) => {
      await world.start();
      await world.decide([startTimer('t', '0')]);
      const query = { domain, taskList, startAtPreviousStartedEvent: true, reverseOrder: true };
      const { events } = await world.client.send(new PollForDecisionTaskCommand(query));
      expect(events?.map(({ eventId }) => eventId)).toEqual([8, 7, 6, 5, 4, 3]);
    },
  },
  {
    title: 'GetWorkflowExecutionHistory comes page by page, backwards on request',
    covers: ['GetWorkflowExecutionHistory'],
    run: async (world) => {
      const execution = await world.after([marker(), marker()]);
      const query = { domain, execution, maximumPageSize: 3 };
      const first = await world.client.send(new GetWorkflowExecutionHistoryCommand(query));
      const { nextPageToken } = first;
      const next = await world.client.send(
        new GetWorkflowExecutionHistoryCommand({ ...query, nextPageToken }),
      );
      expect(next.events?.map(({ eventId }) => eventId)).toEqual([4, 5, 6]);
      expect(next).not.toHaveProperty('nextPageToken');
      const back = await world.client.send(
        new GetWorkflowExecutionHistoryCommand({ ...query, reverseOrder: true }),
      );
      expect(back.events?.map(({ eventId }) => eventId)).toEqual([6, 5, 4]);
    },
  },
  {
    title: 'page tokens of a history and of a decision task are not interchangeable',
    covers: ['GetWorkflowExecutionHistory', 'PollForDecisionTask', 'ValidationException'],
    run: async (world) => {
      const execution = await world.start();
      const one = { domain, maximumPageSize: 1 };
      const history = (nextPageToken?: string) =>
        world.client.send(
          new GetWorkflowExecutionHistoryCommand({
            ...one,
            execution,
            ...(nextPageToken && { nextPageToken }),
          }),
        );
      const poll = (nextPageToken?: string) =>
        world.client.send(
          new PollForDecisionTaskCommand({ ...one, taskList, ...(nextPageToken && { nextPageToken }) }),
        );
      const ofTask = (await poll()).nextPageToken;
      const ofHistory = (await history()).nextPageToken;
      await refused(history(ofTask), 'ValidationException', 'Invalid token');
      await refused(poll(ofHistory), 'ValidationException', 'Invalid token');
    },
  },
];

type Answer = (client: SWFClient, taskToken: string | undefined) => Promise<unknown>;
const answers: readonly (readonly [
  action: string,
  event: string | null,
  attributes: object,
  answer: Answer,
])[] = [
  [
    'RespondActivityTaskCompleted',
    'ActivityTaskCompleted',
    { result: 'paid' },
    (client, taskToken) =>
      client.send(new RespondActivityTaskCompletedCommand({ taskToken, result: 'paid' })),
  ],
  [
    'RespondActivityTaskFailed',
    'ActivityTaskFailed',
    { reason: 'r', details: 'd' },
    (client, taskToken) =>
      client.send(new RespondActivityTaskFailedCommand({ taskToken, reason: 'r', details: 'd' })),
  ],
  [
    'RespondActivityTaskCanceled',
    'ActivityTaskCanceled',
    { details: 'd' },
    (client, taskToken) => client.send(new RespondActivityTaskCanceledCommand({ taskToken, details: 'd' })),
  ],
  [
    'RecordActivityTaskHeartbeat',
    null,
    {},
    (client, taskToken) => client.send(new RecordActivityTaskHeartbeatCommand({ taskToken })),
  ],
];

const work = answers.flatMap(([action, event, attributes, answer]): Case[] => [
  {
    title: `${action} ${event === null ? 'leaves no event' : `leaves ${event} and calls for a decision`}`,
    covers: [action, ...(event === null ? [] : [event])],
    run: async (world) => {
      const run = await world.after([scheduleActivity()]);
      const { taskToken } = await world.pollActivity();
      await answer(world.client, taskToken);
      const events = event === null ? [] : [event, 'DecisionTaskScheduled'];
      expect((await world.types(run)).slice(6)).toEqual(events);
      if (event === null) return;
      expect(await world.last(run, event)).toEqual({ ...attributes, scheduledEventId: 5, startedEventId: 6 });
    },
  },
  {
    title: `${action} does not know a task that is closed`,
    covers: [action, 'UnknownResourceFault'],
    run: async (world) => {
      await world.after([scheduleActivity()]);
      const { taskToken } = await world.work();
      const message = 'Unknown activity, scheduledEventId = 5';
      await refused(answer(world.client, taskToken), 'UnknownResourceFault', message);
    },
  },
  {
    title: `${action} does not know a task of a closed run`,
    covers: [action, 'UnknownResourceFault'],
    run: async (world) => {
      const run = await world.after([scheduleActivity()]);
      const { taskToken } = await world.pollActivity();
      await world.signal();
      await world.decide([complete]);
      const message = `Unknown execution: WorkflowExecution=[workflowId=order-1, runId=${run.runId}]`;
      await refused(answer(world.client, taskToken), 'UnknownResourceFault', message);
    },
  },
  {
    title: `${action} refuses a token that is unreadable or of a decision task`,
    covers: [action, 'ValidationException'],
    run: async (world) => {
      await world.start();
      const { taskToken } = await world.pollDecision();
      await refused(answer(world.client, 'nonsense'), 'ValidationException', 'Invalid token');
      await refused(answer(world.client, taskToken), 'ValidationException', 'Invalid token');
    },
  },
]);

const cancelRequested = async ({ client }: World, taskToken: string | undefined) =>
  (await client.send(new RecordActivityTaskHeartbeatCommand({ taskToken }))).cancelRequested;

const rest: Case[] = [
  {
    title: 'a token of a run that is deleted is of no use',
    covers: ['RespondActivityTaskCompleted', 'UnknownResourceFault'],
    run: async (world) => {
      const { runId } = await world.after([scheduleActivity()]);
      const { taskToken } = await world.pollActivity();
      await world.signal();
      await world.decide([complete]);
      world.clock.advance(7 * 86_400_000);
      const call = world.client.send(new RespondActivityTaskCompletedCommand({ taskToken }));
      await refused(call, 'UnknownResourceFault', `Unknown execution, runId = ${runId}`);
    },
  },
  {
    title: 'RecordActivityTaskHeartbeat tells of a cancel request once there is one',
    covers: ['RecordActivityTaskHeartbeat', 'RequestCancelActivityTask'],
    run: async (world) => {
      await world.after([scheduleActivity('a')]);
      const { taskToken } = await world.pollActivity();
      expect(await cancelRequested(world, taskToken)).toBe(false);
      await world.signal();
      await world.decide([cancelActivity('a')]);
      expect(await cancelRequested(world, taskToken)).toBe(true);
      expect(await cancelRequested(world, taskToken)).toBe(true);
    },
  },
  {
    title: 'RespondDecisionTaskCompleted takes no decisions, and then nothing happens',
    covers: ['RespondDecisionTaskCompleted', 'DecisionTaskCompleted'],
    run: async (world) => {
      const run = await world.start();
      const { taskToken } = await world.pollDecision();
      await world.client.send(new RespondDecisionTaskCompletedCommand({ taskToken }));
      expect((await world.types(run)).slice(3)).toEqual(['DecisionTaskCompleted']);
      expect(await world.last(run, 'DecisionTaskCompleted')).toEqual({
        scheduledEventId: 2,
        startedEventId: 3,
      });
      expect(await world.pendingDecisions()).toBe(0);
      const message = 'Unknown decision task, scheduledEventId = 2';
      await refused(world.respond(taskToken, []), 'UnknownResourceFault', message);
    },
  },
  {
    title: 'RespondDecisionTaskCompleted refuses a token that is unreadable or of an activity task',
    covers: ['RespondDecisionTaskCompleted', 'ValidationException'],
    run: async (world) => {
      await world.after([scheduleActivity()]);
      const { taskToken } = await world.pollActivity();
      await refused(world.respond('nonsense', []), 'ValidationException', 'Invalid token');
      await refused(world.respond(taskToken, []), 'ValidationException', 'Invalid token');
    },
  },
  {
    title: 'a task list in RespondDecisionTaskCompleted without a time-out is for good',
    covers: ['RespondDecisionTaskCompleted', 'DecisionTaskScheduled', 'DecisionTaskCompleted'],
    run: async (world) => {
      const run = await world.start();
      const { taskToken } = await world.pollDecision();
      const host = { taskList: { name: 'host' } };
      await world.respond(taskToken, [startTimer('t', '0')], host);
      expect(await world.last(run, 'DecisionTaskCompleted')).toMatchObject(host);
      expect(await world.last(run, 'DecisionTaskScheduled')).toMatchObject({
        ...host,
        scheduleToStartTimeout: 'NONE',
      });
      await world.pollDecision('host');
      world.clock.advance(30_000);
      expect(await world.last(run, 'DecisionTaskScheduled')).toMatchObject(host);
    },
  },
];

/** Decision and activity tasks: polls, pages, answers, tokens and lists. */
export const tasks: readonly Case[] = [...polls, ...pages, ...work, ...rest];
