/** The other end of a call. */
export interface Caller {
  /** Whether it has hung up. */
  readonly gone: boolean;
  /** Runs the function once when it hangs up. */
  whenGone(run: () => void): void;
}

/** A long poll that found nothing so far. */
export interface Poller<Result> {
  readonly action: string;
  readonly input: unknown;
  readonly caller: Caller;
  readonly serve: (result: Result) => void;
  /** Ends the wait without a task. */
  readonly giveUp: () => void;
}

/** The long polls of one region that wait, by task list, each in the order of arrival. */
export interface PollerDesk<Result> {
  /** How many polls wait in a list. */
  waitingIn(list: string): number;
  /** The inputs of the polls that wait, by list, in the order of arrival. */
  waiting(): ReadonlyMap<string, readonly unknown[]>;
  /** Lets a poll wait; the returned function makes it leave and tells whether it was still there. */
  admit(list: string, poller: Poller<Result>): () => boolean;
  /** Removes and returns the poll that waits longest in some list for which `ready` holds; null when there is none. */
  next(ready: (list: string) => boolean): Poller<Result> | null;
  /** Ends all waits without a task. */
  clear(): void;
}

/** A desk at which nobody waits. */
export function openPollerDesk<Result>(): PollerDesk<Result> {
  const lists = new Map<string, Set<Poller<Result>>>();

  function leave(list: string, poller: Poller<Result>): boolean {
    const pollers = lists.get(list);
    if (pollers === undefined || !pollers.delete(poller)) return false;
    if (pollers.size === 0) lists.delete(list);
    return true;
  }

  return {
    waitingIn: (list) => lists.get(list)?.size ?? 0,
    waiting: () => new Map([...lists].map(([list, polls]) => [list, [...polls].map((poll) => poll.input)])),
    admit(list, poller) {
      const pollers = lists.get(list) ?? new Set();
      lists.set(list, pollers.add(poller));
      return () => leave(list, poller);
    },
    next(ready) {
      for (const [list, pollers] of lists) {
        if (!ready(list)) continue;
        for (const poller of pollers) {
          if (!poller.caller.gone) {
            leave(list, poller);
            return poller;
          }
          poller.giveUp();
        }
      }
      return null;
    },
    clear() {
      const all = [...lists.values()].flatMap((pollers) => [...pollers]);
      for (const poller of all) poller.giveUp();
    },
  };
}
