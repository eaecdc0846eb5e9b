import type { Clock } from '../../../../infrastructure/local/swf/clock.js';

/** A clock that only moves when it is told to. */
export interface VirtualClock extends Clock {
  /** Moves forward and runs, in order, everything that falls due on the way. */
  advance(milliseconds: number): void;
  /** Resolves when something is scheduled so many milliseconds from now; a held long poll shows itself this way. */
  whenScheduled(milliseconds: number, times?: number): Promise<void>;
}

interface Scheduled {
  readonly at: number;
  readonly run: () => void;
}

/** Stands still at the given time, in milliseconds since 1970. */
export function virtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = start;
  const pending = new Set<Scheduled>();
  const watchers = new Set<{ at: number; left: number; resolve: () => void }>();
  return {
    now: () => now,
    schedule(at, run) {
      const item = { at, run };
      pending.add(item);
      for (const watcher of watchers) {
        if (watcher.at !== at) continue;
        watcher.left -= 1;
        if (watcher.left > 0) continue;
        watchers.delete(watcher);
        watcher.resolve();
      }
      return { cancel: () => pending.delete(item) };
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const next = [...pending].filter((item) => item.at <= end).sort((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        pending.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
    whenScheduled(milliseconds, times = 1) {
      return new Promise((resolve) => watchers.add({ at: now + milliseconds, left: times, resolve }));
    },
  };
}
