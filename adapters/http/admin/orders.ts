// The operator's view of orders, with the timeline of facts.
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoredEvent } from '../../../application/ports/event-store.js';
import type { OrderViews } from '../../../application/ports/order-views.js';
import { orderDetails } from '../../../application/read-models/order-details.js';
import type { WaitLimits } from '../../../application/read-models/order-waits.js';
import { isOrderId } from '../../../domain/ids.js';
import { fold } from '../../../domain/order/evolve.js';
import { orderAnswer, orderCodec, statusCodec } from '../checkout/order-answer.js';
import { pageAnswer, pageFields, replyWithPage } from '../checkout/order-list.js';
import { storeProblem } from '../checkout/refusals.js';
import { anything, closed, line, list, opaque, orAbsent, whole } from '../codecs.js';
import { type Endpoint, type Guard, jsonAnswer, refuse, takingNothing, takingQuery } from '../endpoint.js';
import { passing, problem } from '../problems.js';
import { currencyCodec, momentCodec, momentOf, uuidCodec } from '../values.js';
import { orderDetailsAnswer, orderDetailsCodec } from './order-details.js';

/** What these endpoints need. */
export type OrderDeskPorts = {
  readonly eventStore: Pick<EventStore, 'read'>;
  readonly orderViews: Pick<OrderViews, 'list' | 'totals' | 'parked'>;
  /** How long the shop gives its customers; without them nobody is told until when an order waits. */
  readonly waitLimits: WaitLimits;
};

const factCodec = closed('Fact', {
  revision: whole(0, Number.MAX_SAFE_INTEGER),
  type: line(1, 60),
  at: momentCodec,
  recordedAt: momentCodec,
  actor: anything,
  commandId: uuidCodec,
  correlationId: opaque(0, 200),
  data: anything,
});
const shown = jsonAnswer(
  200,
  'The order as its customer sees it, with all its details, and every fact as it was stored.',
  closed('OrderWithFacts', {
    order: orderCodec,
    details: orderDetailsCodec,
    facts: list(factCodec, 1, 100_000),
  }),
);

const sum = whole(0, Number.MAX_SAFE_INTEGER);
const totals = jsonAnswer(
  200,
  'Sums by status and currency, and how many orders wait for an event that could not be read.',
  closed('OrderTotals', {
    totals: list(
      closed('OrderTotal', {
        phase: statusCodec,
        currency: currencyCodec,
        ...{ orders: sum, units: sum, ordered: sum, reserved: sum, charged: sum, refunded: sum },
      }),
      0,
      10_000,
    ),
    parked: sum,
  }),
);

/** A fact without what only the card processor needs to see. */
const factOf = ({ revision, event, recordedAt, metadata }: StoredEvent) => {
  const data = Object.fromEntries(
    Object.entries(event).filter(([name]) => !['type', 'at', 'paymentMethod', 'key'].includes(name)),
  );
  const { actor, commandId, correlationId } = metadata;
  const at = momentOf(event.at);
  return {
    ...{ revision, type: event.type, at, recordedAt: momentOf(recordedAt) },
    ...{ actor, commandId, correlationId, data },
  };
};

/** Endpoints for looking at orders. */
export const orderDeskEndpoints = (
  { eventStore, orderViews, waitLimits }: OrderDeskPorts,
  guard: Guard<'operator'>,
): readonly Endpoint[] => [
  takingQuery({
    ...{ guard, method: 'get', path: '/admin/orders', id: 'listAllOrders' },
    summary: 'Orders of everybody, newest first.',
    query: closed('AllOrdersQuery', { ...pageFields, status: orAbsent(statusCodec) }),
    answers: [pageAnswer],
    problems: ['unavailable'],
    handle: (_, __, { status, ...page }) =>
      replyWithPage(orderViews, status === undefined ? {} : { phase: status }, page),
  }),
  takingNothing({
    ...{ guard, method: 'get', path: '/admin/order-totals', id: 'orderTotals' },
    summary: 'What the read model adds up to, for reconciliations.',
    answers: [totals],
    problems: ['unavailable'],
    handle: async () => {
      const [sums, parked] = [await orderViews.totals()(), await orderViews.parked()()];
      if (E.isLeft(sums) || E.isLeft(parked)) return refuse(passing('unavailable'));
      return totals.reply({ totals: [...sums.right], parked: parked.right.length });
    },
  }),
  takingNothing({
    ...{ guard, method: 'get', path: '/admin/orders/:orderId', id: 'showOrder' },
    summary: 'Any order with its money, goods, mails and the timeline of its facts.',
    answers: [shown],
    problems: ['not_found', 'unavailable'],
    handle: async ({ parameters: { orderId = '' } }) => {
      if (!isOrderId(orderId)) return refuse(problem('not_found'));
      const stored = await eventStore.read(orderId, { direction: 'forwards' })();
      if (E.isLeft(stored)) return refuse(storeProblem(stored.left));
      const order = fold(stored.right.map(({ event }) => event));
      if (order.type === 'no_order') return refuse(problem('not_found'));
      const details = orderDetails(order, stored.right, waitLimits);
      return shown.reply({
        order: orderAnswer(order, waitLimits),
        details: orderDetailsAnswer(details),
        facts: stored.right.map(factOf),
      });
    },
  }),
];
