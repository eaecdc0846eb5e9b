import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CustomerId, OrderId } from '../domain/ids.js';
import type { PlacedOrder } from '../domain/order/order.js';
import { situationOf } from '../domain/process/situation.js';
import { type CommandError, handleOrderCommand, loadOrder, type OrderPorts } from './handle-order-command.js';
import type { OrderProcesses } from './ports/order-processes.js';

/** What cancelling an order needs. */
export type CancelOrderPorts = OrderPorts & { readonly orderProcesses: OrderProcesses };

/** Who cancels: the customer may cancel only their own orders. */
export type Canceller =
  | { readonly type: 'customer'; readonly customerId: CustomerId }
  | { readonly type: 'operator'; readonly name: string };

/** Why a cancellation was not accepted. An unknown order and somebody else's are the same answer. */
export type CancelOrderError = { readonly type: 'order_unknown' } | CommandError;

/**
 * Asks for an order's end. Accepted again and again without effect. The process is told; if that fails, it learns of it
 * from its next step or from the starter.
 */
export const cancelOrder =
  (ports: CancelOrderPorts) =>
  (orderId: OrderId, by: Canceller, correlationId: string): TE.TaskEither<CancelOrderError, PlacedOrder> =>
  async () => {
    const loaded = await loadOrder(ports)(orderId)();
    if (E.isLeft(loaded)) return loaded;
    const known = loaded.right;
    if (known.type === 'no_order') return E.left({ type: 'order_unknown' });
    if (by.type === 'customer' && known.terms.customerId !== by.customerId) {
      return E.left({ type: 'order_unknown' });
    }
    const command = { type: 'RequestCancellation', at: ports.system.now(), by: by.type } as const;
    const context = { actor: by, correlationId };
    const handled = await handleOrderCommand(ports)(orderId, command, context, known)();
    if (E.isLeft(handled)) return handled;
    const { order } = handled.right;
    if (order.type === 'no_order') return E.left({ type: 'order_unknown' });
    const told = await ports.orderProcesses.tell(orderId, situationOf(order))();
    if (E.isLeft(told)) {
      ports.observer.observe({ type: 'role_hindered', role: 'web', reason: told.left.reason });
    }
    return E.right(order);
  };
