import type { ArticleCode } from '../catalogue.js';
import type { CountryCode } from '../country.js';
import type { Currency } from '../currency.js';
import type { SignInEvidence } from '../customer.js';
import type { Handover, Parcel, PickedLine } from '../fulfilment.js';
import type { ContactSnapshotId, CustomerId, OrderId, SignInId } from '../ids.js';
import type { Instant } from '../instant.js';
import type { Money } from '../money.js';
import type { CardPolicy, Challenge, Decline, PaymentMethodToken, Reservation } from '../payment.js';
import type { Cart } from './cart.js';
import type {
  CancelledBy,
  HoldReason,
  MailReturn,
  MissingLine,
  NotificationKind,
  RefundReason,
} from './events.js';

// A command brings every fact its decision needs: the time, ids, what a port found out, the policy in force.

/** What the shop sells, where to, in which currencies and up to which total, as known when the order is validated. */
export type SellingPolicy = {
  /** Articles of the order that are not sold any more. */
  readonly withdrawnArticles: ReadonlySet<ArticleCode>;
  /** Countries that are delivered to; `everywhere` when the shop excludes none. */
  readonly destinations: ReadonlySet<CountryCode> | 'everywhere';
  /** Accepted currencies with the largest total of one order, in minor units. */
  readonly totalLimits: ReadonlyMap<Currency, number>;
};

/** How an attempt to reserve stock ended. */
export type StockOutcome =
  | { readonly type: 'reserved'; readonly until: Instant }
  | { readonly type: 'unavailable'; readonly lines: readonly MissingLine[] };

/** How an attempt to make a stock reservation permanent ended. */
export type CommitmentOutcome =
  { readonly type: 'committed' } | { readonly type: 'unavailable'; readonly lines: readonly MissingLine[] };

/** How an attempt to reserve money on a card ended, as far as anybody knows. */
export type ReservationOutcome =
  | { readonly type: 'reserved'; readonly reservation: Omit<Reservation, 'attempt'> }
  | { readonly type: 'declined'; readonly decline: Decline }
  | { readonly type: 'authentication_required'; readonly challenge: Challenge }
  /** The attempt is over at the processor and nothing is held under it. */
  | { readonly type: 'ended' }
  | { readonly type: 'unknown' };

/** How an attempt to charge ended, as far as anybody knows. */
export type ChargeOutcome =
  | { readonly type: 'charged'; readonly amount: Money; readonly reference: string }
  | { readonly type: 'failed'; readonly decline: Decline }
  /** Nothing was taken, because the reservation had ended before. */
  | { readonly type: 'reservation_expired' }
  | { readonly type: 'unknown' };

/** How a refund ended, as far as anybody knows; `pending`: the processor has it and will tell later. */
export type RefundOutcome =
  | { readonly type: 'refunded'; readonly amount: Money; readonly reference: string }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'pending' }
  | { readonly type: 'unknown' };

/** How long the customer may name another card: at the checkout, and when the order was confirmed already. */
export type PayAgain = { readonly payAgainSeconds: number; readonly payAgainLaterSeconds: number };

/** How an attempt to send a mail ended; an ambiguous one may have been delivered. */
export type NotificationOutcome =
  | { readonly type: 'sent'; readonly messageId: string }
  | { readonly type: 'possibly_sent' }
  | { readonly type: 'not_sent'; readonly reason: string };

type Command<Type extends string, Data = object> = {
  readonly type: Type;
  readonly at: Instant;
} & Readonly<Data>;

export type PlaceOrder = Command<
  'PlaceOrder',
  {
    orderId: OrderId;
    customerId: CustomerId;
    signInId: SignInId;
    contactSnapshotId: ContactSnapshotId;
    cartToken: { readonly issuer: string; readonly tokenId: string };
    cart: Cart;
    destination: CountryCode;
    paymentMethod: PaymentMethodToken;
  }
