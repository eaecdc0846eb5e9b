import * as E from 'fp-ts/lib/Either.js';
import type { PayAgain } from '../../domain/order/commands.js';
import { payAgainUntil } from '../../domain/order/decisions/repaying.js';
import type { NotificationKind } from '../../domain/order/events.js';
import { type PaymentTrouble, type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import { refundedAmount } from '../../domain/order/rules/kept-money.js';
import { amountOwed } from '../../domain/order/rules/totals.js';
import type { ContactSnapshot } from '../ports/customers.js';
import { readableAmount } from './amounts.js';
import { addressBlock, goodsBlocks, paragraph } from './blocks.js';
import type { MailDocument, MailRow } from './mail-document.js';
import { readableMoment } from './moments.js';
import { cardName, declineAdvice, declineSentence, troubledCardName } from './sentences/cards.js';
import { moneySentence, pendingRefundSentences } from './sentences/money.js';
import { cancellationSentence, refundPurposes, rejectionSentences } from './sentences/reasons.js';
import { refundTold } from './told-facts.js';

/** What a mail is made of. */
export type MailOccasion = {
  readonly order: PlacedOrder;
  readonly kind: NotificationKind;
  /** Revision of the fact that the mail tells; part of the mail's key. */
  readonly factRevision: number;
  readonly contact: ContactSnapshot;
  /** `publicUrl` without a slash at the end; `settings` as the order's process has them. */
  readonly policy: {
    readonly publicUrl: string;
    readonly shopName: string;
    readonly settings: PayAgain;
  };
};

/** The first eight characters of the order's id: enough for a person to tell their orders apart. */
const shortName = ({ terms }: PlacedOrder): string => terms.orderId.slice(0, 8).toUpperCase();

const orderLink = 'See your order';

const confirmed = ({ order, contact }: MailOccasion): MailDocument => ({
  subject: `We have your order ${shortName(order)}`,
  heading: 'Thank you, your order is confirmed',
  blocks: [paragraph(moneySentence(order)), ...goodsBlocks(order), addressBlock(contact)],
  linkLabel: orderLink,
});

const troubleOf = ({ payment }: PlacedOrder): PaymentTrouble | null =>
  payment.status === 'declined' || payment.status === 'charge_failed' ? payment.trouble : null;

const keptGoods = ({ stock, fulfilment }: PlacedOrder): string | null => {
  if (fulfilment.status === 'packed') return 'Your parcel is packed and waits for the payment.';
  if (stock.status === 'committed') return 'Your goods are put aside for you.';
  return stock.status === 'reserved'
    ? `Your goods are put aside for you at least until ${readableMoment(stock.until)}.`
    : null;
};

const whatFollows = ({ payment }: PlacedOrder): string =>
  payment.status === 'declined' && payment.held !== null
    ? 'Meanwhile your order goes on with the amount that is held already.'
    : 'If no payment has worked by then, we cancel your order and charge nothing.';

const paymentNeeded = ({ order, policy }: MailOccasion): MailDocument => {
  const trouble = troubleOf(order);
  const deadline = payAgainUntil(order, policy.settings);
  const until = deadline === null ? null : readableMoment(deadline);
  const amount = readableAmount(E.getOrElse(() => order.terms.total)(amountOwed(order)));
  const troubleBlocks =
    trouble === null
      ? []
      : [
          paragraph(declineSentence(trouble.decline.class, amount, troubledCardName(order, trouble))),
          paragraph(declineAdvice(trouble.decline.class, until), until === null ? null : whatFollows(order)),
        ];
  return {
    subject: `Your order ${shortName(order)} waits for its payment`,
    heading: 'Your payment did not go through',
    blocks: [...troubleBlocks, paragraph(keptGoods(order), moneySentence(order)), ...goodsBlocks(order)],
    linkLabel: 'Pay for your order',
  };
};

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
      ...goodsBlocks(order),
      addressBlock(contact),
    ],
    linkLabel: orderLink,
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
  linkLabel: orderLink,
});

const cancelled = ({ order }: MailOccasion): MailDocument => ({
  subject: `Your order ${shortName(order)} is cancelled`,
  heading: 'Your order is cancelled',
  blocks: [paragraph(cancellationSentence(order)), paragraph(moneySentence(order))],
  linkLabel: orderLink,
});

const refunded = ({ order, factRevision }: MailOccasion): MailDocument => {
  const { payment } = order;
  const refund = refundTold(order, factRevision);
  const card = reservationOf(payment)?.card;
  const to = card === undefined ? 'your card' : cardName(card);
  const what =
    refund === null
      ? `Money goes back to ${to}.`
      : `${readableAmount(refund.amount)} goes back to ${to} ${refundPurposes[refund.reason]}.`;
  const charged: readonly MailRow[] =
    payment.status === 'charged' ? [{ label: 'Charged', value: readableAmount(payment.amount) }] : [];
  const now: readonly MailRow[] =
    refund === null ? [] : [{ label: 'This refund', value: readableAmount(refund.amount) }];
  const soFar = readableAmount(refundedAmount(order));
  return {
    subject: `A refund for your order ${shortName(order)}`,
    heading: 'Money is on its way back to you',
    blocks: [
      paragraph(what, 'Your bank may take some days to show it.'),
      {
        type: 'table',
        rows: [...charged, ...now, { label: 'Refunded so far', value: soFar, strong: true }],
      },
      ...pendingRefundSentences(order).map((sentence) => paragraph(sentence)),
    ],
    linkLabel: orderLink,
  };
};

/** What each kind of mail says; a new kind does not compile without one. */
export const documents: Readonly<Record<NotificationKind, (occasion: MailOccasion) => MailDocument>> = {
  order_confirmed: confirmed,
  payment_needed: paymentNeeded,
  order_shipped: shipped,
  order_rejected: rejected,
  order_cancelled: cancelled,
  order_refunded: refunded,
};
