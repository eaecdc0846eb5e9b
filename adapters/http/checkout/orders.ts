// Placing, reading, following and cancelling orders. Whose order it is, is asked before anything is said of it: an
// unknown order and somebody else's have one answer.
import * as E from 'fp-ts/lib/Either.js';
import type { cancelOrder } from '../../../application/orders/cancel-order.js';
import type { placeOrder } from '../../../application/orders/place-order.js';
import type { CurrentSignIn } from '../../../application/ports/customers.js';
import type { EventStore } from '../../../application/ports/event-store.js';
import type { Observer } from '../../../application/ports/observer.js';
import type { OrderViews } from '../../../application/ports/order-views.js';
import type { RequestKeys } from '../../../application/ports/request-keys.js';
import type { System } from '../../../application/ports/system.js';
import type { WaitLimits } from '../../../application/read-models/order-waits.js';
import type { readOrder } from '../../../application/orders/read-order.js';
import type { replacePaymentMethod } from '../../../application/orders/replace-payment-method.js';
import { isOrderId, type OrderId } from '../../../domain/ids.js';
import { closed, line } from '../codecs.js';
import {
  emptyAnswer,
  type Endpoint,
  type Exchange,
  type Guard,
  jsonAnswer,
  type Reply,
  refuse,
  takingBody,
  takingNothing,
  takingQuery,
} from '../endpoint.js';
import { idempotencyHeader, idempotencyProblems, onlyOnce } from '../idempotency.js';
import { passing, problem } from '../problems.js';
import { addressCodec, orderIdCodec, paymentMethodCodec } from '../values.js';
import { orderAnswer, orderCodec, placedAnswer, placedCodec } from './order-answer.js';
import type { OrderFeed } from './order-feed.js';
import { pageAnswer, pageFields, replyWithPage } from './order-list.js';
import { hasSeenAll, lastRevision, statusStream } from './order-stream.js';
import { changeOrderProblem, placeOrderProblem, storeProblem } from './refusals.js';

/** What the endpoints for orders need. */
export type OrderEndpointPorts = {
  readonly place: ReturnType<typeof placeOrder>;
  readonly cancel: ReturnType<typeof cancelOrder>;
  readonly replacePaymentMethod: ReturnType<typeof replacePaymentMethod>;
  readonly read: ReturnType<typeof readOrder>;
  /** How long customers may take, for answers that say until when. */
  readonly waitLimits: WaitLimits;
  readonly orderViews: Pick<OrderViews, 'list'>;
  readonly requestKeys: RequestKeys;
  readonly eventStore: Pick<EventStore, 'read'>;
  readonly feed: OrderFeed;
  readonly system: System;
  readonly observer: Observer;
};

const placed = jsonAnswer(201, 'The order is stored and on its way.', placedCodec);
const placedBefore = jsonAnswer(200, 'The order was placed before.', placedCodec);
const shown = jsonAnswer(200, 'The order.', orderCodec);
const paidAnew = jsonAnswer(200, 'The order goes on with this card.', orderCodec);
const cancelled = jsonAnswer(200, 'The order is cancelled, or its cancellation is under way.', orderCodec);
const nothingMore = emptyAnswer('The order is at its end and you have seen all of it.');

const notFound = refuse(problem('not_found'));
const mostFollowers = 1_000;

const orderIdOf = ({ parameters: { orderId = '' } }: Exchange): OrderId | null =>
  isOrderId(orderId) ? orderId : null;

