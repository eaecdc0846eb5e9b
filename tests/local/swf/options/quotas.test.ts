import * as sdk from '@aws-sdk/client-swf';
import {
  GetWorkflowExecutionHistoryCommand,
  ListDomainsCommand,
  SignalWorkflowExecutionCommand,
} from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../infrastructure/local/swf/clock.js';
import { awsQuotas, type Quotas } from '../../../../infrastructure/local/swf/options/quotas/aws.js';
import { openBuckets } from '../../../../infrastructure/local/swf/options/quotas/bucket.js';
import {
  complete,
  domain,
  registerShop,
  scheduleActivity,
  shopWords,
  startTimer,
  typesOf,
} from '../support/world.js';
import { clientAs, refusalOf, serverWith } from './room.js';

const none: Quotas = { calls: new Map(), callsPerRun: new Map(), decisions: new Map() };
const listDomains = new ListDomainsCommand({ registrationStatus: 'REGISTERED' });

describe('a token bucket', () => {
  it('gives its capacity at once, then what flows in, and never more than its capacity', () => {
    const buckets = openBuckets();
    const rate = { capacity: 3, refillPerSecond: 2 };
    const taken = (at: number, times: number): number =>
      Array.from({ length: times }, () => buckets.take('a', rate, at)).filter(Boolean).length;
    expect(taken(0, 5)).toBe(3);
    expect(taken(499, 5)).toBe(0);
    expect(taken(500, 5)).toBe(1);
    expect(taken(1500, 5)).toBe(2);
    expect(taken(3_600_000, 5)).toBe(3);
  });

  it('keeps keys apart, also while full ones are forgotten', () => {
    const buckets = openBuckets();
    const rate = { capacity: 1, refillPerSecond: 0.001 };
    expect(buckets.take('kept', rate, 0)).toBe(true);
    const fast = { capacity: 1, refillPerSecond: 1000 };
    for (let key = 0; key < 25_000; key += 1) buckets.take(`run ${key}`, fast, key);
    expect(buckets.take('kept', rate, 25_000)).toBe(false);
  });
});

describe('throttled calls', () => {
  const quotas: Quotas = { ...none, calls: new Map([['ListDomains', { capacity: 2, refillPerSecond: 1 }]]) };

  it('are refused with "Rate exceeded" in the form that clients know as throttling', async () => {
    const { url } = await serverWith({ quotas });
    const client = clientAs(url, 'one');
    await client.send(listDomains);
    await client.send(listDomains);
    expect(await refusalOf(client.send(listDomains))).toEqual({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      status: 400,
    });
    const raw = await fetch(url, {
      method: 'POST',
      headers: {
        'x-amz-target': 'SimpleWorkflowService.ListDomains',
        authorization: 'Credential=a/20260101/eu-west-2/swf/aws4_request',
      },
      body: '{"registrationStatus":"REGISTERED"}',
    });
    expect(await raw.json()).toEqual({
      __type: 'com.amazon.coral.availability#ThrottlingException',
      message: 'Rate exceeded',
    });
  });

  it('are accepted again when time has refilled the bucket', async () => {
    const { url, clock } = await serverWith({ quotas });
    const client = clientAs(url, 'one');
    await client.send(listDomains);
    await client.send(listDomains);
    await refusalOf(client.send(listDomains));
    clock.advance(999);
    await refusalOf(client.send(listDomains));
    clock.advance(1);
    await client.send(listDomains);
    await refusalOf(client.send(listDomains));
  });

  it('share one bucket between callers, but not between regions or actions', async () => {
    const { url } = await serverWith({ quotas });
    await clientAs(url, 'one').send(listDomains);
    await clientAs(url, 'other').send(listDomains);
    await refusalOf(clientAs(url, 'third').send(listDomains));
    await clientAs(url, 'one', { region: 'us-east-1' }).send(listDomains);
    await registerShop(clientAs(url, 'one'));
  });

  it('are repeated by the SDK on its own until they pass', async () => {
    const tight = { ...none, calls: new Map([['ListDomains', { capacity: 1, refillPerSecond: 20 }]]) };
    const { url } = await serverWith({ quotas: tight, clock: systemClock });
    const client = clientAs(url, 'one', { maxAttempts: 8 });
    await client.send(listDomains);
    const { $metadata } = await client.send(listDomains);
    expect($metadata.attempts).toBeGreaterThan(1);
  });

  it('leave no effect behind', async () => {
    const calls = new Map([['SignalWorkflowExecution', { capacity: 1, refillPerSecond: 1 }]]);
    const { url } = await serverWith({ quotas: { ...none, calls } });
    const client = clientAs(url, 'one');
    await registerShop(client);
    const words = shopWords(client);
    const execution = await words.start();
    await words.signal();
    await refusalOf(words.signal());
    const signals = typesOf(await words.history(execution)).filter((type) => type.endsWith('Signaled'));
    expect(signals).toHaveLength(1);
  });

  it('have a bucket per run where the service has one', async () => {
    const rate = { capacity: 1, refillPerSecond: 1 };
    const callsPerRun = new Map([
      ['SignalWorkflowExecution', rate],
      ['GetWorkflowExecutionHistory', rate],
    ]);
    const { url } = await serverWith({ quotas: { ...none, callsPerRun } });
    const client = clientAs(url, 'one');
    await registerShop(client);
    const words = shopWords(client);
    const execution = await words.start('order-1');
    await words.start('order-2');
    const signal = (workflowId: string, runId?: string) =>
      client.send(new SignalWorkflowExecutionCommand({ domain, workflowId, runId, signalName: 'hurry' }));
    await signal('order-1');
    expect((await refusalOf(signal('order-1', execution.runId))).name).toBe('ThrottlingException');
    await signal('order-2');
    await client.send(new GetWorkflowExecutionHistoryCommand({ domain, execution }));
    await refusalOf(client.send(new GetWorkflowExecutionHistoryCommand({ domain, execution })));
  });
});

