import {
  ListClosedWorkflowExecutionsCommand,
  ListOpenWorkflowExecutionsCommand,
  paginateGetWorkflowExecutionHistory,
  RegisterWorkflowTypeCommand,
  type Decision,
  type HistoryEvent,
  type SWFClient,
} from '@aws-sdk/client-swf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSwfLocal, type SwfLocal } from '../../../../infrastructure/local/swf/server.js';
import { breachesOf } from '../support/grammar.js';
import { unmodelledOf } from '../support/model.js';
import { virtualClock, type VirtualClock } from '../support/virtual-clock.js';
import { childType, clientOf, domain, registerShop, shopWords } from '../support/world.js';

/** One rule of the reference, shown on a running server. */
export interface Case {
  readonly title: string;
  /**
   * What the case shows: names of actions, decisions, events and faults, and `Event:CAUSE`. All of it must really
   * pass over the line while the case runs.
   */
  readonly covers: readonly string[];
  /** Whether the case does without the shop, in a region in which nothing is registered. */
  readonly bare?: true;
  readonly run: (world: World) => Promise<void>;
}

/** Turns the cases into tests, one after the other against one server, each in a region of its own. */
export function conform(tables: Readonly<Record<string, readonly Case[]>>): void {
  const clock = virtualClock();
  let server: SwfLocal;
  let worlds = 0;
  beforeAll(async () => {
    server = await startSwfLocal({ port: 0, dataDirectory: null, clock });
  });
  // Otherwise every later case would move the clocks of all runs that earlier ones left open.
  afterEach(() => fetch(`${server.url}/_local/reset`, { method: 'POST' }));
  afterAll(() => server.close());

  describe.each(Object.entries(tables))('%s', (_, cases) => {
    it.each(cases.map((one) => [one.title, one] as const))('%s', async (__, { run, covers, bare }) => {
      worlds += 1;
      const world = openWorld(server.url, clock, `region-${worlds}`);
      if (bare !== true) await world.open();
      await run(world);
      expect(covers.filter((name) => !world.seen.has(name))).toEqual([]);
      if (bare === true) return;
      for (const history of await world.histories()) {
        expect(unmodelledOf(history)).toEqual([]);
        expect(breachesOf(history)).toEqual([]);
      }
    });
  });
}

/** A region of its own in the shared server, with the domain and the types of a shop. */
export type World = ReturnType<typeof openWorld>;

/** A region in which nothing has happened, and a watch on everything that its client sends and gets. */
function openWorld(url: string, clock: VirtualClock, region: string) {
  const client = clientOf(url, region);
  const seen = new Set<string>();
  watch(client, seen);
  const words = shopWords(client);
  /** The whole history, page by page. */
  const history = async (execution: { workflowId: string; runId: string }): Promise<HistoryEvent[]> => {
    const events: HistoryEvent[] = [];
    for await (const page of paginateGetWorkflowExecutionHistory({ client }, { domain, execution })) {
      events.push(...(page.events ?? []));
    }
    return events;
  };
  return {
    ...words,
    history,
    client,
    clock,
    region,
    url,
    seen,
    /** The beginnings of all histories of the shop, as they come over the line: up to 1,000 events each. */
    histories: async (): Promise<string[][]> => {
      const startTimeFilter = { oldestDate: new Date(0) };
      const list = { domain, startTimeFilter };
      const open = await client.send(new ListOpenWorkflowExecutionsCommand({ ...list, maximumPageSize: 9 }));
      const closed = await client.send(new ListClosedWorkflowExecutionsCommand(list));
      const runs = [...(open.executionInfos ?? []), ...(closed.executionInfos ?? [])];
      return Promise.all(
        runs.map(async ({ execution }) => {
          const answer = await post(url, region, 'GetWorkflowExecutionHistory', { domain, execution });
          return listIn(answer.body, 'events').map((event) => JSON.stringify(event));
        }),
      );
    },
    /** Registers the shop, and a type for children. */
    open: async () => {
      await registerShop(client);
      await client.send(
        new RegisterWorkflowTypeCommand({
          domain,
          ...childType,
          defaultTaskList: { name: 'parcels' },
          defaultTaskStartToCloseTimeout: '30',
          defaultExecutionStartToCloseTimeout: '3600',
          defaultChildPolicy: 'TERMINATE',
        }),
      );
    },
    /** The attributes of the last event of a type in a run's history. */
    last: async (run: { workflowId: string; runId: string }, eventType: string): Promise<unknown> => {
      const found = (await history(run)).findLast((event) => event.eventType === eventType);
      if (found === undefined) throw new Error(`no ${eventType} in the history`);
      return attributesIn(found);
    },
    /** Event types of a run, in order. */
    types: async (run: { workflowId: string; runId: string }): Promise<string[]> =>
      (await history(run)).map((event) => event.eventType ?? ''),
    /** Starts a run and answers its first decision task, so that what the decisions lead to begins at event 5. */
    after: async (decisions: Decision[], workflowId = 'order-1') => {
      const run = await words.start(workflowId);
      await words.decide(decisions);
      return run;
    },
    /** Sends a body as it is, past the SDK; tells the fault's name and message, or null. */
    raw: async (action: string, body: unknown) => {
      const answer = await post(url, region, action, body);
      seen.add(action);
      if (answer.status === 200) return null;
      const { __type, message } = faultIn(answer.body);
      const name = __type.split('#')[1] ?? '';
      seen.add(name);
      return { name, message };
    },
    /** Makes the next decision of a type fail with a cause, as quotas and policies do. */
    forbid: async (decision: string, cause: string) => {
      const fault = { kind: 'failDecision', match: { region, decision }, cause };
      const response = await fetch(`${url}/_local/faults`, { method: 'POST', body: JSON.stringify(fault) });
      expect(response.status).toBe(201);
    },
  };
}