/** Endpoints for orders of the signed-in customer. */
export function orderEndpoints(ports: OrderEndpointPorts, guard: Guard<CurrentSignIn>): readonly Endpoint[] {
  const once = onlyOnce(ports);

  const follow = async (exchange: Exchange, signIn: CurrentSignIn): Promise<Reply> => {
    const orderId = orderIdOf(exchange);
    if (orderId === null) return notFound;
    if (ports.feed.isOver() || ports.feed.followers() >= mostFollowers) return refuse(passing('too_busy', 5));
    const known = await ports.eventStore.read(orderId, { direction: 'forwards' })();
    if (E.isLeft(known)) return refuse(storeProblem(known.left));
    const [first] = known.right;
    const isOwn = first?.event.type === 'OrderPlaced' && first.event.customerId === signIn.account.customerId;
    if (!isOwn) return notFound;
    const after = lastRevision(exchange.headers['last-event-id']);
    if (hasSeenAll(known.right, after)) return nothingMore.reply();
    const stream = statusStream(ports, orderId, known.right, after, exchange.onClosed);
    return { type: 'events', stream };
  };

  return [
    takingBody({
      ...{ guard, method: 'post', path: '/orders', id: 'placeOrder', headers: [idempotencyHeader] },
      summary: 'Order a cart that was handed over.',
      body: closed('PlaceOrder', {
        orderId: orderIdCodec,
        recipient: line(1, 100),
        address: addressCodec,
        paymentMethod: paymentMethodCodec,
      }),
      answers: [placed, placedBefore],
      problems: [
        ...idempotencyProblems,
        ...(['not_found', 'cart_expired', 'cart_refused', 'destination_not_in_cart'] as const),
        ...(['order_busy', 'order_too_large', 'order_changed'] as const),
      ],
      handle: (exchange, signIn, body) =>
        once(exchange, `${signIn.account.customerId} POST /orders`, body, async () => {
          const outcome = await ports.place({ ...body, signIn, correlationId: exchange.requestId })();
          if (E.isLeft(outcome)) return refuse(placeOrderProblem(outcome.left));
          const { order, repeated } = outcome.right;
          const answer = repeated ? placedBefore : placed;
          return answer.reply(placedAnswer(order), { Location: `/orders/${order.terms.orderId}` });
        }),
    }),
    takingQuery({
      ...{ guard, method: 'get', path: '/orders', id: 'listOrders' },
      summary: 'Your orders, newest first.',
      query: closed('OrdersQuery', pageFields),
      answers: [pageAnswer],
      problems: ['unavailable'],
      handle: (_, { account: { customerId } }, page) => replyWithPage(ports.orderViews, { customerId }, page),
    }),
    takingNothing({
      ...{ guard, method: 'get', path: '/orders/:orderId', id: 'readOrder' },
      summary: 'An order as it stands now.',
      answers: [shown],
      problems: ['not_found', 'unavailable'],
      handle: async (exchange, { account }) => {
        const orderId = orderIdOf(exchange);
        if (orderId === null) return notFound;
        const order = await ports.read(orderId, account.customerId)();
        if (E.isRight(order)) return shown.reply(orderAnswer(order.right, ports.waitLimits));
        return order.left.type === 'order_unknown' ? notFound : refuse(storeProblem(order.left));
      },
    }),
    takingNothing({
      ...{ guard, method: 'get', path: '/orders/:orderId/events', id: 'followOrder' },
      summary: 'Every status of an order as it takes it, as server-sent events; ends with the last one.',
      headers: [
        { name: 'Last-Event-ID', required: false, description: 'Resumes after this revision of the order.' },
      ],
      answers: [
        {
          status: 200,
          description: 'Events `status` with the revision as id.',
          mediaType: 'text/event-stream',
          schema: { type: 'string' },
        },
        nothingMore,
      ],
      problems: ['not_found', 'unavailable', 'too_busy'],
      handle: follow,
    }),
    takingBody({
      ...{ guard, method: 'post', path: '/orders/:orderId/payment-method', id: 'replacePaymentMethod' },
      summary: 'Name another card for an order whose card did not give the money.',
      body: closed('ReplacePaymentMethod', { paymentMethod: paymentMethodCodec }),
      answers: [paidAnew],
      problems: [
        ...(['not_found', 'card_refused_for_good', 'card_tried_too_often', 'no_attempt_left'] as const),
        ...(['pay_again_deadline_passed', 'order_busy', 'order_changed', 'unavailable'] as const),
      ],
      handle: async (exchange, { account: { customerId } }, { paymentMethod }) => {
        const orderId = orderIdOf(exchange);
        if (orderId === null) return notFound;
        const order = await ports.replacePaymentMethod(
          orderId,
          customerId,
          paymentMethod,
          exchange.requestId,
        )();
        return E.isLeft(order)
          ? refuse(changeOrderProblem(order.left))
          : paidAnew.reply(orderAnswer(order.right, ports.waitLimits));
      },
    }),
    takingBody({
      ...{ guard, method: 'post', path: '/orders/:orderId/cancel', id: 'cancelOrder' },
      summary: 'Ask for an order’s end. Asking again changes nothing.',
      body: closed('CancelOrder', {}),
      answers: [cancelled],
      problems: ['not_found', 'too_late_to_cancel', 'order_busy', 'order_changed', 'unavailable'],
      handle: async (exchange, { account: { customerId } }) => {
        const orderId = orderIdOf(exchange);
        if (orderId === null) return notFound;
        const by = { type: 'customer', customerId } as const;
        const order = await ports.cancel(orderId, by, exchange.requestId)();
        return E.isLeft(order)
          ? refuse(changeOrderProblem(order.left))
          : cancelled.reply(orderAnswer(order.right, ports.waitLimits));
      },
    }),
  ];
}
