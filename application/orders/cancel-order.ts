import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../domain/ids.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { phaseOf } from '../../domain/order/phase.js';
import { type Asker, changeOrder, type ChangeOrderError, type ChangeOrderPorts } from './change-order.js';

/**
 * Asks for an order's end. Accepted again and again without effect. Goods that are on their way are not called back:
 * that answer is kept with the order and given as a refusal.
 */
export const cancelOrder =
  (ports: ChangeOrderPorts) =>
  (orderId: OrderId, by: Asker, correlationId: string): TE.TaskEither<ChangeOrderError, PlacedOrder> =>
  async () => {
    const changed = await changeOrder(ports)(
      orderId,
      by,
      (at) => ({ type: 'RequestCancellation', at, by: by.type }),
      correlationId,
    )();
    if (E.isLeft(changed)) return changed;
    const order = changed.right;
    const { stage } = order.lifecycle;
    return stage === 'cancelling' || stage === 'cancelled'
      ? changed
      : E.left({ type: 'refused', refusal: { type: 'too_late_to_cancel', phase: phaseOf(order) }, order });
  };
