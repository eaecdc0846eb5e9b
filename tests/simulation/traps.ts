// While a simulation runs, our own code must not ask the machine for time, chance or a wait. Whoever does so from the
// domain, the application or an adapter is stopped; the test runner may.
const isOurs = (): boolean =>
  /\/(?:domain|application|adapters)\/[\w/-]+\.[jt]s/.test(new Error('asked').stack ?? '');

const trapped =
  <Arguments extends readonly unknown[], Answer>(
    name: string,
    original: (...given: Arguments) => Answer,
  ): ((...given: Arguments) => Answer) =>
  (...given) => {
    if (isOurs()) throw new Error(`${name} was asked of the machine inside a simulation`);
    return original(...given);
  };

const trapIn = (target: object, name: string): (() => void) => {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') throw new Error(`${name} is no function`);
  const asked = trapped(name, (...given: readonly unknown[]): unknown =>
    Reflect.apply(original, target, given),
  );
  Reflect.set(target, name, asked);
  return () => void Reflect.set(target, name, original);
};

/** Sets the traps and answers with what releases them. */
export const setTraps = (): (() => void) => {
  const releases = [
    trapIn(Date, 'now'),
    trapIn(Math, 'random'),
    trapIn(globalThis, 'setTimeout'),
    trapIn(globalThis, 'setInterval'),
    trapIn(globalThis, 'fetch'),
    trapIn(globalThis.crypto, 'randomUUID'),
  ];
  return () => {
    for (const release of releases) release();
  };
};
