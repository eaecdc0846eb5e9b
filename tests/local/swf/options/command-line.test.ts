import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeDomainCommand, ListDomainsCommand, RegisterDomainCommand } from '@aws-sdk/client-swf';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { FolderInUse, lockFolder } from '../../../../infrastructure/local/swf/options/folder-lock.js';
import { startSwfLocal } from '../../../../infrastructure/local/swf/server.js';
import { buildServer, type ServerProgram } from '../support/server-process.js';
import { clientAs, refusalOf } from './room.js';

let program: ServerProgram;
beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'swf-options-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function file(content: unknown): Promise<string> {
  const path = join(await folder(), 'file.json');
  await writeFile(path, JSON.stringify(content));
  return path;
}

const listDomains = new ListDomainsCommand({ registrationStatus: 'REGISTERED' });
const registerDomain = new RegisterDomainCommand({
  name: 'shop',
  workflowExecutionRetentionPeriodInDays: '1',
});

describe('the command line', () => {
  it('explains every option', async () => {
    const { code, output } = await program.run(['--help']);
    expect(code).toBe(0);
    const options = [
      'port',
      'host',
      'data-dir',
      'in-memory',
      'poll-seconds',
      'account',
      'quotas',
      'faults',
      'policies',
      'help',
    ];
    for (const option of options) expect(output).toContain(`--${option}`);
  });

  it.each([
    [['--quotas', 'much'], 'swf: --quotas knows only aws'],
    [['--account', '12'], 'swf: --account must be twelve digits'],
    [['--port', 'x'], 'swf: --port must be a whole number up to 65535'],
    [['--in-memory', '--data-dir', 'x'], 'swf: --in-memory and --data-dir exclude each other'],
    [['--faults', '/nowhere/faults.json'], "no such file or directory, open '/nowhere/faults.json'"],
    [['--policies', '/nowhere/policies.json'], "no such file or directory, open '/nowhere/policies.json'"],
    [['--colour', 'red'], "Unknown option '--colour'"],
  ])('%j is refused: %s', async (args, problem) => {
    const { code, errors } = await program.run(
      [...args, '--port', '0'].slice(0, args.includes('--port') ? 2 : undefined),
    );
    expect(code).toBe(1);
    expect(errors).toContain(problem);
  });

  it('refuses files that cannot be understood, with name and place', async () => {
    const faults = await file([{ kind: 'bang' }]);
    expect((await program.run(['--in-memory', '--port', '0', '--faults', faults])).errors).toContain(
      `swf: ${faults}: faults[0].kind is one of`,
    );
    const policies = await file({ worker: { Statement: {} } });
    expect((await program.run(['--in-memory', '--port', '0', '--policies', policies])).errors).toContain(
      `swf: ${policies}: worker.Statement[0].Effect`,
    );
  });

  it('passes account, quotas, faults and policies on', async () => {
    const faults = await file([{ kind: 'unavailable', match: { action: 'ListDomains' } }]);
    const policies = await file({ admin: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } });
    const server = await program.start([
      ...['--in-memory', '--account', '210987654321', '--quotas', 'aws'],
      ...['--faults', faults, '--policies', policies],
    ]);
    const admin = clientAs(server.url, 'admin');
    expect((await refusalOf(clientAs(server.url, 'nobody').send(listDomains))).name).toBe(
      'UnrecognizedClientException',
    );
    expect((await refusalOf(admin.send(listDomains))).name).toBe('ServiceUnavailable');
    await admin.send(registerDomain);
    const { domainInfo } = await admin.send(new DescribeDomainCommand({ name: 'shop' }));
    expect(domainInfo?.arn).toBe('arn:aws:swf:eu-west-2:210987654321:/domain/shop');
    // The bucket holds 100 calls and gains six per second; whoever calls faster is throttled in the end.
    let throttled: string | null = null;
    while (throttled === null) {
      const calls = Array.from({ length: 50 }, () =>
        admin.send(listDomains).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.name : 'none'),
        ),
      );
      throttled = (await Promise.all(calls)).find((name) => name !== null) ?? null;
    }
    expect(throttled).toBe('ThrottlingException');
    expect(await server.kill('SIGTERM')).toBe(0);
  });

  it('is reset in memory, and not with a data folder', async () => {
    const memory = await program.start(['--in-memory']);
    await clientAs(memory.url, 'one').send(registerDomain);
    const reset = (url: string) => fetch(`${url}/_local/reset`, { method: 'POST' });
    expect((await reset(memory.url)).status).toBe(204);
    expect((await clientAs(memory.url, 'one').send(listDomains)).domainInfos).toEqual([]);
    await memory.kill('SIGTERM');
    const durable = await program.start(['--data-dir', await folder()]);
    expect((await reset(durable.url)).status).toBe(404);
    await durable.kill('SIGTERM');
  });
});

