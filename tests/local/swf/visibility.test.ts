import {
  CountClosedWorkflowExecutionsCommand,
  CountOpenWorkflowExecutionsCommand,
  ListClosedWorkflowExecutionsCommand,
  ListOpenWorkflowExecutionsCommand,
  RegisterWorkflowTypeCommand,
  TerminateWorkflowExecutionCommand,
  type CountClosedWorkflowExecutionsInput,
  type CountOpenWorkflowExecutionsInput,
} from '@aws-sdk/client-swf';
import { describe, expect, it } from 'vitest';
import { complete, domain, shop, taskList } from './support/world.js';

const began = Date.UTC(2026, 0, 1);
const always = { oldestDate: new Date(0) };

/** Runs a (0 s), b (1 s, tagged), c (2 s, version 2) and d (3 s); closed: c completed at 10 s, a terminated at 20 s. */
async function busyShop(options: { close: boolean }) {
  const world = await shop();
  const { client, clock, start, decide } = world;
  await client.send(
    new RegisterWorkflowTypeCommand({
      domain,
      name: 'order',
      version: '2',
      defaultTaskList: { name: 'second' },
      defaultTaskStartToCloseTimeout: '30',
      defaultExecutionStartToCloseTimeout: '86400',
      defaultChildPolicy: 'ABANDON',
    }),
  );
  await start('a');
  clock.advance(1000);
  await start('b', { tagList: ['gift', 'Express'] });
  clock.advance(1000);
  await start('c', { workflowType: { name: 'order', version: '2' } });
  clock.advance(1000);
  await start('d');
  if (options.close) {
    clock.advance(7000);
    await decide([complete], { taskList: { name: 'second' } });
    clock.advance(10_000);
    await client.send(new TerminateWorkflowExecutionCommand({ domain, workflowId: 'a' }));
  }

  const idsOf = (infos: readonly { execution?: { workflowId?: string | undefined } | undefined }[] = []) =>
    infos.map((info) => info.execution?.workflowId).join('');
  return {
    ...world,
    open: async (query: Partial<CountOpenWorkflowExecutionsInput> & { reverseOrder?: boolean } = {}) => {
      const input = { domain, startTimeFilter: always, ...query };
      const { executionInfos } = await client.send(new ListOpenWorkflowExecutionsCommand(input));
      const { count } = await client.send(new CountOpenWorkflowExecutionsCommand(input));
      expect(count).toBe(executionInfos?.length);
      return idsOf(executionInfos);
    },
    closed: async (query: Partial<CountClosedWorkflowExecutionsInput> & { reverseOrder?: boolean }) => {
      const input = { domain, ...query };
      const { executionInfos } = await client.send(new ListClosedWorkflowExecutionsCommand(input));
      const { count } = await client.send(new CountClosedWorkflowExecutionsCommand(input));
      expect(count).toBe(executionInfos?.length);
      return idsOf(executionInfos);
    },
  };
}

describe('open executions', () => {
  it('are listed newest first, reversed on request, and without the closed ones', async () => {
    const { open, client } = await busyShop({ close: false });
    expect(await open()).toBe('dcba');
    expect(await open({ reverseOrder: true })).toBe('abcd');
    await client.send(new TerminateWorkflowExecutionCommand({ domain, workflowId: 'b' }));
    expect(await open()).toBe('dca');
  });

  it('are filtered by start time with both ends inside, workflowId, type and tag', async () => {
    const { open } = await busyShop({ close: false });
    const between = { oldestDate: new Date(began + 1000), latestDate: new Date(began + 2000) };
    expect(await open({ startTimeFilter: between })).toBe('cb');
    expect(await open({ startTimeFilter: { oldestDate: new Date(began + 2001) } })).toBe('d');
    expect(await open({ executionFilter: { workflowId: 'b' } })).toBe('b');
    expect(await open({ typeFilter: { name: 'order' } })).toBe('dcba');
    expect(await open({ typeFilter: { name: 'order', version: '2' } })).toBe('c');
    expect(await open({ typeFilter: { name: 'other' } })).toBe('');
    expect(await open({ tagFilter: { tag: 'Express' } })).toBe('b');
    expect(await open({ tagFilter: { tag: 'express' } })).toBe('');
  });

  it('come in pages that neither repeat nor skip while others start', async () => {
    const { client, start } = await busyShop({ close: false });
    const query = { domain, startTimeFilter: always, maximumPageSize: 2 };
    const first = await client.send(new ListOpenWorkflowExecutionsCommand(query));
    await start('e');
    const { nextPageToken } = first;
    const second = await client.send(new ListOpenWorkflowExecutionsCommand({ ...query, nextPageToken }));
    const ids = [...(first.executionInfos ?? []), ...(second.executionInfos ?? [])].map(
      (info) => info.execution?.workflowId,
    );
    expect(ids).toEqual(['d', 'c', 'b', 'a']);
    expect(second).not.toHaveProperty('nextPageToken');
  });
});

