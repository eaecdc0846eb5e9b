/** What a process has opened, to be released in reverse order when it ends. */
export type Scope = {
  /** Registers how to release something that was just opened. */
  readonly onRelease: (release: () => Promise<void>) => void;
  /** Releases everything, last opened first. Goes on after a failure and rejects with the first one at the end. */
  readonly release: () => Promise<void>;
};

/** A scope in which nothing is open yet. */
export const createScope = (): Scope => {
  const releases: Array<() => Promise<void>> = [];
  return {
    onRelease: (release) => {
      releases.push(release);
    },
    release: async () => {
      const failures: unknown[] = [];
      for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
        try {
          await release();
        } catch (failure) {
          failures.push(failure);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
};

/**
 * Something that is opened at most once in a scope, at its first use, and shared by all roles of the process: a pool,
 * a client. Opening it twice at the same time opens it once.
 */
export const resource = <Values, Opened>(open: (values: Values, scope: Scope) => Promise<Opened>) => {
  const opened = new WeakMap<Scope, Promise<Opened>>();
  return (scope: Scope, values: Values): Promise<Opened> => {
    const before = opened.get(scope);
    if (before !== undefined) return before;
    const opening = open(values, scope);
    opened.set(scope, opening);
    return opening;
  };
};
