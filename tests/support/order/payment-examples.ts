// More of the example order's money: other cards, renewals, refunds, holds, goods that were not found. Facts and the
// commands that lead to them; the straight way is told in examples.ts.
import type { PickedLine } from '../../../domain/fulfilment.js';
import type { ChargeOutcome, RefundOutcome, ReservationOutcome } from '../../../domain/order/commands.js';
import type { HoldReason } from '../../../domain/order/events.js';
import type { Money } from '../../../domain/money.js';
import type { Challenge, Decline, DeclineClass, PaymentMethodToken } from '../../../domain/payment.js';
import { after, cardPolicy, heldMoney, orderId, payAgain, paymentMethod, pence } from '../examples.js';
import { paymentKeyOf, paymentMethodOf } from '../ids.js';

export const otherCard = paymentMethodOf('pm_card_mastercard');

/** A decline of each class. */
export const declines: Readonly<Record<DeclineClass, Decline>> = {
  soft: { class: 'soft', code: 'issuer_not_available' },
  fixable: { class: 'fixable', code: 'incorrect_cvc' },
  funds: { class: 'funds', code: 'insufficient_funds' },
  authentication: { class: 'authentication', code: 'authentication_required' },
  hard: { class: 'hard', code: 'stolen_card' },
  policy: { class: 'policy', code: 'address_check_failed' },
};

// Reservations.

/** The intent of the `attempt`th reservation. */
export const asked = (
  attempt: number,
  seconds: number,
  card: PaymentMethodToken = paymentMethod,
  amount: Money = pence(4580),
) =>
  ({
    type: 'CardReservationRequested',
    at: after(seconds),
    attempt,
    key: paymentKeyOf(`${orderId}:reserve:${String(attempt)}`),
    amount,
    paymentMethod: card,
  }) as const;
/** What the processor said about the `attempt`th reservation. */
export const answer = (attempt: number, seconds: number, outcome: ReservationOutcome) =>
  ({ type: 'RecordCardReservation', at: after(seconds), attempt, cardPolicy, outcome }) as const;
/** Money held by the `attempt`th reservation for a week. */
export const money = (attempt: number, seconds: number, amount: Money = pence(4580)) => ({
  ...heldMoney,
  amount,
  reference: `pi_${String(attempt)}`,
  captureBefore: after(seconds + 7 * 86_400),
});
export const held = (attempt: number, seconds: number, amount: Money = pence(4580)) =>
  ({
    type: 'CardReserved',
    at: after(seconds),
    reservation: { ...money(attempt, seconds, amount), attempt },
  }) as const;
export const refused = (attempt: number, seconds: number, decline: Decline) =>
  ({ type: 'CardDeclined', at: after(seconds), attempt, decline }) as const;
export const unknown = (attempt: number, seconds: number) =>
  ({ type: 'CardReservationOutcomeUnknown', at: after(seconds), attempt }) as const;
export const gone = (attempt: number, seconds: number) =>
  ({ type: 'CardReservationVoided', at: after(seconds), attempt }) as const;
export const recordGone = (attempt: number, seconds: number) =>
  ({ type: 'RecordReservationVoid', at: after(seconds), attempt }) as const;
export const expired = (attempt: number, seconds: number) =>
  ({ type: 'CardReservationExpired', at: after(seconds), attempt }) as const;
export const recordExpired = (attempt: number, seconds: number) =>
  ({ type: 'RecordReservationExpiry', at: after(seconds), attempt }) as const;

/** Where the customer confirms the first attempt with the bank. */
export const challenge: Challenge = { reference: 'pi_1', url: 'https://bank.example/confirm/1' };
export const challenged = (attempt: number, seconds: number) =>
  ({ type: 'CardAuthenticationRequired', at: after(seconds), attempt, challenge }) as const;
/** Approved by the issuer although the address is wrong. */
export const wrongAddress = { ...heldMoney, addressCheck: 'fail' } as const;
export const heldWrongAddress = {
  type: 'CardReserved',
  at: after(5),
  reservation: { ...wrongAddress, attempt: 1 },
} as const;

/** Names a card, a minute after the first one was declined. */
export const nameCard = (card: PaymentMethodToken, seconds = 65) =>
  ({ type: 'ReplacePaymentMethod', at: after(seconds), paymentMethod: card, payAgain }) as const;
export const named = (card: PaymentMethodToken, seconds = 65) =>
  ({ type: 'PaymentMethodReplaced', at: after(seconds), paymentMethod: card }) as const;

/** A day before the first reservation ends, and that moment itself in seconds. */
export const renewalSeconds = 6 * 86_400 + 10;
export const renew = { type: 'RenewReservation', at: after(renewalSeconds), marginSeconds: 86_400 } as const;
export const renewal = asked(2, renewalSeconds);

// Charges.

