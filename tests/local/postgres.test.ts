import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { migrate } from '../../infrastructure/database/migrate.js';
import { openPool } from '../../infrastructure/database/pool.js';
import { startPostgres, type Postgres } from '../../infrastructure/local/postgres.js';

async function ask(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Whether a process has ended and its parent has not looked at it yet. */
const isUnreaped = (pid: number): boolean =>
  spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
    .stdout.trim()
    .startsWith('Z');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkout-postgres-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the embedded Postgres', () => {
  it('makes both databases at the first start and keeps them over a restart on another port', async () => {
    const directory = join(folder, 'kept');
    const first = await startPostgres({ directory, port: 0 });
    await ask(first.url('customers'), 'create table kept (id integer)');
    await ask(first.url('orders'), 'create table kept (id integer)');
    await first.stop();
    await expect(ask(first.url('orders'), 'select 1')).rejects.toThrow();

    const second = await startPostgres({ directory, port: 0 });
    try {
      expect(await ask(second.url('customers'), 'select count(*)::int as rows from kept')).toEqual([
        { rows: 0 },
      ]);
      expect(
        await ask(
          second.url('orders'),
          "select current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync",
        ),
      ).toEqual([{ commit: 'on', fsync: 'on' }]);
    } finally {
      await second.stop();
    }
  });

  it('refuses a directory that a living process uses', async () => {
    const directory = join(folder, 'shared');
    const server = await startPostgres({ directory, port: 0 });
    try {
      await expect(startPostgres({ directory, port: 0 })).rejects.toMatchObject({
        problem: { type: 'directory_in_use', directory, pid: process.pid },
      });
      expect(await ask(server.url('orders'), 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      await server.stop();
    }
  });

  it('stops a server whose parent was killed, and starts on what it left', async () => {
    const directory = join(folder, 'orphaned');
    const first = await startPostgres({ directory, port: 0 });
    await ask(first.url('orders'), 'create table kept (id integer)');
    // A process that has ended stands for the killed parent; the server itself goes on running.
    const parent = spawn(process.execPath, ['-e', '']);
    await new Promise((settle) => parent.once('exit', settle));
    await writeFile(join(directory, 'owner'), `${parent.pid} 1`);
    const [leftPid] = (await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n');

    const said: string[] = [];
    const second = await startPostgres({ directory, port: first.port, log: (line) => said.push(line) });
    try {
      expect(said).toEqual([`stopping the Postgres server ${leftPid} that a killed process left running`]);
      expect(await ask(second.url('orders'), 'select count(*)::int as rows from kept')).toEqual([
        { rows: 0 },
      ]);
    } finally {
      await second.stop();
    }
  });

  it('is not held up by a process file whose number belongs to another program', async () => {
    const directory = join(folder, 'reused');
    await (await startPostgres({ directory, port: 0 })).stop();
    await writeFile(
      join(directory, 'data', 'postmaster.pid'),
      `${process.pid}\n${join(directory, 'data')}\n1\n1\n\n127.0.0.1\n1 1\nready\n`,
    );
    const server = await startPostgres({ directory, port: 0 });
    await server.stop();
  });

  it('is not held up by a killed server that nobody has looked at yet', async () => {
    const directory = join(folder, 'unreaped');
    await (await startPostgres({ directory, port: 0 })).stop();
    // The shell's child ends, and the program that has taken the shell's place by then never looks at it.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 600']);
    try {
      const [said]: unknown[] = await once(parent.stdout, 'data');
      const pid = Number(String(said));
      await writeFile(
        join(directory, 'data', 'postmaster.pid'),
        `${pid}\n${join(directory, 'data')}\n1\n1\n\n127.0.0.1\n1 1\nready\n`,
      );
      await vi.waitUntil(() => isUnreaped(pid), { timeout: 10_000 });
      const server = await startPostgres({ directory, port: 0 });
      await server.stop();
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  });

  it('says which port is taken', async () => {
    const other = createServer();
    await new Promise<void>((settle) => other.listen(0, '127.0.0.1', settle));
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    try {
      const starting = startPostgres({ directory: join(folder, 'taken'), port });
      await expect(starting).rejects.toMatchObject({ problem: { type: 'port_taken', port } });
    } finally {
      await new Promise((settle) => other.close(settle));
    }
  });

  it('says which directory cannot be used', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const directory = join(file, 'below');
    await expect(startPostgres({ directory, port: 0 })).rejects.toMatchObject({
      problem: { type: 'directory_not_usable', directory },
    });
  });

  it('gives the reason from the server log when the server gives up', async () => {
    const directory = join(folder, 'bad-setting');
    const starting = startPostgres({ directory, port: 0, settings: { shared_buffers: 'many' } });
    await expect(starting).rejects.toThrow(/shared_buffers/);
    await (await startPostgres({ directory, port: 0 })).stop();
  });
});

describe('migrations', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres({ directory: join(folder, 'migrations'), port: 0 });
  });
  afterAll(() => server.stop());

  const written = async (name: string, files: Readonly<Record<string, string>>): Promise<URL> => {
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    for (const [file, sql] of Object.entries(files)) await writeFile(join(path, file), sql);
    return pathToFileURL(`${path}/`);
  };
  const fresh = async (name: string): Promise<string> => {
    await ask(server.url('postgres'), `create database ${name}`);
    return server.url(name);
  };

  it('apply each file once, also when several processes start together', async () => {
    const url = await fresh('together');
    const folderUrl = await written('together', {
      '001-first.sql': 'create table first (id integer)',
      '002-second.sql': 'create table second (id integer)',
      'notes.txt': 'not a migration',
    });
    const options = { url, database: 'orders', folder: folderUrl } as const;
    const applied = await Promise.all([migrate(options), migrate(options), migrate(options)]);
    expect(applied.flat().sort()).toEqual(['001-first.sql', '002-second.sql']);
    expect(await migrate(options)).toEqual([]);
  });

  it('refuse a file that was changed after it had been applied', async () => {
    const url = await fresh('changed');
    const before = await written('before', { '001-first.sql': 'create table first (id integer)' });
    await migrate({ url, database: 'orders', folder: before });
    const after = await written('after', { '001-first.sql': 'create table first (id bigint)' });
    await expect(migrate({ url, database: 'orders', folder: after })).rejects.toMatchObject({
      problem: { type: 'migration_changed', database: 'orders', file: '001-first.sql' },
    });
  });

  it('leave nothing of a file that failed, and everything before it', async () => {
    const url = await fresh('half');
    const folderUrl = await written('half', {
      '001-first.sql': 'create table first (id integer)',
      '002-second.sql': 'create table second (id integer); select 1 / 0',
    });
    await expect(migrate({ url, database: 'customers', folder: folderUrl })).rejects.toMatchObject({
      problem: { type: 'migration_failed', database: 'customers', file: '002-second.sql' },
    });
    const tables = "select tablename from pg_tables where schemaname = 'public' order by 1";
    expect(await ask(url, tables)).toEqual([{ tablename: 'first' }, { tablename: 'migrations' }]);
  });

  it('leave a database alone that a newer release has migrated', async () => {
    const url = await fresh('newer');
    const newer = await written('newer', { '001-a.sql': 'select 1', '002-b.sql': 'select 1' });
    await migrate({ url, database: 'orders', folder: newer });
    const older = await written('older', { '001-a.sql': 'select 1' });
    expect(await migrate({ url, database: 'orders', folder: older })).toEqual([]);
  });
});

