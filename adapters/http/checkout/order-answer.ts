// An order as its customer sees it.
import type { WaitLimits } from '../../../application/read-models/order-waits.js';
import { absurd } from '../../../domain/brand.js';
import type { RejectionReason } from '../../../domain/order/events.js';
import type { Fulfilment, PlacedOrder } from '../../../domain/order/order.js';
import { reservationOf } from '../../../domain/order/order.js';
import { finalPhases, phaseOf, phases } from '../../../domain/order/phase.js';
import { choice, closed, line, list, orNull, truth, whole } from '../codecs.js';
import {
  articleCodec,
  countryCodec,
  currencyCodec,
  minorCodec,
  momentCodec,
  momentOf,
  orderIdCodec,
  quantityCodec,
} from '../values.js';
import {
  awaitsAnswer,
  awaitsCodec,
  cancellationPreviewAnswer,
  cancellationPreviewCodec,
  moneyAnswer,
  moneyCodec,
  refundsAnswer,
  refundsCodec,
} from './payment-answer.js';

/** The status people see. */
export const statusCodec = choice(...phases);

const lineNumber = whole(1, 1_000);

/** A whole order. */
export const orderCodec = closed('Order', {
  orderId: orderIdCodec,
  status: statusCodec,
  isFinal: truth,
  revision: whole(0, Number.MAX_SAFE_INTEGER),
  placedAt: momentCodec,
  currency: currencyCodec,
  total: minorCodec,
  delivery: minorCodec,
  money: moneyCodec,
  card: orNull(closed('Card', { brand: line(1, 40), lastFour: line(1, 4) })),
  destination: countryCodec,
  lines: list(
    closed('OrderedLine', {
      lineNumber,
      code: articleCodec,
      description: line(1, 1_000),
      quantity: quantityCodec,
      unitPrice: minorCodec,
      picked: orNull(whole(0, 1_000_000)),
    }),
    1,
    1_000,
  ),
  shipment: orNull(
    closed('Shipment', {
      carrier: line(1, 60),
      trackingNumber: line(1, 40),
      shippedAt: momentCodec,
      deliveredAt: orNull(momentCodec),
    }),
  ),
  awaits: awaitsCodec,
  isOnHold: truth,
  refunds: refundsCodec,
  rejection: list(
    closed('Rejection', { code: line(1, 60), lineNumber: orNull(lineNumber), detail: line(1, 200) }),
    0,
    10_000,
  ),
  cancellation: orNull(closed('Cancellation', { reason: line(1, 60), at: momentCodec })),
  cancellationPreview: cancellationPreviewCodec,
});

const detailOf = (reason: RejectionReason): string => {
  switch (reason.type) {
    case 'authentication':
      return 'The sign-in under which the order was placed does not stand any more.';
    case 'article_withdrawn':
      return 'The article is not sold any more.';
    case 'destination_not_served':
      return 'We do not deliver to this country.';
    case 'currency_not_accepted':
      return 'We do not take this currency.';
    case 'total_above_limit':
      return 'The total is above what one order may come to.';
    case 'out_of_stock':
      return 'There are not enough of this article.';
    default:
      return absurd(reason);
  }
};

const rejectionOf = (reason: RejectionReason) => ({
  code: reason.type === 'authentication' ? reason.problem : reason.type,
  lineNumber: 'lineNumber' in reason ? reason.lineNumber : null,
  detail: detailOf(reason),
});

const pickedOf = (fulfilment: Fulfilment, wanted: number): number | null => {
  if (fulfilment.status === 'waiting') return null;
  return fulfilment.lines.find((picked) => picked.lineNumber === wanted)?.picked ?? null;
};

const shipmentOf = (fulfilment: Fulfilment) => {
  if (fulfilment.status !== 'shipped') return null;
  const { handover, at, deliveredAt } = fulfilment;
  return {
    ...handover,
    shippedAt: momentOf(at),
    deliveredAt: deliveredAt === null ? null : momentOf(deliveredAt),
  };
};

/**
 * An order as JSON says it. `limits` are the shop's now: they say how long there is for another card
 * or a challenge.
 */
export function orderAnswer(order: PlacedOrder, limits: WaitLimits) {
  const { terms, lifecycle, payment, fulfilment } = order;
  const status = phaseOf(order);
  const isLeaving = lifecycle.stage === 'cancelling' || lifecycle.stage === 'cancelled';
  return {
    orderId: terms.orderId,
    status,
    isFinal: finalPhases.has(status),
    revision: order.revision,
    placedAt: momentOf(terms.at),
    currency: terms.currency,
    total: terms.total.minor,
    delivery: terms.delivery.minor,
    money: moneyAnswer(order),
    card: reservationOf(payment)?.card ?? null,
    destination: terms.destination,
    lines: terms.lines.map((ordered) => ({
      ...ordered,
      unitPrice: ordered.unitPrice.minor,
      picked: pickedOf(fulfilment, ordered.lineNumber),
    })),
    shipment: shipmentOf(fulfilment),
    awaits: awaitsAnswer(order, limits),
    isOnHold: status === 'OnHold' && order.holds.size > 0,
    refunds: refundsAnswer(order),
    rejection: lifecycle.stage === 'rejected' ? lifecycle.reasons.map(rejectionOf) : [],
    cancellation: isLeaving ? { reason: lifecycle.reason, at: momentOf(lifecycle.at) } : null,
    cancellationPreview: cancellationPreviewAnswer(order),
  };
}

/** The little that placing an order answers; kept for repeats, so it stays small. */
export const placedCodec = closed('PlacedOrder', {
  orderId: orderIdCodec,
  status: statusCodec,
  currency: currencyCodec,
  total: minorCodec,
  placedAt: momentCodec,
});

/** A placed order in short. */
export const placedAnswer = (order: PlacedOrder) => ({
  orderId: order.terms.orderId,
  status: phaseOf(order),
  currency: order.terms.currency,
  total: order.terms.total.minor,
  placedAt: momentOf(order.terms.at),
});