/** The intent of the `attempt`th charge. */
export const chargeAsked = (attempt: number, seconds: number, amount: Money = pence(4580)) =>
  ({
    type: 'ChargeRequested',
    at: after(seconds),
    attempt,
    key: paymentKeyOf(`${orderId}:charge:${String(attempt)}`),
    amount,
  }) as const;
export const chargeAnswer = (attempt: number, seconds: number, outcome: ChargeOutcome) =>
  ({ type: 'RecordCharge', at: after(seconds), attempt, outcome }) as const;
export const chargeRefused = (attempt: number, seconds: number, decline: Decline) =>
  ({ type: 'ChargeFailed', at: after(seconds), attempt, decline }) as const;
/** What a charge says that found its reservation ended. */
export const chargeExpired = chargeRefused(1, 3_201, { class: 'soft', code: 'reservation_expired' });

// Refunds and disputes.

/** Asks for ten pounds back. */
export const refund = (refundId: string, amount: Money = pence(1_000)) =>
  ({ type: 'RequestRefund', at: after(3_400), refundId, amount, reason: 'goodwill' }) as const;
export const refundAsked = (refundId: string, number: number, amount: Money = pence(1_000)) =>
  ({
    type: 'RefundRequested',
    at: after(3_400),
    refundId,
    number,
    key: paymentKeyOf(`${orderId}:refund:${String(number)}`),
    amount,
    reason: 'goodwill',
  }) as const;
export const refundAnswer = (refundId: string, outcome: RefundOutcome) =>
  ({ type: 'RecordRefund', at: after(3_500), refundId, outcome }) as const;
export const refundMade = (amount: Money = pence(1_000)) =>
  ({ type: 'refunded', amount, reference: 're_1' }) as const;
export const refunded = (refundId: string, amount: Money = pence(1_000)) =>
  ({ type: 'Refunded', at: after(3_500), refundId, amount, reference: 're_1' }) as const;
export const refundFailed = (refundId: string) =>
  ({ type: 'RefundFailed', at: after(3_500), refundId, reason: 'lost_or_stolen_card' }) as const;
export const refundUnknown = (refundId: string) =>
  ({ type: 'RefundOutcomeUnknown', at: after(3_500), refundId }) as const;
/** The refund that a cancellation asks for. */
export const cancellationRefund = (number: number, amount: Money, seconds = 4_000) =>
  ({
    type: 'RefundRequested',
    at: after(seconds),
    refundId: 'cancellation',
    number,
    key: paymentKeyOf(`${orderId}:refund:${String(number)}`),
    amount,
    reason: 'cancellation',
  }) as const;
const dispute = { at: after(9_000), reference: 'du_1', amount: pence(4580), reason: 'fraudulent' };
export const recordDispute = { type: 'RecordDispute', ...dispute } as const;
export const disputed = { type: 'PaymentDisputed', ...dispute } as const;

// Holds.

export const placeHold = (reason: HoldReason, seconds = 1_000) =>
  ({ type: 'PlaceHold', at: after(seconds), reason, by: 'Olga' }) as const;
export const onHold = (reason: HoldReason, seconds = 1_000) =>
  ({ type: 'HoldPlaced', at: after(seconds), reason, by: 'Olga' }) as const;
export const releaseHold = (reason: HoldReason, seconds = 1_500) =>
  ({ type: 'ReleaseHold', at: after(seconds), reason, by: 'Olga' }) as const;
export const holdReleased = (reason: HoldReason, seconds = 1_500) =>
  ({ type: 'HoldReleased', at: after(seconds), reason, by: 'Olga' }) as const;

// Goods.

/** Four of six, and both cake stands: £40.70 are due. */
export const shortLines: readonly PickedLine[] = [
  { lineNumber: 1, picked: 4, short: 2, shortReason: 'damaged' },
  { lineNumber: 2, picked: 2, short: 0, shortReason: null },
];
export const shortAmount = pence(4580 - 2 * 255);
/** Nothing was found. */
export const noLines: readonly PickedLine[] = [
  { lineNumber: 1, picked: 0, short: 6, shortReason: 'not_in_bin' },
  { lineNumber: 2, picked: 0, short: 2, shortReason: 'not_in_bin' },
];
export const putBack = { type: 'RecordPutBack', at: after(4_100), putBackBy: 'Ben' } as const;
export const goodsPutBack = { type: 'GoodsPutBack', at: after(4_100), putBackBy: 'Ben' } as const;
export const deliver = { type: 'RecordDelivery', at: after(90_000) } as const;
export const delivered = { type: 'Delivered', at: after(90_000) } as const;
/** Two days after the charge. */
export const giveUpShipment = {
  type: 'GiveUpShipment',
  at: after(3_201 + 172_800),
  unshippedSeconds: 172_800,
} as const;
export const notShipped = {
  type: 'CancellationRequested',
  at: after(3_201 + 172_800),
  by: 'checkout',
  reason: 'not_shipped',
} as const;
export const cancellationRefused = { type: 'CancellationRefused', at: after(4_000), by: 'customer' } as const;
