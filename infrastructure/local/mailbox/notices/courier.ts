import type { Pauses } from '../../pauses.js';
import type { Notice } from '../records.js';

/** How one notice ended. */
export type Ending = 'taken' | 'given_up';

/** What a courier needs. */
export interface CourierOptions {
  /** One attempt; true when the subscriber took the notice. Never rejects. */
  readonly attempt: (notice: Notice) => Promise<boolean>;
  /** Whether the subscriber wants to be told yet. */
  readonly isWanted: (notice: Notice) => boolean;
  readonly ended: (notice: Notice, ending: Ending) => Promise<void>;
  readonly clock: () => number;
  readonly pauses: Pauses;
  /** Milliseconds after the first, second, … failure; the last entry holds for all further ones. */
  readonly retryDelays: readonly number[];
}

/** Carries notices to the subscriber, each on its own: one that has to wait holds up no other. */
export interface Courier {
  /** Starts on its way; one that is held back leaves after another notice was taken. */
  readonly carry: (notice: Notice, heldBack?: boolean) => void;
  /** Lets those go that were not wanted yet. */
  readonly wanted: () => void;
  /** Ends every wait and resolves when no attempt is under way; what was not taken stays to be delivered. */
  readonly close: () => Promise<void>;
}

/** As long as the service itself tries, in milliseconds. */
const longestTrying = 60 * 60 * 1000;
const mostAtOnce = 16;

/** Makes a courier. */
export function openCourier(options: CourierOptions): Courier {
  const { attempt, isWanted, ended, clock, pauses, retryDelays } = options;
  const underWay = new Set<Promise<void>>();
  const wanted = openSignal();
  const anotherTaken = openSignal();
  const lanes = openLanes(mostAtOnce);
  let closed = false;

  async function deliver(notice: Notice): Promise<Ending | null> {
    for (let failures = 0; !closed; failures += 1) {
      if (await lanes.run(() => (closed ? Promise.resolve(false) : attempt(notice)))) return 'taken';
      if (clock() - notice.publishedAt > longestTrying) return 'given_up';
      await pauses.wait(retryDelays[Math.min(failures, retryDelays.length - 1)] ?? 0);
    }
    return null;
  }

  async function travel(notice: Notice, heldBack: boolean): Promise<void> {
    await pauses.wait(Math.max(0, notice.dueAt - clock()));
    if (heldBack && !closed) await anotherTaken.next();
    while (!closed && !isWanted(notice)) await wanted.next();
    let ending: Ending | null = null;
    for (let copy = 0; copy < notice.copies && ending !== 'given_up' && !closed; copy += 1)
      ending = await deliver(notice);
    if (ending === null) return;
    await ended(notice, ending);
    anotherTaken.give();
  }

  return {
    carry: (notice, heldBack = false) => {
      if (closed) return;
      const work = travel(notice, heldBack).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    wanted: wanted.give,
    close: async () => {
      closed = true;
      pauses.end();
      wanted.give();
      anotherTaken.give();
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** Something to wait for that happens again and again. */
function openSignal(): { readonly next: () => Promise<void>; readonly give: () => void } {
  let waiting: (() => void)[] = [];
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    give: () => {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}

/** Lets so many pieces of work run at once, in the order they came. */
function openLanes(count: number): {
  readonly run: <Answer>(work: () => Promise<Answer>) => Promise<Answer>;
} {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    run: async (work) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
