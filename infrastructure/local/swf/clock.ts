/** Time as the server sees it; tests hand in one that they move themselves. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs the function at the given time, or as soon as possible after it. */
  schedule(at: number, run: () => void): { cancel(): void };
}

const longestTimeout = 2 ** 31 - 1;

/** The machine's clock. A scheduled function does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(at, run) {
    let timeout: NodeJS.Timeout;
    const wait = (): void => {
      const rest = at - Date.now();
      timeout = rest > longestTimeout ? setTimeout(wait, longestTimeout) : setTimeout(run, Math.max(rest, 0));
      timeout.unref();
    };
    wait();
    return { cancel: () => clearTimeout(timeout) };
  },
};
