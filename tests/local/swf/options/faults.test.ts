import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ListDomainsCommand,
  PollForActivityTaskCommand,
  RespondActivityTaskCompletedCommand,
} from '@aws-sdk/client-swf';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFaultBook, type FaultPlan } from '../../../../infrastructure/local/swf/options/faults/book.js';
import { readFaults } from '../../../../infrastructure/local/swf/options/faults/control.js';
import {
  domain,
  complete,
  registerShop,
  scheduleActivity,
  shopWords,
  startTimer,
  taskList,
  typesOf,
} from '../support/world.js';
import { clientAs, refusalOf, serverWith } from './room.js';

const listDomains = new ListDomainsCommand({ registrationStatus: 'REGISTERED' });
const plan = (...faults: unknown[]): FaultPlan => ({ seed: 1, faults });

/** A shop on a server whose faults come after the registrations. */
async function shopWith(...faults: unknown[]) {
  const { server, clock, url } = await serverWith();
  const client = clientAs(url, 'one');
  await registerShop(client);
  const post = (body: unknown) =>
    fetch(`${url}/_local/faults`, { method: 'POST', body: JSON.stringify(body) });
  expect((await post(faults)).status).toBe(201);
  return { server, clock, url, client, post, ...shopWords(client) };
}

describe('a call that a fault strikes', () => {
  it.each([
    ['throttle', 'ThrottlingException', 400],
    ['internalFailure', 'InternalFailure', 500],
    ['unavailable', 'ServiceUnavailable', 503],
  ])('%s: is refused once with %s', async (kind, name, status) => {
    const { url } = await serverWith({ faults: plan({ kind, match: { action: 'List*' } }) });
    const client = clientAs(url, 'one');
    expect(await refusalOf(client.send(listDomains))).toMatchObject({ name, status });
    await client.send(listDomains);
  });

  it.each(['throttle', 'internalFailure', 'unavailable'])('%s: is repeated by the SDK', async (kind) => {
    const { url } = await serverWith({ faults: plan({ kind }) });
    const { $metadata } = await clientAs(url, 'one', { maxAttempts: 3 }).send(listDomains);
    expect($metadata.attempts).toBe(2);
  });

  it('delay: waits by the clock of the server', async () => {
    const { url, clock } = await serverWith({ faults: plan({ kind: 'delay', delayMilliseconds: 5000 }) });
    const held = clock.whenScheduled(5000);
    const answer = clientAs(url, 'one').send(listDomains);
    await held;
    clock.advance(5000);
    expect((await answer).domainInfos).toEqual([]);
  });

  it('cut: loses its connection and has no effect', async () => {
    const { client, start } = await shopWith({ kind: 'cut', match: { action: 'StartWorkflowExecution' } });
    await expect(start()).rejects.toThrow(/socket hang up|ECONNRESET/);
    await start();
    client.destroy();
  });

  it('cut after its effect: loses only the answer', async () => {
    const fault = { kind: 'cut', afterEffect: true, match: { action: 'StartWorkflowExecution' } };
    const { start } = await shopWith(fault);
    await expect(start()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await refusalOf(start())).name).toBe('WorkflowExecutionAlreadyStartedFault');
  });

  it('internal failure after its effect: the effect stays', async () => {
    const fault = { kind: 'internalFailure', afterEffect: true, match: { workflowId: 'order-?' } };
    const { start } = await shopWith(fault);
    await start('other');
    expect((await refusalOf(start('order-1'))).name).toBe('InternalFailure');
    expect((await refusalOf(start('order-1'))).name).toBe('WorkflowExecutionAlreadyStartedFault');
  });

  it('hang: hears nothing until it gives up', async () => {
    const { url } = await serverWith({ faults: plan({ kind: 'hang' }) });
    const client = clientAs(url, 'one');
    await expect(client.send(listDomains, { abortSignal: AbortSignal.timeout(50) })).rejects.toThrow(
      /abort/i,
    );
    await client.send(listDomains);
  });

  it('duplicate call: takes effect twice, and the first answer leaves', async () => {
    const fault = { kind: 'duplicateCall', times: 2 };
    const { start, signal, history, pollDecision, pendingDecisions } = await shopWith(fault);
    const execution = await start();
    expect((await pollDecision()).taskToken).toBeDefined();
    await signal();
    expect(await pendingDecisions()).toBe(0);
    const types = typesOf(await history(execution));
    expect(types.filter((type) => type === 'WorkflowExecutionSignaled')).toHaveLength(2);
  });
});

