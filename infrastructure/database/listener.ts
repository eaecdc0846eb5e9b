import pg from 'pg';
import { connectionSettings } from './pool.js';

/** A connection that only listens. */
export interface Listener {
  /**
   * Calls back after every notification on the channel, and once after each reconnection, because some may have been
   * missed meanwhile. Channel names are plain identifiers. Returns the way to end the subscription.
   */
  readonly subscribe: (channel: string, listener: () => void) => () => void;
  /** Ends the connection; nobody is called any more. Repeats do nothing. */
  readonly close: () => Promise<void>;
}

const firstPause = 50;
const longestPause = 1_000;

/**
 * Opens a connection for notifications at the first subscription and keeps it open: when it is lost, it is made
 * again after growing pauses of up to a second. Notifications are hints; whoever waits for one must look from time to
 * time as well.
 */
export function openListener(options: {
  readonly url: string;
  readonly applicationName: string;
  readonly log?: (line: string) => void;
}): Listener {
  const { url, applicationName, log } = options;
  const listeners = new Map<string, Set<() => void>>();
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | null = null;
  let failures = 0;
  let closed = false;

  const call = (channel: string): void => listeners.get(channel)?.forEach((listener) => listener());

  const lost = (gone: pg.Client, reason: string): void => {
    if (client !== gone || closed) return;
    client = null;
    log?.(`the connection for notifications was lost: ${reason}`);
    gone.end().catch(() => undefined);
    retry = setTimeout(connect, Math.min(longestPause, firstPause * 2 ** Math.min(failures, 10)));
    failures += 1;
  };

  function connect(): void {
    retry = null;
    const opened = new pg.Client({
      ...connectionSettings,
      connectionString: url,
      application_name: applicationName,
    });
    client = opened;
    opened.on('notification', ({ channel }) => call(channel));
    opened.on('error', (error) => lost(opened, error.message));
    opened.on('end', () => lost(opened, 'it was closed'));
    opened
      .connect()
      .then(async () => {
        for (const channel of listeners.keys()) await opened.query(`listen ${channel}`);
        failures = 0;
        for (const channel of listeners.keys()) call(channel);
      })
      .catch((error: unknown) => lost(opened, error instanceof Error ? error.message : 'no reason given'));
  }

  return {
    subscribe: (channel, listener) => {
      if (!/^[a-z_]+$/.test(channel)) throw new Error(`'${channel}' is no channel name`);
      const known = listeners.get(channel);
      listeners.set(channel, (known ?? new Set<() => void>()).add(listener));
      if (client === null && retry === null && !closed) connect();
      else if (known === undefined && client !== null) {
        const current = client;
        // Waits in the driver until the connection is made; an error ends the connection and is seen there.
        current.query(`listen ${channel}`).catch((error: unknown) => {
          lost(current, error instanceof Error ? error.message : 'no reason given');
        });
      }
      return () => listeners.get(channel)?.delete(listener);
    },
    close: async () => {
      closed = true;
      listeners.clear();
      if (retry !== null) clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
