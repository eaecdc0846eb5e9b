import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSwfLocal } from '../../../../infrastructure/local/swf/server.js';
import { openService } from '../../../../infrastructure/local/swf/service.js';
import { apply } from '../../../../infrastructure/local/swf/state/apply.js';
import type { Entry } from '../../../../infrastructure/local/swf/state/change.js';
import { dump } from '../../../../infrastructure/local/swf/state/dump.js';
import { emptyState } from '../../../../infrastructure/local/swf/state/state.js';
import { virtualClock } from '../support/virtual-clock.js';
import { clientOf, registerShop, scheduleActivity, shopWords, workflowType } from '../support/world.js';

const names = { domain: 'd', name: 'n', version: '1' };

describe('the journal of a server', () => {
  it('is compacted when most of it is of no use, and still tells the same', async () => {
    let written: Entry[] = [];
    let compactions = 0;
    const journal = {
      append: (entry: Entry) => {
        written.push(entry);
        return Promise.resolve();
      },
      rewrite: async (entries: AsyncIterable<Entry>) => {
        compactions += 1;
        const before = written.length;
        const compacted: Entry[] = [];
        for await (const entry of entries) compacted.push(entry);
        written = [...compacted, ...written.slice(before)];
      },
    };
    const service = openService({
      clock: virtualClock(),
      account: '1',
      pollMilliseconds: 1,
      entries: [],
      journal,
    });
    const ask = async (action: string, input: object): Promise<string> => {
      const caller = { gone: false, whenGone: () => undefined };
      const answer = await service.perform({ region: 'r', action, input, freshId: 'one', caller });
      if (answer.type !== 'done') throw new Error(answer.fault.message);
      return answer.body;
    };
    const tokenOf = (body: string): string => /"taskToken":"([^"]+)"/.exec(body)?.[1] ?? '';
    const taskList = { name: 'l' };
    await ask('RegisterDomain', { name: 'd', workflowExecutionRetentionPeriodInDays: '1' });
    await ask('RegisterWorkflowType', names);
    await ask('RegisterActivityType', names);
    await ask('StartWorkflowExecution', {
      domain: 'd',
      workflowId: 'w',
      workflowType: names,
      taskList,
      executionStartToCloseTimeout: '60',
      taskStartToCloseTimeout: '60',
      childPolicy: 'ABANDON',
    });
    const unlimited = {
      activityType: names,
      taskList,
      scheduleToStartTimeout: 'NONE',
      scheduleToCloseTimeout: 'NONE',
      startToCloseTimeout: 'NONE',
    };
    await ask('RespondDecisionTaskCompleted', {
      taskToken: tokenOf(await ask('PollForDecisionTask', { domain: 'd', taskList })),
      decisions: [scheduleActivity('a', unlimited)],
    });
    const taskToken = tokenOf(await ask('PollForActivityTask', { domain: 'd', taskList }));
    for (let beat = 0; beat < 20_100; beat += 1) {
      await ask('RecordActivityTaskHeartbeat', { taskToken, details: String(beat) });
    }
    expect(compactions).toBe(1);
    expect(written.length).toBeLessThan(200);
    const again = emptyState();
    for (const entry of written) for (const change of entry.changes) apply(again, change);
    const live = service.regions().get('r');
    if (live === undefined) throw new Error('no state');
    expect([...dump(again)]).toEqual([...dump(live)]);
    service.close();
  });

  it('is read again at the next start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'swf-journal-'));
    const first = await startSwfLocal({ port: 0, dataDirectory: folder });
    const before = clientOf(first.url);
    await registerShop(before);
    const run = await shopWords(before).start();
    await first.close();
    const second = await startSwfLocal({ port: 0, dataDirectory: folder });
    const described = await shopWords(clientOf(second.url)).describe(run);
    expect(described.executionInfo).toMatchObject({ executionStatus: 'OPEN', workflowType });
    await second.close();
    expect((await stat(join(folder, 'swf.journal'))).size).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  });

  it('stops the server from starting when it is damaged, and the port is free again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'swf-journal-'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'swf.journal'), '{"at":1}\n');
    const probe = await startSwfLocal({ port: 0, dataDirectory: null });
    const { port } = probe;
    await probe.close();
    await expect(startSwfLocal({ port, dataDirectory: folder })).rejects.toThrow(
      /swf\.journal is damaged at line 1/,
    );
    const next = await startSwfLocal({ port, dataDirectory: null });
    await next.close();
    await rm(folder, { recursive: true });
  });
});
