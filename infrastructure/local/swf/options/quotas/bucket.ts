/** How often something may be done: at most `capacity` at once, refilled evenly. */
export interface Rate {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** Token buckets of one rate each, by key; a key that was not used for long costs nothing. */
export interface Buckets {
  /** Takes one token; false when there is none. Time must not run backwards. */
  readonly take: (key: string, rate: Rate, now: number) => boolean;
}

interface Level {
  tokens: number;
  at: number;
  readonly rate: Rate;
}

const mostKept = 10_000;

/** Buckets that all start full. */
export function openBuckets(): Buckets {
  const levels = new Map<string, Level>();

  function refill(level: Level, now: number): void {
    const gained = ((now - level.at) / 1000) * level.rate.refillPerSecond;
    level.tokens = Math.min(level.rate.capacity, level.tokens + gained);
    level.at = now;
  }

  /** A full bucket and none are the same. */
  function forgetFull(now: number): void {
    for (const [key, level] of levels) {
      refill(level, now);
      if (level.tokens === level.rate.capacity) levels.delete(key);
    }
  }

  return {
    take(key, rate, now) {
      if (levels.size > mostKept) forgetFull(now);
      const level = levels.get(key) ?? { tokens: rate.capacity, at: now, rate };
      levels.set(key, level);
      refill(level, now);
      if (level.tokens < 1) return false;
      level.tokens -= 1;
      return true;
    },
  };
}
