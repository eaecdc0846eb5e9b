// Event names and fields are history: they are stored and last for ever. Add, never change or remove.
// The stored form, its version and the older versions live in adapters/event-schema.
// No event carries personal data: names, addresses and e-mail addresses stay in the customers database,
// and an event refers to an immutable snapshot of them.
import type { ArticleCode } from '../catalogue.js';
import type { CountryCode } from '../country.js';
import type { Currency } from '../currency.js';
import type { AuthenticationProblem } from '../customer.js';
import type { Handover, Parcel, PickedLine } from '../fulfilment.js';
import type { ContactSnapshotId, CustomerId, OrderId, SignInId } from '../ids.js';
import type { Instant } from '../instant.js';
import type { Money } from '../money.js';
import type { Challenge, Decline, PaymentKey, PaymentMethodToken, Reservation } from '../payment.js';
import type { Quantity } from '../quantity.js';

/** One line of goods as ordered; line numbers are those of the cart, from 1. */
export type OrderLine = {
  readonly lineNumber: number;
  readonly code: ArticleCode;
  readonly description: string;
  readonly quantity: Quantity;
  readonly unitPrice: Money;
};

/** Why an accepted order was rejected before anything was held or charged. */
export type RejectionReason =
  | { readonly type: 'authentication'; readonly problem: AuthenticationProblem }
  | { readonly type: 'article_withdrawn'; readonly lineNumber: number; readonly code: ArticleCode }
  | { readonly type: 'destination_not_served'; readonly destination: CountryCode }
  | { readonly type: 'currency_not_accepted'; readonly currency: Currency }
  | { readonly type: 'total_above_limit'; readonly total: Money; readonly limit: Money }
  | { readonly type: 'out_of_stock'; readonly lineNumber: number; readonly available: number };

/** Who asked for a cancellation. */
export type CancelledBy = 'customer' | 'operator' | 'checkout';

/** Why an order was cancelled. */
export type CancellationReason =
  'customer_request' | 'operator_request' | 'payment_not_completed' | 'out_of_stock' | 'not_shipped';

/** Why nothing of an order leaves the building until a person says so; each reason holds the order by itself. */
export type HoldReason = 'address' | 'fraud' | 'operator';

/** Why money goes back to the customer. */
export type RefundReason = 'cancellation' | 'return' | 'goodwill';

/** How a mail came back: not deliverable for good, not deliverable now, or taken for unwanted by its reader. */
export type MailReturn = 'permanent' | 'transient' | 'complaint';

/** The mails an order sends; at most one for each fact it tells (rules/mails.ts says which). */
export type NotificationKind =
  | 'order_confirmed'
  | 'payment_needed'
  | 'order_shipped'
  | 'order_rejected'
  | 'order_cancelled'
  | 'order_refunded';

/** A line for which less is available than ordered. */
export type MissingLine = { readonly lineNumber: number; readonly available: number };

type Event<Type extends string, Data> = { readonly type: Type; readonly at: Instant } & Readonly<Data>;

export type OrderPlaced = Event<
  'OrderPlaced',
  {
    orderId: OrderId;
    customerId: CustomerId;
    signInId: SignInId;
    contactSnapshotId: ContactSnapshotId;
    cart: { readonly issuer: string; readonly tokenId: string };
    destination: CountryCode;
    currency: Currency;
    lines: readonly OrderLine[];
    delivery: Money;
    total: Money;
    paymentMethod: PaymentMethodToken;
  }
>;
export type CustomerAuthenticated = Event<'CustomerAuthenticated', { signInId: SignInId }>;
export type OrderValidated = Event<'OrderValidated', object>;
export type OrderRejected = Event<'OrderRejected', { reasons: readonly RejectionReason[] }>;
export type ReleasedToWarehouse = Event<'ReleasedToWarehouse', object>;
export type CancellationRequested = Event<
  'CancellationRequested',
  { by: CancelledBy; reason: CancellationReason }
>;
/** Asked for too late: the goods are on their way. Stored once, so that the conversation can be read back. */
export type CancellationRefused = Event<'CancellationRefused', { by: CancelledBy }>;
export type OrderCancelled = Event<'OrderCancelled', { reason: CancellationReason }>;
export type OrderCompleted = Event<'OrderCompleted', object>;

export type StockReserved = Event<'StockReserved', { until: Instant }>;
export type StockUnavailable = Event<'StockUnavailable', { lines: readonly MissingLine[] }>;
export type StockCommitted = Event<'StockCommitted', object>;
export type StockReleased = Event<'StockReleased', object>;

export type CardReservationRequested = Event<
  'CardReservationRequested',
  { attempt: number; key: PaymentKey; amount: Money; paymentMethod: PaymentMethodToken }
