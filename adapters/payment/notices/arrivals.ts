// Says and hears that a notice was stored.
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Announcements } from '../../event-store/announcements.js';

const channel = 'payment_notices';

// A notification in the transaction of the insert would take a lock of the whole server while it commits, so it is sent
// afterwards and many inserts share one. Should it get lost with its process, readers still look once a second.
const betweenAnnouncements = 20;
const lookMilliseconds = 1_000;

/** Tells other processes of stored notices and waits for theirs; without `notifications` it looks once a second. */
export const noticeArrivals = (
  pool: Pool,
  notifications: Announcements | null,
): {
  /** Tells every process, soon and without waiting. */
  readonly announce: () => void;
  /** Resolves with true when `isDue` says so, now or after an announcement; with false when the time was up before. */
  readonly awaitArrival: (isDue: () => Promise<boolean>, milliseconds: number) => Promise<boolean>;
} => {
  let announcing: Promise<void> | null = null;
  let more = false;
  const say = async (): Promise<void> => {
    do {
      more = false;
      const said = pool.query({ name: 'announce_notice', text: `notify ${channel}` }).catch(() => undefined);
      await Promise.all([said, pause(betweenAnnouncements, undefined, { ref: false })]);
    } while (more);
  };

  const waiting = new Set<() => void>();
  let subscribed = false;
  /** A promise of the next announcement. The subscription begins with the first wait and stays. */
  const nextArrival = (): { readonly heard: Promise<void>; readonly leave: () => void } => {
    let wake = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      wake = resolve;
    });
    waiting.add(wake);
    if (!subscribed) {
      subscribed = true;
      notifications?.subscribe(channel, () => {
        for (const one of [...waiting]) one();
      });
    }
    return { heard, leave: () => waiting.delete(wake) };
  };

  return {
    announce: () => {
      more = true;
      announcing ??= say().finally(() => {
        announcing = null;
      });
    },

    awaitArrival: async (isDue, milliseconds) => {
      const deadline = performance.now() + milliseconds;
      for (;;) {
        // Listening begins before the look, so that nothing can happen unseen between the two.
        const { heard, leave } = nextArrival();
        const ended = new AbortController();
        try {
          if (await isDue()) return true;
          const remaining = deadline - performance.now();
          if (remaining <= 0) return false;
          // A wait that is left over keeps no process from ending; while it matters, the connections do.
          const options = { signal: ended.signal, ref: false };
          const timer = pause(Math.min(lookMilliseconds, remaining), undefined, options);
          await Promise.race([heard, timer.catch(() => undefined)]);
        } finally {
          ended.abort();
          leave();
        }
      }
    },
  };
};
