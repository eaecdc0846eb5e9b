import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { OrderCommand, RequestRefund } from '../../domain/order/commands.js';
import type { HoldReason } from '../../domain/order/events.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { changeOrder, type ChangeOrderError, type ChangeOrderPorts } from './change-order.js';

type Changed = TE.TaskEither<ChangeOrderError, PlacedOrder>;

/** What operators may do to an order, beside cancelling it. Each may be repeated; `by` names the operator. */
export type OrderDesk = {
  /** Gives money back, never more than was charged. The same refund id again adds nothing. */
  readonly refund: (
    orderId: OrderId,
    by: string,
    refund: Pick<RequestRefund, 'refundId' | 'amount' | 'reason'>,
    correlationId: string,
  ) => Changed;
  /** Keeps the order from being charged and from leaving the building. */
  readonly placeHold: (orderId: OrderId, by: string, reason: HoldReason, correlationId: string) => Changed;
  /** Takes one reason to hold the order away. */
  readonly releaseHold: (orderId: OrderId, by: string, reason: HoldReason, correlationId: string) => Changed;
  /** Stores that the carrier delivered the parcels. */
  readonly delivered: (orderId: OrderId, by: string, correlationId: string) => Changed;
};

/** The operator's changes to orders. */
export const createOrderDesk = (ports: ChangeOrderPorts): OrderDesk => {
  const change = (
    orderId: OrderId,
    name: string,
    commandAt: (at: Instant) => OrderCommand,
    correlationId: string,
  ): Changed => changeOrder(ports)(orderId, { type: 'operator', name }, commandAt, correlationId);
  return {
    refund: (orderId, by, refund, correlationId) =>
      change(orderId, by, (at) => ({ type: 'RequestRefund', at, ...refund }), correlationId),
    placeHold: (orderId, by, reason, correlationId) =>
      change(orderId, by, (at) => ({ type: 'PlaceHold', at, reason, by }), correlationId),
    releaseHold: (orderId, by, reason, correlationId) =>
      change(orderId, by, (at) => ({ type: 'ReleaseHold', at, reason, by }), correlationId),
    delivered: (orderId, by, correlationId) =>
      change(orderId, by, (at) => ({ type: 'RecordDelivery', at }), correlationId),
  };
};
