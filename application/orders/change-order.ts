import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CustomerId, OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { OrderCommand } from '../../domain/order/commands.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import {
  type CommandError,
  handleOrderCommand,
  loadOrder,
  type OrderPorts,
} from '../handle-order-command.js';
import { tellProcess, type TellProcessPorts } from './tell-process.js';

/** What changing an order from outside its process needs. */
export type ChangeOrderPorts = OrderPorts & TellProcessPorts;

/** Who asks for a change: a customer may change only their own orders. */
export type Asker =
  | { readonly type: 'customer'; readonly customerId: CustomerId }
  | { readonly type: 'operator'; readonly name: string };

/** Why a change was not made. An unknown order and somebody else's are the same answer. */
export type ChangeOrderError = { readonly type: 'order_unknown' } | CommandError;

/**
 * Carries out a command for somebody outside the order's process and tells the process. If that fails, the process
 * learns of it from its next step; the change stands.
 */
export const changeOrder =
  (ports: ChangeOrderPorts) =>
  (
    orderId: OrderId,
    asker: Asker,
    commandAt: (at: Instant) => OrderCommand,
    correlationId: string,
  ): TE.TaskEither<ChangeOrderError, PlacedOrder> =>
  async () => {
    const loaded = await loadOrder(ports)(orderId)();
    if (E.isLeft(loaded)) return loaded;
    const known = loaded.right;
    if (known.type === 'no_order') return E.left({ type: 'order_unknown' });
    if (asker.type === 'customer' && known.terms.customerId !== asker.customerId) {
      return E.left({ type: 'order_unknown' });
    }
    const command = commandAt(ports.system.now());
    const handled = await handleOrderCommand(ports)(
      orderId,
      command,
      { actor: asker, correlationId },
      known,
    )();
    if (E.isLeft(handled)) return handled;
    const { order } = handled.right;
    if (order.type === 'no_order') return E.left({ type: 'order_unknown' });
    const told = await tellProcess(ports, order);
    if (E.isLeft(told)) {
      ports.observer.observe({ type: 'role_hindered', role: 'web', reason: told.left.reason });
    }
    return E.right(order);
  };
