/** Waits of one server. After `end` every wait, also a later one, is over at once. */
export interface Pauses {
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly end: () => void;
}

/** Waits that all end early when the server closes. */
export function openPauses(): Pauses {
  const waiting = new Set<() => void>();
  let ended = false;
  return {
    wait: (milliseconds) =>
      milliseconds === 0 || ended
        ? Promise.resolve()
        : new Promise((resolve) => {
            const finish = (): void => {
              clearTimeout(timer);
              waiting.delete(finish);
              resolve();
            };
            const timer = setTimeout(finish, milliseconds);
            waiting.add(finish);
          }),
    end: () => {
      ended = true;
      for (const finish of [...waiting]) finish();
    },
  };
}
