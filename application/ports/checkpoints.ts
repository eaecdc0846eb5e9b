import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Position } from './event-store.js';

/** The checkpoint was not read, or may not have been written; both may be repeated without harm. */
export type CheckpointError = { readonly type: 'checkpoints_unavailable'; readonly reason: string };

/**
 * How far a reader of all events got, kept over restarts. One reader has one name (1 to 64 characters) and overwrites
 * its own place; what several processes under one name write last, counts.
 */
export type Checkpoints = {
  /** The place saved last; null when the name never saved one: begin at the start. */
  readonly load: (name: string) => TE.TaskEither<CheckpointError, Position | null>;
  /** Durable once this has answered. */
  readonly save: (name: string, position: Position) => TE.TaskEither<CheckpointError, void>;
};
