import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CodeScheme } from '../domain/catalogue.js';
import type { OrderId } from '../domain/ids.js';
import { type Cart, type CartProblem, reviewCart } from '../domain/order/cart.js';
import type { CartTokenError, CartTokens } from './ports/carts.js';
import type { Carts } from './ports/carts.js';
import type { CustomersError } from './ports/customers.js';
import type { EventStore, ReadError } from './ports/event-store.js';
import type { System } from './ports/system.js';

/** What handing a cart over needs. */
export type HandOverPorts = {
  readonly cartTokens: CartTokens;
  readonly carts: Carts;
  readonly eventStore: EventStore;
  readonly system: System;
};

/** A cart that is ready to be ordered. `known`: the same token was handed over before. */
export type CartReceipt = { readonly orderId: OrderId; readonly cart: Cart; readonly known: boolean };

/** Why a cart is not taken. */
export type HandOverError =
  | CartTokenError
  | { readonly type: 'cart_refused'; readonly problems: readonly CartProblem[] }
  | { readonly type: 'cart_token_reused' }
  /** The cart became this order; only its customer may see it. */
  | { readonly type: 'cart_used'; readonly orderId: OrderId }
  | CustomersError
  | ReadError;

/** Takes a signed cart from a shop. Refuses with all its problems at once; repeating it with the same token is harmless. */
export const handOverCart =
  (ports: HandOverPorts, scheme: CodeScheme) =>
  (token: string): TE.TaskEither<HandOverError, CartReceipt> =>
  async () => {
    const read = await ports.cartTokens.read(token, ports.system.now())();
    if (E.isLeft(read)) return read;
    const { draft, orderId } = read.right;
    const reviewed = reviewCart(draft, scheme);
    if (E.isLeft(reviewed)) return E.left({ type: 'cart_refused', problems: reviewed.left });
    const kept = await ports.carts.keep(read.right)();
    if (E.isLeft(kept)) return kept;
    if (kept.right === 'conflicting') return E.left({ type: 'cart_token_reused' });
    if (kept.right === 'known') {
      const ordered = await ports.eventStore.read(orderId, { direction: 'forwards', limit: 1 })();
      if (E.isLeft(ordered)) return ordered;
      if (ordered.right.length > 0) return E.left({ type: 'cart_used', orderId });
    }
    return E.right({ orderId, cart: reviewed.right, known: kept.right === 'known' });
  };
