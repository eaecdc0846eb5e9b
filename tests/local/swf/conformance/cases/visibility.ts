import {
  CountClosedWorkflowExecutionsCommand,
  CountOpenWorkflowExecutionsCommand,
  ListClosedWorkflowExecutionsCommand,
  ListOpenWorkflowExecutionsCommand,
  RegisterWorkflowTypeCommand,
  TerminateWorkflowExecutionCommand,
  type CountClosedWorkflowExecutionsInput,
  type CountOpenWorkflowExecutionsInput,
  type WorkflowExecutionInfo,
} from '@aws-sdk/client-swf';
import { expect } from 'vitest';
import { cancelRun, continueAsNew, failRun } from '../../support/decisions.js';
import { complete, domain } from '../../support/world.js';
import { refused, type Case, type World } from '../harness.js';

const always = { oldestDate: new Date(0) };
const second = { name: 'order', version: '2' };

/** Runs a to d, one second apart: b is tagged, c has another version. */
async function four(world: World): Promise<number> {
  const began = world.clock.now();
  const defaults = {
    defaultTaskList: { name: 'second' },
    defaultTaskStartToCloseTimeout: '30',
    defaultExecutionStartToCloseTimeout: '86400',
    defaultChildPolicy: 'ABANDON',
  } as const;
  await world.client.send(new RegisterWorkflowTypeCommand({ domain, ...second, ...defaults }));
  await world.start('a');
  world.clock.advance(1000);
  await world.start('b', { tagList: ['gift', 'Express'] });
  world.clock.advance(1000);
  await world.start('c', { workflowType: second });
  world.clock.advance(1000);
  await world.start('d');
  return began;
}

/** The same four; c completes ten seconds after the first start, a is terminated after twenty. */
async function twoClosed(world: World): Promise<number> {
  const began = await four(world);
  world.clock.advance(7000);
  const { taskToken } = await world.pollDecision('second');
  await world.respond(taskToken, [complete]);
  world.clock.advance(10_000);
  await world.client.send(new TerminateWorkflowExecutionCommand({ domain, workflowId: 'a' }));
  return began;
}

const idsOf = (infos: readonly WorkflowExecutionInfo[] = []) =>
  infos.map(({ execution }) => execution?.workflowId).join('');

type OpenQuery = Partial<CountOpenWorkflowExecutionsInput> & { reverseOrder?: boolean };
type ClosedQuery = Partial<CountClosedWorkflowExecutionsInput> & { reverseOrder?: boolean };

async function open({ client }: World, query: OpenQuery = {}): Promise<string> {
  const input = { domain, startTimeFilter: always, ...query };
  const { executionInfos } = await client.send(new ListOpenWorkflowExecutionsCommand(input));
  const counted = await client.send(new CountOpenWorkflowExecutionsCommand(input));
  expect(counted).toMatchObject({ count: executionInfos?.length, truncated: false });
  return idsOf(executionInfos);
}

async function closed({ client }: World, query: ClosedQuery = {}): Promise<string> {
  const input = { domain, ...query };
  const { executionInfos } = await client.send(new ListClosedWorkflowExecutionsCommand(input));
  const counted = await client.send(new CountClosedWorkflowExecutionsCommand(input));
  expect(counted).toMatchObject({ count: executionInfos?.length, truncated: false });
  return idsOf(executionInfos);
}

const both = ['ListOpenWorkflowExecutions', 'CountOpenWorkflowExecutions'];
const bothClosed = ['ListClosedWorkflowExecutions', 'CountClosedWorkflowExecutions'];

