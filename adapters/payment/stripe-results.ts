// What a payment intent says, in the port's words. Pure.
import * as E from 'fp-ts/lib/Either.js';
import type Stripe from 'stripe';
import type {
  ChargeResult,
  GatewayError,
  ReservationResult,
} from '../../application/ports/payment-gateway.js';
import { isInstant } from '../../domain/instant.js';
import type { CardCheck, Reservation } from '../../domain/payment.js';
import { fromProcessorAmount } from './amounts.js';
import { declineOf } from './decline-classes.js';
import { outcomeUnknown } from './stripe-errors.js';

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

/** `null`: the intent was never confirmed, so nothing was asked of the card. */
export const reservationResult = (
  intent: Stripe.PaymentIntent,
): E.Either<GatewayError, ReservationResult | null> => {
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
      return refusal === null
        ? E.right(null)
        : E.right({
            type: 'declined',
            decline: declineOf(refusal.decline_code ?? refusal.code ?? 'card_declined'),
          });
    }
    case 'requires_action':
      return E.right({ type: 'declined', decline: declineOf('authentication_required') });
    case 'canceled': {
      // Abandoned is our own word for a payment that its holder would have had to confirm.
      const code =
        intent.cancellation_reason === 'abandoned' ? 'authentication_required' : 'reservation_gone';
      return E.right({ type: 'declined', decline: declineOf(code) });
    }
    case 'requires_confirmation':
      return E.right(null);
    case 'processing':
    default:
      return E.left(outcomeUnknown('card processor: processing'));
  }
};

/** What was taken of a reservation; null while nothing was. */
export const chargeResult = (intent: Stripe.PaymentIntent): E.Either<GatewayError, ChargeResult | null> => {
  if (intent.status === 'processing') return E.left(outcomeUnknown('card processor: processing'));
  if (intent.status !== 'succeeded') return E.right(null);
  const amount = fromProcessorAmount(intent.amount_received, intent.currency);
  const charge = intent.latest_charge;
  const reference = typeof charge === 'string' ? charge : charge?.id;
  return amount === null || reference === undefined
    ? E.left(outcomeUnknown('card processor: incomplete charge'))
    : E.right({ type: 'charged', amount, reference });
};
