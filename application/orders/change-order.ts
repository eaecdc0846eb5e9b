import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CustomerId, OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { OrderCommand } from '../../domain/order/commands.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { ProcessSettings } from '../../domain/process/limits.js';
import { situationOf } from '../../domain/process/situation.js';
import { wantedSteps } from '../../domain/process/wanted.js';
import {
  type CommandError,
  handleOrderCommand,
  loadOrder,
  type OrderPorts,
} from '../handle-order-command.js';
import type { OrderProcesses, ProcessServiceError } from '../ports/workflow/order-processes.js';

/** What changing an order from outside its process needs; `settings` are for a process that must be started anew. */
export type ChangeOrderPorts = OrderPorts & {
  readonly orderProcesses: Pick<OrderProcesses, 'tell' | 'start'>;
  readonly settings: ProcessSettings;
};

/** Who asks for a change: a customer may change only their own orders. */
export type Asker =
  | { readonly type: 'customer'; readonly customerId: CustomerId }
  | { readonly type: 'operator'; readonly name: string };

/** Why a change was not made. An unknown order and somebody else's are the same answer. */
export type ChangeOrderError = { readonly type: 'order_unknown' } | CommandError;

/**
 * Tells the order's process where the order stands now. One that has ended is started again when there is something to
 * do after all, such as a refund of a completed order: it finds done what is done.
 */
const tellProcess = async (
  { orderProcesses, settings }: ChangeOrderPorts,
  order: PlacedOrder,
): Promise<E.Either<ProcessServiceError, unknown>> => {
  const situation = situationOf(order);
  const { orderId } = order.terms;
  const told = await orderProcesses.tell(orderId, situation)();
  const idle = E.isLeft(told) || told.right === 'told' || wantedSteps(situation, settings).length === 0;
  return idle ? told : orderProcesses.start(orderId, settings)();
};

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