describe('a pool', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres({ directory: join(folder, 'pools'), port: 0 });
  });
  afterAll(() => server.stop());

  it('keeps a connection after an ordinary error and drops one that the server ended', async () => {
    const { pool, close } = openPool({ url: server.url('orders'), max: 1, applicationName: 'kept' });
    const session = async () => {
      const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
      return rows[0]?.pid;
    };
    try {
      const first = await session();
      await expect(pool.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
      expect(await session()).toBe(first);
      await expect(pool.query('select pg_terminate_backend(pg_backend_pid())')).rejects.toThrow();
      expect(await session()).not.toBe(first);
    } finally {
      await close();
    }
  });

  it.each([
    ['synchronous_commit=off', 'SYNCHRONOUS_COMMIT_OFF'],
    ['default_transaction_read_only=on', '25006'],
  ])('refuses a server with %s', async (setting, code) => {
    const url = `${server.url('orders')}?options=${encodeURIComponent(`-c ${setting}`)}`;
    const { pool, close } = openPool({ url, max: 1, applicationName: 'refused' });
    try {
      await expect(pool.query('select 1')).rejects.toMatchObject({ code });
      expect(pool.totalCount).toBe(0);
    } finally {
      await close();
    }
  });

  it('gives up a statement, a wait for a lock and an idle transaction on its own', async () => {
    const { pool, close } = openPool({ url: server.url('orders'), max: 1, applicationName: 'bounded' });
    try {
      const { rows } = await pool.query<{ name: string; setting: string }>(
        `select name, setting from pg_settings
         where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`,
      );
      expect(rows.map(({ name, setting }) => [name, Number(setting)])).toEqual([
        ['idle_in_transaction_session_timeout', 10_000],
        ['lock_timeout', 4_000],
        ['statement_timeout', 5_000],
      ]);
    } finally {
      await close();
    }
  });
});
