// Every form in which an event was ever stored. Names and fields are history: add a version, never change one.
//
// A new version of an event: copy its line to the next version's name and change the copy; turn the old line into
// `older(codec, newForm, upcast)`; add a golden file. A missing event does not compile.
import * as t from 'io-ts';
import {
  cancellationReason,
  cancelledBy,
  decline,
  handover,
  missingLine,
  notificationKind,
  orderLine,
  parcel,
  pickedLine,
  rejectionReason,
  reservation,
} from './parts.js';
import {
  current,
  type CurrentForm,
  type EventName,
  type EventNamed,
  type StoredForm,
} from './stored-form.js';
import {
  contactSnapshotId,
  countingNumber,
  countryCode,
  currency,
  customerId,
  instant,
  money,
  orderId,
  paymentKey,
  paymentMethodToken,
  signInId,
  wholeNumber,
} from './values.js';

const attempt = countingNumber;

/** The forms by stored name; the highest version of an event is the one that is written. */
export const storedEvents = {
  'OrderPlaced.v1': current('OrderPlaced', {
    orderId,
    customerId,
    signInId,
    contactSnapshotId,
    cart: t.strict({ issuer: t.string, tokenId: t.string }, 'CartToken'),
    destination: countryCode,
    currency,
    lines: t.readonlyArray(orderLine),
    delivery: money,
    total: money,
    paymentMethod: paymentMethodToken,
  }),
  'CustomerAuthenticated.v1': current('CustomerAuthenticated', { signInId }),
  'OrderValidated.v1': current('OrderValidated', {}),
  'OrderRejected.v1': current('OrderRejected', { reasons: t.readonlyArray(rejectionReason) }),
  'ReleasedToWarehouse.v1': current('ReleasedToWarehouse', {}),
  'CancellationRequested.v1': current('CancellationRequested', {
    by: cancelledBy,
    reason: cancellationReason,
  }),
  'OrderCancelled.v1': current('OrderCancelled', { reason: cancellationReason }),
  'OrderCompleted.v1': current('OrderCompleted', {}),

  'StockReserved.v1': current('StockReserved', { until: instant }),
  'StockUnavailable.v1': current('StockUnavailable', { lines: t.readonlyArray(missingLine) }),
  'StockCommitted.v1': current('StockCommitted', {}),
  'StockReleased.v1': current('StockReleased', {}),

  'CardReservationRequested.v1': current('CardReservationRequested', {
    attempt,
    key: paymentKey,
    amount: money,
    paymentMethod: paymentMethodToken,
  }),
  'CardReserved.v1': current('CardReserved', { reservation }),
  'CardDeclined.v1': current('CardDeclined', { attempt, decline }),
  'CardReservationOutcomeUnknown.v1': current('CardReservationOutcomeUnknown', { attempt }),
  'CardReservationVoided.v1': current('CardReservationVoided', { attempt }),
  'ChargeRequested.v1': current('ChargeRequested', { attempt, key: paymentKey, amount: money }),
  'Charged.v1': current('Charged', { attempt, amount: money, reference: t.string }),
  'ChargeFailed.v1': current('ChargeFailed', { attempt, decline }),
  'ChargeOutcomeUnknown.v1': current('ChargeOutcomeUnknown', { attempt }),

  'Picked.v1': current('Picked', { lines: t.readonlyArray(pickedLine), pickedBy: t.string }),
  'Packed.v1': current('Packed', { parcels: t.readonlyArray(parcel), packedBy: t.string }),
  'Shipped.v1': current('Shipped', { handover, shippedBy: t.string }),

  'NotificationRequested.v1': current('NotificationRequested', {
    kind: notificationKind,
    factRevision: wholeNumber,
  }),
  'NotificationSent.v1': current('NotificationSent', { kind: notificationKind, messageId: t.string }),
  'NotificationPossiblySent.v1': current('NotificationPossiblySent', { kind: notificationKind }),
  'NotificationNotSent.v1': current('NotificationNotSent', { kind: notificationKind, reason: t.string }),
} satisfies {
  readonly [Name in EventName as `${Name}.v1`]: CurrentForm<EventNamed<Name>> | StoredForm<EventNamed<Name>>;
};
