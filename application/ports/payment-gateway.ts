import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../domain/ids.js';
import type { Money } from '../../domain/money.js';
import type {
  Challenge,
  Decline,
  PaymentKey,
  PaymentMethodToken,
  Reservation,
} from '../../domain/payment.js';

/** Why the gateway gave no result. */
export type GatewayError =
  /** Surely nothing happened (not reached, throttled, refused as malformed): the same call may be repeated. */
  | { readonly type: 'nothing_happened'; readonly reason: string }
  /** It may have happened (time-out, connection lost, server error): look it up before any new attempt. */
  | { readonly type: 'outcome_unknown'; readonly reason: string };

/** A request to hold money on a card. */
export type ReservationRequest = {
  readonly orderId: OrderId;
  readonly attempt: number;
  readonly key: PaymentKey;
  readonly amount: Money;
  readonly paymentMethod: PaymentMethodToken;
  /** Where the bank sends the customer back to after a challenge. */
  readonly returnUrl: string;
};

/** What an attempt to hold money came to, so far. */
export type ReservationResult =
  | { readonly type: 'reserved'; readonly reservation: Omit<Reservation, 'attempt'> }
  | { readonly type: 'declined'; readonly decline: Decline }
  /** Nothing is held until the customer has confirmed with the bank. */
  | { readonly type: 'authentication_required'; readonly challenge: Challenge };

/** What the processor knows of an attempt; `ended`: it was let go or reached its end, and nothing is held. */
export type ReservationState = ReservationResult | { readonly type: 'ended' };

/** What an attempt to charge came to; a charge that was made before is `charged` again. */
export type ChargeResult =
  | { readonly type: 'charged'; readonly amount: Money; readonly reference: string }
  | { readonly type: 'failed'; readonly decline: Decline }
  /** The reservation had ended; nothing was taken. */
  | { readonly type: 'reservation_expired' };

/** A request to give money back. `number` counts the order's refunds from 1. */
export type RefundRequest = {
  readonly orderId: OrderId;
  readonly number: number;
  readonly key: PaymentKey;
  readonly amount: Money;
  /** The reservation under which the money was charged. */
  readonly reference: string;
};

/** What a refund came to, so far; `pending`: the processor has it and will tell later. */
export type RefundResult =
  | { readonly type: 'refunded'; readonly amount: Money; readonly reference: string }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'pending' };

/** All that the processor holds for an order, for comparing the books; newest first. */
export type ProcessorPayment = {
  readonly attempt: number;
  readonly reference: string;
  readonly state: 'authenticating' | 'reserved' | 'charged' | 'ended' | 'declined';
  /** Held now; nothing once charged or ended. */
  readonly held: Money;
  readonly charged: Money;
  readonly refunded: Money;
  /** Refunds the processor has not finished. */
  readonly refunding: Money;
};

/** A charge that the customer's bank takes back, at the processor under `reference`. */
export type ProcessorDispute = {
  readonly orderId: OrderId;
  readonly reference: string;
  readonly amount: Money;
  /** The processor's word for the bank's reason. */
  readonly reason: string;
};

/**
 * The card processor. Every call names its key: the same key twice has one effect, for at least 24 hours; later a
 * look-up by the order and attempt must come first. Reservations are found by order and attempt, not by key.
 */
export type PaymentGateway = {
  /** Holds the amount on the card without taking it. */
  readonly reserve: (request: ReservationRequest) => TE.TaskEither<GatewayError, ReservationResult>;
  /** What the processor knows of an attempt; null when it never heard of it. */
  readonly findReservation: (
    orderId: OrderId,
    attempt: number,
  ) => TE.TaskEither<GatewayError, ReservationState | null>;
  /** Takes the amount, at most the reserved one, and lets the rest of the reservation go. */
  readonly charge: (request: {
    readonly reference: string;
    readonly key: PaymentKey;
    readonly amount: Money;
  }) => TE.TaskEither<GatewayError, ChargeResult>;
  /** The charge taken from a reservation; null when nothing was taken and the reservation still stands. */
  readonly findCharge: (reference: string) => TE.TaskEither<GatewayError, ChargeResult | null>;
  /**
   * Lets a reservation go, or an attempt that waits for the customer; one that is gone already is success. `charged`:
   * too late, the money was taken.
   */
  readonly voidReservation: (reference: string) => TE.TaskEither<GatewayError, 'voided' | 'charged'>;
  /** Gives money back. */
  readonly refund: (request: RefundRequest) => TE.TaskEither<GatewayError, RefundResult>;
  /** What became of a refund; null when the processor never heard of it. */
  readonly findRefund: (
    reference: string,
    number: number,
  ) => TE.TaskEither<GatewayError, RefundResult | null>;
  /** What the processor knows of a dispute; null when it has none of this name or it is about no order of ours. */
  readonly findDispute: (reference: string) => TE.TaskEither<GatewayError, ProcessorDispute | null>;
  /** Everything the processor knows of an order. New facts may be missing for a minute. */
  readonly paymentsOf: (orderId: OrderId) => TE.TaskEither<GatewayError, readonly ProcessorPayment[]>;
};