>;
export type AuthenticateCustomer = Command<'AuthenticateCustomer', { evidence: SignInEvidence | null }>;
export type ValidateOrder = Command<'ValidateOrder', { policy: SellingPolicy }>;
export type RecordStockReservation = Command<'RecordStockReservation', { outcome: StockOutcome }>;
export type RecordStockCommitment = Command<'RecordStockCommitment', { outcome: CommitmentOutcome }>;
export type RecordStockRelease = Command<'RecordStockRelease'>;
export type RequestCardReservation = Command<'RequestCardReservation'>;
/** Before the reservation in hand ends, by `marginSeconds` or by half its life if that is shorter. */
export type RenewReservation = Command<'RenewReservation', { marginSeconds: number }>;
export type RecordCardReservation = Command<
  'RecordCardReservation',
  { attempt: number; outcome: ReservationOutcome; cardPolicy: CardPolicy }
>;
export type RecordReservationVoid = Command<'RecordReservationVoid', { attempt: number }>;
export type RecordReservationExpiry = Command<'RecordReservationExpiry', { attempt: number }>;
export type ReplacePaymentMethod = Command<
  'ReplacePaymentMethod',
  { paymentMethod: PaymentMethodToken; payAgain: PayAgain }
>;
export type GiveUpPayment = Command<'GiveUpPayment', { payAgain: PayAgain }>;
/** `pickSeconds`: how long the reservation must still last, so that the goods can be picked and packed under it. */
export type ReleaseToWarehouse = Command<'ReleaseToWarehouse', { graceSeconds: number; pickSeconds: number }>;
export type RecordPick = Command<'RecordPick', { lines: readonly PickedLine[]; pickedBy: string }>;
export type RecordPack = Command<'RecordPack', { parcels: readonly Parcel[]; packedBy: string }>;
export type RequestCharge = Command<'RequestCharge'>;
export type RecordCharge = Command<'RecordCharge', { attempt: number; outcome: ChargeOutcome }>;
export type RecordShipment = Command<'RecordShipment', { handover: Handover; shippedBy: string }>;
export type GiveUpShipment = Command<'GiveUpShipment', { unshippedSeconds: number }>;
export type RecordDelivery = Command<'RecordDelivery'>;
export type RecordPutBack = Command<'RecordPutBack', { putBackBy: string }>;
export type RequestRefund = Command<
  'RequestRefund',
  { refundId: string; amount: Money; reason: Exclude<RefundReason, 'cancellation'> }
>;
export type RecordRefund = Command<'RecordRefund', { refundId: string; outcome: RefundOutcome }>;
export type RecordDispute = Command<'RecordDispute', { reference: string; amount: Money; reason: string }>;
export type PlaceHold = Command<'PlaceHold', { reason: HoldReason; by: string }>;
export type ReleaseHold = Command<'ReleaseHold', { reason: HoldReason; by: string }>;
export type RequestCancellation = Command<'RequestCancellation', { by: Exclude<CancelledBy, 'checkout'> }>;
export type CancelOrder = Command<'CancelOrder'>;
export type CompleteOrder = Command<'CompleteOrder'>;
export type RequestNotification = Command<
  'RequestNotification',
  { kind: NotificationKind; factRevision: number }
>;
export type RecordNotification = Command<
  'RecordNotification',
  { kind: NotificationKind; factRevision: number; outcome: NotificationOutcome }
>;
export type RecordMailReturn = Command<
  'RecordMailReturn',
  { kind: NotificationKind; factRevision: number; mailReturn: MailReturn }
>;

/** Everything that can be asked of an order, in the order of its life. */
export type OrderCommand =
  | PlaceOrder
  | AuthenticateCustomer
  | ValidateOrder
  | RecordStockReservation
  | RequestCardReservation
  | RecordCardReservation
  | RecordStockCommitment
  | ReplacePaymentMethod
  | GiveUpPayment
  | RenewReservation
  | RecordReservationExpiry
  | PlaceHold
  | ReleaseHold
  | ReleaseToWarehouse
  | RecordPick
  | RecordPack
  | RequestCharge
  | RecordCharge
  | RecordShipment
  | GiveUpShipment
  | CompleteOrder
  | RecordDelivery
  | RequestCancellation
  | RecordReservationVoid
  | RecordPutBack
  | RecordStockRelease
  | CancelOrder
  | RequestRefund
  | RecordRefund
  | RecordDispute
  | RequestNotification
  | RecordNotification
  | RecordMailReturn;
