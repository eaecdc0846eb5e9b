// What operators do to single orders: give money back, hold, release, cancel, and store that a parcel was delivered.
// Every change names the operator, is stored with that name, and may be asked for twice.
import * as E from 'fp-ts/lib/Either.js';
import type { cancelOrder } from '../../../application/orders/cancel-order.js';
import type { ChangeOrderError } from '../../../application/orders/change-order.js';
import type { WaitLimits } from '../../../application/read-models/order-waits.js';
import type { OrderDesk } from '../../../application/orders/order-desk.js';
import { isOrderId, type OrderId } from '../../../domain/ids.js';
import { money } from '../../../domain/money.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import { orderAnswer, orderCodec } from '../checkout/order-answer.js';
import { changeOrderProblem } from '../checkout/refusals.js';
import { choice, closed, line, whole } from '../codecs.js';
import {
  type Endpoint,
  type Exchange,
  type Guard,
  jsonAnswer,
  type Reply,
  refuse,
  takingBody,
} from '../endpoint.js';
import { problem } from '../problems.js';
import { currencyCodec } from '../values.js';

/** What these endpoints need. */
export type OrderChangePorts = {
  readonly desk: OrderDesk;
  readonly cancel: ReturnType<typeof cancelOrder>;
  readonly waitLimits: WaitLimits;
};

const changed = jsonAnswer(200, 'The order as it stands now.', orderCodec);
const notFound = refuse(problem('not_found'));
const changeProblems = ['not_found', 'order_busy', 'order_changed', 'unavailable'] as const;

const operator = line(1, 100);
const holdReason = choice('address', 'fraud', 'operator');
const refundReason = choice('return', 'goodwill');

const answer = (result: E.Either<ChangeOrderError, PlacedOrder>, limits: WaitLimits): Reply =>
  E.isLeft(result)
    ? refuse(changeOrderProblem(result.left))
    : changed.reply(orderAnswer(result.right, limits));

type Change = (orderId: OrderId) => Promise<E.Either<ChangeOrderError, PlacedOrder>>;

const changing =
  (limits: WaitLimits) =>
  async ({ parameters: { orderId = '' } }: Exchange, change: Change): Promise<Reply> =>
    isOrderId(orderId) ? answer(await change(orderId), limits) : notFound;

/** The operator's changes to orders. */
export const orderChangeEndpoints = (
  { desk, cancel, waitLimits }: OrderChangePorts,
  guard: Guard<'operator'>,
): readonly Endpoint[] => {
  const withOrder = changing(waitLimits);
  return [
    takingBody({
      ...{ guard, method: 'post', path: '/admin/orders/:orderId/refunds', id: 'refundOrder' },
      summary: 'Give money back; the same refund id again changes nothing.',
      body: closed('RefundOrder', {
        operator,
        refundId: line(1, 100),
        amount: whole(1, 999_999_999_999),
        currency: currencyCodec,
        reason: refundReason,
      }),
      answers: [changed],
      problems: [...changeProblems, 'refund_above_charge', 'refund_id_used'],
      handle: (exchange, _, { operator: by, refundId, amount, currency, reason }) =>
        withOrder(exchange, async (orderId) => {
          const asked = money(amount, currency);
          return E.isLeft(asked)
            ? E.left({ type: 'order_unknown' })
            : desk.refund(orderId, by, { refundId, amount: asked.right, reason }, exchange.requestId)();
        }),
    }),
    takingBody({
      ...{ guard, method: 'post', path: '/admin/orders/:orderId/holds', id: 'placeHold' },
      summary: 'Keep an order from being charged and from leaving the building.',
      body: closed('PlaceHold', { operator, reason: holdReason }),
      answers: [changed],
      problems: changeProblems,
      handle: (exchange, _, { operator: by, reason }) =>
        withOrder(exchange, (orderId) => desk.placeHold(orderId, by, reason, exchange.requestId)()),
    }),
    takingBody({
      ...{ guard, method: 'post', path: '/admin/orders/:orderId/holds/release', id: 'releaseHold' },
      summary: 'Take one reason to hold an order away.',
      body: closed('ReleaseHold', { operator, reason: holdReason }),
      answers: [changed],
      problems: changeProblems,
      handle: (exchange, _, { operator: by, reason }) =>
        withOrder(exchange, (orderId) => desk.releaseHold(orderId, by, reason, exchange.requestId)()),
    }),
    takingBody({
      ...{ guard, method: 'post', path: '/admin/orders/:orderId/delivery', id: 'recordDelivery' },
      summary: 'Store that the carrier delivered the parcels.',
      body: closed('RecordDelivery', { operator }),
      answers: [changed],
      problems: changeProblems,
      handle: (exchange, _, { operator: by }) =>
        withOrder(exchange, (orderId) => desk.delivered(orderId, by, exchange.requestId)()),
    }),
    takingBody({
      ...{ guard, method: 'post', path: '/admin/orders/:orderId/cancel', id: 'cancelOrderAsOperator' },
      summary: 'Ask for an order’s end.',
      body: closed('CancelOrderAsOperator', { operator }),
      answers: [changed],
      problems: [...changeProblems, 'too_late_to_cancel'],
      handle: (exchange, _, { operator: name }) =>
        withOrder(exchange, (orderId) => cancel(orderId, { type: 'operator', name }, exchange.requestId)()),
    }),
  ];
};
