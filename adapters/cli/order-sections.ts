import { absurd } from '../../domain/brand.js';
import type { Instant } from '../../domain/instant.js';
import { toDecimal } from '../../domain/money.js';
import type { OrderDetails } from '../../application/read-models/order-details.js';
import type { OrderWait } from '../../application/read-models/order-waits.js';
import {
  declineWords,
  holdWords,
  mailWords,
  returnWords,
} from '../../application/read-models/timeline-words.js';
import { readableMoment, type Section } from './section.js';

// The parts of an order's page that speak of goods, people and mails.

const untilText = (until: Instant | null): string => (until === null ? '' : `until ${readableMoment(until)}`);

const waitRow = (wait: OrderWait): readonly string[] => {
  switch (wait.type) {
    case 'another_card':
      return ['another card of the customer', declineWords[wait.decline.class], untilText(wait.until)];
    case 'challenge':
      return ['the customer to confirm with the bank', wait.url, untilText(wait.until)];
    case 'automatic_retry':
      return ['the next try, by itself', declineWords[wait.decline.class]];
    case 'lost_answer':
      return [`the outcome of the ${wait.request}, by itself`, 'the answer was lost and is looked up'];
    case 'hold':
      return ['an operator', wait.reasons.map((reason) => holdWords[reason]).join(', ')];
    case 'put_back':
      return ['the floor', 'goods are to go back into their bins'];
    case 'refund':
      return ['the card processor, by itself', `refund ${wait.refundIds.join(', ')}`];
    default:
      return absurd(wait);
  }
};

/** What the order waits for. */
export const waitSection = ({ waits }: OrderDetails): Section => ({
  title: 'Waits for',
  rows: waits.map(waitRow),
});

/** The holds with who placed them. */
export const holdSection = ({ holds }: OrderDetails): Section => ({
  title: 'Holds',
  rows: holds.map(({ reason, by, since }) => [
    holdWords[reason],
    `since ${readableMoment(since)}`,
    `by ${by}`,
  ]),
});

const shipmentRows = ({ handover, shippedAt, deliveredAt }: OrderDetails['goods']) =>
  handover === null || shippedAt === null
    ? []
    : [
        ['shipped', readableMoment(shippedAt), `${handover.carrier} ${handover.trackingNumber}`],
        ['delivered', deliveredAt === null ? 'not told yet' : readableMoment(deliveredAt), ''],
      ];

/** Where the goods are, and what was ordered and found. */
export const goodsSection = ({ goods, lines }: OrderDetails): Section => ({
  title: 'Goods',
  rows: [
    ['stock', goods.stock.replaceAll('_', ' '), untilText(goods.heldUntil)],
    ['floor', goods.floor.replaceAll('_', ' '), ''],
    ...shipmentRows(goods),
    ...lines.map(({ lineNumber, code, description, quantity, unitPrice, picked }) => [
      `line ${String(lineNumber)}`,
      `${String(quantity)} × ${toDecimal(unitPrice)}${picked === null ? '' : `, ${String(picked)} found`}`,
      `${code} ${description}`,
    ]),
  ],
});

const mailStatus: Readonly<Record<OrderDetails['mails'][number]['status'], string>> = {
  due: 'to be sent',
  requested: 'being sent',
  sent: 'sent',
  possibly_sent: 'possibly sent, nobody knows',
  untrue: 'not sent: the order went on meanwhile',
};

/** Every mail and what became of it. */
export const mailSection = ({ mails }: OrderDetails): Section => ({
  title: 'Mails',
  rows: mails.map(({ kind, factRevision, status, mailReturn, changedAt }) => [
    mailWords[kind],
    `about #${String(factRevision)}`,
    changedAt === null ? '' : readableMoment(changedAt),
    mailReturn === null ? mailStatus[status] : `${mailStatus[status]}, came back: ${returnWords[mailReturn]}`,
  ]),
});