describe('a task that a fault strikes', () => {
  it('lost: is started, given to nobody, and times out', async () => {
    const fault = { kind: 'loseTask', match: { action: 'PollForActivityTask', type: 'charge' } };
    const { start, decide, pollActivity, history, clock, work } = await shopWith(fault);
    const execution = await start();
    await decide([scheduleActivity('a')]);
    expect(await pollActivity()).toMatchObject({ startedEventId: 0 });
    clock.advance(50_000);
    expect(typesOf(await history(execution)).slice(5)).toEqual([
      'ActivityTaskStarted',
      'ActivityTaskTimedOut',
      'DecisionTaskScheduled',
    ]);
    await decide([scheduleActivity('a')]);
    expect((await work()).activityId).toBe('a');
  });

  it('lost: only the decision tasks of the run that is named', async () => {
    const fault = { kind: 'loseTask', match: { workflowId: 'order-2' } };
    const { start, pollDecision } = await shopWith(fault);
    await start('order-1');
    await start('order-2');
    await start('order-3');
    const polls = [await pollDecision(), await pollDecision(), await pollDecision()];
    expect(polls.map((task) => task.workflowExecution?.workflowId)).toEqual([
      'order-1',
      undefined,
      'order-3',
    ]);
  });

  it('lost: an empty poll does not use the fault up', async () => {
    const { url, start, pollActivity, clock } = await shopWith({ kind: 'loseTask' });
    const held = clock.whenScheduled(60_000);
    const empty = pollActivity();
    await held;
    clock.advance(60_000);
    expect((await empty).taskToken).toBeUndefined();
    await start();
    expect(await (await fetch(`${url}/_local/faults`)).json()).toMatchObject({ faults: [{ struck: 0 }] });
  });

  it('duplicated: the next poll of the list gets it once more, and only one completion counts', async () => {
    const fault = { kind: 'duplicateTask', match: { action: 'PollForActivityTask' } };
    const { client, start, decide, pollActivity } = await shopWith(fault);
    await start();
    await decide([scheduleActivity('a'), scheduleActivity('b')]);
    const [first, second, third] = [await pollActivity(), await pollActivity(), await pollActivity()];
    expect([first.activityId, second.activityId, third.activityId]).toEqual(['a', 'a', 'b']);
    expect(second.taskToken).toBe(first.taskToken);
    const finish = () => client.send(new RespondActivityTaskCompletedCommand({ taskToken: first.taskToken }));
    await finish();
    expect((await refusalOf(finish())).message).toMatch(/Unknown activity, scheduledEventId = 5/);
  });

  it('a poll that hangs takes no task with it', async () => {
    const fault = { kind: 'hang', match: { action: 'PollForActivityTask', taskList: taskList.name } };
    const { client, start, decide, work } = await shopWith(fault);
    await start();
    await decide([scheduleActivity('a')]);
    const poll = new PollForActivityTaskCommand({ domain, taskList });
    await expect(client.send(poll, { abortSignal: AbortSignal.timeout(50) })).rejects.toThrow(/abort/i);
    expect((await work()).activityId).toBe('a');
  });
});

describe('a decision that a fault strikes', () => {
  it('fails with the cause that is asked for, and the decider may try again', async () => {
    const match = { decision: 'ScheduleActivityTask', type: 'charge', workflowId: 'order-*' };
    const fault = { kind: 'failDecision', cause: 'OPEN_ACTIVITIES_LIMIT_EXCEEDED', match };
    const { start, decide, history } = await shopWith(fault);
    const execution = await start();
    await decide([startTimer(), scheduleActivity('a'), scheduleActivity('b')]);
    const events = await history(execution);
    expect(typesOf(events).slice(4)).toEqual([
      'TimerStarted',
      'ScheduleActivityTaskFailed',
      'ActivityTaskScheduled',
      'DecisionTaskScheduled',
    ]);
    expect(events[5]?.scheduleActivityTaskFailedEventAttributes).toMatchObject({
      activityId: 'a',
      cause: 'OPEN_ACTIVITIES_LIMIT_EXCEEDED',
    });
  });

  it('leaves a run open that was to be closed', async () => {
    const fault = { kind: 'failDecision', cause: 'UNHANDLED_DECISION', match: { decision: 'Complete*' } };
    const { start, decide, describe: look } = await shopWith(fault);
    const execution = await start();
    await decide([complete]);
    expect((await look(execution)).executionInfo?.executionStatus).toBe('OPEN');
    await decide([complete]);
    expect((await look(execution)).executionInfo?.closeStatus).toBe('COMPLETED');
  });
});

