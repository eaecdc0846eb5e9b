// Virtual time and seeded chance: one queue of wake-ups ordered by time and a drawn tie-break. Nothing in a simulation
// waits or draws in any other way, so a seed tells the whole run.
import { createHash } from 'node:crypto';
import type { Instant } from '../../domain/instant.js';
import { opening } from '../support/examples.js';
import { instantOf } from '../support/ids.js';

/** One source of time and chance for a whole simulation. */
export type Scheduler = {
  readonly now: () => Instant;
  /** A number from 0 to `n` - 1. Each label draws from a stream of its own, so a new label leaves the others as they were. */
  readonly choose: (label: string, n: number) => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Does a piece of work at a later time. */
  readonly later: (milliseconds: number, work: () => void) => void;
  /** Lets time pass until the condition holds; throws after so many virtual seconds. */
  readonly runUntil: (holds: () => boolean, seconds: number) => Promise<void>;
  /** Notes what happened; same seed, same digest. */
  readonly note: (what: string) => void;
  readonly digest: () => string;
};

type WakeUp = { readonly at: number; readonly tie: number; readonly wake: () => void };

const isBefore = (one: WakeUp, other: WakeUp): boolean =>
  one.at < other.at || (one.at === other.at && one.tie < other.tie);

/** A heap: the first wake-up is always at its top. */
const createQueue = () => {
  const heap: WakeUp[] = [];
  const swapIfBefore = (index: number, parent: number): boolean => {
    const [one, other] = [heap[index], heap[parent]];
    if (one === undefined || other === undefined || !isBefore(one, other)) return false;
    heap[index] = other;
    heap[parent] = one;
    return true;
  };
  return {
    push: (wakeUp: WakeUp): void => {
      heap.push(wakeUp);
      for (let index = heap.length - 1; index > 0;) {
        const parent = (index - 1) >> 1;
        if (!swapIfBefore(index, parent)) return;
        index = parent;
      }
    },
    pop: (): WakeUp | undefined => {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let index = 0; ;) {
        const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
        if (left === undefined) return first;
        const child = right !== undefined && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
        if (!swapIfBefore(child, index)) return first;
        index = child;
      }
    },
  };
};

/** A stream of 32-bit numbers from a text. */
const streamOf = (text: string): (() => number) => {
  let state = createHash('sha256').update(text).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
};

// Taken before a simulation sets its traps.
const settle = globalThis.setImmediate;

/** A scheduler that begins at the opening. */
export const createScheduler = (seed: number): Scheduler => {
  const queue = createQueue();
  const streams = new Map<string, () => number>();
  const trace = createHash('sha256');
  let now: number = opening;

  const draw = (label: string): number => {
    let stream = streams.get(label);
    if (stream === undefined) {
      stream = streamOf(`${seed}:${label}`);
      streams.set(label, stream);
    }
    return stream();
  };
  const later = (milliseconds: number, wake: () => void): void =>
    queue.push({ at: now + Math.max(0, Math.round(milliseconds)), tie: draw('tie'), wake });
  return {
    now: () => instantOf(now),
    later,
    choose: (label, n) => draw(label) % n,
    sleep: async (milliseconds) =>
      new Promise((wake) => {
        later(milliseconds, wake);
      }),
    runUntil: async (holds, seconds) => {
      const end = now + seconds * 1000;
      for (;;) {
        await new Promise<void>((resolve) => {
          settle(resolve);
        });
        if (holds()) return;
        const next = queue.pop();
        if (next === undefined) throw new Error('nothing is left to wait for');
        if (next.at > end) throw new Error(`not reached within ${seconds} virtual seconds`);
        now = next.at;
        next.wake();
      }
    },
    note: (what) => void trace.update(`${now} ${what}\n`),
    digest: () => trace.copy().digest('hex'),
  };
};
