import * as E from 'fp-ts/lib/Either.js';
import type { Carts, HandedOverCart } from '../../application/ports/carts.js';
import type { OrderId } from '../../domain/ids.js';
import { draftText } from './stored-documents.js';

const contentOf = ({ issuer, tokenId, draft }: HandedOverCart): string =>
  JSON.stringify([issuer, tokenId, draftText(draft)]);

/** Carts in memory. Each call happens at once, when its task is run. */
export function inMemoryCarts(): Carts {
  const carts = new Map<OrderId, HandedOverCart>();
  return {
    keep: (cart) => async () => {
      const known = carts.get(cart.orderId);
      if (known !== undefined) return E.right(contentOf(known) === contentOf(cart) ? 'known' : 'conflicting');
      carts.set(cart.orderId, cart);
      return E.right('kept');
    },
    find: (orderId) => async () => E.right(carts.get(orderId) ?? null),
  };
}