describe('a data folder', () => {
  it('is refused to a second server as long as the first one runs', async () => {
    const data = await folder();
    const first = await program.start(['--data-dir', data]);
    const { code, errors } = await program.run(['--port', '0', '--data-dir', data]);
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^swf: .* is in use by process \d+ \(.*swf\.lock\); stop that one or choose another folder/,
    );
    await clientAs(first.url, 'one').send(registerDomain);
    await first.kill('SIGTERM');
    const next = await program.start(['--data-dir', data]);
    expect((await clientAs(next.url, 'one').send(listDomains)).domainInfos).toHaveLength(1);
    await next.kill('SIGTERM');
  });

  it('is taken over from a server that was killed', async () => {
    const data = await folder();
    const first = await program.start(['--data-dir', data]);
    await clientAs(first.url, 'one').send(registerDomain);
    await first.kill('SIGKILL');
    expect(JSON.parse(await readFile(join(data, 'swf.lock'), 'utf8'))).toHaveProperty('pid');
    const next = await program.start(['--data-dir', data]);
    expect((await clientAs(next.url, 'one').send(listDomains)).domainInfos).toHaveLength(1);
    await next.kill('SIGTERM');
  });

  it('is refused to a second server of the same process, and free when the first is closed', async () => {
    const data = await folder();
    const first = await startSwfLocal({ port: 0, dataDirectory: data });
    await expect(startSwfLocal({ port: 0, dataDirectory: data })).rejects.toThrow(FolderInUse);
    await first.close();
    const second = await startSwfLocal({ port: 0, dataDirectory: data });
    await second.close();
  });
});

describe('a lock', () => {
  it('goes to exactly one of many processes over a dead one', async () => {
    const data = await folder();
    await writeFile(join(data, 'swf.lock'), JSON.stringify({ pid: 2 ** 22 + 1, began: '1' }));
    const starts = await Promise.allSettled(
      Array.from({ length: 4 }, () => program.start(['--data-dir', data])),
    );
    const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    await Promise.all(running.map((server) => server.kill('SIGTERM')));
    expect(running).toHaveLength(1);
  });

  it.each([
    ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, began: '1' })],
    ['of an earlier process with our id', JSON.stringify({ pid: process.pid, began: 'long ago' })],
    [
      'of an earlier process with the id of another',
      JSON.stringify({ pid: process.ppid, began: 'long ago' }),
    ],
    ['that nobody can read', 'nonsense'],
    ['that is empty', ''],
  ])('%s is taken over', async (_, content) => {
    const path = await folder();
    await writeFile(join(path, 'swf.lock'), content);
    const unlock = await lockFolder(path, 'swf');
    await expect(lockFolder(path, 'swf')).rejects.toThrow(FolderInUse);
    await unlock();
    await unlock();
    await (
      await lockFolder(path, 'swf')
    )();
  });

  it('goes to exactly one of many who want it at once, also over a dead one', async () => {
    const path = await folder();
    await writeFile(join(path, 'swf.lock'), JSON.stringify({ pid: 2 ** 22 + 1, began: '1' }));
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(path, 'swf')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
