// What each command adds: the first outcome is `+` in the table, the further ones are `2`, `3`, … in their order.
import type { OrderCommand } from '../../../../domain/order/commands.js';
import type { OrderEvent } from '../../../../domain/order/events.js';
import type { Refusal } from '../../../../domain/order/refusal.js';
import * as the from '../../../support/examples.js';
import { pence } from '../../../support/examples.js';
import * as more from '../../../support/order/payment-examples.js';

/** One command as it is asked of every state. `refusals` are those that carry data, by their capital letter. */
export type Row = {
  readonly command: OrderCommand;
  readonly adds: ReadonlyArray<readonly OrderEvent[]>;
  readonly refusals?: Readonly<Record<string, Refusal>>;
};

const { declines, otherCard, renewalSeconds } = more;
const soon = renewalSeconds + 2;
const cancelledAt = { ...the.cancelled, at: the.after(4_000) } as const;
const answerToSecond = (outcome: Parameters<typeof more.answer>[2]) => more.answer(2, soon, outcome);
const approved = more.money(2, soon);

/** Every command, some with several outcomes. */
export const rows: Readonly<Record<string, Row>> = {
  PlaceOrder: { command: the.place, adds: [[the.placed]] },
  AuthenticateCustomer: { command: the.authenticate, adds: [[the.authenticated]] },
  'AuthenticateCustomer, sign-in revoked': { command: the.authenticateRevoked, adds: [[the.rejected]] },
  ValidateOrder: { command: the.validate, adds: [[the.validated]] },
  'RecordStockReservation, reserved': { command: the.recordStock, adds: [[the.stockReserved]] },
  'RecordStockReservation, held for longer': {
    command: { ...the.recordStock, outcome: { type: 'reserved', until: the.after(1_800) } },
    adds: [[{ ...the.stockReserved, until: the.after(1_800) }]],
  },
  'RecordStockReservation, unavailable': {
    command: the.recordStockMissing,
    adds: [[the.stockUnavailable, the.rejectedForStock]],
  },
  RequestCardReservation: {
    command: { ...the.requestReservation, at: the.after(100) },
    adds: [[more.asked(1, 100)], [more.asked(2, 100)], [more.asked(2, 100, otherCard)]],
  },
  'RecordCardReservation, reserved': { command: the.recordReserved, adds: [[the.reserved]] },
  'RecordCardReservation, wrong address': {
    command: more.answer(1, 5, { type: 'reserved', reservation: more.wrongAddress }),
    adds: [[more.heldWrongAddress, more.refused(1, 5, declines.policy)], [more.heldWrongAddress]],
  },
  'RecordCardReservation, declined': { command: the.recordDeclined, adds: [[the.declined]] },
  'RecordCardReservation, to be confirmed': {
    command: more.answer(1, 5, { type: 'authentication_required', challenge: more.challenge }),
    adds: [[more.challenged(1, 5)]],
  },
  'RecordCardReservation, ended': {
    command: more.answer(1, 5, { type: 'ended' }),
    adds: [
      [more.refused(1, 5, { class: 'soft', code: 'reservation_ended' })],
      [more.refused(1, 5, { class: 'authentication', code: 'authentication_not_completed' })],
    ],
  },
  'RecordCardReservation, unknown': {
    command: the.recordReservationUnknown,
    adds: [[the.reservationUnknown]],
  },
  'RecordCardReservation, the second reserved': {
    command: answerToSecond({ type: 'reserved', reservation: approved }),
    adds: [[{ type: 'CardReserved', at: the.after(soon), reservation: { ...approved, attempt: 2 } }]],
    refusals: { A: { type: 'attempt_unknown', attempt: 2 } },
  },
  'RecordCardReservation, the second declined': {
    command: answerToSecond({ type: 'declined', decline: declines.hard }),
    adds: [[more.refused(2, soon, declines.hard)]],
    refusals: { A: { type: 'attempt_unknown', attempt: 2 } },
  },
  'RecordStockCommitment, committed': { command: the.recordCommitment, adds: [[the.stockCommitted]] },
  'RecordStockCommitment, unavailable': {
    command: the.recordGoodsLost,
    adds: [[the.goodsLost, the.cancellationForStock]],
  },
  'ReplacePaymentMethod, another card': {
    command: more.nameCard(otherCard),
    adds: [[more.named(otherCard)]],
    refusals: { N: { type: 'no_attempt_left', most: 5 } },
  },
  'ReplacePaymentMethod, the same card': {
    command: more.nameCard(the.paymentMethod),
    adds: [[more.named(the.paymentMethod)]],
    refusals: { N: { type: 'no_attempt_left', most: 5 }, C: { type: 'card_never_again' } },
  },
  'GiveUpPayment, after half an hour': {
    command: the.giveUp,
    adds: [[the.givenUp]],
    refusals: {
      D: { type: 'deadline_not_passed', until: the.after(3_201 + 259_200) },
    },
  },
  RenewReservation: {
    command: more.renew,
    adds: [[more.renewal], [more.asked(2, renewalSeconds, the.paymentMethod, more.shortAmount)]],
    refusals: {
      R: { type: 'renewal_not_due', from: the.after(renewalSeconds + 1 + 6 * 86_400) },
    },
  },
  RecordReservationExpiry: {
    command: more.recordExpired(1, 4_000),
    adds: [[more.expired(1, 4_000)]],
  },
  PlaceHold: { command: more.placeHold('operator'), adds: [[more.onHold('operator')]] },
  ReleaseHold: { command: more.releaseHold('fraud'), adds: [[more.holdReleased('fraud')]] },
  ReleaseToWarehouse: {
    command: the.release,
    adds: [[the.released]],
    refusals: { G: { type: 'grace_not_over', until: the.after(renewalSeconds + 1 + 1_200) } },
  },
  RecordPick: { command: the.pick, adds: [[the.picked]] },
  'RecordPick, nothing found': {
    command: { ...the.pick, lines: more.noLines },
    adds: [
      [
        { ...the.picked, lines: more.noLines },
        { ...the.cancellationForStock, at: the.after(3_000) },
      ],
    ],
  },
  RecordPack: { command: the.pack, adds: [[the.packed]] },
  RequestCharge: {
    command: the.requestCharge,
    adds: [
      [the.chargeRequested],
      [more.chargeAsked(1, 3_200, more.shortAmount)],
      [more.chargeAsked(2, 3_200)],
    ],
  },
  'RecordCharge, charged': {
    command: the.recordCharged,
    adds: [[the.charged], [the.charged, more.cancellationRefund(1, pence(4580), 3_201)]],
  },
  'RecordCharge, failed': { command: the.recordChargeFailed, adds: [[the.chargeFailed]] },
  'RecordCharge, reservation expired': {
    command: more.chargeAnswer(1, 3_201, { type: 'reservation_expired' }),
    adds: [[more.chargeExpired, more.expired(1, 3_201)]],
  },
  'RecordCharge, unknown': { command: the.recordChargeUnknown, adds: [[the.chargeUnknown]] },
  RecordShipment: { command: the.ship, adds: [[the.shipped]] },
  GiveUpShipment: {
    command: more.giveUpShipment,
    adds: [
      [more.notShipped, more.cancellationRefund(1, pence(4580), 176_001)],
      [more.notShipped, more.cancellationRefund(2, pence(3580), 176_001)],
      [more.notShipped, more.cancellationRefund(2, pence(4580), 176_001)],
    ],
  },
  CompleteOrder: { command: the.complete, adds: [[the.completed]] },
  RecordDelivery: { command: more.deliver, adds: [[more.delivered]] },
  'RequestCancellation, by the customer': {
    command: the.cancel,
    adds: [
      [the.cancellationRequested],
      [the.cancellationRequested, cancelledAt],
      [the.cancellationRequested, more.cancellationRefund(1, pence(4580))],
      [the.cancellationRequested, more.cancellationRefund(2, pence(3580))],
      [the.cancellationRequested, more.cancellationRefund(2, pence(4580))],
      [more.cancellationRefused],
    ],
  },
  'RecordReservationVoid, of the first': { command: the.recordVoid, adds: [[the.voided]] },
  'RecordReservationVoid, of the second': {
    command: more.recordGone(2, soon),
    adds: [[more.gone(2, soon)]],
  },
  RecordPutBack: { command: more.putBack, adds: [[more.goodsPutBack]] },
  RecordStockRelease: { command: the.recordStockRelease, adds: [[the.stockReleased]] },
  CancelOrder: {
    command: the.cancelNow,
    adds: [[the.cancelled], [{ ...the.cancelled, reason: 'out_of_stock' }]],
  },
  'RequestRefund, of ten pounds': {
    command: more.refund('r-2'),
    adds: [[more.refundAsked('r-2', 1)], [more.refundAsked('r-2', 2)]],
    refusals: { Z: { type: 'refund_above_charge', refundable: pence(0) } },
  },
  'RequestRefund, of everything': {
    command: more.refund('r-2', pence(4580)),
    adds: [[more.refundAsked('r-2', 1, pence(4580))], [more.refundAsked('r-2', 2, pence(4580))]],
    refusals: {
      Z: { type: 'refund_above_charge', refundable: pence(0) },
      P: { type: 'refund_above_charge', refundable: pence(3580) },
    },
  },
  'RecordRefund, refunded': {
    command: more.refundAnswer('r-1', more.refundMade()),
    adds: [[more.refunded('r-1')]],
    refusals: { U: { type: 'refund_unknown', refundId: 'r-1' } },
  },
  'RecordRefund, failed': {
    command: more.refundAnswer('r-1', { type: 'failed', reason: 'lost_or_stolen_card' }),
    adds: [[more.refundFailed('r-1')]],
    refusals: { U: { type: 'refund_unknown', refundId: 'r-1' } },
  },
  'RecordRefund, unknown': {
    command: more.refundAnswer('r-1', { type: 'unknown' }),
    adds: [[more.refundUnknown('r-1')]],
    refusals: { U: { type: 'refund_unknown', refundId: 'r-1' } },
  },
  RecordDispute: { command: more.recordDispute, adds: [[more.disputed]] },
  'RequestNotification, order_confirmed': {
    command: the.requestMail('order_confirmed', 5),
    adds: [[the.mailRequested('order_confirmed', 5)]],
  },
  'RequestNotification, payment_needed': {
    command: the.requestMail('payment_needed', 5),
    adds: [[the.mailRequested('payment_needed', 5)]],
  },
  'RequestNotification, order_cancelled': {
    command: the.requestMail('order_cancelled', 10),
    adds: [[the.mailRequested('order_cancelled', 10)]],
  },
  'RecordNotification, before any was asked for': {
    command: the.recordMailSent('order_confirmed', 5),
    adds: [],
  },
  'RecordMailReturn, before any was asked for': {
    command: the.recordMailReturn('order_confirmed', 5, 'permanent'),
    adds: [],
  },
};
