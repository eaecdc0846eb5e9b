import { appendFile, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openService, type Service } from '../../../../infrastructure/local/swf/service.js';
import { dump } from '../../../../infrastructure/local/swf/state/dump.js';
import { openStorage, type Storage } from '../../../../infrastructure/local/swf/storage/storage.js';
import { play, region, session } from '../support/session.js';
import { virtualClock, type VirtualClock } from '../support/virtual-clock.js';

const oneDay = 86_400_000;
const domain = 'd';
const type = { name: 'n', version: '1' };
const taskList = { name: 'l' };

let root = '';
const opened: Storage[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'swf-storage-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close().catch(() => undefined)));
  await rm(root, { recursive: true, force: true });
});

async function storageIn(folder: string): Promise<Storage> {
  const storage = await openStorage(folder, { warn: () => undefined });
  opened.push(storage);
  return storage;
}

interface Life {
  readonly service: Service;
  readonly ask: (action: string, input: object) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** A server without its protocol on the folder; it compacts as soon as a few events are of no use any more. */
async function live(clock: VirtualClock, compactAfter = 30): Promise<Life> {
  const storage = await storageIn(root);
  const { journal, archive, entries } = storage;
  const options = { clock, account: '1', pollMilliseconds: 1, entries: entries(), journal, archive };
  const service = openService({ ...options, compactAfter });
  let calls = 0;
  return {
    service,
    async ask(action, input) {
      calls += 1;
      const caller = { gone: false, whenGone: () => undefined };
      const freshId = `${clock.now()}-${calls}`;
      const answer = await service.perform({ region, action, input, freshId, caller });
      return answer.type === 'done' ? answer.body : answer.fault.message;
    },
    async close() {
      service.close();
      await storage.close();
    },
  };
}

async function register({ ask }: Life, retention: string): Promise<void> {
  await ask('RegisterDomain', { name: domain, workflowExecutionRetentionPeriodInDays: retention });
  await ask('RegisterWorkflowType', {
    domain,
    ...type,
    defaultTaskList: taskList,
    defaultExecutionStartToCloseTimeout: '31536000',
    defaultTaskStartToCloseTimeout: 'NONE',
    defaultChildPolicy: 'ABANDON',
  });
}

/** Starts and completes a run; tells its runId. */
async function complete({ ask }: Life, workflowId: string, result = 'done'): Promise<string> {
  const started = await ask('StartWorkflowExecution', { domain, workflowId, workflowType: type });
  const task = await ask('PollForDecisionTask', { domain, taskList });
  await ask('RespondDecisionTaskCompleted', {
    taskToken: /"taskToken":"([^"]+)"/.exec(task)?.[1],
    executionContext: `context of ${workflowId}`,
    decisions: [
      {
        decisionType: 'CompleteWorkflowExecution',
        completeWorkflowExecutionDecisionAttributes: { result },
      },
    ],
  });
  return /"runId":"([^"]+)"/.exec(started)?.[1] ?? '';
}

const everything = { domain, startTimeFilter: { oldestDate: 0 } };
const journalFile = (): string => join(root, 'swf.journal');
const archived = async (): Promise<string[]> => (await readdir(join(root, 'swf.closed'))).sort();

async function told({ ask }: Life, runs: ReadonlyMap<string, string>): Promise<string[]> {
  const answers = [
    await ask('ListClosedWorkflowExecutions', everything),
    await ask('ListClosedWorkflowExecutions', { domain, closeTimeFilter: { oldestDate: 0 } }),
    await ask('CountClosedWorkflowExecutions', { ...everything, closeStatusFilter: { status: 'COMPLETED' } }),
  ];
  for (const [workflowId, runId] of runs) {
    const execution = { domain, execution: { workflowId, runId } };
    answers.push(await ask('DescribeWorkflowExecution', execution));
    answers.push(
      await ask('GetWorkflowExecutionHistory', { ...execution, reverseOrder: true, maximumPageSize: 3 }),
    );
    answers.push(await ask('SignalWorkflowExecution', { domain, workflowId, runId, signalName: 's' }));
  }
  return answers;
}

