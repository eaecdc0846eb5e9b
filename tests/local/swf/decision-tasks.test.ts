import {
  GetWorkflowExecutionHistoryCommand,
  PollForDecisionTaskCommand,
  RespondActivityTaskCompletedCommand,
} from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import {
  attributesOf,
  complete,
  domain,
  marker,
  scheduleActivity,
  shop,
  startTimer,
  taskList,
  typesOf,
} from './support/world.js';

describe('a decision task', () => {
  it('carries the history up to its own start and names the previous one', async () => {
    const { start, pollDecision, respond, signal } = await shop();
    const run = await start();
    const first = await pollDecision();
    expect(first).toMatchObject({ startedEventId: 3, previousStartedEventId: 0 });
    expect(first.workflowExecution).toEqual(run);
    expect(first.workflowType).toEqual({ name: 'order', version: '1' });
    expect(typesOf(first.events ?? [])).toEqual([
      'WorkflowExecutionStarted',
      'DecisionTaskScheduled',
      'DecisionTaskStarted',
    ]);
    await respond(first.taskToken, []);
    await signal();
    const second = await pollDecision();
    expect(second).toMatchObject({ startedEventId: 7, previousStartedEventId: 3 });
    expect(second.events).toHaveLength(7);
  });

  it('is scheduled at once but held back while another is started', async () => {
    const { start, pollDecision, respond, signal, history, pendingDecisions, clock } = await shop();
    const run = await start();
    const first = await pollDecision();
    clock.advance(10);
    await signal();
    await signal();
    expect(await pendingDecisions()).toBe(0);
    await respond(first.taskToken, []);
    expect(await pendingDecisions()).toBe(1);
    const second = await pollDecision();
    expect(second.startedEventId).toBe(8);
    const events = await history(run);
    expect(typesOf(events).slice(2)).toEqual([
      'DecisionTaskStarted',
      'WorkflowExecutionSignaled',
      'DecisionTaskScheduled',
      'WorkflowExecutionSignaled',
      'DecisionTaskCompleted',
      'DecisionTaskStarted',
    ]);
    expect(attributesOf(events, 7)).toEqual({ scheduledEventId: 2, startedEventId: 3 });
    expect(attributesOf(events, 8)).toEqual({ scheduledEventId: 5 });
    expect(events[3]?.eventTimestamp).toEqual(events[4]?.eventTimestamp);
  });

  it('makes closing fail when it is not the newest, and the newest follows without another', async () => {
    const { start, pollDecision, respond, signal, history, decide } = await shop();
    const run = await start();
    const first = await pollDecision();
    await signal();
    await respond(first.taskToken, [marker(), complete]);
    const events = await history(run);
    expect(typesOf(events).slice(5)).toEqual([
      'DecisionTaskCompleted',
      'MarkerRecorded',
      'CompleteWorkflowExecutionFailed',
    ]);
    expect(attributesOf(events, 8)).toEqual({ cause: 'UNHANDLED_DECISION', decisionTaskCompletedEventId: 6 });
    const next = await decide([complete]);
    expect(next.previousStartedEventId).toBe(3);
    expect(typesOf(await history(run)).at(-1)).toBe('WorkflowExecutionCompleted');
  });

  it('leaves silence when it is answered with nothing', async () => {
    const { start, decide, history, pendingDecisions } = await shop();
    const run = await start();
    await decide([]);
    expect(typesOf(await history(run)).at(-1)).toBe('DecisionTaskCompleted');
    expect(await pendingDecisions()).toBe(0);
  });

  it('can be answered once', async () => {
    const { start, pollDecision, respond, signal } = await shop();
    const run = await start();
    const task = await pollDecision();
    await respond(task.taskToken, [startTimer()]);
    await expect(respond(task.taskToken, [])).rejects.toMatchObject({
      name: 'UnknownResourceFault',
      message: 'Unknown decision task, scheduledEventId = 2',
    });
    await signal();
    const last = await pollDecision();
    await respond(last.taskToken, [complete]);
    await expect(respond(last.taskToken, [])).rejects.toMatchObject({
      message: `Unknown execution: WorkflowExecution=[workflowId=order-1, runId=${run.runId}]`,
    });
  });

  it('stays open when its answer is refused', async () => {
    const { start, pollDecision, respond, history } = await shop();
    const run = await start();
    const { taskToken } = await pollDecision();
    await expect(respond(taskToken, [complete, marker()])).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Close must be last decision in list',
    });
    await expect(respond(taskToken, [marker(), marker('x'.repeat(257))])).rejects.toMatchObject({
      message: expect.stringContaining(
        "at 'decisions.2.member.recordMarkerDecisionAttributes.markerName' failed to satisfy constraint: " +
          'Member must have length less than or equal to 256',
      ),
    });
    expect(await history(run)).toHaveLength(3);
    await respond(taskToken, [complete]);
    expect(typesOf(await history(run)).at(-1)).toBe('WorkflowExecutionCompleted');
  });

  it('refuses tokens that are none of its kind', async () => {
    const { client, start, decide, pollActivity, respond, pollDecision, signal } = await shop();
    await start();
    await decide([scheduleActivity()]);
    const activity = await pollActivity();
    await signal();
    const decision = await pollDecision();
    const refusal = { name: 'ValidationException', message: 'Invalid token' };
    await expect(respond('AAAA', [])).rejects.toMatchObject(refusal);
    await expect(respond(activity.taskToken, [])).rejects.toMatchObject(refusal);
    const { taskToken } = decision;
    await expect(client.send(new RespondActivityTaskCompletedCommand({ taskToken }))).rejects.toMatchObject(
      refusal,
    );
  });
});

