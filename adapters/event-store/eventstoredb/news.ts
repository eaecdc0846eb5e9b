import { setTimeout as pause } from 'node:timers/promises';
import {
  type AllStreamSubscription,
  END,
  type Position as LogPosition,
  streamNameFilter,
} from '@eventstore/db-client';
import type { EventStoreConnection, Lease } from './connection.js';

const lookMilliseconds = 1_000;
const firstPause = 50;
const longestPause = 1_000;

/** News of appends by anybody, from one subscription of the process to what is new. */
export type News = {
  /** The place of the newest event that was heard of; null before the first. */
  readonly heard: () => LogPosition | null;
  /** Resolves with true when `look` finds something, with false when the time was up before. */
  readonly awaitNews: (look: () => Promise<boolean>, milliseconds: number) => Promise<boolean>;
};

/**
 * Opens the subscription with the first wait and keeps it until the connection is closed. A subscription that broke is
 * not resumed by the client: here it is made again after a growing pause, everybody looks for themselves from their
 * own position as soon as it is confirmed, and once a second in any case. So nothing is missed, whatever it misses.
 */
export const eventNews = (connection: EventStoreConnection, prefix: string): News => {
  const listeners = new Set<() => void>();
  let newest: LogPosition | null = null;
  let running = false;

  const wake = (): void => {
    const woken = [...listeners];
    listeners.clear();
    for (const listener of woken) listener();
  };

  /** Returns when the subscription has ended; true when it was confirmed before. */
  const follow = (lease: Lease): Promise<boolean> =>
    new Promise((resolve) => {
      let confirmed = false;
      const filter = streamNameFilter({ prefixes: [prefix] });
      const subscription: AllStreamSubscription = lease.client.subscribeToAll({ fromPosition: END, filter });
      const over = (): void => {
        lease.ended.removeEventListener('abort', over);
        resolve(confirmed);
        wake();
      };
      lease.ended.addEventListener('abort', over);
      subscription.on('confirmation', () => {
        confirmed = true;
        wake();
      });
      subscription.on('data', ({ event }) => {
        if (event !== undefined) newest = event.position;
        wake();
      });
      subscription.on('end', over);
      subscription.on('error', () => {
        over();
        connection.doubt(lease);
      });
    });

  const keepFollowing = async (): Promise<void> => {
    for (let failures = 0; ;) {
      const lease = await connection.lease();
      failures = (await follow(lease)) ? 0 : failures + 1;
      await pause(Math.min(longestPause, firstPause * 2 ** failures), undefined, { ref: false });
    }
  };

  /** A promise of the next news, and the way out of the list of those who wait. */
  const nextNews = (): { readonly come: Promise<void>; readonly leave: () => void } => {
    let listener = (): void => undefined;
    const come = new Promise<void>((resolve) => {
      listener = resolve;
    });
    listeners.add(listener);
    if (!running) {
      running = true;
      // Ends when the connection is closed, and then nobody waits.
      keepFollowing().catch(() => wake());
    }
    return { come, leave: () => listeners.delete(listener) };
  };

  return {
    heard: () => newest,
    awaitNews: async (look, milliseconds) => {
      const deadline = performance.now() + milliseconds;
      for (;;) {
        // Listening begins before the look, so that nothing can happen unseen between the two.
        const next = nextNews();
        const waiting = new AbortController();
        try {
          if (await look()) return true;
          const remaining = deadline - performance.now();
          if (remaining <= 0) return false;
          const options = { signal: waiting.signal, ref: false };
          const timer = pause(Math.min(lookMilliseconds, remaining), undefined, options);
          await Promise.race([next.come, timer.catch(() => undefined)]);
        } finally {
          waiting.abort();
          next.leave();
        }
      }
    },
  };
};
