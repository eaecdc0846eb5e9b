import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { DatabaseName } from '../../infrastructure/database/migrate.js';
import { openPool } from '../../infrastructure/database/pool.js';

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