describe('paging', () => {
  it('of a decision task gives the same task page by page, without later events', async () => {
    const { client, start, signal, decide } = await shop();
    await start();
    await decide([marker('a'), marker('b'), marker('c')]);
    await signal();
    const query = { domain, taskList, maximumPageSize: 4 };
    const first = await client.send(new PollForDecisionTaskCommand({ ...query, identity: 'one' }));
    await signal();
    const pages = [first];
    for (let page = first; page.nextPageToken !== undefined;) {
      page = await client.send(
        new PollForDecisionTaskCommand({ ...query, identity: 'two', nextPageToken: page.nextPageToken }),
      );
      pages.push(page);
    }
    expect(pages.map((page) => page.events?.map((event) => event.eventId))).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10],
    ]);
    for (const page of pages) {
      expect(page).toMatchObject({
        taskToken: first.taskToken,
        startedEventId: 10,
        previousStartedEventId: 3,
      });
    }
  });

  it('of a decision task can begin at the previous one, and run backwards', async () => {
    const { client, start, signal, decide } = await shop();
    await start();
    await decide([]);
    await signal();
    const task = await client.send(
      new PollForDecisionTaskCommand({
        domain,
        taskList,
        startAtPreviousStartedEvent: true,
        reverseOrder: true,
      }),
    );
    expect(task.events?.map((event) => event.eventId)).toEqual([7, 6, 5, 4, 3]);
  });

  it('of a history has no token on a last page that is exactly full, and runs backwards', async () => {
    const { client, start, decide } = await shop();
    const execution = await start();
    await decide([marker(), marker()]);
    const query = { domain, execution, maximumPageSize: 3 };
    const first = await client.send(new GetWorkflowExecutionHistoryCommand(query));
    const { nextPageToken } = first;
    const second = await client.send(new GetWorkflowExecutionHistoryCommand({ ...query, nextPageToken }));
    expect(second.events?.map((event) => event.eventId)).toEqual([4, 5, 6]);
    expect(second).not.toHaveProperty('nextPageToken');
    const backwards = { ...query, maximumPageSize: 4, reverseOrder: true };
    const last = await client.send(new GetWorkflowExecutionHistoryCommand(backwards));
    expect(last.events?.map((event) => event.eventId)).toEqual([6, 5, 4, 3]);
    const rest = await client.send(
      new GetWorkflowExecutionHistoryCommand({ ...backwards, nextPageToken: last.nextPageToken }),
    );
    expect(rest.events?.map((event) => event.eventId)).toEqual([2, 1]);
    expect(rest).not.toHaveProperty('nextPageToken');
  });

  it('refuses tokens of another call, unreadable ones and those older than a day', async () => {
    const { client, start, decide, clock } = await shop();
    const execution = await start('order-1', { executionStartToCloseTimeout: '31536000' });
    await decide([marker(), marker()]);
    const query = { domain, execution, maximumPageSize: 2 };
    const { nextPageToken } = await client.send(new GetWorkflowExecutionHistoryCommand(query));
    const refusal = { name: 'ValidationException', message: 'Invalid token' };
    const ask = (more: object) => client.send(new GetWorkflowExecutionHistoryCommand({ ...query, ...more }));
    await expect(ask({ nextPageToken, maximumPageSize: 3 })).rejects.toMatchObject(refusal);
    await expect(ask({ nextPageToken: 'nonsense' })).rejects.toMatchObject(refusal);
    await expect(
      client.send(new PollForDecisionTaskCommand({ domain, taskList, nextPageToken })),
    ).rejects.toMatchObject(refusal);
    clock.advance(24 * 3600 * 1000 + 1);
    await expect(ask({ nextPageToken })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Specified token has exceeded its maximum lifetime',
    });
  });
});

