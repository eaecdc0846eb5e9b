import { absurd } from '../../domain/brand.js';
import type { Parcel, PickedLine } from '../../domain/fulfilment.js';
import type { Instant } from '../../domain/instant.js';
import { type Money, toDecimal } from '../../domain/money.js';
import type {
  CancellationReason,
  CancelledBy,
  HoldReason,
  MailReturn,
  NotificationKind,
  OrderEvent,
  RejectionReason,
} from '../../domain/order/events.js';
import type { CardCheck, Decline, DeclineClass, Reservation } from '../../domain/payment.js';

// The words of the timeline: one entry a fact. A fact without words does not compile. Nothing here may name a person,
// an address or a card token; who did it stands beside the words.

/** What part of an order a fact is about. */
export type TimelineRegion = 'order' | 'goods' | 'money' | 'mail';

/** A fact as people read it, whoever stored it. */
export type Telling = {
  readonly region: TimelineRegion;
  /** The fact in plain words. */
  readonly title: string;
  /** The money it moves or asks for. */
  readonly amount?: Money;
  /** A deadline that it sets. */
  readonly until?: Instant;
  /** What else is to know, in a few words. */
  readonly note?: string;
};

/** The event with that name. */
export type EventOf<Name extends OrderEvent['type']> = {
  [Each in Name]: { readonly type: Each } & Extract<OrderEvent, { readonly type: Each }>;
}[Name];

/** A number with its noun: `1 line`, `3 lines`. */
const counted = (count: number, noun: string): string => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;

/** What a decline means, in a few words. */
export const declineWords: Readonly<Record<DeclineClass, string>> = {
  soft: 'the issuer was not available',
  fixable: "the card's data are to be corrected",
  funds: 'not enough money on the card for now',
  authentication: 'the customer must confirm with the bank',
  hard: 'this card never again',
  policy: 'approved by the issuer, refused by our rules',
};

const declineNote = (attempt: number, decline: Decline): string =>
  `try ${String(attempt)}: ${declineWords[decline.class]} (${decline.code})`;

const requesterWords: Readonly<Record<CancelledBy, string>> = {
  customer: 'the customer',
  operator: 'an operator',
  checkout: 'the checkout',
};

const cancellationWords: Readonly<Record<CancellationReason, string>> = {
  customer_request: 'the customer asked for it',
  operator_request: 'an operator asked for it',
  payment_not_completed: 'it was not paid in time',
  out_of_stock: 'the goods are gone',
  not_shipped: 'it was not handed to the carrier in time',
};

/** The holds in words. */
export const holdWords: Readonly<Record<HoldReason, string>> = {
  address: 'address hold',
  fraud: 'fraud hold',
  operator: 'operator hold',
};

/** How a mail came back, in words. */
export const returnWords: Readonly<Record<MailReturn, string>> = {
  permanent: 'the address does not take mail',
  transient: 'not deliverable for now',
  complaint: 'its reader took it for unwanted',
};

/** The mails in words. */
export const mailWords: Readonly<Record<NotificationKind, string>> = {
  order_confirmed: 'order confirmed',
  payment_needed: 'payment needed',
  order_shipped: 'order shipped',
  order_rejected: 'order rejected',
  order_cancelled: 'order cancelled',
  order_refunded: 'order refunded',
};

const rejectionNote = (reason: RejectionReason): string => {
  switch (reason.type) {
    case 'authentication':
      return `sign-in: ${reason.problem.replaceAll('_', ' ')}`;
    case 'article_withdrawn':
      return `line ${String(reason.lineNumber)} is not sold any more`;
    case 'out_of_stock':
      return `line ${String(reason.lineNumber)}: ${String(reason.available)} available`;
    case 'destination_not_served':
      return `no delivery to ${reason.destination}`;
    case 'currency_not_accepted':
      return `${reason.currency} not accepted`;
    case 'total_above_limit':
      return `above the limit of ${reason.limit.currency} ${toDecimal(reason.limit)}`;
    default:
      return absurd(reason);
  }
};

const checkNote = (name: string, check: CardCheck): string => (check === 'fail' ? `, ${name} failed` : '');

const reservationNote = ({
  attempt,
  card,
  addressCheck,
  securityCodeCheck,
  reference,
}: Reservation): string =>
  `try ${String(attempt)}: ${card.brand} …${card.lastFour}, ${reference}` +
  checkNote('address check', addressCheck) +
  checkNote('security code check', securityCodeCheck);

const pickNote = (lines: readonly PickedLine[]): string => {
  const picked = lines.reduce((total, line) => total + line.picked, 0);
  const missing = lines
    .filter(({ short }) => short > 0)
    .map(({ lineNumber, short, shortReason }) => {
      const why = shortReason === null ? '' : ` (${shortReason.replaceAll('_', ' ')})`;
      return `line ${String(lineNumber)} short of ${String(short)}${why}`;
    });
  return [counted(picked, 'unit'), ...missing].join('; ');
};

const parcelNote = (parcels: readonly Parcel[]): string =>
  `${counted(parcels.length, 'parcel')}: ${parcels.map(({ weightGrams }) => `${String(weightGrams)} g`).join(', ')}`;

