/** What a role watches to know that it shall end: take on nothing new, finish what is in hand, return. */
export type StopSignal = {
  readonly stopped: boolean;
  /** Resolves when the role shall end; never rejects. */
  readonly whenStopped: Promise<void>;
};

/** A stop signal and the way to give it. Giving it again changes nothing. */
export type Stop = { readonly signal: StopSignal; readonly stop: () => void };

/** A stop signal that was not given yet. */
export const createStop = (): Stop => {
  let stopped = false;
  let resolve = (): void => undefined;
  const whenStopped = new Promise<void>((done) => {
    resolve = done;
  });
  return {
    signal: {
      get stopped() {
        return stopped;
      },
      whenStopped,
    },
    stop: () => {
      stopped = true;
      resolve();
    },
  };
};
