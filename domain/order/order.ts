import { absurd } from '../brand.js';
import type { Handover, Parcel, PickedLine } from '../fulfilment.js';
import type { Instant } from '../instant.js';
import type { Money } from '../money.js';
import type { Challenge, Decline, PaymentKey, PaymentMethodToken, Reservation } from '../payment.js';
import type {
  CancellationReason,
  CancelledBy,
  HoldReason,
  MailReturn,
  MissingLine,
  NotificationKind,
  OrderPlaced,
  RefundReason,
  RejectionReason,
} from './events.js';

// One aggregate, four regions. Rules that cross regions ("never ship uncharged") need one consistency boundary,
// and the status that people see is derived from the regions together (phase.ts).

/** Where the order stands as a whole. Each variant has exactly the facts that are true then. */
export type Lifecycle =
  | { readonly stage: 'placed' }
  | { readonly stage: 'authenticated' }
  | { readonly stage: 'validated' }
  | { readonly stage: 'released'; readonly at: Instant }
  | { readonly stage: 'completed'; readonly at: Instant }
  | { readonly stage: 'rejected'; readonly at: Instant; readonly reasons: readonly RejectionReason[] }
  | {
      readonly stage: 'cancelling';
      readonly at: Instant;
      readonly by: CancelledBy;
      readonly reason: CancellationReason;
    }
  | { readonly stage: 'cancelled'; readonly at: Instant; readonly reason: CancellationReason };

/** A request that went to the card processor and whose result is not stored yet. */
export type OpenPayment = {
  readonly attempt: number;
  readonly key: PaymentKey;
  readonly amount: Money;
  readonly requestedAt: Instant;
  /** `unknown`: the processor was asked and its answer was lost; look it up before anything else. */
  readonly outcome: 'awaited' | 'unknown';
};

/** A card that did not give the money, and why. `answered`: the customer has named a card to go on with. */
export type PaymentTrouble = {
  readonly attempt: number;
  readonly decline: Decline;
  readonly paymentMethod: PaymentMethodToken;
  readonly at: Instant;
  readonly answered: boolean;
};

/**
 * Where the money stands. `held` is an earlier reservation that stays in force while a new one is tried: it is let go
 * when the new one succeeds, and charged when that comes first.
 */
export type Payment =
  | { readonly status: 'none' }
  | {
      readonly status: 'reserving';
      readonly request: OpenPayment;
      readonly paymentMethod: PaymentMethodToken;
      readonly held: Reservation | null;
    }
  | {
      readonly status: 'authenticating';
      readonly request: OpenPayment;
      readonly paymentMethod: PaymentMethodToken;
      readonly challenge: Challenge;
      readonly at: Instant;
      readonly held: Reservation | null;
    }
  | { readonly status: 'declined'; readonly trouble: PaymentTrouble; readonly held: Reservation | null }
  | {
      readonly status: 'reserved';
      readonly reservation: Reservation;
      readonly at: Instant;
      /** The attempt whose reservation this one replaced; it stays in force when our own rules refuse this one. */
      readonly replaced: number | null;
    }
  | { readonly status: 'charging'; readonly reservation: Reservation; readonly request: OpenPayment }
  | {
      readonly status: 'charge_failed';
      readonly reservation: Reservation;
      readonly trouble: PaymentTrouble;
    }
  | { readonly status: 'expired'; readonly attempt: number; readonly at: Instant }
  | {
      readonly status: 'charged';
      readonly reservation: Reservation;
      readonly amount: Money;
      readonly at: Instant;
    }
  | {
      readonly status: 'voided';
      readonly at: Instant;
      /** What was held until then; null when the attempt had not held anything yet. */
      readonly reservation: Reservation | null;
    };

/** One try to hold money on a card; `decline` is null while it is open and when it succeeded, unless its charge was refused. */
export type CardTry = {
  readonly attempt: number;
  readonly paymentMethod: PaymentMethodToken;
  readonly at: Instant;
  readonly decline: Decline | null;
};