const openFilters: readonly (readonly [string, (began: number) => OpenQuery, string])[] = [
  ['no other filter', () => ({}), 'dcba'],
  ['reverse order', () => ({ reverseOrder: true }), 'abcd'],
  ['a workflowId', () => ({ executionFilter: { workflowId: 'b' } }), 'b'],
  ['a workflowId that is not there', () => ({ executionFilter: { workflowId: 'x' } }), ''],
  ['a type name', () => ({ typeFilter: { name: 'order' } }), 'dcba'],
  ['a type name and version', () => ({ typeFilter: second }), 'c'],
  ['a tag', () => ({ tagFilter: { tag: 'Express' } }), 'b'],
  ['a tag in the wrong case', () => ({ tagFilter: { tag: 'express' } }), ''],
  ['an oldest date, inclusive', (at) => ({ startTimeFilter: { oldestDate: new Date(at + 1000) } }), 'dcb'],
  [
    'a latest date, inclusive',
    (at) => ({ startTimeFilter: { oldestDate: new Date(at), latestDate: new Date(at + 1000) } }),
    'ba',
  ],
];

const opened: Case[] = [
  ...openFilters.map(([name, query, ids]): Case => ({
    title: `open executions by ${name}`,
    covers: both,
    run: async (world) => {
      const began = await four(world);
      expect(await open(world, query(began))).toBe(ids);
    },
  })),
  {
    title: 'open executions are those that are not closed',
    covers: both,
    run: async (world) => {
      await twoClosed(world);
      expect(await open(world)).toBe('db');
    },
  },
  {
    title: 'open executions need a known domain and at most one exclusive filter',
    covers: [...both, 'UnknownResourceFault', 'ValidationException'],
    run: async (world) => {
      const unknown = { domain: 'x' };
      await refused(open(world, unknown), 'UnknownResourceFault', 'Unknown domain: x');
      const { client } = world;
      const count = new CountOpenWorkflowExecutionsCommand({ startTimeFilter: always, ...unknown });
      await refused(client.send(count), 'UnknownResourceFault');
      const query = { executionFilter: { workflowId: 'a' }, tagFilter: { tag: 't' } };
      const message =
        'Cannot specify more than one exclusive filters in the same query: [executionFilter, tagFilter]';
      await refused(open(world, query), 'ValidationException', message);
    },
  },
  {
    title: 'open executions come in pages that neither repeat nor skip while others start',
    covers: ['ListOpenWorkflowExecutions'],
    run: async (world) => {
      await four(world);
      const query = { domain, startTimeFilter: always, maximumPageSize: 2 };
      const first = await world.client.send(new ListOpenWorkflowExecutionsCommand(query));
      await world.start('e');
      const { nextPageToken } = first;
      const next = await world.client.send(
        new ListOpenWorkflowExecutionsCommand({ ...query, nextPageToken }),
      );
      expect(idsOf(first.executionInfos) + idsOf(next.executionInfos)).toBe('dcba');
      expect(next).not.toHaveProperty('nextPageToken');
    },
  },
  {
    title: 'a page token lives for 24 hours, and serves its own request only',
    covers: ['ListOpenWorkflowExecutions', 'ValidationException'],
    run: async (world) => {
      await four(world);
      const query = { domain, startTimeFilter: always, maximumPageSize: 1 };
      const { nextPageToken } = await world.client.send(new ListOpenWorkflowExecutionsCommand(query));
      const list = (more: object) =>
        world.client.send(new ListOpenWorkflowExecutionsCommand({ ...query, nextPageToken, ...more }));
      await refused(list({ reverseOrder: true }), 'ValidationException', 'Invalid token');
      await refused(list({ nextPageToken: 'nonsense' }), 'ValidationException', 'Invalid token');
      world.clock.advance(86_400_000);
      await list({});
      world.clock.advance(1);
      const message = 'Specified token has exceeded its maximum lifetime';
      await refused(list({}), 'ValidationException', message);
    },
  },
];

