// The stored form of an order between two events: what the fold knows, so that the next event goes on from it.
import * as t from 'io-ts';
import type { HoldReason } from '../../domain/order/events.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import {
  cancellationReason,
  cancelledBy,
  challenge,
  decline,
  handover,
  holdReason,
  mailReturn,
  missingLine,
  notificationKind,
  orderTerms,
  parcel,
  pickedLine,
  refundReason,
  rejectionReason,
  reservation,
} from '../event-schema/parts.js';
import {
  countingNumber,
  instant,
  money,
  oneOf,
  orNull,
  paymentKey,
  paymentMethodToken,
  wholeNumber,
} from '../event-schema/values.js';

const at = instant;

const lifecycle = t.union([
  t.strict({ stage: t.literal('placed') }),
  t.strict({ stage: t.literal('authenticated') }),
  t.strict({ stage: t.literal('validated') }),
  t.strict({ stage: t.literal('released'), at }),
  t.strict({ stage: t.literal('completed'), at }),
  t.strict({ stage: t.literal('rejected'), at, reasons: t.readonlyArray(rejectionReason) }),
  t.strict({ stage: t.literal('cancelling'), at, by: cancelledBy, reason: cancellationReason }),
  t.strict({ stage: t.literal('cancelled'), at, reason: cancellationReason }),
]);

const request = t.strict({
  attempt: countingNumber,
  key: paymentKey,
  amount: money,
  requestedAt: instant,
  outcome: oneOf('RequestOutcome', 'awaited', 'unknown'),
});

const trouble = t.strict({
  attempt: countingNumber,
  decline,
  paymentMethod: paymentMethodToken,
  at,
  answered: t.boolean,
});

const paymentMethod = paymentMethodToken;
const held = orNull(reservation);

const payment = t.union([
  t.strict({ status: t.literal('none') }),
  t.strict({ status: t.literal('reserving'), request, paymentMethod, held }),
  t.strict({ status: t.literal('authenticating'), request, paymentMethod, challenge, at, held }),
  t.strict({ status: t.literal('declined'), trouble, held }),
  t.strict({ status: t.literal('reserved'), reservation, at, replaced: orNull(countingNumber) }),
  t.strict({ status: t.literal('charging'), reservation, request }),
  t.strict({ status: t.literal('charge_failed'), reservation, trouble }),
  t.strict({ status: t.literal('expired'), attempt: countingNumber, at }),
  t.strict({ status: t.literal('charged'), reservation, amount: money, at }),
  t.strict({ status: t.literal('voided'), at, reservation: held }),
]);

const stock = t.union([
  t.strict({ status: t.literal('none') }),
  t.strict({ status: t.literal('reserved'), until: instant }),
  t.strict({ status: t.literal('unavailable'), lines: t.readonlyArray(missingLine) }),
  t.strict({ status: t.literal('committed') }),
  t.strict({ status: t.literal('released') }),
]);

const lines = t.readonlyArray(pickedLine);
const parcels = t.readonlyArray(parcel);

const fulfilment = t.union([
  t.strict({ status: t.literal('waiting') }),
  t.strict({ status: t.literal('picked'), lines }),
  t.strict({ status: t.literal('packed'), lines, parcels }),
  t.strict({
    ...{ status: t.literal('shipped'), lines, parcels, handover, at },
    deliveredAt: orNull(instant),
  }),
  t.strict({ status: t.literal('put_back'), lines }),
]);

const cardTry = t.strict({ attempt: countingNumber, paymentMethod, at, decline: orNull(decline) });

const refund = t.strict({
  refundId: t.string,
  number: countingNumber,
  key: paymentKey,
  amount: money,
  reason: refundReason,
  requestedAt: instant,
  status: oneOf('RefundStatus', 'requested', 'unknown', 'refunded', 'failed'),
  madeRevision: orNull(wholeNumber),
});

const notification = t.strict({
  kind: notificationKind,
  factRevision: wholeNumber,
  status: oneOf('NotificationStatus', 'due', 'requested', 'sent', 'possibly_sent'),
  doubts: wholeNumber,
  mailReturn: orNull(mailReturn),
});

const holdList = t.readonlyArray(holdReason);
const holds = new t.Type<ReadonlySet<HoldReason>, readonly string[], unknown>(
  'Holds',
  (value): value is ReadonlySet<HoldReason> => value instanceof Set && [...value].every(holdReason.is),
  (value, context) => {
    const reasons = holdList.validate(value, context);
    return reasons._tag === 'Left' ? reasons : t.success(new Set(reasons.right));
  },
  (value) => holdList.encode([...value]),
);

/** An order as the fold left it. May be changed freely: after a rebuild all rows have the new form. */
export const placedOrder = t.strict(
  {
    type: t.literal('placed_order'),
    revision: wholeNumber,
    terms: t.strict({ type: t.literal('OrderPlaced'), at, ...orderTerms }),
    lifecycle,
    payment,
    stock,
    fulfilment,
    paymentMethod,
    tries: t.readonlyArray(cardTry),
    chargeAttempts: wholeNumber,
    surplus: t.readonlyArray(reservation),
    refunds: t.readonlyArray(refund),
    holds,
    disputed: t.boolean,
    cancellationRefused: t.boolean,
    notifications: t.readonlyArray(notification),
  },
  'PlacedOrder',
) satisfies t.Type<PlacedOrder, unknown, unknown>;
