import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CustomerId, OrderId } from '../../domain/ids.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { loadOrder } from '../handle-order-command.js';
import type { EventStore, ReadError } from '../ports/event-store.js';

/** Why an order is not shown. An unknown order and somebody else's are the same answer. */
export type ReadOrderError = { readonly type: 'order_unknown' } | ReadError;

/** A customer's own order as its stream says it, so it is never older than the last answer. */
export const readOrder =
  (ports: { readonly eventStore: EventStore }) =>
  (orderId: OrderId, customerId: CustomerId): TE.TaskEither<ReadOrderError, PlacedOrder> =>
  async () => {
    const loaded = await loadOrder(ports)(orderId)();
    if (E.isLeft(loaded)) return loaded;
    const order = loaded.right;
    return order.type === 'placed_order' && order.terms.customerId === customerId
      ? E.right(order)
      : E.left({ type: 'order_unknown' });
  };
