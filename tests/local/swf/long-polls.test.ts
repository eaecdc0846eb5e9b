import {
  PollForActivityTaskCommand,
  PollForDecisionTaskCommand,
  RegisterDomainCommand,
  SignalWorkflowExecutionCommand,
} from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import {
  clientOf,
  domain,
  scheduleActivity,
  shop,
  shopWords,
  startTimer,
  taskList,
} from './support/world.js';

const pollTime = 60_000;

describe('a long poll', () => {
  it('is held for its time and then answered without a token', async () => {
    const { client, clock } = await shop();
    const held = clock.whenScheduled(pollTime, 2);
    const decision = client.send(new PollForDecisionTaskCommand({ domain, taskList }));
    const activity = client.send(new PollForActivityTaskCommand({ domain, taskList }));
    await held;
    clock.advance(pollTime);
    const { $metadata: _, ...emptyDecision } = await decision;
    const { $metadata: __, ...emptyActivity } = await activity;
    expect(emptyDecision).toEqual({ startedEventId: 0, previousStartedEventId: 0 });
    expect(emptyActivity).toEqual({ startedEventId: 0 });
  });

  it('fails at once for an unknown domain', async () => {
    const { client } = await shop();
    const poll = new PollForDecisionTaskCommand({ domain: 'none', taskList });
    await expect(client.send(poll)).rejects.toMatchObject({ message: 'Unknown domain: none' });
  });

  it('is woken by new work, without time passing', async () => {
    const { start, pollDecision, pollActivity, respond, clock } = await shop();
    const heldDecision = clock.whenScheduled(pollTime);
    const decision = pollDecision();
    await heldDecision;
    const run = await start();
    expect((await decision).workflowExecution).toEqual(run);
    const heldActivity = clock.whenScheduled(pollTime);
    const activity = pollActivity();
    await heldActivity;
    await respond((await decision).taskToken, [scheduleActivity('a')]);
    expect((await activity).activityId).toBe('a');
  });

  it('is woken by a timer and by a task that was held back', async () => {
    const { start, pollDecision, respond, clock, signal } = await shop();
    await start();
    const first = await pollDecision();
    await signal();
    const held = clock.whenScheduled(pollTime);
    const second = pollDecision();
    await held;
    await respond(first.taskToken, [startTimer('t', '10')]);
    const { taskToken } = await second;
    await respond(taskToken, []);
    const heldAgain = clock.whenScheduled(pollTime);
    const third = pollDecision();
    await heldAgain;
    clock.advance(10_000);
    expect((await third).startedEventId).toBeGreaterThan(0);
  });

  it('waits in line: who came first is served first', async () => {
    const { start, pollDecision, clock } = await shop();
    const served: number[] = [];
    const polls: Promise<unknown>[] = [];
    for (let number = 1; number <= 4; number += 1) {
      const held = clock.whenScheduled(pollTime);
      polls.push(
        pollDecision().then((task) => {
          served.push(number);
          return task.workflowExecution?.workflowId;
        }),
      );
      await held;
    }
    for (const workflowId of ['a', 'b', 'c', 'd']) await start(workflowId);
    expect(await Promise.all(polls)).toEqual(['a', 'b', 'c', 'd']);
    expect(served).toEqual([1, 2, 3, 4]);
  });

  it('waits on its own kind of list, in its own domain', async () => {
    const { client, start, decide, pollActivity, clock, pendingDecisions } = await shop();
    const held = clock.whenScheduled(pollTime, 3);
    const activity = pollActivity();
    const otherList = client.send(new PollForDecisionTaskCommand({ domain, taskList: { name: 'other' } }));
    await client.send(
      new RegisterDomainCommand({ name: 'shop2', workflowExecutionRetentionPeriodInDays: '1' }),
    );
    const otherDomain = client.send(new PollForDecisionTaskCommand({ domain: 'shop2', taskList }));
    await held;
    await start();
    expect(await pendingDecisions()).toBe(1);
    await decide([scheduleActivity('a')]);
    expect((await activity).activityId).toBe('a');
    clock.advance(pollTime);
    expect((await otherList).taskToken).toBeUndefined();
    expect((await otherDomain).taskToken).toBeUndefined();
  });

  it('that hung up swallows no task', async () => {
    const { server, start, pollDecision, clock } = await shop();
    const quitter = clientOf(server.url);
    const leaving = new AbortController();
    const held = clock.whenScheduled(pollTime);
    const abandoned = quitter.send(new PollForDecisionTaskCommand({ domain, taskList }), {
      abortSignal: leaving.signal,
    });
    await held;
    const heldToo = clock.whenScheduled(pollTime);
    const patient = pollDecision();
    await heldToo;
    leaving.abort();
    await expect(abandoned).rejects.toThrow();
    const run = await start();
    expect((await patient).workflowExecution).toEqual(run);
  });

  it('is answered promptly when the server closes', async () => {
    const { server, pollDecision, clock } = await shop();
    const held = clock.whenScheduled(pollTime, 20);
    const polls = Array.from({ length: 20 }, () => pollDecision());
    await held;
    const from = performance.now();
    await server.close();
    expect(performance.now() - from).toBeLessThan(1000);
    for (const task of await Promise.all(polls)) expect(task.taskToken).toBeUndefined();
  });

  it('is refused when a thousand wait in its list', async () => {
    const { pollDecision, clock, server } = await shop();
    const held = clock.whenScheduled(pollTime, 1000);
    const polls = Array.from({ length: 1000 }, () => pollDecision());
    await held;
    await expect(pollDecision()).rejects.toMatchObject({
      name: 'LimitExceededFault',
      message: 'Limit on maximum concurrent poll requests per task list reached',
    });
    await server.close();
    await Promise.all(polls);
  });
});

describe('many pollers and many runs', () => {
  it('hand each task out once', async () => {
    const { server, client, start, clock } = await shop();
    const one = shopWords(clientOf(server.url));
    const other = shopWords(clientOf(server.url));
    const runs = 60;
    const held = clock.whenScheduled(pollTime, 30);
    const early = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? one : other).pollDecision());
    await held;
    await Promise.all(Array.from({ length: runs }, (_, index) => start(`order-${index}`)));
    const late = await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? one : other).pollDecision()),
    );
    const tasks = [...(await Promise.all(early)), ...late];
    expect(new Set(tasks.map((task) => task.workflowExecution?.runId)).size).toBe(runs);
    const again = new SignalWorkflowExecutionCommand({ domain, workflowId: 'order-0', signalName: 's' });
    await client.send(again);
    expect(new Set(tasks.map((task) => task.taskToken)).size).toBe(runs);
  });
});
