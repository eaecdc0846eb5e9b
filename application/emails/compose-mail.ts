import * as E from 'fp-ts/lib/Either.js';
import { absurd } from '../../domain/brand.js';
import { countryNames } from '../../domain/country-names.js';
import { type Money, multiply } from '../../domain/money.js';
import type { NotificationKind, OrderLine } from '../../domain/order/events.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { amountDue } from '../../domain/order/totals.js';
import type { ContactSnapshot } from '../ports/customers.js';
import type { Mail } from '../ports/mailer.js';
import { readableAmount } from './amounts.js';
import { type MailBlock, type MailDocument, type MailRow, toHtml, toText } from './mail-document.js';
import { cancellationSentence, moneySentence, rejectionSentences } from './sentences.js';

/** What a mail is made of. */
export type MailOccasion = {
  readonly order: PlacedOrder;
  readonly kind: NotificationKind;
  /** Revision of the fact that the mail tells; part of the mail's key. */
  readonly factRevision: number;
  readonly contact: ContactSnapshot;
  readonly policy: { readonly publicUrl: string; readonly shopName: string };
};

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
const parcelBlocks = ({ terms, fulfilment }: PlacedOrder): readonly MailBlock[] => {
  const picked = fulfilment.status === 'waiting' ? [] : fulfilment.lines;
  const counted = terms.lines.map((line) => {
    const found = picked.find(({ lineNumber }) => lineNumber === line.lineNumber);
    return { line, packed: found?.picked ?? 0, short: found?.short ?? 0 };
  });
  const due = amountDue(terms, picked);
  const missing = counted.filter(({ short }) => short > 0);
  return [
    {
      type: 'table',
      rows: [
        ...counted.flatMap(({ line, packed }) => (packed > 0 ? [lineRow(line, packed)] : [])),
        ...(E.isRight(due) ? sumRows(terms.delivery, due.right) : []),
      ],
    },
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

const addressBlock = ({ name, address }: ContactSnapshot): MailBlock => ({
  type: 'lines',
  title: 'Delivery address',
  lines: [
    name,
    ...address.lines,
    [address.city, address.postcode].filter((part) => part !== null).join(' '),
    countryNames.find(([code]) => code === address.country)?.[1] ?? address.country,
  ],
});

const paragraph = (text: string): MailBlock => ({ type: 'paragraph', text });

const confirmed = ({ order, contact }: MailOccasion): MailDocument => ({
  subject: `We have your order ${shortName(order)}`,
  heading: 'Thank you, your order is confirmed',
  blocks: [paragraph(moneySentence(order)), orderedBlock(order), addressBlock(contact)],
});

const shipped = ({ order, contact }: MailOccasion): MailDocument => {
  const { fulfilment } = order;
  const handover =
    fulfilment.status === 'shipped'
      ? `Your parcel is with ${fulfilment.handover.carrier}. Tracking number: ${fulfilment.handover.trackingNumber}.`
      : 'Your parcel is on its way.';
  return {
    subject: `Your order ${shortName(order)} is on its way`,
    heading: 'Your parcel is on its way',
    blocks: [
      paragraph(handover),
      paragraph(moneySentence(order)),
      ...parcelBlocks(order),
      addressBlock(contact),
    ],
  };
};

const rejected = ({ order }: MailOccasion): MailDocument => ({
  subject: `We could not accept your order ${shortName(order)}`,
  heading: 'We could not accept your order',
  blocks: [
    paragraph(moneySentence(order)),
    { type: 'lines', title: 'Why', lines: rejectionSentences(order) },
    paragraph('Nothing else is needed from you. You are welcome to order again.'),
  ],
});

const cancelled = ({ order }: MailOccasion): MailDocument => ({
  subject: `Your order ${shortName(order)} is cancelled`,
  heading: 'Your order is cancelled',
  blocks: [paragraph(cancellationSentence(order)), paragraph(moneySentence(order))],
});

const documentOf = (occasion: MailOccasion): MailDocument => {
  switch (occasion.kind) {
    case 'order_confirmed':
      return confirmed(occasion);
    case 'order_shipped':
      return shipped(occasion);
    case 'order_rejected':
      return rejected(occasion);
    case 'order_cancelled':
      return cancelled(occasion);
    default:
      return absurd(occasion.kind);
  }
};

/** The first eight characters of the order's id: enough for a person to tell their orders apart. */
const shortName = ({ terms }: PlacedOrder): string => terms.orderId.slice(0, 8).toUpperCase();

/** The finished mail of an occasion, in text and HTML, with nothing in it that the order's facts do not say. */
export const composeMail = (occasion: MailOccasion): Mail => {
  const { order, kind, factRevision, contact, policy } = occasion;
  const { orderId } = order.terms;
  const document = documentOf(occasion);
  const frame = {
    shopName: policy.shopName,
    greeting: `Hello ${contact.name},`,
    link: { label: 'See your order', url: `${policy.publicUrl}/orders/${orderId}` },
  };
  return {
    key: `${orderId}:${kind}:${String(factRevision)}`,
    orderId,
    kind,
    to: { name: contact.name, address: contact.email },
    subject: document.subject,
    text: toText(document, frame),
    html: toHtml(document, frame),
  };
};