const closedFilters: readonly (readonly [string, (began: number) => ClosedQuery, string])[] = [
  ['start time', () => ({ startTimeFilter: always }), 'ca'],
  ['start time, reversed', () => ({ startTimeFilter: always, reverseOrder: true }), 'ac'],
  ['close time', () => ({ closeTimeFilter: always }), 'ac'],
  ['close time, reversed', () => ({ closeTimeFilter: always, reverseOrder: true }), 'ca'],
  [
    'an oldest close date, inclusive',
    (at) => ({ closeTimeFilter: { oldestDate: new Date(at + 20_000) } }),
    'a',
  ],
  [
    'a latest close date, inclusive',
    (at) => ({ closeTimeFilter: { oldestDate: new Date(0), latestDate: new Date(at + 10_000) } }),
    'c',
  ],
  ['a workflowId', () => ({ startTimeFilter: always, executionFilter: { workflowId: 'a' } }), 'a'],
  ['a type', () => ({ startTimeFilter: always, typeFilter: second }), 'c'],
  ['a tag', () => ({ startTimeFilter: always, tagFilter: { tag: 'gift' } }), ''],
  ['a status', () => ({ startTimeFilter: always, closeStatusFilter: { status: 'TERMINATED' } }), 'a'],
];

const statuses = [
  ['COMPLETED', complete],
  ['FAILED', failRun],
  ['CANCELED', cancelRun],
  ['CONTINUED_AS_NEW', continueAsNew()],
  ['TIMED_OUT', null],
] as const;

const ended: Case[] = [
  ...closedFilters.map(([name, query, ids]): Case => ({
    title: `closed executions by ${name}`,
    covers: bothClosed,
    run: async (world) => {
      const began = await twoClosed(world);
      expect(await closed(world, query(began))).toBe(ids);
    },
  })),
  ...statuses.map(([status, decision]): Case => ({
    title: `closed executions of status ${status}`,
    covers: bothClosed,
    run: async (world) => {
      await world.start('a', { executionStartToCloseTimeout: '60' });
      if (decision === null) world.clock.advance(60_000);
      else await world.decide([decision]);
      const query = { startTimeFilter: always, closeStatusFilter: { status } };
      expect(await closed(world, query)).toBe('a');
    },
  })),
  {
    title: 'closed executions need exactly one time filter, and at most one exclusive one',
    covers: [...bothClosed, 'ValidationException', 'UnknownResourceFault'],
    run: async (world) => {
      const { client } = world;
      const fault = 'ValidationException';
      const twice = { startTimeFilter: always, closeTimeFilter: always };
      await refused(closed(world), fault, 'Must specify time filter');
      await refused(
        closed(world, twice),
        fault,
        'Cannot specify both a startTimeFilter and a closeTimeFilter',
      );
      const query = {
        startTimeFilter: always,
        typeFilter: { name: 'order' },
        closeStatusFilter: { status: 'FAILED' as const },
      };
      const message =
        'Cannot specify more than one exclusive filters in the same query: [typeFilter, closeStatusFilter]';
      await refused(closed(world, query), fault, message);
      const count = new CountClosedWorkflowExecutionsCommand({ domain });
      await refused(client.send(count), fault, 'Must specify time filter');
      await refused(closed(world, { domain: 'x', startTimeFilter: always }), 'UnknownResourceFault');
    },
  },
  {
    title: 'each run of a chain is a row of its own',
    covers: [...bothClosed, 'ContinueAsNewWorkflowExecution'],
    run: async (world) => {
      await world.start('a');
      await world.decide([continueAsNew()]);
      await world.decide([continueAsNew()]);
      expect(await closed(world, { startTimeFilter: always })).toBe('aa');
      expect(await open(world)).toBe('a');
    },
  },
  {
    title: 'closed executions come page by page, the last one without a token even when it is full',
    covers: ['ListClosedWorkflowExecutions'],
    run: async (world) => {
      await twoClosed(world);
      const query = { domain, closeTimeFilter: always, maximumPageSize: 1 };
      const first = await world.client.send(new ListClosedWorkflowExecutionsCommand(query));
      const { nextPageToken } = first;
      const next = await world.client.send(
        new ListClosedWorkflowExecutionsCommand({ ...query, nextPageToken }),
      );
      expect(idsOf(first.executionInfos) + idsOf(next.executionInfos)).toBe('ac');
      expect(next).not.toHaveProperty('nextPageToken');
      expect(next.executionInfos?.[0]).toMatchObject({ executionStatus: 'CLOSED', closeStatus: 'COMPLETED' });
    },
  },
];

/** Lists and counts of executions. */
export const visibility: readonly Case[] = [...opened, ...ended];
