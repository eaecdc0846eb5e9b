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
