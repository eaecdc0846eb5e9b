import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { appendChannel } from './postgres-statements.js';

/** Notifications of the database, received on a connection of their own. */
export type Announcements = {
  /** Calls back after every notification, and after a time in which some may have been missed. Returns the way out. */
  readonly subscribe: (channel: string, listener: () => void) => () => void;
};

/** What stands after a position: something readable, or something that an open transaction still holds back. */
export type NewsFound = { readonly readable: boolean; readonly held_back: boolean };

// A notification inside the append's own transaction takes a lock of the whole server while it commits, which ends
// the sharing of disk writes: at 64 connections a tenth of the rate. So it is sent after the commit, on its own, and
// many appends share one. Should it get lost with its process, readers still look once a second.
const betweenAnnouncements = 20;
const lookMilliseconds = 1_000;
/** Nobody announces the end of the transaction that holds an event back, so it is looked for: soon, then less often. */
const heldBackMilliseconds = 5;
const longestHeldBackMilliseconds = 50;

/** Says and hears that something was appended. */
export const announcements = (
  pool: Pool,
  notifications: Announcements | null,
): {
  /** Tells every process, soon and without waiting. */
  readonly announce: () => void;
  /** Resolves with true when `look` finds something readable, with false when the time was up before. */
  readonly awaitNews: (look: () => Promise<NewsFound | undefined>, milliseconds: number) => Promise<boolean>;
} => {
  let announcing: Promise<unknown> | null = null;
  let more = false;

  const say = async (): Promise<void> => {
    do {
      more = false;
      const said = pool.query({ name: 'announce', text: `notify ${appendChannel}` }).catch(() => undefined);
      await Promise.all([said, pause(betweenAnnouncements, undefined, { ref: false })]);
    } while (more);
  };

  const listeners = new Set<() => void>();
  let subscribed = false;
  /** A promise of the next notification. The subscription begins with the first wait and stays. */
  const nextNotification = (): { readonly heard: Promise<void>; readonly leave: () => void } => {
    let listener = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      listener = resolve;
    });
    listeners.add(listener);
    if (!subscribed) {
      subscribed = true;
      notifications?.subscribe(appendChannel, () => {
        const woken = [...listeners];
        listeners.clear();
        for (const wake of woken) wake();
      });
    }
    return { heard, leave: () => listeners.delete(listener) };
  };

  return {
    announce: () => {
      more = true;
      announcing ??= say().finally(() => {
        announcing = null;
      });
    },

    awaitNews: async (look, milliseconds) => {
      const deadline = performance.now() + milliseconds;
      for (let looks = 0; ; looks += 1) {
        // Listening begins before the look, so that nothing can happen unseen between the two.
        const next = nextNotification();
        const waiting = new AbortController();
        try {
          const found = await look();
          if (found?.readable === true) return true;
          const remaining = deadline - performance.now();
          if (remaining <= 0) return false;
          const heldBack = Math.min(heldBackMilliseconds * 2 ** looks, longestHeldBackMilliseconds);
          const longest = found?.held_back === true ? heldBack : lookMilliseconds;
          // A wait that is left over keeps no process from ending; while it matters, the connections do.
          const options = { signal: waiting.signal, ref: false };
          const timer = pause(Math.min(longest, remaining), undefined, options);
          await Promise.race([next.heard, timer.catch(() => undefined)]);
        } finally {
          waiting.abort();
          next.leave();
        }
      }
    },
  };
};