describe('throttled decisions', () => {
  const decisions: Quotas['decisions'] = new Map([
    ['StartTimer', { capacity: 1, refillPerSecond: 1 }],
    ['ScheduleActivityTask', { capacity: 2, refillPerSecond: 1 }],
  ]);

  it('fail with the cause of their kind, and the others are carried out', async () => {
    const { url } = await serverWith({ quotas: { ...none, decisions } });
    const client = clientAs(url, 'one');
    await registerShop(client);
    const words = shopWords(client);
    const execution = await words.start();
    await words.decide([
      startTimer('a'),
      startTimer('b'),
      scheduleActivity('x'),
      scheduleActivity('y'),
      scheduleActivity('z'),
    ]);
    const events = await words.history(execution);
    expect(typesOf(events).slice(4)).toEqual([
      'TimerStarted',
      'StartTimerFailed',
      'ActivityTaskScheduled',
      'ActivityTaskScheduled',
      'ScheduleActivityTaskFailed',
      'DecisionTaskScheduled',
    ]);
    expect(events[5]?.startTimerFailedEventAttributes).toMatchObject({
      timerId: 'b',
      cause: 'TIMER_CREATION_RATE_EXCEEDED',
      decisionTaskCompletedEventId: 4,
    });
    expect(events[8]?.scheduleActivityTaskFailedEventAttributes).toMatchObject({
      activityId: 'z',
      cause: 'ACTIVITY_CREATION_RATE_EXCEEDED',
    });
    await words.decide([complete]);
  });
});

describe("AWS's quotas", () => {
  it('have a bucket for every action of the service', () => {
    const actions = new Set(
      Object.keys(sdk).flatMap((name) =>
        /^[A-Z]\w+Command$/.test(name) ? [name.slice(0, -'Command'.length)] : [],
      ),
    );
    expect(actions.size).toBe(39);
    expect([...awsQuotas.calls.keys()].sort()).toEqual([...actions].sort());
  });

  it('let 100 calls of ListDomains through at once, then six per second', async () => {
    const { url, clock } = await serverWith({ quotas: awsQuotas });
    const client = clientAs(url, 'one');
    await Promise.all(Array.from({ length: 100 }, () => client.send(listDomains)));
    await refusalOf(client.send(listDomains));
    clock.advance(1000);
    for (let call = 0; call < 6; call += 1) await client.send(listDomains);
    await refusalOf(client.send(listDomains));
  });
});
