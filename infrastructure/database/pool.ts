import pg from 'pg';

/** Where a pool connects and how far it may grow. */
export interface PoolOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** The most connections open at once; further callers wait up to two seconds. */
  readonly max: number;
  /** Shown by the server in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Told of connections lost while nobody used them; those lost in use reject the caller's query instead. */
  readonly log?: (line: string) => void;
}

/** A pool and the way to end it. */
export interface OpenPool {
  readonly pool: pg.Pool;
  /** Waits for the queries under way, then closes every connection. Repeats do nothing. */
  readonly close: () => Promise<void>;
}

/** Milliseconds to make a connection, or to be given one of a busy pool. */
const connectMilliseconds = 2_000;
/** The server ends a statement after this time; the client gives the connection up a little later. */
const statementMilliseconds = 5_000;

/** The driver's own settings wait for ever, so every connection of the checkout is made with these. */
export const connectionSettings = {
  connectionTimeoutMillis: connectMilliseconds,
  statement_timeout: statementMilliseconds,
  query_timeout: statementMilliseconds + 1_000,
  lock_timeout: statementMilliseconds - 1_000,
  // Readers of all events wait for every open transaction, so none may stay open idly.
  idle_in_transaction_session_timeout: 10_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
} satisfies pg.ClientConfig;

// After these answers the session is over, or the server is not the writer any more: shutdown (57P01, 57P02),
// start-up (57P03), read-only transaction (25006) and every connection failure (class 08).
const endsConnection = /^(?:08...|57P0[123]|25006)$/;

/** True unless the server reported an ordinary error, after which the connection is as good as before. */
const isLost = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) ||
  error.severity === 'FATAL' ||
  error.code === undefined ||
  endsConnection.test(error.code);

/**
 * The driver's pool drops a connection after any error. Under many writers most errors are conflicts, which are
 * ordinary answers, so only those errors are passed on to the pool that end a connection.
 */
function keepAfterOrdinaryErrors(client: pg.PoolClient): void {
  let release = (error?: Error | boolean): void => client.release(error);
  Object.defineProperty(client, 'release', {
    configurable: true,
    get: () => release,
    set: (assigned: (error?: Error | boolean) => void) => {
      release = (error) =>
        error === undefined || error === null || error === false || (error !== true && !isLost(error))
          ? assigned()
          : assigned(error);
    },
  });
}

/** A server that must not be used. The code is what may be shown of it; messages of errors are kept out of answers. */
const refusal = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** Refuses a server that acknowledges before it is durable, or that takes no writes. */
async function verifyWriter(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ durability: string; read_only: string }>(
    `select current_setting('synchronous_commit') as durability, current_setting('transaction_read_only') as read_only`,
  );
  if (rows[0]?.durability === 'off') {
    const message = 'the database runs with synchronous_commit=off, which loses acknowledged orders';
    throw refusal('SYNCHRONOUS_COMMIT_OFF', message);
  }
  if (rows[0]?.read_only === 'on') throw refusal('25006', 'the database is a read-only standby');
}

/**
 * Makes a pool with time-outs everywhere; it connects when first used. A connection lives at most 300 seconds, is
 * dropped after an error that ends it (never after an ordinary one), and is refused when the server is read-only or
 * does not write durably.
 */
export function openPool(options: PoolOptions): OpenPool {
  const { url, max, applicationName, log } = options;
  const pool = new pg.Pool({
    ...connectionSettings,
    connectionString: url,
    max,
    application_name: applicationName,
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: 300,
    verify: (client, done) => {
      verifyWriter(client).then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  pool.on('connect', (client) => {
    keepAfterOrdinaryErrors(client);
    // The pool listens to idle connections only. One that breaks in use rejects its caller's query, and would end the
    // process as well if nobody listened.
    client.on('error', () => undefined);
  });
  pool.on('error', (error) => log?.(`a database connection was lost: ${error.message}`));
  let closing: Promise<void> | null = null;
  return { pool, close: () => (closing ??= pool.end()) };
}
