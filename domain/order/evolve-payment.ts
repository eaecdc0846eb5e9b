import { absurd } from '../brand.js';
import type { Decline, PaymentMethodToken, Reservation } from '../payment.js';
import type {
  CardAuthenticationRequired,
  CardDeclined,
  CardReservationExpired,
  CardReservationOutcomeUnknown,
  CardReservationRequested,
  CardReservationVoided,
  CardReserved,
  ChargeFailed,
  ChargeOutcomeUnknown,
  ChargeRequested,
  Charged,
  PaymentDisputed,
  PaymentMethodReplaced,
  RefundFailed,
  RefundOutcomeUnknown,
  RefundRequested,
  Refunded,
} from './events.js';
import {
  type OpenPayment,
  type Payment,
  type PaymentTrouble,
  type PlacedOrder,
  type Refund,
  reservationOf,
} from './order.js';
import { isRefusedForGood } from './rules/next-payment.js';

// The money's part of the fold. A reservation that another one replaced, or that was refused after its approval, is
// surplus until it is void.

type PaymentFact =
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
  | PaymentDisputed;

const openPayment = ({
  attempt,
  key,
  amount,
  at,
}: CardReservationRequested | ChargeRequested): OpenPayment => ({
  attempt,
  key,
  amount,
  requestedAt: at,
  outcome: 'awaited',
});

/** The card under which an attempt was made. */
const cardOf = ({ tries, paymentMethod }: PlacedOrder, attempt: number): PaymentMethodToken =>
  tries.find((tried) => tried.attempt === attempt)?.paymentMethod ?? paymentMethod;

const troubleOf = (
  { attempt, decline, at }: CardDeclined | ChargeFailed,
  paymentMethod: PaymentMethodToken,
): PaymentTrouble => ({ attempt, decline, paymentMethod, at, answered: false });

const withDecline = (order: PlacedOrder, attempt: number, decline: Decline): PlacedOrder['tries'] =>
  order.tries.map((tried) => (tried.attempt === attempt ? { ...tried, decline } : tried));

/** True when the issuer refused to pay what is reserved; one that was not available may pay yet. */
const isChargeRefused = (payment: Payment): boolean =>
  payment.status === 'charge_failed' && payment.trouble.decline.class !== 'soft';

const requested = (order: PlacedOrder, event: CardReservationRequested): PlacedOrder => {
  const { attempt, paymentMethod, at } = event;
  const earlier = reservationOf(order.payment);
  const held = isChargeRefused(order.payment) ? null : earlier;
  const surplus = earlier !== null && held === null ? [...order.surplus, earlier] : order.surplus;
  return {
    ...order,
    paymentMethod,
    surplus,
    tries: [...order.tries, { attempt, paymentMethod, at, decline: null }],
    payment: { status: 'reserving', request: openPayment(event), paymentMethod, held },
  };
};

const reserved = (order: PlacedOrder, { reservation, at }: CardReserved): PlacedOrder => {
  const replaced = reservationOf(order.payment);
  return {
    ...order,
    payment: { status: 'reserved', reservation, at, replaced: replaced?.attempt ?? null },
    surplus: replaced === null ? order.surplus : [...order.surplus, replaced],
  };
};

const declined = (order: PlacedOrder, event: CardDeclined): PlacedOrder => {
  const { payment } = order;
  const trouble = troubleOf(event, cardOf(order, event.attempt));
  const tries = withDecline(order, event.attempt, event.decline);
  // Refused by us after the issuer had approved it: it must go, and the one it replaced stays.
  if (payment.status === 'reserved' && payment.reservation.attempt === event.attempt) {
    const held = order.surplus.find(({ attempt }) => attempt === payment.replaced) ?? null;
    const surplus = [...order.surplus.filter((other) => other !== held), payment.reservation];
    return { ...order, tries, surplus, payment: { status: 'declined', trouble, held } };
  }
  return { ...order, tries, payment: { status: 'declined', trouble, held: reservationOf(payment) } };
};

const chargeFailed = (order: PlacedOrder, reservation: Reservation, event: ChargeFailed): PlacedOrder => {
  const trouble = troubleOf(event, cardOf(order, reservation.attempt));
  const payment: Payment = { status: 'charge_failed', reservation, trouble };
  const tries = isChargeRefused(payment)
    ? withDecline(order, reservation.attempt, event.decline)
    : order.tries;
  return { ...order, tries, payment };
};

const needsOtherCard = (order: PlacedOrder, { decline }: PaymentTrouble): boolean =>
  decline.class !== 'soft' || isRefusedForGood(order, order.paymentMethod);

const markUnknown = (payment: Payment): Payment =>
  payment.status === 'reserving' || payment.status === 'charging'
    ? { ...payment, request: { ...payment.request, outcome: 'unknown' } }
    : payment;

