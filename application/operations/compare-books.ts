import type { Instant } from '../../domain/instant.js';
import { equals, type Money, zero } from '../../domain/money.js';
import { type PlacedOrder, reservationOf } from '../../domain/order/order.js';
import { openRefunds, refundedAmount, takenAmount } from '../../domain/order/rules/kept-money.js';
import type { Reservation } from '../../domain/payment.js';
import type { ProcessorPayment } from '../ports/payment-gateway.js';
import { type StockHold, stockDifferences } from './compare-stock.js';
import { certain, type Doubt, doubtful, type Finding } from './findings.js';

// What an order's stream says of its money beside what the card processor's books say. Rules only: who asked whom, and
// when, is reconcile.ts.

/** The books of one order: its stream folded, and what processor and stock ledger hold for it. */
export type OrderBooks = {
  readonly order: PlacedOrder;
  /** When the newest fact of the stream happened. */
  readonly lastFactAt: Instant;
  readonly payments: readonly ProcessorPayment[];
  readonly hold: StockHold;
};

/** The processor's listings may lack what is younger. */
const freshSeconds = 120;

/** Doubt about what the processor or the ledger does not show yet; null once it would have to. */
const freshness = ({ lastFactAt }: OrderBooks, now: Instant): Doubt | null =>
  now - lastFactAt < freshSeconds * 1000 ? 'just_happened' : null;

const found = (finding: Finding['difference'], doubt: Doubt | null): readonly Finding[] => [
  doubt === null ? certain(finding) : doubtful(finding, doubt),
];

/** The reservation that the order counts on for its charge, compared with the processor's payment of that name. */
const heldFindings = (books: OrderBooks, reservation: Reservation, now: Instant): readonly Finding[] => {
  const { order, payments } = books;
  const { reference, attempt, amount } = reservation;
  const payment = payments.find((candidate) => candidate.reference === reference);
  const isAsked = order.payment.status === 'charging';
  const gone = { type: 'reservation_gone', reference, attempt, recorded: amount } as const;
  if (payment === undefined) return found(gone, freshness(books, now));
  if (payment.state === 'charged') {
    const unrecorded = {
      type: 'charge_unrecorded',
      ...{ reference, attempt: payment.attempt, charged: payment.charged },
    } as const;
    return found(unrecorded, isAsked ? 'request_open' : null);
  }
  if (payment.state !== 'reserved') {
    const isLeaving = order.lifecycle.stage === 'cancelling';
    return found(gone, isAsked ? 'request_open' : isLeaving ? 'on_its_way_out' : null);
  }
  if (equals(payment.held, amount)) return [];
  const differs = { type: 'reservation_differs', reference, recorded: amount, held: payment.held } as const;
  return found(differs, null);
};

const chargeFindings = (
  books: OrderBooks,
  recorded: Money,
  reservation: Reservation,
  now: Instant,
): readonly Finding[] => {
  const { reference } = reservation;
  const payment = books.payments.find((candidate) => candidate.reference === reference);
  if (payment?.state !== 'charged') {
    const missing = { type: 'charge_missing', reference, recorded } as const;
    return found(missing, payment === undefined ? freshness(books, now) : null);
  }
  return equals(payment.charged, recorded)
    ? []
    : found({ type: 'charge_differs', reference, recorded, charged: payment.charged }, null);
};

/** Refunds are compared as sums: the processor's books of an order name no refund ids. */
const refundFindings = (books: OrderBooks, reservation: Reservation): readonly Finding[] => {
  const { order, payments } = books;
  const { reference } = reservation;
  const payment = payments.find((candidate) => candidate.reference === reference);
  if (payment?.state !== 'charged') return [];
  const recorded = refundedAmount(order);
  const open = openRefunds(order).reduce((total, { amount }) => total + amount.minor, 0);
  const { refunded, refunding } = payment;
  if (refunded.minor < recorded.minor) {
    return found({ type: 'refund_missing', reference, recorded, refunded }, null);
  }
  const beyond = refunded.minor + refunding.minor - recorded.minor;
  if (beyond === 0) return [];
  const unrecorded = { type: 'refund_unrecorded', reference, recorded, refunded, refunding } as const;
  if (beyond > open) return found(unrecorded, null);
  // The processor has what was asked of it: only one that arrived is news to the order.
  return refunded.minor > recorded.minor ? found(unrecorded, 'request_open') : [];
};

/** The attempt that the processor was asked for and whose outcome is not stored; null when there is none. */
const openAttempt = ({ payment }: PlacedOrder): number | null =>
  payment.status === 'reserving' || payment.status === 'authenticating' ? payment.request.attempt : null;

/** A payment that the order does not count on: it must not hold or have taken anything. */
const strangerFindings = ({ order }: OrderBooks, payment: ProcessorPayment): readonly Finding[] => {
  const { reference, attempt, state, charged, held } = payment;
  if (state === 'charged') return found({ type: 'charge_unrecorded', reference, attempt, charged }, null);
  if (order.surplus.some((reservation) => reservation.reference === reference)) return [];
  const isAsked = openAttempt(order) === attempt;
  if (state === 'reserved') {
    return found({ type: 'reservation_unknown', reference, attempt, held }, isAsked ? 'request_open' : null);
  }
  return state === 'authenticating' && !isAsked
    ? found({ type: 'challenge_unknown', reference, attempt }, null)
    : [];
};

const moneyFindings = (books: OrderBooks, now: Instant): readonly Finding[] => {
  const { order, payments } = books;
  const { payment } = order;
  const reservation = reservationOf(payment);
  const strangers = payments
    .filter(({ reference }) => reference !== reservation?.reference)
    .flatMap((stranger) => strangerFindings(books, stranger));
  if (reservation === null) return strangers;
  const own =
    payment.status === 'charged'
      ? [...chargeFindings(books, payment.amount, reservation, now), ...refundFindings(books, reservation)]
      : heldFindings(books, reservation, now);
  return [...own, ...strangers];
};

/** Goods that left the building must have been paid for. */
const shippedFindings = ({ order }: OrderBooks): readonly Finding[] =>
  order.fulfilment.status === 'shipped' && equals(takenAmount(order), zero(order.terms.currency))
    ? found({ type: 'shipped_uncharged' }, null)
    : [];

/** Everything in which the books of an order differ at this moment, the money first. Empty when they agree. */
export const compareBooks = (books: OrderBooks, now: Instant): readonly Finding[] => [
  ...moneyFindings(books, now),
  ...shippedFindings(books),
  ...stockDifferences(books.order, books.hold, freshness(books, now)),
];
