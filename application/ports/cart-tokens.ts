import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Instant } from '../../domain/instant.js';
import type { HandedOverCart } from './carts.js';

/** Why a cart token is not accepted. Says nothing of the token's content. */
export type CartTokenError =
  | { readonly type: 'token_malformed'; readonly path: string }
  | {
      readonly type: 'token_not_trusted';
      readonly reason: 'signature' | 'algorithm' | 'key' | 'issuer' | 'audience';
    }
  | { readonly type: 'token_expired' }
  | { readonly type: 'token_life_too_long'; readonly mostSeconds: number };

/**
 * Reads carts that a shop signed: one fixed algorithm, known keys, issuer and audience, a life of at most 15 minutes and
 * a one-time id. The order's id is derived from issuer and one-time id, so one token can become one order only.
 */
export type CartTokens = {
  readonly read: (token: string, now: Instant) => TE.TaskEither<CartTokenError, HandedOverCart>;
};
