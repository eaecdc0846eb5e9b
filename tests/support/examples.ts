// One order of two lines in pounds, told in named facts, and the commands that lead to them. Specifications are
// written in these names; what they do not fix is generated (arbitraries.ts).
import type { Handover, Parcel, PickedLine } from '../../domain/fulfilment.js';
import type { Instant } from '../../domain/instant.js';
import type { Money } from '../../domain/money.js';
import type { Cart } from '../../domain/order/cart.js';
import type {
  AuthenticateCustomer,
  PayAgain,
  PlaceOrder,
  SellingPolicy,
  ValidateOrder,
} from '../../domain/order/commands.js';
import type {
  MailReturn,
  NotificationKind,
  OrderEvent,
  OrderLine,
  OrderPlaced,
} from '../../domain/order/events.js';
import type { CardPolicy, Decline, Reservation } from '../../domain/payment.js';
import {
  articleOf,
  contactSnapshotIdNumbered,
  countryOf,
  currencyOf,
  customerIdNumbered,
  instantOf,
  orderIdNumbered,
  paymentKeyOf,
  paymentMethodOf,
  quantityOf,
  signInIdNumbered,
} from './ids.js';

/** 2026-01-05T09:00:00Z, when the example order is placed. */
export const opening: Instant = instantOf(1_767_603_600_000);
/** So many seconds after the example order was placed. */
export const after = (seconds: number): Instant => instantOf(opening + seconds * 1000);

export const pounds = currencyOf('GBP');
/** So many pence. */
export const pence = (minor: number): Money => ({ minor, currency: pounds });

export const orderId = orderIdNumbered(1);
export const customerId = customerIdNumbered(1);
export const signInId = signInIdNumbered(1);
export const contactSnapshotId = contactSnapshotIdNumbered(1);
export const paymentMethod = paymentMethodOf('pm_card_visa');

export const heartHolders: OrderLine = {
  lineNumber: 1,
  code: articleOf('85123A'),
  description: 'White hanging heart tea light holder',
  quantity: quantityOf(6),
  unitPrice: pence(255),
};
export const cakeStands: OrderLine = {
  lineNumber: 2,
  code: articleOf('22423'),
  description: 'Cake stand with three tiers',
  quantity: quantityOf(2),
  unitPrice: pence(1275),
};

/** 6 × £2.55 + 2 × £12.75 + £5.00 delivery. */
export const cart: Cart = {
  customerReference: '17850',
  destinations: [countryOf('GB')],
  currency: pounds,
  lines: [heartHolders, cakeStands],
  delivery: pence(500),
  total: pence(4580),
};

export const place: PlaceOrder = {
  type: 'PlaceOrder',
  at: opening,
  orderId,
  customerId,
  signInId,
  contactSnapshotId,
  cartToken: { issuer: 'https://shop.example', tokenId: 'cart-1' },
  cart,
  destination: countryOf('GB'),
  paymentMethod,
};
export const placed: OrderPlaced = {
  type: 'OrderPlaced',
  at: opening,
  orderId,
  customerId,
  signInId,
  contactSnapshotId,
  cart: { issuer: 'https://shop.example', tokenId: 'cart-1' },
  destination: countryOf('GB'),
  currency: pounds,
  lines: [heartHolders, cakeStands],
  delivery: pence(500),
  total: pence(4580),
  paymentMethod,
};

/** A sign-in of ten minutes before the order, in force. */
export const evidence = {
  signInId,
  customerId,
  signedInAt: after(-600),
  revokedAt: null,
  accountLocked: false,
} as const;
export const authenticate: AuthenticateCustomer = { type: 'AuthenticateCustomer', at: after(1), evidence };
export const authenticated = { type: 'CustomerAuthenticated', at: after(1), signInId } as const;
export const authenticateRevoked: AuthenticateCustomer = {
  ...authenticate,
  evidence: { ...evidence, revokedAt: after(-60) },
};
export const rejected: OrderEvent = {
  type: 'OrderRejected',
  at: after(1),
  reasons: [{ type: 'authentication', problem: 'sign_in_revoked' }],
};

/** Pounds up to £20,000, everywhere, nothing withdrawn. */
export const policy: SellingPolicy = {
  withdrawnArticles: new Set(),
  destinations: 'everywhere',
  totalLimits: new Map([[pounds, 2_000_000]]),
};
export const validate: ValidateOrder = { type: 'ValidateOrder', at: after(2), policy };
export const validated = { type: 'OrderValidated', at: after(2) } as const;