const voided = (order: PlacedOrder, { attempt, at }: CardReservationVoided): PlacedOrder => {
  const { payment } = order;
  const surplus = order.surplus.filter((reservation) => reservation.attempt !== attempt);
  if (surplus.length < order.surplus.length) return { ...order, surplus };
  const held = reservationOf(payment);
  const reservation = held?.attempt === attempt ? held : null;
  // An attempt that waited for the customer is gone; the earlier reservation it was to replace still has to go.
  const left = payment.status === 'authenticating' && payment.held !== null ? [payment.held] : [];
  return { ...order, surplus: [...surplus, ...left], payment: { status: 'voided', at, reservation } };
};

const expired = (order: PlacedOrder, { attempt, at }: CardReservationExpired): PlacedOrder => {
  const { payment } = order;
  const surplus = order.surplus.filter((reservation) => reservation.attempt !== attempt);
  if (surplus.length < order.surplus.length) return { ...order, surplus };
  if (
    payment.status === 'reserving' ||
    payment.status === 'authenticating' ||
    payment.status === 'declined'
  ) {
    return { ...order, payment: { ...payment, held: null } };
  }
  // Only a card that was not refused is asked again by itself; else the customer is still asked for one.
  if (payment.status === 'charge_failed' && needsOtherCard(order, payment.trouble)) {
    return { ...order, payment: { status: 'declined', trouble: payment.trouble, held: null } };
  }
  return { ...order, payment: { status: 'expired', attempt, at } };
};

const answered = (trouble: PaymentTrouble): PaymentTrouble => ({ ...trouble, answered: true });

const replaced = (order: PlacedOrder, { paymentMethod }: PaymentMethodReplaced): PlacedOrder => {
  const { payment } = order;
  return payment.status === 'declined' || payment.status === 'charge_failed'
    ? { ...order, paymentMethod, payment: { ...payment, trouble: answered(payment.trouble) } }
    : { ...order, paymentMethod };
};

const withRefund = (
  order: PlacedOrder,
  refundId: string,
  change: Partial<Pick<Refund, 'status' | 'madeRevision'>>,
): readonly Refund[] =>
  order.refunds.map((refund) => (refund.refundId === refundId ? { ...refund, ...change } : refund));

/** The order after one more fact about its money. Never throws. */
export const evolvePayment = (order: PlacedOrder, event: PaymentFact): PlacedOrder => {
  const { payment } = order;
  const reservation = reservationOf(payment);
  switch (event.type) {
    case 'CardReservationRequested':
      return requested(order, event);
    case 'CardReserved':
      return reserved(order, event);
    case 'CardAuthenticationRequired': {
      if (payment.status !== 'reserving') return order;
      const { request, paymentMethod, held } = payment;
      const { challenge, at } = event;
      return {
        ...order,
        payment: { status: 'authenticating', request, paymentMethod, challenge, at, held },
      };
    }
    case 'CardDeclined':
      return declined(order, event);
    case 'CardReservationOutcomeUnknown':
    case 'ChargeOutcomeUnknown':
      return { ...order, payment: markUnknown(payment) };
    case 'CardReservationVoided':
      return voided(order, event);
    case 'CardReservationExpired':
      return expired(order, event);
    case 'PaymentMethodReplaced':
      return replaced(order, event);
    case 'ChargeRequested':
      return reservation === null
        ? order
        : {
            ...order,
            chargeAttempts: event.attempt,
            payment: { status: 'charging', reservation, request: openPayment(event) },
          };
    case 'Charged':
      return reservation === null
        ? order
        : { ...order, payment: { status: 'charged', reservation, amount: event.amount, at: event.at } };
    case 'ChargeFailed':
      return reservation === null ? order : chargeFailed(order, reservation, event);
    case 'RefundRequested': {
      const { refundId, number, key, amount, reason, at } = event;
      const refund: Refund = {
        ...{ refundId, number, key, amount, reason, requestedAt: at },
        ...{ status: 'requested', madeRevision: null },
      };
      return { ...order, refunds: [...order.refunds, refund] };
    }
    case 'Refunded': {
      const madeRevision = order.revision;
      return { ...order, refunds: withRefund(order, event.refundId, { status: 'refunded', madeRevision }) };
    }
    case 'RefundFailed':
      return { ...order, refunds: withRefund(order, event.refundId, { status: 'failed' }) };
    case 'RefundOutcomeUnknown':
      return { ...order, refunds: withRefund(order, event.refundId, { status: 'unknown' }) };
    case 'PaymentDisputed':
      return { ...order, disputed: true };
    default:
      return absurd(event);
  }
};