/** Money on its way back to the customer, or back. */
export type Refund = {
  readonly refundId: string;
  readonly number: number;
  readonly key: PaymentKey;
  readonly amount: Money;
  readonly reason: RefundReason;
  readonly requestedAt: Instant;
  readonly status: 'requested' | 'unknown' | 'refunded' | 'failed';
  /** Revision of the fact that it was made; null until then. */
  readonly madeRevision: number | null;
};

/** Where the goods stand in the stock ledger. */
export type Stock =
  | { readonly status: 'none' }
  | { readonly status: 'reserved'; readonly until: Instant }
  | { readonly status: 'unavailable'; readonly lines: readonly MissingLine[] }
  | { readonly status: 'committed' }
  | { readonly status: 'released' };

/** Where the goods stand on the warehouse floor. */
export type Fulfilment =
  | { readonly status: 'waiting' }
  | { readonly status: 'picked'; readonly lines: readonly PickedLine[] }
  | { readonly status: 'packed'; readonly lines: readonly PickedLine[]; readonly parcels: readonly Parcel[] }
  | {
      readonly status: 'shipped';
      readonly lines: readonly PickedLine[];
      readonly parcels: readonly Parcel[];
      readonly handover: Handover;
      readonly at: Instant;
      readonly deliveredAt: Instant | null;
    }
  | { readonly status: 'put_back'; readonly lines: readonly PickedLine[] };

/** What became of one mail. `factRevision` is the revision of the fact that the mail tells. */
export type Notification = {
  readonly kind: NotificationKind;
  readonly factRevision: number;
  readonly status: 'due' | 'requested' | 'sent' | 'possibly_sent';
  /** Attempts that may have been delivered, nobody knows. After the first the mail is due once more, never again after the second. */
  readonly doubts: number;
  /** How the mail came back after it was sent; null as far as anybody knows. */
  readonly mailReturn: MailReturn | null;
};

/** An order that was placed. */
export type PlacedOrder = {
  readonly type: 'placed_order';
  /** Revision of the last event; the first is 0. */
  readonly revision: number;
  readonly terms: OrderPlaced;
  readonly lifecycle: Lifecycle;
  readonly payment: Payment;
  readonly stock: Stock;
  readonly fulfilment: Fulfilment;
  /** The card to try next, or that was tried last. */
  readonly paymentMethod: PaymentMethodToken;
  /** Every try to hold money, oldest first. */
  readonly tries: readonly CardTry[];
  /** Charges asked for so far, failed ones included. */
  readonly chargeAttempts: number;
  /** Reservations that nobody wants any more and that must be let go. */
  readonly surplus: readonly Reservation[];
  readonly refunds: readonly Refund[];
  readonly holds: ReadonlySet<HoldReason>;
  readonly disputed: boolean;
  /** Somebody was told that it is too late to cancel. */
  readonly cancellationRefused: boolean;
  readonly notifications: readonly Notification[];
};

/** A stream without events, or an order. `ignored` counts events of a stream that does not begin with OrderPlaced. */
export type Order = { readonly type: 'no_order'; readonly ignored: number } | PlacedOrder;

/** The order before its first event. */
export const initial: Order = { type: 'no_order', ignored: 0 };

/** True while the order may still be paid, picked and shipped: it was validated and is not at its end or on its way out. */
export const isGoingOn = ({ lifecycle: { stage } }: Pick<PlacedOrder, 'lifecycle'>): boolean =>
  stage === 'validated' || stage === 'released';

/** True when a card failed and an earlier reservation carries the order on. */
export const isCarried = (payment: Payment): boolean =>
  payment.status === 'declined' && payment.held !== null;

/** The reservation that holds or held the money of this order, charged or not; null when there is none. */
export const reservationOf = (payment: Payment): Reservation | null => {
  switch (payment.status) {
    case 'reserved':
    case 'charging':
    case 'charge_failed':
    case 'charged':
      return payment.reservation;
    case 'reserving':
    case 'authenticating':
    case 'declined':
      return payment.held;
    case 'none':
    case 'expired':
    case 'voided':
      return null;
    default:
      return absurd(payment);
  }
};
