import type * as T from 'fp-ts/lib/Task.js';
import type { CommandId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';

/** Time, chance and waiting. The only way anything in the application learns the time or makes an id. */
export type System = {
  readonly now: () => Instant;
  /** A new random UUID in lower case. */
  readonly newId: () => string;
  /** A new id for a command. */
  readonly newCommandId: () => CommandId;
  /** Returns after that many milliseconds, or early when the system stops. */
  readonly wait: (milliseconds: number) => T.Task<void>;
};