describe('the decision list', () => {
  it('changes for good with an override that has no timeout', async () => {
    const { start, pollDecision, respond, signal, history, pendingDecisions } = await shop();
    const run = await start();
    const task = await pollDecision();
    await respond(task.taskToken, [], { taskList: { name: 'host-7' } });
    await signal();
    expect([await pendingDecisions('main'), await pendingDecisions('host-7')]).toEqual([0, 1]);
    expect(attributesOf(await history(run), 4)).toMatchObject({ taskList: { name: 'host-7' } });
    expect(attributesOf(await history(run), 6)).toEqual({
      taskList: { name: 'host-7' },
      startToCloseTimeout: '30',
      scheduleToStartTimeout: 'NONE',
    });
  });

  it('falls back when a temporary override is not taken up in time', async () => {
    const { start, pollDecision, respond, signal, history, pendingDecisions, clock } = await shop();
    const run = await start();
    const task = await pollDecision();
    await respond(task.taskToken, [], { taskList: { name: 'host-7' }, taskListScheduleToStartTimeout: '5' });
    await signal();
    expect(attributesOf(await history(run), 6)).toMatchObject({ scheduleToStartTimeout: '5' });
    clock.advance(5000);
    const events = await history(run);
    expect(typesOf(events).slice(6)).toEqual(['DecisionTaskTimedOut', 'DecisionTaskScheduled']);
    expect(attributesOf(events, 7)).toEqual({
      timeoutType: 'SCHEDULE_TO_START',
      scheduledEventId: 6,
      startedEventId: 0,
    });
    expect(attributesOf(events, 8)).toMatchObject({ taskList, scheduleToStartTimeout: 'NONE' });
    expect([await pendingDecisions('main'), await pendingDecisions('host-7')]).toEqual([1, 0]);
  });

  it('falls back when a task on a temporary override is started but not answered', async () => {
    const { start, pollDecision, respond, signal, history, clock } = await shop();
    const run = await start();
    const task = await pollDecision();
    await respond(task.taskToken, [], { taskList: { name: 'host-7' }, taskListScheduleToStartTimeout: '5' });
    await signal();
    await pollDecision('host-7');
    clock.advance(30_000);
    const events = await history(run);
    expect(attributesOf(events, 8)).toMatchObject({ timeoutType: 'START_TO_CLOSE', startedEventId: 7 });
    expect(attributesOf(events, 9)).toMatchObject({ taskList });
  });

  it('hands out the higher priority first, and equal ones in their order', async () => {
    const { start, pollDecision } = await shop();
    await start('low', { taskPriority: '-1' });
    await start('usual-1');
    await start('high', { taskPriority: '5' });
    await start('usual-2', { taskPriority: '0' });
    const order: (string | undefined)[] = [];
    for (let count = 0; count < 4; count += 1)
      order.push((await pollDecision()).workflowExecution?.workflowId);
    expect(order).toEqual(['high', 'usual-1', 'usual-2', 'low']);
  });
});
