import * as E from 'fp-ts/lib/Either.js';
import { countryNames } from '../../domain/country-names.js';
import { type Money, multiply } from '../../domain/money.js';
import type { OrderLine } from '../../domain/order/events.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { amountDue } from '../../domain/order/rules/totals.js';
import type { ContactSnapshot } from '../ports/customers.js';
import { readableAmount } from './amounts.js';
import type { MailBlock, MailRow } from './mail-document.js';

// Pieces of mails that show what an order holds.

/** A paragraph of these sentences, without those that are missing. */
export const paragraph = (...sentences: readonly (string | null)[]): MailBlock => ({
  type: 'paragraph',
  text: sentences.filter((sentence) => sentence !== null).join(' '),
});

const lineRow = (line: OrderLine, units: number): MailRow => {
  const amount = multiply(line.unitPrice, units);
  return {
    label: `${String(units)} × ${line.description}`,
    value: E.isRight(amount) ? readableAmount(amount.right) : '',
  };
};

const sumRows = (delivery: Money, total: Money): readonly MailRow[] => [
  { label: 'Delivery', value: readableAmount(delivery) },
  { label: 'Total', value: readableAmount(total), strong: true },
];

const orderedBlock = ({ terms }: PlacedOrder): MailBlock => ({
  type: 'table',
  rows: [...terms.lines.map((line) => lineRow(line, line.quantity)), ...sumRows(terms.delivery, terms.total)],
});

/** What is in the parcel with what it costs, and what is not and is not charged. */
const parcelBlocks = (
  { terms }: PlacedOrder,
  lines: Parameters<typeof amountDue>[1],
): readonly MailBlock[] => {
  const counted = terms.lines.map((line) => {
    const found = lines.find(({ lineNumber }) => lineNumber === line.lineNumber);
    return { line, packed: found?.picked ?? 0, short: found?.short ?? 0 };
  });
  const due = amountDue(terms, lines);
  const packed = counted.filter((one) => one.packed > 0);
  const missing = counted.filter(({ short }) => short > 0);
  return [
    ...(packed.length === 0 || E.isLeft(due)
      ? []
      : [
          {
            type: 'table',
            rows: [
              ...packed.map((one) => lineRow(one.line, one.packed)),
              ...sumRows(terms.delivery, due.right),
            ],
          } as const,
        ]),
    ...(missing.length === 0
      ? []
      : [
          {
            type: 'lines',
            title: 'Not in the parcel, and not charged',
            lines: missing.map(({ line, short }) => `${String(short)} × ${line.description}`),
          } as const,
        ]),
  ];
};

/** The goods with what they cost: as ordered until they are picked, then as picked. */
export const goodsBlocks = (order: PlacedOrder): readonly MailBlock[] =>
  order.fulfilment.status === 'waiting' ? [orderedBlock(order)] : parcelBlocks(order, order.fulfilment.lines);

/** Where the parcel goes. */
export const addressBlock = ({ name, address }: ContactSnapshot): MailBlock => ({
  type: 'lines',
  title: 'Delivery address',
  lines: [
    name,
    ...address.lines,
    [address.city, address.postcode].filter((part) => part !== null).join(' '),
    countryNames.find(([code]) => code === address.country)?.[1] ?? address.country,
  ],
});
