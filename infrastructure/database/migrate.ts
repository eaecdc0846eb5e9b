import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { connectionSettings } from './pool.js';

/** The databases of the checkout; each has a folder of migrations and is reached by its own address. */
export type DatabaseName = 'customers' | 'orders';

/** Why a database was not brought up to date; it is then as it was after the last migration that succeeded. */
export type MigrationProblem =
  /** The file was changed after it had been applied. Put it back and write a new one. */
  | { readonly type: 'migration_changed'; readonly database: DatabaseName; readonly file: string }
  | {
      readonly type: 'migration_failed';
      readonly database: DatabaseName;
      readonly file: string;
      readonly reason: string;
    };

const sentence = (problem: MigrationProblem): string =>
  problem.type === 'migration_changed'
    ? `migration ${problem.database}/${problem.file} was changed after it had been applied`
    : `migration ${problem.database}/${problem.file} failed: ${problem.reason}`;

/** What `migrate` rejects with, beside the driver's own connection errors. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(readonly problem: MigrationProblem) {
    super(sentence(problem));
  }
}

interface Migration {
  readonly file: string;
  readonly sql: string;
  readonly checksum: string;
}

const bundled = new URL('./migrations/', import.meta.url);

async function migrationsIn(folder: URL): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{3}-[a-z0-9-]+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const sql = (await readFile(new URL(file, folder), 'utf8')).replaceAll('\r\n', '\n');
      return { file, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Checksums of what was applied, by file; empty in a new database. */
async function applied(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const found = await client.query<{ present: boolean }>(
    `select to_regclass('migrations') is not null as present`,
  );
  if (found.rows[0]?.present !== true) return new Map();
  const { rows } = await client.query<{ file: string; checksum: string }>(
    'select file, checksum from migrations',
  );
  return new Map(rows.map(({ file, checksum }) => [file, checksum]));
}

/** What is left to apply. Files that only a newer release knows are in the table and not here; they stay. */
function pendingOf(
  migrations: readonly Migration[],
  known: ReadonlyMap<string, string>,
  database: DatabaseName,
): readonly Migration[] {
  const changed = migrations.find(({ file, checksum }) => (known.get(file) ?? checksum) !== checksum);
  if (changed !== undefined) {
    throw new MigrationError({ type: 'migration_changed', database, file: changed.file });
  }
  return migrations.filter(({ file }) => !known.has(file));
}

async function applyOne(client: pg.Client, migration: Migration, database: DatabaseName): Promise<void> {
  const { file, sql, checksum } = migration;
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into migrations (file, checksum) values ($1, $2)', [file, checksum]);
    await client.query('commit');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await client.query('rollback').catch(() => undefined);
    throw new MigrationError({ type: 'migration_failed', database, file, reason });
  }
}

/** Any number; all that migrate one database at the same time must use the same. */
const advisoryLock = 7_351_846_021;

/**
 * Brings a database up to date and answers the files it applied, oldest first; none when there was nothing to do.
 * Each file runs in a transaction of its own, in the order of the names. Several processes may do this at once: one
 * works, the others wait and then find it done. `folder` replaces the bundled migrations (a URL ending in `/`).
 */
export async function migrate(options: {
  readonly url: string;
  readonly database: DatabaseName;
  readonly folder?: URL;
}): Promise<readonly string[]> {
  const { url, database, folder = new URL(`${database}/`, bundled) } = options;
  const migrations = await migrationsIn(folder);
  // A migration may take as long as it needs, and may wait for another process that migrates.
  const client = new pg.Client({
    ...connectionSettings,
    connectionString: url,
    application_name: 'checkout-migrate',
    statement_timeout: 0,
    query_timeout: 0,
    lock_timeout: 0,
  });
  // A lost connection rejects the query under way; without a listener it would also end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    if (pendingOf(migrations, await applied(client), database).length === 0) return [];
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
    await client.query(
      `create table if not exists migrations (
         file text primary key,
         checksum text not null,
         applied_at timestamptz not null default now()
       )`,
    );
    const pending = pendingOf(migrations, await applied(client), database);
    for (const migration of pending) await applyOne(client, migration, database);
    return pending.map(({ file }) => file);
  } finally {
    await client.end();
  }
}
