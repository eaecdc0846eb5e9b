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
import type { Decline, PaymentKey, PaymentMethodToken, Reservation } from '../payment.js';
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
  'customer_request' | 'operator_request' | 'payment_not_completed' | 'out_of_stock';

/** The mails an order sends; at most one of each kind. */
export type NotificationKind = 'order_confirmed' | 'order_shipped' | 'order_rejected' | 'order_cancelled';

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
export type CardDeclined = Event<'CardDeclined', { attempt: number; decline: Decline }>;
export type CardReservationOutcomeUnknown = Event<'CardReservationOutcomeUnknown', { attempt: number }>;
export type CardReservationVoided = Event<'CardReservationVoided', { attempt: number }>;
export type ChargeRequested = Event<'ChargeRequested', { attempt: number; key: PaymentKey; amount: Money }>;
export type Charged = Event<'Charged', { attempt: number; amount: Money; reference: string }>;
export type ChargeFailed = Event<'ChargeFailed', { attempt: number; decline: Decline }>;
export type ChargeOutcomeUnknown = Event<'ChargeOutcomeUnknown', { attempt: number }>;

export type Picked = Event<'Picked', { lines: readonly PickedLine[]; pickedBy: string }>;
export type Packed = Event<'Packed', { parcels: readonly Parcel[]; packedBy: string }>;
export type Shipped = Event<'Shipped', { handover: Handover; shippedBy: string }>;

export type NotificationRequested = Event<
  'NotificationRequested',
  { kind: NotificationKind; factRevision: number }
>;
export type NotificationSent = Event<'NotificationSent', { kind: NotificationKind; messageId: string }>;
export type NotificationPossiblySent = Event<'NotificationPossiblySent', { kind: NotificationKind }>;
/** Surely not sent; another attempt follows. `reason` is the mail service's short word for it, without any address. */
export type NotificationNotSent = Event<'NotificationNotSent', { kind: NotificationKind; reason: string }>;

/** Every fact that an order's stream can hold. */
export type OrderEvent =
  | OrderPlaced
  | CustomerAuthenticated
  | OrderValidated
  | OrderRejected
  | ReleasedToWarehouse
  | CancellationRequested
  | OrderCancelled
  | OrderCompleted
  | StockReserved
  | StockUnavailable
  | StockCommitted
  | StockReleased
  | CardReservationRequested
  | CardReserved
  | CardDeclined
  | CardReservationOutcomeUnknown
  | CardReservationVoided
  | ChargeRequested
  | Charged
  | ChargeFailed
  | ChargeOutcomeUnknown
  | Picked
  | Packed
  | Shipped
  | NotificationRequested
  | NotificationSent
  | NotificationPossiblySent
  | NotificationNotSent;