>;
export type CardReserved = Event<'CardReserved', { reservation: Reservation }>;
/** The customer must confirm with the bank; the money is neither held nor refused yet. */
export type CardAuthenticationRequired = Event<
  'CardAuthenticationRequired',
  { attempt: number; challenge: Challenge }
>;
export type CardDeclined = Event<'CardDeclined', { attempt: number; decline: Decline }>;
export type CardReservationOutcomeUnknown = Event<'CardReservationOutcomeUnknown', { attempt: number }>;
export type CardReservationVoided = Event<'CardReservationVoided', { attempt: number }>;
/** The money is not held any more though nobody here let it go: the reservation reached its end. */
export type CardReservationExpired = Event<'CardReservationExpired', { attempt: number }>;
export type PaymentMethodReplaced = Event<'PaymentMethodReplaced', { paymentMethod: PaymentMethodToken }>;
export type ChargeRequested = Event<'ChargeRequested', { attempt: number; key: PaymentKey; amount: Money }>;
export type Charged = Event<'Charged', { attempt: number; amount: Money; reference: string }>;
export type ChargeFailed = Event<'ChargeFailed', { attempt: number; decline: Decline }>;
export type ChargeOutcomeUnknown = Event<'ChargeOutcomeUnknown', { attempt: number }>;
/** `refundId` is the asker's name for it and unique in the order; `number` counts the order's refunds from 1. */
export type RefundRequested = Event<
  'RefundRequested',
  { refundId: string; number: number; key: PaymentKey; amount: Money; reason: RefundReason }
>;
export type Refunded = Event<'Refunded', { refundId: string; amount: Money; reference: string }>;
/** `reason` is the processor's word for it. Nothing went back to the customer. */
export type RefundFailed = Event<'RefundFailed', { refundId: string; reason: string }>;
export type RefundOutcomeUnknown = Event<'RefundOutcomeUnknown', { refundId: string }>;
export type PaymentDisputed = Event<'PaymentDisputed', { reference: string; amount: Money; reason: string }>;

export type Picked = Event<'Picked', { lines: readonly PickedLine[]; pickedBy: string }>;
export type Packed = Event<'Packed', { parcels: readonly Parcel[]; packedBy: string }>;
export type Shipped = Event<'Shipped', { handover: Handover; shippedBy: string }>;
export type Delivered = Event<'Delivered', object>;
/** The goods of a cancelled order are back in their bins. */
export type GoodsPutBack = Event<'GoodsPutBack', { putBackBy: string }>;

export type HoldPlaced = Event<'HoldPlaced', { reason: HoldReason; by: string }>;
export type HoldReleased = Event<'HoldReleased', { reason: HoldReason; by: string }>;

export type NotificationRequested = Event<
  'NotificationRequested',
  { kind: NotificationKind; factRevision: number }
>;
export type NotificationSent = Event<
  'NotificationSent',
  { kind: NotificationKind; factRevision: number; messageId: string }
>;
export type NotificationPossiblySent = Event<
  'NotificationPossiblySent',
  { kind: NotificationKind; factRevision: number }
>;
/** Surely not sent; another attempt follows. `reason` is the mail service's short word for it, without any address. */
export type NotificationNotSent = Event<
  'NotificationNotSent',
  { kind: NotificationKind; factRevision: number; reason: string }
>;
/** The mail came back some time after it was sent. */
export type NotificationBounced = Event<
  'NotificationBounced',
  { kind: NotificationKind; factRevision: number; mailReturn: MailReturn }
>;

/** Every fact that an order's stream can hold. */
export type OrderEvent =
  | OrderPlaced
  | CustomerAuthenticated
  | OrderValidated
  | OrderRejected
  | ReleasedToWarehouse
  | CancellationRequested
  | CancellationRefused
  | OrderCancelled
  | OrderCompleted
  | StockReserved
  | StockUnavailable
  | StockCommitted
  | StockReleased
  | CardReservationRequested
  | CardReserved
  | CardAuthenticationRequired
  | CardDeclined
  | CardReservationOutcomeUnknown
  | CardReservationVoided
  | CardReservationExpired
  | PaymentMethodReplaced
  | ChargeRequested
  | Charged
  | ChargeFailed
  | ChargeOutcomeUnknown
  | RefundRequested
  | Refunded
  | RefundFailed
  | RefundOutcomeUnknown
  | PaymentDisputed
  | Picked
  | Packed
  | Shipped
  | Delivered
  | GoodsPutBack
  | HoldPlaced
  | HoldReleased
  | NotificationRequested
  | NotificationSent
  | NotificationPossiblySent
  | NotificationNotSent
  | NotificationBounced;
