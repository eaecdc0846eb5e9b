// One Postgres for a whole test run, started when the first test asks for a database: a run that needs none does
// not wait for it. Tests ask over HTTP, because they run in threads and processes of their own.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../infrastructure/database/migrate.js';
import { startPostgres, type Postgres } from '../../infrastructure/local/postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the address of the run's Postgres, which it starts at the first request. */
    readonly databaseServer: string;
  }
}

const prefix = 'checkout-tests-';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A run that was killed leaves its server behind, in a folder with the run's process number in its name. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : 0;
    if (!Number.isInteger(pid) || pid <= 0 || isAlive(pid)) continue;
    const directory = join(tmpdir(), name);
    // Starting on the folder takes over the server that runs there.
    const server = await startPostgres({ directory, port: 0, databases: [] }).catch(() => null);
    await server?.stop();
    if (server !== null) await rm(directory, { recursive: true, force: true });
  }
}

async function start(directory: string): Promise<Postgres> {
  // Nothing here needs to survive a power cut.
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200', autovacuum: 'off' };
  const server = await startPostgres({ directory, port: 0, settings });
  await Promise.all([
    migrate({ url: server.url('orders'), database: 'orders' }),
    migrate({ url: server.url('customers'), database: 'customers' }),
  ]);
  return server;
}

/** Called by the test runner before the first test; what it returns is called after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let directory: string | null = null;
  let starting: Promise<Postgres> | null = null;
  const started = async (): Promise<Postgres> => {
    await removeLeftovers();
    directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
    return start(directory);
  };
  const answers = createServer((_request, response) => {
    (starting ??= started()).then(
      (server) => response.end(server.url('postgres')),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((settle) => answers.listen(0, '127.0.0.1', settle));
  const { port }: Pick<AddressInfo, 'port'> = Object.assign({ port: 0 }, answers.address());
  project.provide('databaseServer', `http://127.0.0.1:${port}/`);
  return async () => {
    answers.closeAllConnections();
    answers.close();
    await (await starting?.catch(() => null))?.stop();
    if (directory !== null) await rm(directory, { recursive: true, force: true });
  };
}
