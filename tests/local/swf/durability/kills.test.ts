import { CountOpenWorkflowExecutionsCommand, type SWFClient } from '@aws-sdk/client-swf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventOfText } from '../../../../infrastructure/local/swf/state/events.js';
import { breachesOf } from '../support/grammar.js';
import { brokenLinksOf } from '../support/links.js';
import { domain, drive, registerLoad, type Told } from '../support/load.js';
import { buildServer, type ServerProgram } from '../support/server-process.js';
import { clientOf } from '../support/world.js';

/** `npm run test:long` asks for 200. */
const kills = Number(process.env['SWF_KILLS'] ?? 10);
/** So few that the journal is rewritten in nearly every life. */
const compactAfter = '150';
const watched = 8;

let program: ServerProgram;
beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

/** The texts of a run's events, as the server gives them. */
async function historyOf(url: string, workflowId: string, runId: string): Promise<string[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'x-amz-target': 'SimpleWorkflowService.GetWorkflowExecutionHistory',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-2/swf/aws4_request',
    },
    body: JSON.stringify({ domain, execution: { workflowId, runId } }),
  });
  const json: unknown = await response.json();
  if (typeof json !== 'object' || json === null || !('events' in json) || !Array.isArray(json.events)) {
    throw new Error(`no history of ${workflowId} ${runId}: ${JSON.stringify(json)}`);
  }
  return json.events.map((event) => JSON.stringify(event));
}

async function openRuns(client: SWFClient): Promise<number> {
  const count = new CountOpenWorkflowExecutionsCommand({
    domain,
    startTimeFilter: { oldestDate: new Date(0) },
  });
  return (await client.send(count)).count ?? 0;
}

/** Resolves when so many tasks were given out, or something went wrong. */
function tasksGivenOut(told: Told, count: number): Promise<void> {
  return new Promise((resolve) => {
    told.noticed = () => {
      if (told.tasks.length >= count || told.surprises.length > 0) resolve();
    };
    told.noticed();
  });
}

/** How many tasks are given out in a life: spread without a pattern, and the same at each run. */
function lengthOf(life: number): number {
  return 3 + ((life * 7919) % 83);
}

describe('a server that is killed again and again', () => {
  it(
    'has lost nothing that it answered, repeats nothing, and gives out each task once',
    async () => {
      const told: Told = {
        runs: new Map(),
        tasks: [],
        results: new Set(),
        signals: new Set(),
        surprises: [],
        noticed: () => undefined,
      };
      const seen = new Map<string, readonly string[]>();
      const args = [
        '--data-dir',
        program.dataDirectory,
        '--poll-seconds',
        '1',
        '--compact-after',
        compactAfter,
      ];
      for (let life = 1; life <= kills; life += 1) {
        const server = await program.start(args);
        const client = clientOf(server.url);
        if (life === 1) await registerLoad(client);
        for (const [runId, before] of seen) {
          const now = await historyOf(server.url, told.runs.get(runId) ?? '', runId);
          expect(now.slice(0, before.length)).toEqual(before);
        }
        // Each workflow needs some five tasks at once, and more later.
        let starts = 2 + lengthOf(life) / 5;
        const driving = drive(client, told, life, () => (starts -= 1) > 0);
        await tasksGivenOut(told, told.tasks.length + lengthOf(life));
        seen.clear();
        for (const [runId, workflowId] of [...told.runs].slice(-watched)) {
          seen.set(runId, await historyOf(server.url, workflowId, runId));
        }
        await server.kill();
        await driving;
        client.destroy();
        expect(told.surprises).toEqual([]);
      }
      const server = await program.start(args);
      const client = clientOf(server.url);
      const driving = drive(client, told, kills + 1, () => false);
      while ((await openRuns(client)) > 0 && told.surprises.length === 0);
      expect(told.surprises).toEqual([]);
      await expectAllTold(server.url, told);
      expect(await server.kill('SIGTERM')).toBe(0);
      await driving;
    },
    30_000 + kills * 5000,
  );
});

/** Every run is whole, and holds what was answered once. */
async function expectAllTold(url: string, told: Told): Promise<void> {
  const histories = new Map<string, { readonly history: readonly string[] }>();
  for (const [runId, workflowId] of told.runs) {
    histories.set(runId, { history: await historyOf(url, workflowId, runId) });
  }
  const results: string[] = [];
  const signals: string[] = [];
  for (const { history } of histories.values()) {
    expect(breachesOf(history)).toEqual([]);
    const events = history.map(eventOfText);
    expect(events.at(-1)?.eventType).toBe('WorkflowExecutionCompleted');
    for (const { eventType, attributes } of events) {
      if (eventType === 'ActivityTaskCompleted') results.push(attributes.result ?? '');
      if (eventType !== 'WorkflowExecutionSignaled') continue;
      if (attributes.signalName === 'outside') signals.push(attributes.input ?? '');
    }
  }
  expect(brokenLinksOf(histories)).toEqual([]);
  expect(new Set(results).size).toBe(results.length);
  expect(results).toEqual(expect.arrayContaining([...told.results]));
  expect(new Set(signals).size).toBe(signals.length);
  expect(signals).toEqual(expect.arrayContaining([...told.signals]));
  expect(new Set(told.tasks).size).toBe(told.tasks.length);
}