const attemptNote = ({ attempt }: { readonly attempt: number }): string => `try ${String(attempt)}`;

const order = (title: string, note = ''): Telling => ({ region: 'order', title, note });
const goods = (title: string, note = ''): Telling => ({ region: 'goods', title, note });
const cash = (title: string, note: string): Telling => ({ region: 'money', title, note });
const mail = (title: string, kind: NotificationKind, note = ''): Telling => ({
  region: 'mail',
  title,
  note: note === '' ? mailWords[kind] : `${mailWords[kind]}: ${note}`,
});

type Words = { readonly [Name in OrderEvent['type']]: (event: EventOf<Name>) => Telling };

/** What the timeline says of each fact. */
export const timelineWords: Words = {
  OrderPlaced: ({ lines, destination, total }) => ({
    ...order('Order placed', `${counted(lines.length, 'line')}, to ${destination}`),
    amount: total,
  }),
  CustomerAuthenticated: () => order('Customer authenticated'),
  OrderValidated: () => order('Order validated'),
  OrderRejected: ({ reasons }) => order('Order rejected', reasons.map(rejectionNote).join('; ')),
  ReleasedToWarehouse: () => goods('Released to the warehouse'),
  CancellationRequested: ({ reason }) => order('Cancellation requested', cancellationWords[reason]),
  CancellationRefused: ({ by }) =>
    order('Cancellation refused', `${requesterWords[by]} asked too late: the goods are on their way`),
  OrderCancelled: ({ reason }) => order('Order cancelled', cancellationWords[reason]),
  OrderCompleted: () => order('Order completed'),

  StockReserved: ({ until }) => ({ ...goods('Goods held'), until }),
  StockUnavailable: ({ lines }) =>
    goods(
      'Goods not available',
      lines
        .map(({ lineNumber, available }) => `line ${String(lineNumber)}: ${String(available)} available`)
        .join('; '),
    ),
  StockCommitted: () => goods('Goods committed to the order'),
  StockReleased: () => goods('Goods given back to the stock'),

  CardReservationRequested: (event) => ({
    ...cash('Card reservation requested', attemptNote(event)),
    amount: event.amount,
  }),
  CardReserved: ({ reservation }) => ({
    ...cash('Amount held on the card', reservationNote(reservation)),
    amount: reservation.amount,
    until: reservation.captureBefore,
  }),
  CardAuthenticationRequired: (event) =>
    cash('Customer asked to confirm with the bank', `${attemptNote(event)}, ${event.challenge.reference}`),
  CardDeclined: ({ attempt, decline }) => cash('Card declined', declineNote(attempt, decline)),
  CardReservationOutcomeUnknown: (event) =>
    cash('Outcome of the card reservation unknown', attemptNote(event)),
  CardReservationVoided: (event) => cash('Card reservation let go', attemptNote(event)),
  CardReservationExpired: (event) => cash('Card reservation expired', attemptNote(event)),
  PaymentMethodReplaced: () => cash('Another card named', ''),
  ChargeRequested: (event) => ({ ...cash('Charge requested', attemptNote(event)), amount: event.amount }),
  Charged: ({ attempt, amount, reference }) => ({
    ...cash('Card charged', `try ${String(attempt)}, ${reference}`),
    amount,
  }),
  ChargeFailed: ({ attempt, decline }) => cash('Charge failed', declineNote(attempt, decline)),
  ChargeOutcomeUnknown: (event) => cash('Outcome of the charge unknown', attemptNote(event)),
  RefundRequested: ({ refundId, amount, reason }) => ({
    ...cash('Refund requested', refundId === reason ? reason : `${refundId}: ${reason}`),
    amount,
  }),
  Refunded: ({ refundId, amount, reference }) => ({
    ...cash('Refunded', `${refundId}, ${reference}`),
    amount,
  }),
  RefundFailed: ({ refundId, reason }) => cash('Refund failed', `${refundId}: ${reason}`),
  RefundOutcomeUnknown: ({ refundId }) => cash('Outcome of the refund unknown', refundId),
  PaymentDisputed: ({ amount, reason, reference }) => ({
    ...cash('Payment disputed at the bank', `${reason}, ${reference}`),
    amount,
  }),

  Picked: ({ lines }) => goods('Picked', pickNote(lines)),
  Packed: ({ parcels }) => goods('Packed', parcelNote(parcels)),
  Shipped: ({ handover }) => goods('Shipped', `${handover.carrier}, ${handover.trackingNumber}`),
  Delivered: () => goods('Delivered'),
  GoodsPutBack: () => goods('Goods put back into their bins'),

  HoldPlaced: ({ reason }) => order('Hold placed', holdWords[reason]),
  HoldReleased: ({ reason }) => order('Hold released', holdWords[reason]),

  NotificationRequested: ({ kind }) => mail('Mail requested', kind),
  NotificationSent: ({ kind, messageId }) => mail('Mail sent', kind, `message ${messageId}`),
  NotificationPossiblySent: ({ kind }) => mail('Mail possibly sent', kind),
  NotificationNotSent: ({ kind, reason }) => mail('Mail not sent', kind, reason),
  NotificationBounced: ({ kind, mailReturn }) => mail('Mail came back', kind, returnWords[mailReturn]),
};
