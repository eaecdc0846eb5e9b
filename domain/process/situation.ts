import type { Instant } from '../instant.js';
import { isOffTheShelf } from '../order/decisions/closing.js';
import { renewFrom } from '../order/decisions/reserving.js';
import type { NotificationKind } from '../order/events.js';
import {
  type Fulfilment,
  type Lifecycle,
  type Payment,
  type PlacedOrder,
  reservationOf,
  type Stock,
} from '../order/order.js';
import { openRefunds } from '../order/rules/kept-money.js';
import { isTrue } from '../order/rules/mails.js';
import { nextPayment, type NextPayment } from '../order/rules/next-payment.js';

/** A mail that is called for: its kind, and the revision of the fact it tells. */
export type MailDue = { readonly kind: NotificationKind; readonly factRevision: number };

/**
 * Where an order stands, in the few words that decide its next steps. It is what activity results and signals carry,
 * so it holds no amounts, names or addresses. The one with the highest revision is the truth.
 */
export type Situation = {
  readonly revision: number;
  readonly stage: Lifecycle['stage'];
  readonly payment: Payment['status'];
  readonly nextPayment: NextPayment;
  /** Number of the last attempt to reserve money, and of the last charge; 0 before the first. */
  readonly attempt: number;
  readonly charge: number;
  /** The attempt whose money is held now; null when none is. */
  readonly held: number | null;
  /** When that reservation was made, and when it ends; null when none is held. */
  readonly heldFrom: Instant | null;
  readonly heldUntil: Instant | null;
  /** Since when the customer has to do something about the money; null when they have not. */
  readonly customerSince: Instant | null;
  readonly stock: Stock['status'];
  readonly stockUntil: Instant | null;
  readonly fulfilment: Fulfilment['status'];
  /** Goods of the order lie in a tote or a parcel. */
  readonly offTheShelf: boolean;
  readonly onHold: boolean;
  /** Attempts whose reservations nobody wants any more. */
  readonly surplus: readonly number[];
  /** Numbers of the refunds whose result is not known yet. */
  readonly refundsDue: readonly number[];
  /** Mails that the order's facts call for and that are not sent yet. */
  readonly mailsDue: readonly MailDue[];
};

/** Where a new order stands: all that a process knows before its first step answered. */
export const placedSituation: Situation = {
  revision: -1,
  stage: 'placed',
  payment: 'none',
  nextPayment: 'reserve',
  attempt: 0,
  charge: 0,
  held: null,
  heldFrom: null,
  heldUntil: null,
  customerSince: null,
  stock: 'none',
  stockUntil: null,
  fulfilment: 'waiting',
  offTheShelf: false,
  onHold: false,
  surplus: [],
  refundsDue: [],
  mailsDue: [],
};

const customerSince = ({ payment }: PlacedOrder): Instant | null => {
  if (payment.status === 'authenticating') return payment.at;
  return payment.status === 'declined' || payment.status === 'charge_failed' ? payment.trouble.at : null;
};

/** The situation of an order. A mail that no longer tells the truth (confirmed, but cancelled since) is not due. */
export const situationOf = (order: PlacedOrder): Situation => {
  const { payment, stock } = order;
  const reservation = reservationOf(payment);
  return {
    revision: order.revision,
    stage: order.lifecycle.stage,
    payment: payment.status,
    nextPayment: nextPayment(order),
    attempt: order.tries.length,
    charge: order.chargeAttempts,
    held: reservation?.attempt ?? null,
    heldFrom: payment.status === 'reserved' ? payment.at : null,
    heldUntil: reservation?.captureBefore ?? null,
    customerSince: customerSince(order),
    stock: stock.status,
    stockUntil: stock.status === 'reserved' ? stock.until : null,
    fulfilment: order.fulfilment.status,
    offTheShelf: isOffTheShelf(order),
    onHold: order.holds.size > 0,
    surplus: order.surplus.map(({ attempt }) => attempt),
    refundsDue: openRefunds(order).map(({ number }) => number),
    mailsDue: order.notifications
      .filter(({ status, kind }) => (status === 'due' || status === 'requested') && isTrue(order, kind))
      .map(({ kind, factRevision }) => ({ kind, factRevision })),
  };
};

/** Seconds from the reservation to the moment at which it is to be renewed; null while none is simply held. */
export const renewAfterSeconds = (
  { heldFrom, heldUntil }: Situation,
  marginSeconds: number,
): number | null =>
  heldFrom === null || heldUntil === null
    ? null
    : Math.max(0, Math.ceil((renewFrom(heldUntil, heldFrom, marginSeconds) - heldFrom) / 1000));
