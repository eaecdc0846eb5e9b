import { absurd } from '../../domain/brand.js';
import { type Money, toDecimal } from '../../domain/money.js';
import type { BookDifference, Doubt } from './findings.js';

// What a difference between the books means and what to do about it, in sentences for operators.

const words = (money: Money): string => `${money.currency} ${toDecimal(money)}`;

/** The difference as one sentence. */
export const differenceWords = (difference: BookDifference): string => {
  switch (difference.type) {
    case 'reservation_unknown':
      return `The processor holds ${words(difference.held)} under attempt ${String(difference.attempt)} (${difference.reference}), and the order does not count on it: an orphan reservation.`;
    case 'challenge_unknown':
      return `Attempt ${String(difference.attempt)} (${difference.reference}) still waits for the customer's bank, and the order does not: a confirmation would hold money that nobody wants.`;
    case 'reservation_gone':
      return `The order counts on ${words(difference.recorded)} held under attempt ${String(difference.attempt)} (${difference.reference}), and the processor does not hold it.`;
    case 'reservation_differs':
      return `The order counts on ${words(difference.recorded)} held under ${difference.reference}, and the processor holds ${words(difference.held)}.`;
    case 'charge_missing':
      return `The order says that ${words(difference.recorded)} was charged under ${difference.reference}, and the processor took nothing: a missing capture.`;
    case 'charge_unrecorded':
      return `The processor took ${words(difference.charged)} under attempt ${String(difference.attempt)} (${difference.reference}), and the order does not say so.`;
    case 'charge_differs':
      return `The order says that ${words(difference.recorded)} was charged under ${difference.reference}, and the processor took ${words(difference.charged)}.`;
    case 'shipped_uncharged':
      return 'The goods left the building, and the order was not charged.';
    case 'refund_missing':
      return `The order says that ${words(difference.recorded)} went back, and at the processor only ${words(difference.refunded)} did (${difference.reference}).`;
    case 'refund_unrecorded':
      return `At the processor ${words(difference.refunded)} went back and ${words(difference.refunding)} is on its way (${difference.reference}), and the order says that ${words(difference.recorded)} went back.`;
    case 'stock_still_held':
      return `The stock ledger has goods ${difference.hold} for the order, and the order needs none: they are not sold to anybody.`;
    case 'stock_not_held':
      return difference.hold === 'none'
        ? `The order counts on goods that are ${difference.recorded}, and the stock ledger holds none for it: they may be sold to somebody else.`
        : 'The order counts on goods that are committed, and the stock ledger holds them only for a time.';
    case 'stream_unreadable':
      return `Fact ${String(difference.revision)} of the stream cannot be read (${difference.problem}), so nothing can be compared.`;
    default:
      return absurd(difference);
  }
};

/** Why a difference may be none, as half a sentence. */
export const doubtWords: Readonly<Record<Doubt, string>> = {
  request_open: 'the processor was asked and the answer is not stored yet',
  on_its_way_out: 'the order is being cancelled and gives things back',
  step_under_way: 'a step may be at work that stores its result next',
  just_happened: 'the order changed within two minutes, and the other side may not show it yet',
  changing: 'the order went on while it was looked at',
};

/** What to do about a difference that stays, with the command where there is one. */
export const remedyWords = (orderId: string, { type }: BookDifference): string => {
  switch (type) {
    case 'reservation_gone':
      return `\`order resync ${orderId}\` stores that it is gone, and the order asks for the money anew.`;
    case 'charge_unrecorded':
      return `\`order resync ${orderId}\` stores it if the order asked for it; if it stays, the charge was made elsewhere: give it back at the processor.`;
    case 'refund_unrecorded':
      return `\`order resync ${orderId}\` stores what the order asked for; if it stays, the refund was made elsewhere: keep a note of it with the order.`;
    case 'reservation_unknown':
    case 'challenge_unknown':
      return `\`order resync ${orderId}\` stores it if the order asked for it; if it stays, let it go at the processor, or wait: it ends by itself.`;
    case 'stock_still_held':
      return `\`order restart ${orderId}\` makes an order that is not at its end give it back; for one at its end, the hold in the stock ledger must be released by hand.`;
    case 'stock_not_held':
      return `\`order hold ${orderId}\`, look on the shelf and count the articles, then release the hold or cancel the order.`;
    case 'reservation_differs':
    case 'charge_differs':
      return `\`order hold ${orderId}\` if it has not shipped, compare with the processor's page of the payment, and refund what was taken too much.`;
    case 'charge_missing':
    case 'shipped_uncharged':
      return 'Look the payment up at the processor; if nothing was taken, ask the customer for the money outside the checkout.';
    case 'refund_missing':
      return `Look the refund up at the processor; if it failed, \`order refund ${orderId}\` gives the rest back under a new refund id.`;
    case 'stream_unreadable':
      return 'Run the version that wrote the fact, or one that knows it; nothing was lost.';
    default:
      return absurd(type);
  }
};
