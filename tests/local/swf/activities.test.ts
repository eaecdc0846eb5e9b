import {
  RecordActivityTaskHeartbeatCommand,
  RespondActivityTaskCanceledCommand,
  RespondActivityTaskCompletedCommand,
  RespondActivityTaskFailedCommand,
} from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import {
  activityType,
  attributesOf,
  cancelActivity,
  complete,
  scheduleActivity,
  shop,
  typesOf,
} from './support/world.js';

/** A run whose activity `a` (event 5) is started (event 6). */
async function working() {
  const world = await shop();
  const run = await world.start();
  await world.decide([scheduleActivity('a', { input: 'card', control: 'private' })]);
  const task = await world.pollActivity();
  return { ...world, run, task, taskToken: task.taskToken };
}

describe('an activity task', () => {
  it('is handed out with its input, and its start is recorded with the identity', async () => {
    const { task, run, history } = await working();
    expect(task).toMatchObject({
      activityId: 'a',
      activityType,
      input: 'card',
      startedEventId: 6,
      workflowExecution: run,
    });
    expect(task).not.toHaveProperty('control');
    expect(attributesOf(await history(run), 6)).toEqual({ identity: 'worker', scheduledEventId: 5 });
  });

  it('is completed', async () => {
    const { client, run, history, taskToken } = await working();
    await client.send(new RespondActivityTaskCompletedCommand({ taskToken, result: 'charged' }));
    const events = await history(run);
    expect(typesOf(events).slice(6)).toEqual(['ActivityTaskCompleted', 'DecisionTaskScheduled']);
    expect(attributesOf(events, 7)).toEqual({ result: 'charged', scheduledEventId: 5, startedEventId: 6 });
  });

  it('is failed', async () => {
    const { client, run, history, taskToken } = await working();
    await client.send(
      new RespondActivityTaskFailedCommand({ taskToken, reason: 'declined', details: 'funds' }),
    );
    const events = await history(run);
    expect(typesOf(events).slice(6)).toEqual(['ActivityTaskFailed', 'DecisionTaskScheduled']);
    expect(attributesOf(events, 7)).toEqual({
      reason: 'declined',
      details: 'funds',
      scheduledEventId: 5,
      startedEventId: 6,
    });
  });

  it('is canceled, with and without a request', async () => {
    const asked = await working();
    await asked.signal();
    await asked.decide([cancelActivity('a')]);
    await asked.client.send(
      new RespondActivityTaskCanceledCommand({ taskToken: asked.taskToken, details: 'gone' }),
    );
    expect(attributesOf(await asked.history(asked.run), 12)).toEqual({
      details: 'gone',
      scheduledEventId: 5,
      startedEventId: 6,
      latestCancelRequestedEventId: 11,
    });
    const unasked = await working();
    await unasked.client.send(new RespondActivityTaskCanceledCommand({ taskToken: unasked.taskToken }));
    const events = await unasked.history(unasked.run);
    expect(typesOf(events).slice(6)).toEqual(['ActivityTaskCanceled', 'DecisionTaskScheduled']);
    expect(attributesOf(events, 7)).toEqual({ scheduledEventId: 5, startedEventId: 6 });
  });

  it('may still be completed after a cancel request', async () => {
    const { client, run, history, taskToken, signal, decide } = await working();
    await signal();
    await decide([cancelActivity('a')]);
    await client.send(new RespondActivityTaskCompletedCommand({ taskToken }));
    expect(typesOf(await history(run)).slice(-2)).toEqual(['ActivityTaskCompleted', 'DecisionTaskScheduled']);
  });

  it('learns of a cancel request by its heartbeat, which leaves no event', async () => {
    const { client, run, history, taskToken, signal, decide } = await working();
    const beat = new RecordActivityTaskHeartbeatCommand({ taskToken, details: '50 %' });
    expect((await client.send(beat)).cancelRequested).toBe(false);
    await signal();
    await decide([cancelActivity('a')]);
    expect((await client.send(beat)).cancelRequested).toBe(true);
    expect(typesOf(await history(run)).at(-1)).toBe('ActivityTaskCancelRequested');
  });

  it('is closed once: later answers and heartbeats are refused', async () => {
    const { client, taskToken } = await working();
    await client.send(new RespondActivityTaskCompletedCommand({ taskToken }));
    const refusal = { name: 'UnknownResourceFault', message: 'Unknown activity, scheduledEventId = 5' };
    await expect(client.send(new RespondActivityTaskCompletedCommand({ taskToken }))).rejects.toMatchObject(
      refusal,
    );
    await expect(client.send(new RespondActivityTaskFailedCommand({ taskToken }))).rejects.toMatchObject(
      refusal,
    );
    await expect(client.send(new RespondActivityTaskCanceledCommand({ taskToken }))).rejects.toMatchObject(
      refusal,
    );
    await expect(client.send(new RecordActivityTaskHeartbeatCommand({ taskToken }))).rejects.toMatchObject(
      refusal,
    );
  });

  it('is unknown once its run is closed, and after the run is deleted', async () => {
    const { client, run, taskToken, signal, decide, clock } = await working();
    await signal();
    await decide([complete]);
    const answer = () => client.send(new RespondActivityTaskCompletedCommand({ taskToken }));
    await expect(answer()).rejects.toMatchObject({
      name: 'UnknownResourceFault',
      message: `Unknown execution: WorkflowExecution=[workflowId=order-1, runId=${run.runId}]`,
    });
    clock.advance(8 * 24 * 3600_000);
    await expect(answer()).rejects.toMatchObject({
      name: 'UnknownResourceFault',
      message: `Unknown execution, runId = ${run.runId}`,
    });
  });
});
