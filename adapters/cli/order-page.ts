import type { StoredEvent } from '../../application/ports/event-store.js';
import { orderDetails, type OrderDetails } from '../../application/read-models/order-details.js';
import type { WaitLimits } from '../../application/read-models/order-waits.js';
import { fold } from '../../domain/order/evolve.js';
import { orderDetailsAnswer } from '../http/admin/order-details.js';
import { goodsSection, holdSection, mailSection, waitSection } from './order-sections.js';
import { moneySection, refundSection, trySection } from './order-money-sections.js';
import { timelineSection } from './order-timeline.js';
import { readableMoment, type Section, sectionText } from './section.js';
import type { CommandOutput } from './table.js';

// An order for the operator's terminal: what it waits for, where its money and goods are, and what happened when and
// by whom.

const heading = (details: OrderDetails): string => {
  const { orderId, phase, placedAt, changedAt, lines, destination, cancellation } = details;
  const units = lines.reduce((total, { quantity }) => total + quantity, 0);
  const why = cancellation === null ? '' : ` (${cancellation.replaceAll('_', ' ')})`;
  const goods = `${String(units)} units on ${String(lines.length)} lines, to ${destination}`;
  return [
    `Order ${orderId}: ${phase}${why}`,
    `Placed ${readableMoment(placedAt)}, last change ${readableMoment(changedAt)}; ${goods}`,
  ].join('\n');
};

const sections = (details: OrderDetails): readonly Section[] => [
  waitSection(details),
  moneySection(details),
  trySection(details),
  refundSection(details),
  holdSection(details),
  goodsSection(details),
  mailSection(details),
  timelineSection(details),
];

/**
 * One order with its timeline; null when the stream has no order. `limits` are the shop's now; without them nobody is
 * told until when the order waits for its customer.
 */
export const orderPage = (
  stored: readonly StoredEvent[],
  limits: WaitLimits | null,
): CommandOutput | null => {
  const order = fold(stored.map(({ event }) => event));
  if (order.type === 'no_order') return null;
  const details = orderDetails(order, stored, limits);
  const shown = sections(details).filter(({ rows }) => rows.length > 0);
  return {
    json: orderDetailsAnswer(details),
    text: [heading(details), ...shown.map(sectionText)].join('\n\n'),
  };
};
