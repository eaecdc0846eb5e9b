import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Checkpoints } from '../../application/ports/checkpoints.js';
import type { Position } from '../../application/ports/event-store.js';

/** The port Checkpoints in memory: what the promises mean, for simulations and tests. */
export const inMemoryCheckpoints = (): Checkpoints => {
  const positions = new Map<string, Position>();
  return {
    load: (name) => TE.fromIO(() => positions.get(name) ?? null),
    save: (name, position) =>
      TE.fromIO(() => {
        positions.set(name, position);
      }),
  };
};