export const heldUntil = after(900);
export const recordStock = {
  type: 'RecordStockReservation',
  at: after(3),
  outcome: { type: 'reserved', until: heldUntil },
} as const;
export const stockReserved = { type: 'StockReserved', at: after(3), until: heldUntil } as const;
export const recordStockMissing = {
  type: 'RecordStockReservation',
  at: after(3),
  outcome: { type: 'unavailable', lines: [{ lineNumber: 2, available: 1 }] },
} as const;
export const stockUnavailable = {
  type: 'StockUnavailable',
  at: after(3),
  lines: [{ lineNumber: 2, available: 1 }],
} as const;
export const rejectedForStock = {
  type: 'OrderRejected',
  at: after(3),
  reasons: [{ type: 'out_of_stock', lineNumber: 2, available: 1 }],
} as const;

export const requestReservation = { type: 'RequestCardReservation', at: after(4) } as const;
export const reservationRequested = {
  type: 'CardReservationRequested',
  at: after(4),
  attempt: 1,
  key: paymentKeyOf(`${orderId}:reserve:1`),
  amount: pence(4580),
  paymentMethod,
} as const;

/** Approved cards are refused when the issuer says that address or security code are wrong. */
export const cardPolicy: CardPolicy = {
  refuseFailedAddressCheck: true,
  refuseFailedSecurityCodeCheck: true,
};
export const captureBefore = after(7 * 86_400);
/** What the processor tells of the money it holds. */
export const heldMoney: Omit<Reservation, 'attempt'> = {
  reference: 'pi_1',
  amount: pence(4580),
  captureBefore,
  card: { brand: 'visa', lastFour: '4242' },
  addressCheck: 'pass',
  securityCodeCheck: 'pass',
};
export const recordReserved = {
  type: 'RecordCardReservation',
  at: after(5),
  attempt: 1,
  cardPolicy,
  outcome: { type: 'reserved', reservation: heldMoney },
} as const;
export const reserved = {
  type: 'CardReserved',
  at: after(5),
  reservation: { ...heldMoney, attempt: 1 },
} as const;

export const decline: Decline = { class: 'funds', code: 'insufficient_funds' };
export const recordDeclined = {
  type: 'RecordCardReservation',
  at: after(5),
  attempt: 1,
  cardPolicy,
  outcome: { type: 'declined', decline },
} as const;
export const declined = { type: 'CardDeclined', at: after(5), attempt: 1, decline } as const;
export const recordReservationUnknown = {
  type: 'RecordCardReservation',
  at: after(5),
  attempt: 1,
  cardPolicy,
  outcome: { type: 'unknown' },
} as const;
export const reservationUnknown = {
  type: 'CardReservationOutcomeUnknown',
  at: after(5),
  attempt: 1,
} as const;

export const recordCommitment = {
  type: 'RecordStockCommitment',
  at: after(6),
  outcome: { type: 'committed' },
} as const;
export const stockCommitted = { type: 'StockCommitted', at: after(6) } as const;
export const recordGoodsLost = {
  type: 'RecordStockCommitment',
  at: after(6),
  outcome: { type: 'unavailable', lines: [{ lineNumber: 2, available: 1 }] },
} as const;
export const goodsLost = {
  type: 'StockUnavailable',
  at: after(6),
  lines: [{ lineNumber: 2, available: 1 }],
} as const;
export const cancellationForStock = {
  type: 'CancellationRequested',
  at: after(6),
  by: 'checkout',
  reason: 'out_of_stock',
} as const;

/** 20 minutes of grace, over by the time of `release`; four hours to pick. */
export const release = {
  type: 'ReleaseToWarehouse',
  at: after(2_000),
  graceSeconds: 1_200,
  pickSeconds: 14_400,
} as const;
export const released = { type: 'ReleasedToWarehouse', at: after(2_000) } as const;

/** Every line picked in full. */
export const allPicked: readonly PickedLine[] = [
  { lineNumber: 1, picked: 6, short: 0, shortReason: null },
  { lineNumber: 2, picked: 2, short: 0, shortReason: null },
];
export const pick = { type: 'RecordPick', at: after(3_000), lines: allPicked, pickedBy: 'Ada' } as const;
export const picked = { type: 'Picked', at: after(3_000), lines: allPicked, pickedBy: 'Ada' } as const;

export const parcels: readonly Parcel[] = [{ parcelNumber: 1, weightGrams: 2_400 }];
export const pack = { type: 'RecordPack', at: after(3_100), parcels, packedBy: 'Ben' } as const;
export const packed = { type: 'Packed', at: after(3_100), parcels, packedBy: 'Ben' } as const;

export const requestCharge = { type: 'RequestCharge', at: after(3_200) } as const;
export const chargeRequested = {
  type: 'ChargeRequested',
  at: after(3_200),
  attempt: 1,
  key: paymentKeyOf(`${orderId}:charge:1`),
  amount: pence(4580),
} as const;
export const secondChargeKey = paymentKeyOf(`${orderId}:charge:2`);
export const recordCharged = {
  type: 'RecordCharge',
  at: after(3_201),
  attempt: 1,
  outcome: { type: 'charged', amount: pence(4580), reference: 'ch_1' },
} as const;
export const charged = {
  type: 'Charged',
  at: after(3_201),
  attempt: 1,
  amount: pence(4580),
  reference: 'ch_1',
} as const;
export const recordChargeFailed = {
  type: 'RecordCharge',
  at: after(3_201),
  attempt: 1,
  outcome: { type: 'failed', decline },
} as const;
export const chargeFailed = { type: 'ChargeFailed', at: after(3_201), attempt: 1, decline } as const;
export const recordChargeUnknown = {
  type: 'RecordCharge',
  at: after(3_201),
  attempt: 1,
  outcome: { type: 'unknown' },
} as const;
export const chargeUnknown = { type: 'ChargeOutcomeUnknown', at: after(3_201), attempt: 1 } as const;

