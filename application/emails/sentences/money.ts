import * as E from 'fp-ts/lib/Either.js';
import { absurd } from '../../../domain/brand.js';
import { money, type Money } from '../../../domain/money.js';
import { type Payment, type PlacedOrder, reservationOf } from '../../../domain/order/order.js';
import { openRefunds, refundedAmount } from '../../../domain/order/rules/kept-money.js';
import type { Reservation } from '../../../domain/payment.js';
import { readableAmount } from '../amounts.js';
import { readableMoment } from '../moments.js';
import { letGoReservation } from '../told-facts.js';
import { cardName } from './cards.js';

// What mails say of an order's money: the truth of the stored facts at the time of sending, in plain words.

const nothingCharged = 'Nothing was charged.';

const isOnItsWayOut = ({ lifecycle: { stage } }: PlacedOrder): boolean =>
  stage === 'cancelling' || stage === 'cancelled' || stage === 'rejected';

const heldSentence = (order: PlacedOrder, { amount, card, captureBefore }: Reservation): string =>
  isOnItsWayOut(order)
    ? `The ${readableAmount(amount)} that we held on ${cardName(card)} is being released.`
    : `${readableAmount(amount)} is held on ${cardName(card)} until ${readableMoment(captureBefore)}.`;

/** What a charge left of its reservation; null when it took all of it. */
const releasedRest = (held: Money, charged: Money): Money | null => {
  const rest = held.currency === charged.currency ? money(held.minor - charged.minor, held.currency) : null;
  return rest !== null && E.isRight(rest) && rest.right.minor > 0 ? rest.right : null;
};

const chargedSentences = ({
  amount,
  reservation,
}: Extract<Payment, { readonly status: 'charged' }>): readonly string[] => {
  const rest = releasedRest(reservation.amount, amount);
  return [
    `${readableAmount(amount)} was charged to ${cardName(reservation.card)}.`,
    ...(rest === null
      ? []
      : [
          `The other ${readableAmount(rest)} of the ${readableAmount(reservation.amount)} that we held is released.`,
        ]),
  ];
};

/** Amounts of refunds that are asked for and not known to have been made; empty when there are none. */
export const pendingRefundSentences = (order: PlacedOrder): readonly string[] =>
  openRefunds(order).map(({ amount }) => `A refund of ${readableAmount(amount)} is under way.`);

const refundSentences = (order: PlacedOrder, charged: Money): readonly string[] => {
  const back = refundedAmount(order);
  const part = back.minor === charged.minor ? 'All of it' : `${readableAmount(back)} of it`;
  return [...(back.minor > 0 ? [`${part} goes back to the card.`] : []), ...pendingRefundSentences(order)];
};

/** Earlier holds that nobody wants any more and that the bank has not let go yet. */
const surplusSentences = (order: PlacedOrder): readonly string[] => {
  const which = reservationOf(order.payment) === null ? 'The' : 'An earlier';
  return order.surplus.map(
    ({ amount, card }) =>
      `${which} hold of ${readableAmount(amount)} on ${cardName(card)} is being released.`,
  );
};

const voidedSentences = (order: PlacedOrder): readonly string[] => {
  const letGo = letGoReservation(order);
  if (letGo !== null) {
    const held = `The ${readableAmount(letGo.amount)} that we held on ${cardName(letGo.card)} is released.`;
    return [held, nothingCharged];
  }
  return order.surplus.length > 0
    ? [nothingCharged]
    : ['Nothing was charged, and nothing is held on your card.'];
};

const paymentSentences = (order: PlacedOrder): readonly string[] => {
  const { payment } = order;
  const held = reservationOf(payment);
  const heldNow = held === null ? [] : [heldSentence(order, held)];
  switch (payment.status) {
    case 'none':
      return ['Your card was not touched.'];
    case 'reserving':
      return [
        ...heldNow,
        `We asked your bank to hold ${readableAmount(payment.request.amount)} and are waiting for its answer.`,
        nothingCharged,
      ];
    case 'authenticating':
      return [
        ...heldNow,
        `Your bank wants you to confirm the payment of ${readableAmount(payment.request.amount)}.`,
        nothingCharged,
      ];
    case 'declined':
    case 'charge_failed':
      return [...heldNow, nothingCharged];
    case 'reserved':
      return isOnItsWayOut(order)
        ? [...heldNow, nothingCharged]
        : [...heldNow, 'Nothing is charged yet: that happens when your parcel is packed.'];
    case 'charging':
      return [
        ...heldNow,
        `We asked your bank to charge ${readableAmount(payment.request.amount)} and are waiting for its answer.`,
      ];
    case 'expired':
      return ['The amount that we held on your card is not held any more.', nothingCharged];
    case 'charged':
      return [...chargedSentences(payment), ...refundSentences(order, payment.amount)];
    case 'voided':
      return voidedSentences(order);
    default:
      return absurd(payment);
  }
};

/** What was done to the customer's money, and what is being done: held until when, charged, released, refunded. */
export const moneySentence = (order: PlacedOrder): string =>
  [...paymentSentences(order), ...surplusSentences(order)].join(' ');