describe('a server with a folder', () => {
  it('is the same after a start, whatever happened, and however often its journal was compacted', async () => {
    let session_ = 0;
    await fc.assert(
      fc.asyncProperty(session, fc.integer({ min: 0, max: 60 }), async (steps, compactAfter) => {
        session_ += 1;
        const folder = join(root, String(session_));
        const first = await storageIn(folder);
        const { journal, archive } = first;
        const { state } = await play(steps, { journal, archive, compactAfter });
        const before = JSON.stringify([...dump(state)]);
        await first.close();
        const second = await storageIn(folder);
        const again = openService({
          clock: virtualClock(),
          account: '1',
          pollMilliseconds: 1,
          entries: second.entries(),
          journal: null,
          archive: second.archive,
        });
        const after = again.regions().get(region);
        if (after === undefined) throw new Error('nothing was kept');
        expect(JSON.parse(JSON.stringify([...dump(after)]))).toEqual(JSON.parse(before));
        again.close();
        await second.close();
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('tells the same of closed runs when they are in the archive, after a start, and after another', async () => {
    const clock = virtualClock();
    const first = await live(clock);
    await register(first, '1');
    const runs = new Map<string, string>();
    for (let index = 0; index < 12; index += 1) {
      clock.advance(1000);
      runs.set(`w${index}`, await complete(first, `w${index}`, `${'ü'.repeat(50)}${index}`));
    }
    const before = await told(first, runs);
    expect(before[0]).toContain('"workflowId":"w11"');
    expect(before.join()).toContain('context of w3');
    await first.close();
    expect((await stat(journalFile())).size).toBeLessThan(8000);
    const second = await live(clock);
    expect(await told(second, runs)).toEqual(before);
    runs.set('more', await complete(second, 'more'));
    const more = await told(second, runs);
    await second.close();
    const third = await live(clock);
    expect(await told(third, runs)).toEqual(more);
    await third.close();
  });

  it('removes files of the archive when the retention of all their runs is over', async () => {
    const clock = virtualClock();
    const first = await live(clock);
    await register(first, '1');
    for (let index = 0; index < 12; index += 1) await complete(first, `w${index}`);
    await first.close();
    expect(await archived()).toEqual(['000001.lines', '000001.records']);
    clock.advance(2 * oneDay);
    const second = await live(clock);
    expect(await second.ask('CountClosedWorkflowExecutions', everything)).toContain('"count":0');
    await second.close();
    const third = await live(clock);
    expect(await third.ask('CountClosedWorkflowExecutions', everything)).toContain('"count":0');
    await third.close();
  });

  it('puts away again what the archive had and the journal does not leave to it', async () => {
    const clock = virtualClock();
    const first = await live(clock, 1_000_000);
    await register(first, '1');
    const runs = new Map([['w', await complete(first, 'w')]]);
    const before = await told(first, runs);
    await first.close();
    await appendFile(join(root, 'swf.closed', '000001.records'), 'half a rec');
    await appendFile(join(root, 'swf.closed', '000001.lines'), '["half a li');
    const second = await live(clock, 1_000_000);
    expect(await told(second, runs)).toEqual(before);
    await second.close();
  });
});

describe('damage', () => {
  async function twelveArchived(): Promise<{ clock: VirtualClock; runs: Map<string, string> }> {
    const clock = virtualClock();
    const first = await live(clock);
    await register(first, '1');
    const runs = new Map<string, string>();
    for (let index = 0; index < 12; index += 1) runs.set(`w${index}`, await complete(first, `w${index}`));
    await first.close();
    return { clock, runs };
  }

  it('in the middle of the journal is told with its line, also where JSON is left', async () => {
    const { clock } = await twelveArchived();
    const text = await readFile(journalFile(), 'utf8');
    await writeFile(
      journalFile(),
      text.replace('"defaultChildPolicy":"ABANDON"', '"defaultChildPolicy":"ABANDOM"'),
    );
    await expect(live(clock)).rejects.toThrow(/swf\.journal is damaged at line \d+: .*checksum/);
  });

  it('in the list of closed runs is told with its line', async () => {
    const { clock } = await twelveArchived();
    const file = join(root, 'swf.closed', '000001.lines');
    const lines = (await readFile(file, 'utf8')).split('\n');
    lines[1] = lines[1]?.replace('[', '{') ?? '';
    await writeFile(file, lines.join('\n'));
    await expect(live(clock)).rejects.toThrow(/000001\.lines is damaged at line 2/);
  });

  it('by a lost end of the archive is told', async () => {
    const { clock } = await twelveArchived();
    await truncate(join(root, 'swf.closed', '000001.records'), 100);
    await expect(live(clock)).rejects.toThrow(
      /000001\.records is damaged: it should have \d+ bytes and has 100/,
    );
  });

  it('to the record of one run fails the calls for that run, and no others', async () => {
    const { clock, runs } = await twelveArchived();
    const file = join(root, 'swf.closed', '000001.records');
    const bytes = await readFile(file);
    bytes.fill(0xff, 4, 40);
    await writeFile(file, bytes);
    const second = await live(clock);
    const historyOf = (workflowId: string): Promise<string> =>
      second.ask('GetWorkflowExecutionHistory', {
        domain,
        execution: { workflowId, runId: runs.get(workflowId) },
      });
    await expect(historyOf('w0')).rejects.toThrow(/the record of .* is damaged/);
    expect(await historyOf('w1')).toContain('WorkflowExecutionCompleted');
    await second.close();
  });
});