export const handover: Handover = { carrier: 'Royal Mail', trackingNumber: 'RM123456789GB' };
export const ship = { type: 'RecordShipment', at: after(3_300), handover, shippedBy: 'Cleo' } as const;
export const shipped = { type: 'Shipped', at: after(3_300), handover, shippedBy: 'Cleo' } as const;
export const complete = { type: 'CompleteOrder', at: after(3_301) } as const;
export const completed = { type: 'OrderCompleted', at: after(3_301) } as const;

export const cancel = { type: 'RequestCancellation', at: after(4_000), by: 'customer' } as const;
export const cancellationRequested = {
  type: 'CancellationRequested',
  at: after(4_000),
  by: 'customer',
  reason: 'customer_request',
} as const;
/** Half an hour to name another card at the checkout, three days later on. */
export const payAgain: PayAgain = { payAgainSeconds: 1_800, payAgainLaterSeconds: 259_200 };
export const giveUp = { type: 'GiveUpPayment', at: after(4_000), payAgain } as const;
export const givenUp = {
  type: 'CancellationRequested',
  at: after(4_000),
  by: 'checkout',
  reason: 'payment_not_completed',
} as const;
export const recordVoid = { type: 'RecordReservationVoid', at: after(4_001), attempt: 1 } as const;
export const voided = { type: 'CardReservationVoided', at: after(4_001), attempt: 1 } as const;
export const recordStockRelease = { type: 'RecordStockRelease', at: after(4_002) } as const;
export const stockReleased = { type: 'StockReleased', at: after(4_002) } as const;
export const cancelNow = { type: 'CancelOrder', at: after(4_003) } as const;
export const cancelled = { type: 'OrderCancelled', at: after(4_003), reason: 'customer_request' } as const;
/** Requested and cancelled in one breath, when nothing was held. */
export const cancelledAtOnce = {
  type: 'OrderCancelled',
  at: after(4_000),
  reason: 'customer_request',
} as const;

/** Asks for the mail of that kind about the fact of that revision. */
export const requestMail = (kind: NotificationKind, factRevision: number) =>
  ({ type: 'RequestNotification', at: after(5_000), kind, factRevision }) as const;
/** The mail's intent. */
export const mailRequested = (kind: NotificationKind, factRevision: number) =>
  ({ type: 'NotificationRequested', at: after(5_000), kind, factRevision }) as const;
/** The mail service took the mail. */
export const recordMailSent = (kind: NotificationKind, factRevision: number) =>
  ({
    type: 'RecordNotification',
    at: after(5_001),
    kind,
    factRevision,
    outcome: { type: 'sent', messageId: 'message-1' },
  }) as const;
export const mailSent = (kind: NotificationKind, factRevision: number) =>
  ({ type: 'NotificationSent', at: after(5_001), kind, factRevision, messageId: 'message-1' }) as const;
/** The mail service's answer was lost. */
export const recordMailPossiblySent = (kind: NotificationKind, factRevision: number) =>
  ({
    type: 'RecordNotification',
    at: after(5_001),
    kind,
    factRevision,
    outcome: { type: 'possibly_sent' },
  }) as const;
export const mailPossiblySent = (kind: NotificationKind, factRevision: number) =>
  ({ type: 'NotificationPossiblySent', at: after(5_001), kind, factRevision }) as const;
/** The mail service surely did not take the mail. */
export const recordMailNotSent = (kind: NotificationKind, factRevision: number) =>
  ({
    type: 'RecordNotification',
    at: after(5_001),
    kind,
    factRevision,
    outcome: { type: 'not_sent', reason: 'throttled' },
  }) as const;
export const mailNotSent = (kind: NotificationKind, factRevision: number) =>
  ({ type: 'NotificationNotSent', at: after(5_001), kind, factRevision, reason: 'throttled' }) as const;
/** The mail came back. */
export const recordMailReturn = (kind: NotificationKind, factRevision: number, mailReturn: MailReturn) =>
  ({ type: 'RecordMailReturn', at: after(5_100), kind, factRevision, mailReturn }) as const;
export const mailBounced = (kind: NotificationKind, factRevision: number, mailReturn: MailReturn) =>
  ({ type: 'NotificationBounced', at: after(5_100), kind, factRevision, mailReturn }) as const;
