import type { Actor, StoredEvent } from '../../application/ports/event-store.js';
import { absurd } from '../../domain/brand.js';
import type { Instant } from '../../domain/instant.js';
import { type Money, toDecimal } from '../../domain/money.js';
import type { OrderEvent, RejectionReason } from '../../domain/order/events.js';
import { fold, type PlacedOrder } from '../../domain/order/order.js';
import { phaseOf } from '../../domain/order/phase.js';
import { type CommandOutput, table } from './table.js';

// An order for the operator's terminal: what happened, when, who did it, and how the money stands.

const amount = (money: Money): string => `${money.currency} ${toDecimal(money)}`;

/** An instant as people in any place read it alike: UTC, to the millisecond. */
export const moment = (at: Instant): string => new Date(at).toISOString();

const actorName = (actor: Actor): string => {
  switch (actor.type) {
    case 'customer':
      return 'customer';
    case 'worker':
      return `worker ${actor.name}`;
    case 'floor':
      return `floor ${actor.name}`;
    case 'operator':
      return `operator ${actor.name}`;
    default:
      return absurd(actor);
  }
};

const reasonText = (reason: RejectionReason): string => {
  switch (reason.type) {
    case 'authentication':
      return reason.problem;
    case 'article_withdrawn':
      return `line ${String(reason.lineNumber)} withdrawn`;
    case 'out_of_stock':
      return `line ${String(reason.lineNumber)}: ${String(reason.available)} available`;
    case 'destination_not_served':
      return `no delivery to ${reason.destination}`;
    case 'currency_not_accepted':
      return `${reason.currency} not accepted`;
    case 'total_above_limit':
      return `total above ${amount(reason.limit)}`;
    default:
      return absurd(reason);
  }
};

/** The details of a fact in a few words; empty when its name says all. */
const factDetails = (event: OrderEvent): string => {
  switch (event.type) {
    case 'OrderPlaced':
      return `${String(event.lines.length)} lines, ${amount(event.total)}, to ${event.destination}`;
    case 'OrderRejected':
      return event.reasons.map(reasonText).join('; ');
    case 'CancellationRequested':
      return `by ${event.by}: ${event.reason}`;
    case 'OrderCancelled':
      return event.reason;
    case 'StockReserved':
      return `until ${moment(event.until)}`;
    case 'StockUnavailable':
      return event.lines
        .map((line) => `line ${String(line.lineNumber)}: ${String(line.available)}`)
        .join('; ');
    case 'CardReservationRequested':
      return `attempt ${String(event.attempt)}, ${amount(event.amount)}`;
    case 'CardReserved': {
      const { amount: held, card, captureBefore, reference } = event.reservation;
      return `${amount(held)} on ${card.brand} …${card.lastFour}, capture before ${moment(captureBefore)}, ${reference}`;
    }
    case 'CardDeclined':
    case 'ChargeFailed':
      return `attempt ${String(event.attempt)}: ${event.decline.class} (${event.decline.code})`;
    case 'ChargeRequested':
      return `attempt ${String(event.attempt)}, ${amount(event.amount)}`;
    case 'Charged':
      return `${amount(event.amount)}, ${event.reference}`;
    case 'CardReservationOutcomeUnknown':
    case 'ChargeOutcomeUnknown':
    case 'CardReservationVoided':
      return `attempt ${String(event.attempt)}`;
    case 'Picked': {
      const short = event.lines.reduce((total, line) => total + line.short, 0);
      const picked = event.lines.reduce((total, line) => total + line.picked, 0);
      return short === 0 ? `${String(picked)} units` : `${String(picked)} units, ${String(short)} short`;
    }
    case 'Packed':
      return event.parcels.map(({ weightGrams }) => `${String(weightGrams)} g`).join(', ');
    case 'Shipped':
      return `${event.handover.carrier}, ${event.handover.trackingNumber}`;
    case 'NotificationRequested':
    case 'NotificationPossiblySent':
      return event.kind;
    case 'NotificationNotSent':
      return `${event.kind}: ${event.reason}`;
    case 'NotificationSent':
      return `${event.kind}, message ${event.messageId}`;
    case 'CustomerAuthenticated':
    case 'OrderValidated':
    case 'ReleasedToWarehouse':
    case 'OrderCompleted':
    case 'StockCommitted':
    case 'StockReleased':
      return '';
    default:
      return absurd(event);
  }
};

const moneyLine = ({ payment, terms }: PlacedOrder): string => {
  switch (payment.status) {
    case 'charged':
      return `charged ${amount(payment.amount)} of ${amount(payment.reservation.amount)} held`;
    case 'reserved':
    case 'charging':
    case 'charge_failed':
      return `held ${amount(payment.reservation.amount)}, nothing charged (${payment.status})`;
    case 'none':
    case 'reserving':
    case 'declined':
    case 'voided':
      return `nothing held, nothing charged (${payment.status}); total ${amount(terms.total)}`;
    default:
      return absurd(payment);
  }
};

/** One order with its timeline; null when the stream has no order. */
export const orderPage = (stored: readonly StoredEvent[]): CommandOutput | null => {
  const order = fold(stored.map(({ event }) => event));
  if (order.type === 'no_order') return null;
  const phase = phaseOf(order);
  const rows = stored.map(({ event, metadata, revision }) => [
    String(revision),
    moment(event.at),
    event.type,
    actorName(metadata.actor),
    factDetails(event),
  ]);
  const text = [
    `Order ${order.terms.orderId}: ${phase}`,
    `Money: ${moneyLine(order)}`,
    `Stock: ${order.stock.status}; floor: ${order.fulfilment.status}`,
    '',
    table(['#', 'at (UTC)', 'fact', 'by', 'details'], rows, new Set([0])),
  ].join('\n');
  const timeline = stored.map(({ event, metadata, revision, eventId }) => ({
    revision,
    eventId,
    at: moment(event.at),
    fact: event.type,
    actor: metadata.actor,
    correlationId: metadata.correlationId,
    details: factDetails(event),
  }));
  return { json: { orderId: order.terms.orderId, phase, order, timeline }, text };
};
