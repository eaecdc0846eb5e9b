import { absurd } from '../../../domain/brand.js';
import { type PaymentTrouble, type PlacedOrder, reservationOf } from '../../../domain/order/order.js';
import type { CardSummary, DeclineClass } from '../../../domain/payment.js';

// What mails say of cards. Nobody is told that a card counts as lost or stolen, which of our own rules refused it, or
// the processor's code: a mail can be read by others.

// The processor's names of card brands, as their holders know them.
const brands: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

/** A card as its holder knows it: `your Visa card ending in 4242`. */
export const cardName = ({ brand, lastFour }: CardSummary): string => {
  const named = [brands[brand], 'card'].filter((word) => word !== undefined).join(' ');
  return lastFour === '' ? `your ${named}` : `your ${named} ending in ${lastFour}`;
};

/** The card that did not give the money; just `your card` where no reservation ever told us which one it is. */
export const troubledCardName = (order: PlacedOrder, { attempt, paymentMethod }: PaymentTrouble): string => {
  const current = reservationOf(order.payment);
  const known = current === null ? order.surplus : [current, ...order.surplus];
  const attempts = order.tries.flatMap((tried) =>
    tried.paymentMethod === paymentMethod || tried.attempt === attempt ? [tried.attempt] : [],
  );
  const reservation = known.find((candidate) => attempts.includes(candidate.attempt));
  return reservation === undefined ? 'your card' : cardName(reservation.card);
};

/** What happened to a payment with a card, by the class of its refusal. `amount` and `card` as people read them. */
export const declineSentence = (declineClass: DeclineClass, amount: string, card: string): string => {
  switch (declineClass) {
    case 'soft':
      return `The bank of ${card} did not answer when we asked it for ${amount}, also after several tries.`;
    case 'fixable':
      return `The payment of ${amount} with ${card} did not go through, because the bank found something wrong or out of date in the card’s details.`;
    case 'funds':
      return `The bank did not approve the payment of ${amount} with ${card} this time.`;
    case 'authentication':
      return `The bank wants you to confirm the payment of ${amount} with ${card}, and that has not happened.`;
    case 'hard':
      return `The bank does not accept the payment of ${amount} with ${card}, and asking it again would not help.`;
    case 'policy':
      return `We could not accept ${card} for the payment of ${amount}.`;
    default:
      return absurd(declineClass);
  }
};

/** What the customer can do about a refused card. `until` as people read it; null when the time for it is not known. */
export const declineAdvice = (declineClass: DeclineClass, until: string | null): string => {
  const by = until === null ? '' : ` by ${until}`;
  switch (declineClass) {
    case 'soft':
    case 'funds':
      return `Please open your order and try the card again or choose another one${by}.`;
    case 'fixable':
      return `Please open your order and correct the card’s number, expiry date or security code, or choose another card${by}.`;
    case 'authentication':
      return `Please open your order, try again and follow your bank’s steps, or choose another card${by}.`;
    case 'hard':
    case 'policy':
      return `Please open your order and choose another card${by}.`;
    default:
      return absurd(declineClass);
  }
};
