import type { OrderView } from '../../application/read-models/order-view.js';
import { holdWords } from '../../application/read-models/timeline-words.js';
import { type Money, toDecimal } from '../../domain/money.js';
import { readableMoment } from './section.js';
import { type CommandOutput, table } from './table.js';

// Orders as a list for the operator's terminal.

const orNothing = (money: Money | null): string =>
  money === null || money.minor === 0 ? '–' : toDecimal(money);

const customerWords: Readonly<Record<NonNullable<OrderView['awaitsCustomer']>, string>> = {
  another_card: 'another card awaited',
  challenge: 'confirmation with the bank awaited',
};

/** What is worth knowing of an order beside its phase, the most urgent first. */
const notes = ({ holds, awaitsCustomer, isDisputed, handover }: OrderView): string =>
  [
    ...holds.map((reason) => holdWords[reason]),
    ...(awaitsCustomer === null ? [] : [customerWords[awaitsCustomer]]),
    ...(isDisputed ? ['disputed at the bank'] : []),
    ...(handover === null ? [] : [handover.trackingNumber]),
  ].join(', ');

const head = [
  ...['order', 'placed (UTC)', 'phase', 'currency', 'total', 'held', 'charged', 'refunded', 'units', 'notes'],
];

const rowOf = (view: OrderView): readonly string[] => [
  view.orderId,
  readableMoment(view.placedAt),
  view.phase,
  view.total.currency,
  toDecimal(view.total),
  orNothing(view.heldUntil === null ? null : view.reserved),
  orNothing(view.charged),
  orNothing(view.refunded),
  String(view.units),
  notes(view),
];

const jsonOf = ({ order: _order, ...view }: OrderView) => view;

/** Orders, one a line, in the order given. */
export const orderTable = (views: readonly OrderView[]): CommandOutput => ({
  json: views.map(jsonOf),
  text: views.length === 0 ? 'No orders.' : table(head, views.map(rowOf), new Set([4, 5, 6, 7, 8])),
});
