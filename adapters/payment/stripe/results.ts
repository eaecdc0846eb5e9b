// What payment intents and refunds say, in the port's words. Pure.
import * as E from 'fp-ts/lib/Either.js';
import type Stripe from 'stripe';
import type {
  ChargeResult,
  GatewayError,
  RefundResult,
  ReservationState,
} from '../../../application/ports/payment-gateway.js';
import { isInstant } from '../../../domain/instant.js';
import type { CardCheck, Reservation } from '../../../domain/payment.js';
import { fromProcessorAmount } from '../amounts.js';
import { declineOf } from '../decline-classes.js';
import { outcomeUnknown } from '../gateway-errors.js';
import { wordOf } from './errors.js';

const checks: Readonly<Record<string, CardCheck>> = {
  pass: 'pass',
  fail: 'fail',
  unavailable: 'unavailable',
  unchecked: 'unchecked',
};
const checkOf = (check: string | null | undefined): CardCheck => checks[check ?? 'unchecked'] ?? 'unchecked';

/** The address is right when no part of it is wrong; a part that was not checked says nothing. */
const addressCheckOf = (card: Stripe.Charge.PaymentMethodDetails.Card): CardCheck => {
  const parts = [card.checks?.address_line1_check, card.checks?.address_postal_code_check].map(checkOf);
  const byWeight = ['fail', 'pass', 'unavailable', 'unchecked'] as const;
  return byWeight.find((check) => parts.includes(check)) ?? 'unchecked';
};

/** The money that an intent holds or held. Null when the answer lacks what a reservation must have. */
const reservationOf = (intent: Stripe.PaymentIntent): Omit<Reservation, 'attempt'> | null => {
  const charge = intent.latest_charge;
  const card = typeof charge === 'object' ? charge?.payment_method_details?.card : undefined;
  const captureBefore = (card?.capture_before ?? Number.NaN) * 1000;
  const amount = fromProcessorAmount(intent.amount, intent.currency);
  if (!card || amount === null || !isInstant(captureBefore)) return null;
  return {
    reference: intent.id,
    amount,
    captureBefore,
    card: { brand: card.brand ?? 'unknown', lastFour: card.last4 ?? '' },
    addressCheck: addressCheckOf(card),
    securityCodeCheck: checkOf(card.checks?.cvc_check),
  };
};

/**
 * Where an attempt stands; an intent that was captured still shows what it held. `null`: the intent was never
 * confirmed, so nothing was asked of the card. A challenge without an address cannot be shown to anybody, which makes
 * it a decline.
 */
export const reservationState = (
  intent: Stripe.PaymentIntent,
): E.Either<GatewayError, ReservationState | null> => {
  switch (intent.status) {
    case 'requires_capture':
    case 'succeeded': {
      const reservation = reservationOf(intent);
      return reservation === null
        ? E.left(outcomeUnknown('card processor: incomplete reservation'))
        : E.right({ type: 'reserved', reservation });
    }
    case 'requires_payment_method': {
      const refusal = intent.last_payment_error;
      if (refusal === null) return E.right(null);
      const code = wordOf(refusal.decline_code, refusal.code, 'card_declined');
      return E.right({ type: 'declined', decline: declineOf(code) });
    }
    case 'requires_action': {
      const url = intent.next_action?.redirect_to_url?.url;
      return E.right(
        url === undefined || url === null
          ? { type: 'declined', decline: declineOf('authentication_not_handled') }
          : { type: 'authentication_required', challenge: { reference: intent.id, url } },
      );
    }
    case 'canceled':
      return E.right({ type: 'ended' });
    case 'requires_confirmation':
      return E.right(null);
    case 'processing':
    default:
      return E.left(outcomeUnknown('card processor: processing'));
  }
};

/** What was taken of a reservation; null while it stands, or may still come to stand, and nothing was taken. */
export const chargeResult = (intent: Stripe.PaymentIntent): E.Either<GatewayError, ChargeResult | null> => {
  switch (intent.status) {
    case 'succeeded': {
      const amount = fromProcessorAmount(intent.amount_received, intent.currency);
      const charge = intent.latest_charge;
      const reference = typeof charge === 'string' ? charge : charge?.id;
      return amount === null || reference === undefined
        ? E.left(outcomeUnknown('card processor: incomplete charge'))
        : E.right({ type: 'charged', amount, reference });
    }
    case 'canceled':
    case 'requires_payment_method':
      return E.right({ type: 'reservation_expired' });
    case 'requires_capture':
    case 'requires_action':
    case 'requires_confirmation':
      return E.right(null);
    case 'processing':
    default:
      return E.left(outcomeUnknown('card processor: processing'));
  }
};

/** What became of a refund so far. One that its bank took and gave back later is `failed`. */
export const refundResult = (refund: Stripe.Refund): E.Either<GatewayError, RefundResult> => {
  switch (refund.status) {
    case 'succeeded': {
      const amount = fromProcessorAmount(refund.amount, refund.currency);
      return amount === null
        ? E.left(outcomeUnknown('card processor: incomplete refund'))
        : E.right({ type: 'refunded', amount, reference: refund.id });
    }
    case 'failed':
    case 'canceled':
      return E.right({ type: 'failed', reason: wordOf(refund.failure_reason, refund.status) });
    case 'pending':
    case 'requires_action':
      return E.right({ type: 'pending' });
    case null:
    default:
      return E.left(outcomeUnknown('card processor: a refund in an unknown state'));
  }
};
