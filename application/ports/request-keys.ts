import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Instant } from '../../domain/instant.js';

/** The store of request keys could not be asked or changed. */
export type RequestKeysError = { readonly type: 'request_keys_unavailable'; readonly reason: string };

/** An answer as it was given, to be given again. */
export type StoredAnswer = { readonly status: number; readonly body: string };

/** What is known of an Idempotency-Key: free for this caller, used with another body, in work, or answered. */
export type KeyState =
  | { readonly type: 'claimed' }
  | { readonly type: 'other_body' }
  | { readonly type: 'in_flight' }
  | { readonly type: 'answered'; readonly answer: StoredAnswer };

/** One use of a key: `scope` is the caller and the route. */
export type KeyUse = { readonly scope: string; readonly key: string; readonly bodyHash: string };

/** Idempotency keys of HTTP requests, kept for at least 24 hours. */
export type RequestKeys = {
  /** Claims the key for this body, or says why not. A claim without an answer is free again after 60 s. */
  readonly claim: (use: KeyUse, now: Instant) => TE.TaskEither<RequestKeysError, KeyState>;
  /** Stores the answer of a claimed key. */
  readonly answer: (use: KeyUse, answer: StoredAnswer) => TE.TaskEither<RequestKeysError, void>;
  /** Gives a claim back after a failure that a repeat may mend. */
  readonly abandon: (use: KeyUse) => TE.TaskEither<RequestKeysError, void>;
};
