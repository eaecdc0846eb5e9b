import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { CartDraft } from '../../domain/order/cart.js';
import type { CustomersError } from './customers.js';

/** A cart that a shop handed over and that broke no rule. `orderId` is the order it will become, derived from its token. */
export type HandedOverCart = {
  readonly orderId: OrderId;
  readonly issuer: string;
  readonly tokenId: string;
  readonly draft: CartDraft;
  readonly expiresAt: Instant;
};

/** Carts between hand-over and order. */
export type Carts = {
  /**
   * Keeps a cart; the same token again is `known` and changes nothing, also once it became an order. Another content
   * under the same token id is `conflicting`.
   */
  readonly keep: (cart: HandedOverCart) => TE.TaskEither<CustomersError, 'kept' | 'known' | 'conflicting'>;
  /** The cart that will become, or became, this order; null when none was handed over. */
  readonly find: (orderId: OrderId) => TE.TaskEither<CustomersError, HandedOverCart | null>;
};

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
