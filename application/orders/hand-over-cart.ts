import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CodeScheme } from '../../domain/catalogue.js';
import type { OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import { type Cart, type CartProblem, reviewCart } from '../../domain/order/cart.js';
import type { CartTokenError, CartTokens } from '../ports/carts.js';
import type { Carts } from '../ports/carts.js';
import type { CustomersError } from '../ports/customers.js';
import type { EventStore, ReadError } from '../ports/event-store.js';
import type { System } from '../ports/system.js';

/** What handing a cart over needs. */
export type HandOverPorts = {
  readonly cartTokens: CartTokens;
  readonly carts: Carts;
  readonly eventStore: EventStore;
  readonly system: System;
};

/** A cart that is ready to be ordered. */
export type CartReceipt = {
  readonly orderId: OrderId;
  readonly cart: Cart;
  /** The same cart was handed over before. */
  readonly known: boolean;
  /** Until when it can be ordered: as its first token said. */
  readonly expiresAt: Instant;
};

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
    const { draft, orderId, expiresAt } = read.right;
    const reviewed = reviewCart(draft, scheme);
    if (E.isLeft(reviewed)) return E.left({ type: 'cart_refused', problems: reviewed.left });
    const kept = await ports.carts.keep(read.right)();
    if (E.isLeft(kept)) return kept;
    if (kept.right === 'conflicting') return E.left({ type: 'cart_token_reused' });
    if (kept.right === 'kept') return E.right({ orderId, cart: reviewed.right, known: false, expiresAt });
    const ordered = await ports.eventStore.read(orderId, { direction: 'forwards', limit: 1 })();
    if (E.isLeft(ordered)) return ordered;
    if (ordered.right.length > 0) return E.left({ type: 'cart_used', orderId });
    // A shop may sign the same cart anew, for longer; it is kept as it came first.
    const first = await ports.carts.find(orderId)();
    if (E.isLeft(first)) return first;
    const until = first.right?.expiresAt ?? expiresAt;
    return E.right({ orderId, cart: reviewed.right, known: true, expiresAt: until });
  };
