import type { CardTryOutcome } from '../../application/read-models/card-tries.js';
import type { OrderDetails } from '../../application/read-models/order-details.js';
import type { AskedMoney, HeldMoney } from '../../application/read-models/order-money.js';
import { declineWords } from '../../application/read-models/timeline-words.js';
import { type Money, toDecimal } from '../../domain/money.js';
import type { CancellationPreview } from '../../domain/order/rules/cancellation.js';
import type { CardSummary } from '../../domain/payment.js';
import { readableMoment, readableMoney, type Section } from './section.js';

// The parts of an order's page that speak of money.

const cardText = ({ brand, lastFour }: CardSummary): string => `${brand} …${lastFour}`;

const heldText = ({ until, card, reference }: HeldMoney): string =>
  `until ${readableMoment(until)} on ${cardText(card)}, ${reference}`;

const ends: Readonly<Record<CancellationPreview['answer'], string>> = {
  at_once: 'possible, at once',
  requested: 'possible; the goods are put back first',
  refused: 'too late',
  again: 'under way',
};

const moneyMoves: Readonly<Record<CancellationPreview['money'], string>> = {
  nothing: '',
  void: 'let go',
  refund: 'refunded',
};

const previewText = ({ answer, money, amount }: CancellationPreview): string =>
  amount === null || amount.minor === 0
    ? ends[answer]
    : `${ends[answer]}; ${readableMoney(amount)} would be ${moneyMoves[money]}`;

const row = (name: string, amount: Money, note = ''): readonly string[] => [name, toDecimal(amount), note];

/** Only once money moved: a row of zeros says nothing. */
const rowIfAny = (name: string, amount: Money, note = ''): ReadonlyArray<readonly string[]> =>
  amount.minor === 0 ? [] : [row(name, amount, note)];

const rowIfNone = (name: string, isShown: boolean): ReadonlyArray<readonly string[]> =>
  isShown ? [[name, '–', '']] : [];

const askedWords: Readonly<Record<AskedMoney['state'], string>> = {
  awaited: 'no answer yet',
  unknown: 'the answer was lost and is looked up',
  challenged: 'the customer must confirm with the bank',
};

/** Where the money is, and what cancelling would do to it. */
export const moneySection = (details: OrderDetails): Section => {
  const { money, total, delivery, dispute, cancellationPreview, isFinal } = details;
  const { held, asked, lettingGo, charged, released, refunded, refunding, refundable } = money;
  return {
    title: `Money (${total.currency})`,
    alignRight: [1],
    rows: [
      row('total', total, `delivery ${toDecimal(delivery)} included`),
      ...(asked === null
        ? []
        : [row('asked for', asked.amount, `${asked.request}: ${askedWords[asked.state]}`)]),
      ...(held === null ? rowIfNone('held', charged === null) : [row('held', held.amount, heldText(held))]),
      ...lettingGo.map((surplus) => row('being let go', surplus.amount, heldText(surplus))),
      ...(charged === null ? rowIfNone('charged', true) : [row('charged', charged)]),
      ...(released === null ? [] : rowIfAny('released', released, 'reserved, not charged')),
      ...rowIfAny('refunded', refunded),
      ...rowIfAny('refunding', refunding, 'asked for, not known to have arrived'),
      ...(refunded.minor + refunding.minor === 0 ? [] : [row('refundable', refundable)]),
      ...(dispute === null
        ? []
        : [row('disputed', dispute.amount, `${dispute.reason}, ${readableMoment(dispute.at)}`)]),
      ...(isFinal ? [] : [['cancelling', '', previewText(cancellationPreview)]]),
    ],
  };
};

const outcomes: Readonly<Record<CardTryOutcome, string>> = {
  awaited: 'asked, no answer yet',
  unknown: 'the answer was lost and is looked up',
  challenged: 'the customer must confirm with the bank',
  declined: 'declined',
  held: 'held',
  charge_refused: 'held, but the charge was refused',
  charged: 'charged',
  letting_go: 'being let go',
  let_go: 'let go',
};

/** Every try to hold money on a card. */
export const trySection = ({ tries }: OrderDetails): Section => ({
  title: 'Card tries',
  alignRight: [0],
  rows: tries.map(({ attempt, at, outcome, decline, card }) => [
    String(attempt),
    readableMoment(at),
    card === null ? 'card not known' : cardText(card),
    decline === null
      ? outcomes[outcome]
      : `${outcomes[outcome]}: ${declineWords[decline.class]} (${decline.class}, ${decline.code})`,
  ]),
});

/** Every refund and what became of it. */
export const refundSection = ({ refunds }: OrderDetails): Section => ({
  title: 'Refunds',
  alignRight: [1],
  rows: refunds.map(({ refundId, amount, reason, status, reference, failure, changedAt }) => [
    refundId,
    readableMoney(amount),
    reason,
    status === 'unknown' ? 'the answer was lost and is looked up' : status,
    readableMoment(changedAt),
    failure ?? reference ?? '',
  ]),
});