describe('closed executions', () => {
  it('are ordered by start or by close time, as filtered', async () => {
    const { closed } = await busyShop({ close: true });
    expect(await closed({ startTimeFilter: always })).toBe('ca');
    expect(await closed({ closeTimeFilter: always })).toBe('ac');
    expect(await closed({ closeTimeFilter: always, reverseOrder: true })).toBe('ca');
    expect(await closed({ closeTimeFilter: { oldestDate: new Date(began + 10_001) } })).toBe('a');
  });

  it('are filtered by how they closed, and the other ways', async () => {
    const { closed } = await busyShop({ close: true });
    expect(await closed({ startTimeFilter: always, closeStatusFilter: { status: 'TERMINATED' } })).toBe('a');
    expect(await closed({ startTimeFilter: always, closeStatusFilter: { status: 'FAILED' } })).toBe('');
    expect(await closed({ startTimeFilter: always, executionFilter: { workflowId: 'c' } })).toBe('c');
    expect(await closed({ startTimeFilter: always, typeFilter: { name: 'order', version: '1' } })).toBe('a');
    expect(await closed({ startTimeFilter: always, tagFilter: { tag: 'gift' } })).toBe('');
  });

  it('need exactly one time filter and at most one other', async () => {
    const { closed, open } = await busyShop({ close: false });
    const name = 'ValidationException';
    await expect(closed({})).rejects.toMatchObject({ name, message: 'Must specify time filter' });
    await expect(closed({ startTimeFilter: always, closeTimeFilter: always })).rejects.toMatchObject({
      name,
      message: 'Cannot specify both a startTimeFilter and a closeTimeFilter',
    });
    const two = { tagFilter: { tag: 't' }, typeFilter: { name: 'order' } };
    const message =
      'Cannot specify more than one exclusive filters in the same query: [typeFilter, tagFilter]';
    await expect(closed({ startTimeFilter: always, ...two })).rejects.toMatchObject({ name, message });
    await expect(open(two)).rejects.toMatchObject({ name, message });
    await expect(open({ domain: 'none' })).rejects.toMatchObject({ message: 'Unknown domain: none' });
  });

  it('vanish after their retention', async () => {
    const { closed, clock } = await busyShop({ close: true });
    clock.advance(7 * 86_400_000 - 10_000);
    expect(await closed({ closeTimeFilter: always, executionFilter: { workflowId: 'c' } })).toBe('');
    expect(await closed({ closeTimeFilter: always, executionFilter: { workflowId: 'a' } })).toBe('a');
  });
});

describe('pending tasks', () => {
  it('are those that wait in the list, and none in a list never used', async () => {
    const { start, pollDecision, pendingDecisions, pendingActivities } = await shop();
    await start('a');
    await start('b');
    expect(await pendingDecisions()).toBe(2);
    await pollDecision();
    expect(await pendingDecisions()).toBe(1);
    expect(await pendingDecisions('never')).toBe(0);
    expect(await pendingActivities(taskList.name)).toBe(0);
  });
});
