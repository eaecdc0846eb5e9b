import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { type DatabaseName, migrate } from '../../infrastructure/database/migrate.js';
import { openPool } from '../../infrastructure/database/pool.js';
import { startPostgres } from '../../infrastructure/local/postgres.js';

/** A database that nobody else uses, with all migrations applied and no rows. */
export interface FreshDatabase {
  readonly pool: pg.Pool;
  readonly url: string;
  /** Ends the pool and removes the database with whatever else is connected to it. */
  readonly close: () => Promise<void>;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The address of the run's Postgres, which the first call starts. */
async function databaseServer(): Promise<string> {
  const response = await fetch(inject('databaseServer'));
  const answer = await response.text();
  if (!response.ok) throw new Error(`the test run's Postgres did not start: ${answer}`);
  return answer;
}

/** Makes a database of its own for a test file or a test, as a copy of the migrated one (50 to 200 milliseconds). */
export async function freshDatabase(
  name: DatabaseName,
  options: { readonly max?: number } = {},
): Promise<FreshDatabase> {
  const server = await databaseServer();
  const database = `${name}_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `create database ${database} template ${name}`);
  const url = server.replace(/\/postgres$/, `/${database}`);
  const { pool, close } = openPool({ url, max: options.max ?? 10, applicationName: 'checkout-tests' });
  return {
    pool,
    url,
    close: async () => {
      await close();
      await onServer(server, `drop database ${database} with (force)`);
    },
  };
}

/**
 * A database on a server of its own (one to two seconds): for tests that read all events, whom an open transaction of
 * any other test on a shared server would hold back.
 */
export async function databaseOnOwnServer(
  name: DatabaseName,
  options: { readonly max?: number } = {},
): Promise<FreshDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'checkout-own-server-'));
  const settings = { fsync: 'off', full_page_writes: 'off' };
  const server = await startPostgres({ directory, port: 0, settings, databases: [name] });
  const url = server.url(name);
  await migrate({ url, database: name });
  const { pool, close } = openPool({ url, max: options.max ?? 10, applicationName: 'checkout-tests' });
  return {
    pool,
    url,
    close: async () => {
      await close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