describe('chances', () => {
  const strikes = (seed: number): string => {
    const book = openFaultBook({ seed, faults: [{ kind: 'throttle', probability: 0.3 }] });
    return Array.from({ length: 1000 }, () => (book.take({}, () => true) === null ? '.' : 'x')).join('');
  };

  it('are the same for the same seed, others for another, and as frequent as asked for', () => {
    expect(strikes(7)).toBe(strikes(7));
    expect(strikes(7)).not.toBe(strikes(8));
    const share = strikes(7).replaceAll('.', '').length / 1000;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);
  });

  it('end after so many times', () => {
    const book = openFaultBook(plan({ kind: 'throttle', probability: 0.5, times: 3 }));
    const struck = Array.from({ length: 100 }, () => book.take({}, () => true)).filter((one) => one !== null);
    expect(struck).toHaveLength(3);
    expect(book.isEmpty()).toBe(true);
  });
});

describe('faults on the wire', () => {
  it('are listed with how often they struck, and forgotten', async () => {
    const { url, signal, start } = await shopWith({
      kind: 'throttle',
      times: 2,
      match: { action: 'Signal*' },
    });
    await start();
    await refusalOf(signal());
    const address = `${url}/_local/faults`;
    expect(await (await fetch(address)).json()).toEqual({
      faults: [
        { id: 1, kind: 'throttle', match: { action: 'Signal*' }, timesLeft: 1, probability: 1, struck: 1 },
      ],
    });
    expect(await (await fetch(address, { method: 'DELETE' })).json()).toEqual({ faults: [] });
    await signal();
    expect((await fetch(address, { method: 'PUT' })).status).toBe(405);
  });

  it.each([
    [{}, 'fault.kind is one of delay, throttle,'],
    [{ kind: 'explode' }, 'fault.kind is one of delay, throttle,'],
    [[{ kind: 'hang' }, { kind: 'hang', cause: 'X' }], 'faults[1]: a fault of kind hang has no member cause'],
    [{ kind: 'delay' }, 'fault.delayMilliseconds is a whole number from 1 to 600000'],
    [{ kind: 'failDecision' }, 'fault.cause is the cause that the decision fails with'],
    [{ kind: 'hang', times: 0 }, 'fault.times is a whole number from 1, or null for ever'],
    [{ kind: 'hang', probability: 2 }, 'fault.probability is a number above 0, at most 1'],
    [
      { kind: 'hang', match: { decision: 'StartTimer' } },
      'fault.match: only a fault of kind failDecision concerns a decision',
    ],
    [{ kind: 'hang', match: { color: 'red' } }, 'fault.match knows region, action, domain,'],
    [{ kind: 'hang', match: { action: 1 } }, 'fault.match.action is a text'],
    [{ kind: 'cut', afterEffect: 'yes' }, 'fault.afterEffect is true or false'],
  ])('%j is refused: %s', async (body, problem) => {
    const { url, post } = await shopWith();
    const answer = await post(body);
    expect(answer.status).toBe(400);
    const told: unknown = await answer.json();
    expect(told).toMatchObject({ problem: expect.stringContaining(problem) });
    expect(await (await fetch(`${url}/_local/faults`)).json()).toEqual({ faults: [] });
  });

  it('are not taken from pages of other sites that a browser on this machine shows', async () => {
    const { url } = await serverWith();
    const headers = { origin: 'https://elsewhere.example' };
    const body = JSON.stringify({ kind: 'hang' });
    expect((await fetch(`${url}/_local/faults`, { method: 'POST', headers, body })).status).toBe(404);
    expect((await fetch(`${url}/_local/reset`, { method: 'POST', headers })).status).toBe(404);
  });

  it('that are no JSON are refused', async () => {
    const { url } = await serverWith();
    const answer = await fetch(`${url}/_local/faults`, { method: 'POST', body: '{kind' });
    expect(await answer.json()).toMatchObject({ problem: expect.stringContaining('not JSON') });
  });
});

describe('a file of faults', () => {
  async function fileOf(text: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'faults-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'faults.json');
    await writeFile(path, text);
    return path;
  }

  it('holds a list, or a seed and a list', async () => {
    const fault = { kind: 'hang' };
    expect(await readFaults(await fileOf(JSON.stringify([fault])))).toEqual({ seed: 1, faults: [fault] });
    const seeded = { seed: 42, faults: [fault] };
    expect(await readFaults(await fileOf(JSON.stringify(seeded)))).toEqual(seeded);
  });

  it.each([
    ['{"kind":"hang"}', 'faults are a JSON list'],
    ['[{"kind":"hang"},{"kind":"bang"}]', 'faults[1].kind is one of'],
    ['{"seed":"x","faults":[]}', 'seed is a whole number'],
    ['nonsense', 'not JSON'],
  ])('%s is refused with the name of the file', async (text, problem) => {
    const path = await fileOf(text);
    await expect(readFaults(path)).rejects.toThrow(`${path}: ${problem}`);
  });
});
