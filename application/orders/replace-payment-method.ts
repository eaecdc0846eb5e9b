import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CustomerId, OrderId } from '../../domain/ids.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import type { PaymentMethodToken } from '../../domain/payment.js';
import { changeOrder, type ChangeOrderError, type ChangeOrderPorts } from './change-order.js';

/**
 * Names another card for an order whose card did not give the money. The order's process then asks for the money; the
 * goods stay held meanwhile. The same card again adds nothing.
 */
export const replacePaymentMethod =
  (ports: ChangeOrderPorts) =>
  (
    orderId: OrderId,
    customerId: CustomerId,
    paymentMethod: PaymentMethodToken,
    correlationId: string,
  ): TE.TaskEither<ChangeOrderError, PlacedOrder> =>
    changeOrder(ports)(
      orderId,
      { type: 'customer', customerId },
      (at) => ({ type: 'ReplacePaymentMethod', at, paymentMethod, payAgain: ports.settings }),
      correlationId,
    );
