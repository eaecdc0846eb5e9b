// Every form in which an event was ever stored. Names and fields are history: add a version, never change one.
//
// A new version of an event: move its line to a constant and change it there, write it under the next version's name,
// and turn the old line into `older(codec, newForm, upcast)`; add a golden file of the new form and one of the upcast.
// A missing event does not compile.
import * as t from 'io-ts';
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
} from './parts.js';
import {
  current,
  type CurrentForm,
  type EventName,
  type EventNamed,
  older,
  type StoredForm,
} from './stored-form.js';
import {
  countingNumber,
  instant,
  money,
  paymentKey,
  paymentMethodToken,
  signInId,
  wholeNumber,
} from './values.js';

const attempt = countingNumber;
const refundId = t.string;
const mail = { kind: notificationKind, factRevision: wholeNumber };

const notificationSent = current('NotificationSent', { ...mail, messageId: t.string });
const notificationPossiblySent = current('NotificationPossiblySent', mail);
const notificationNotSent = current('NotificationNotSent', { ...mail, reason: t.string });

const mailOfUnknownFact = t.type({ at: t.string, kind: t.string });

/** The first form did not say which fact the mail was about; 0 stands for the only mail of its kind. */
const aboutItsOnlyFact = <Old extends object>(old: Old) => ({ ...old, factRevision: 0 });

type FormOf<Name extends EventName> = CurrentForm<EventNamed<Name>> | StoredForm<EventNamed<Name>>;
/** Every event has a first form; that is how a missing one is noticed. */
type FirstForms = { readonly [Name in EventName as `${Name}.v1`]: FormOf<Name> };
type LaterForms = { readonly [Name in EventName as `${Name}.v${2 | 3 | 4 | 5}`]?: FormOf<Name> };

/** The forms by stored name; the highest version of an event is the one that is written. */
export const storedEvents = {
  'OrderPlaced.v1': current('OrderPlaced', orderTerms),
  'CustomerAuthenticated.v1': current('CustomerAuthenticated', { signInId }),
  'OrderValidated.v1': current('OrderValidated', {}),
  'OrderRejected.v1': current('OrderRejected', { reasons: t.readonlyArray(rejectionReason) }),
  'ReleasedToWarehouse.v1': current('ReleasedToWarehouse', {}),
  'CancellationRequested.v1': current('CancellationRequested', {
    by: cancelledBy,
    reason: cancellationReason,
  }),
  'CancellationRefused.v1': current('CancellationRefused', { by: cancelledBy }),
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
  'CardAuthenticationRequired.v1': current('CardAuthenticationRequired', { attempt, challenge }),
  'CardDeclined.v1': current('CardDeclined', { attempt, decline }),
  'CardReservationOutcomeUnknown.v1': current('CardReservationOutcomeUnknown', { attempt }),
  'CardReservationVoided.v1': current('CardReservationVoided', { attempt }),
  'CardReservationExpired.v1': current('CardReservationExpired', { attempt }),
  'PaymentMethodReplaced.v1': current('PaymentMethodReplaced', { paymentMethod: paymentMethodToken }),
  'ChargeRequested.v1': current('ChargeRequested', { attempt, key: paymentKey, amount: money }),
  'Charged.v1': current('Charged', { attempt, amount: money, reference: t.string }),
  'ChargeFailed.v1': current('ChargeFailed', { attempt, decline }),
  'ChargeOutcomeUnknown.v1': current('ChargeOutcomeUnknown', { attempt }),
  'RefundRequested.v1': current('RefundRequested', {
    refundId,
    number: countingNumber,
    key: paymentKey,
    amount: money,
    reason: refundReason,
  }),
  'Refunded.v1': current('Refunded', { refundId, amount: money, reference: t.string }),
  'RefundFailed.v1': current('RefundFailed', { refundId, reason: t.string }),
  'RefundOutcomeUnknown.v1': current('RefundOutcomeUnknown', { refundId }),
  'PaymentDisputed.v1': current('PaymentDisputed', { reference: t.string, amount: money, reason: t.string }),

  'Picked.v1': current('Picked', { lines: t.readonlyArray(pickedLine), pickedBy: t.string }),
  'Packed.v1': current('Packed', { parcels: t.readonlyArray(parcel), packedBy: t.string }),
  'Shipped.v1': current('Shipped', { handover, shippedBy: t.string }),
  'Delivered.v1': current('Delivered', {}),
  'GoodsPutBack.v1': current('GoodsPutBack', { putBackBy: t.string }),

  'HoldPlaced.v1': current('HoldPlaced', { reason: holdReason, by: t.string }),
  'HoldReleased.v1': current('HoldReleased', { reason: holdReason, by: t.string }),

  'NotificationRequested.v1': current('NotificationRequested', mail),
  'NotificationSent.v1': older(
    t.intersection([mailOfUnknownFact, t.type({ messageId: t.string })]),
    notificationSent,
    aboutItsOnlyFact,
  ),
  'NotificationSent.v2': notificationSent,
  'NotificationPossiblySent.v1': older(mailOfUnknownFact, notificationPossiblySent, aboutItsOnlyFact),
  'NotificationPossiblySent.v2': notificationPossiblySent,
  'NotificationNotSent.v1': older(
    t.intersection([mailOfUnknownFact, t.type({ reason: t.string })]),
    notificationNotSent,
    aboutItsOnlyFact,
  ),
  'NotificationNotSent.v2': notificationNotSent,
  'NotificationBounced.v1': current('NotificationBounced', { ...mail, mailReturn }),
} satisfies Readonly<FirstForms & LaterForms>;
