import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../domain/ids.js';
import type { Money } from '../../domain/money.js';
import type { Decline, PaymentKey, PaymentMethodToken, Reservation } from '../../domain/payment.js';

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
};

/** What an attempt to hold money came to. */
export type ReservationResult =
  | { readonly type: 'reserved'; readonly reservation: Omit<Reservation, 'attempt'> }
  | { readonly type: 'declined'; readonly decline: Decline };

/** What an attempt to charge came to; a charge that was made before is `charged` again. */
export type ChargeResult =
  | { readonly type: 'charged'; readonly amount: Money; readonly reference: string }
  | { readonly type: 'failed'; readonly decline: Decline };

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
  ) => TE.TaskEither<GatewayError, ReservationResult | null>;
  /** Takes the amount, at most the reserved one, and lets the rest of the reservation go. */
  readonly charge: (request: {
    readonly reference: string;
    readonly key: PaymentKey;
    readonly amount: Money;
  }) => TE.TaskEither<GatewayError, ChargeResult>;
  /** The charge taken from a reservation; null when nothing was taken. */
  readonly findCharge: (reference: string) => TE.TaskEither<GatewayError, ChargeResult | null>;
  /** Lets a reservation go; one that is gone already is success. */
  readonly voidReservation: (reference: string) => TE.TaskEither<GatewayError, 'voided'>;
};