/** Calls an action without the SDK. */
async function post(url: string, region: string, action: string, input: unknown) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'x-amz-target': `SimpleWorkflowService.${action}`,
      'content-type': 'application/x-amz-json-1.0',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/swf/aws4_request`,
    },
    body: JSON.stringify(input),
  });
  const body: unknown = JSON.parse((await response.text()) || '{}');
  return { status: response.status, body };
}

/** The attributes of an event, under whatever name. */
function attributesIn(event: HistoryEvent): Record<string, unknown> {
  const found: unknown = Object.entries(event).find(([name]) => name.endsWith('EventAttributes'))?.[1];
  return typeof found === 'object' && found !== null ? Object.fromEntries(Object.entries(found)) : {};
}

/** That a call is refused with this fault and, if given, this message. */
export async function refused(call: Promise<unknown>, name: string, message?: string): Promise<void> {
  await expect(call).rejects.toMatchObject(message === undefined ? { name } : { name, message });
}

function watch(client: SWFClient, seen: Set<string>): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      seen.add(String(context['commandName']).replace(/Command$/, ''));
      for (const decision of listIn(args.input, 'decisions')) seen.add(textIn(decision, 'decisionType'));
      try {
        const result = await next(args);
        for (const event of listIn(result.output, 'events')) note(event, seen);
        return result;
      } catch (error) {
        if (error instanceof Error) seen.add(error.name);
        throw error;
      }
    },
    { step: 'initialize', name: 'watch' },
  );
}

function note(event: unknown, seen: Set<string>): void {
  const type = textIn(event, 'eventType');
  seen.add(type);
  if (typeof event !== 'object' || event === null) return;
  for (const [name, attributes] of Object.entries(event)) {
    if (!name.endsWith('EventAttributes')) continue;
    seen.add(`${type}:${textIn(attributes, 'cause')}`);
    seen.add(`${type}:${textIn(attributes, 'timeoutType')}`);
  }
}

function textIn(value: unknown, member: string): string {
  const found: unknown = memberIn(value, member);
  return typeof found === 'string' ? found : '';
}

function listIn(value: unknown, member: string): readonly unknown[] {
  const found: unknown = memberIn(value, member);
  return Array.isArray(found) ? found : [];
}

function memberIn(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(member)
    : undefined;
}

function faultIn(answer: unknown): { __type: string; message: string } {
  return { __type: textIn(answer, '__type'), message: textIn(answer, 'message') };
}
