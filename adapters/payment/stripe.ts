// The port PaymentGateway over Stripe's payment intents with manual capture. The hard promise is to know what became of
// an attempt. Within 24 hours the same request under the same key is answered with its first result. Later, or when
// the caller does not know the request any more, the attempt is found by the metadata that every intent carries. That
// search lags by a minute or so behind what was written; a null in that minute makes the caller repeat the request
// under its key, which does no harm. What was found is read again by its id, which does not lag.
import * as E from 'fp-ts/lib/Either.js';
import type Stripe from 'stripe';
import type {
  ChargeResult,
  GatewayError,
  PaymentGateway,
  ReservationRequest,
  ReservationResult,
} from '../../application/ports/payment-gateway.js';
import type { OrderId } from '../../domain/ids.js';
import type { Money } from '../../domain/money.js';
import { toProcessorAmount } from './amounts.js';
import { declineOf } from './decline-classes.js';
import {
  declineFrom,
  gatewayError,
  isReservationGone,
  nothingHappened,
  outcomeUnknown,
  unexpectedIntent,
} from './stripe-errors.js';
import { chargeResult, reservationResult } from './stripe-results.js';

type Answer<Result> = Promise<E.Either<GatewayError, Result>>;

const withCharge = { expand: ['latest_charge'] };

/** Reading has no effect, so a read that failed may simply be repeated. */
const readError = (error: unknown): GatewayError => nothingHappened(gatewayError(error).reason);

/** Lets an intent go that is not captured; one that is gone is success. */
async function cancel(
  stripe: Stripe,
  reference: string,
  reason: 'abandoned' | 'requested_by_customer',
): Answer<'voided'> {
  try {
    await stripe.paymentIntents.cancel(reference, { cancellation_reason: reason });
    return E.right('voided');
  } catch (error) {
    const status = unexpectedIntent(error)?.status;
    if (status === 'canceled') return E.right('voided');
    return E.left(status === 'succeeded' ? nothingHappened('already_captured') : gatewayError(error));
  }
}

/**
 * What became of an intent. One that waits for its holder's confirmation is let go, so that nothing hangs at the
 * processor, and counts as declined: nobody is asked to confirm yet.
 */
async function settled(stripe: Stripe, intent: Stripe.PaymentIntent): Answer<ReservationResult | null> {
  if (intent.status === 'requires_action') {
    const gone = await cancel(stripe, intent.id, 'abandoned');
    // Still asking the holder: only a look-up can tell whether it came to a reservation.
    if (E.isLeft(gone)) return E.left(outcomeUnknown(gone.left.reason));
  }
  return reservationResult(intent);
}

async function reserve(stripe: Stripe, request: ReservationRequest): Answer<ReservationResult> {
  const { orderId, attempt, key, amount, paymentMethod } = request;
  const processorAmount = toProcessorAmount(amount);
  if (processorAmount === null) return E.left(nothingHappened('amount_not_expressible'));
  try {
    const intent = await stripe.paymentIntents.create(
      {
        amount: processorAmount,
        currency: amount.currency.toLowerCase(),
        payment_method: paymentMethod,
        confirm: true,
        capture_method: 'manual',
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        metadata: { order_id: orderId, attempt: String(attempt), purpose: 'reserve' },
        ...withCharge,
      },
      { idempotencyKey: key },
    );
    const result = await settled(stripe, intent);
    if (E.isLeft(result)) return result;
    return result.right === null
      ? E.left(outcomeUnknown('card processor: not confirmed'))
      : E.right(result.right);
  } catch (error) {
    const decline = declineFrom(error);
    return decline === null ? E.left(gatewayError(error)) : E.right({ type: 'declined', decline });
  }
}

async function findReservation(
  stripe: Stripe,
  orderId: OrderId,
  attempt: number,
): Answer<ReservationResult | null> {
  const marks = { order_id: orderId, attempt: String(attempt), purpose: 'reserve' };
  const query = Object.entries(marks).map(([name, value]) => `metadata['${name}']:'${value}'`);
  try {
    const { data } = await stripe.paymentIntents.search({ query: query.join(' AND '), limit: 10 });
    let found: ReservationResult | null = null;
    for (const { id } of data) {
      const result = await settled(stripe, await stripe.paymentIntents.retrieve(id, withCharge));
      if (E.isLeft(result)) return result;
      // A key that was forgotten can leave an attempt with two intents: the one that holds money counts.
      if (found === null || result.right?.type === 'reserved') found = result.right;
    }
    return E.right(found);
  } catch (error) {
    return E.left(readError(error));
  }
}

async function charge(
  stripe: Stripe,
  request: { readonly reference: string; readonly key: string; readonly amount: Money },
): Answer<ChargeResult> {
  const processorAmount = toProcessorAmount(request.amount);
  if (processorAmount === null) return E.left(nothingHappened('amount_not_expressible'));
  const known = (intent: Stripe.PaymentIntent): E.Either<GatewayError, ChargeResult> => {
    const result = chargeResult(intent);
    if (E.isLeft(result)) return result;
    return result.right === null
      ? E.left(outcomeUnknown('card processor: not captured'))
      : E.right(result.right);
  };
  try {
    const options = { idempotencyKey: request.key };
    return known(
      await stripe.paymentIntents.capture(request.reference, { amount_to_capture: processorAmount }, options),
    );
  } catch (error) {
    const decline = declineFrom(error);
    if (decline !== null) return E.right({ type: 'failed', decline });
    const intent = unexpectedIntent(error);
    if (intent?.status === 'succeeded') return known(intent);
    return isReservationGone(error)
      ? E.right({ type: 'failed', decline: declineOf('reservation_gone') })
      : E.left(gatewayError(error));
  }
}

async function findCharge(stripe: Stripe, reference: string): Answer<ChargeResult | null> {
  try {
    return chargeResult(await stripe.paymentIntents.retrieve(reference));
  } catch (error) {
    return E.left(readError(error));
  }
}

/** Makes the gateway. The client must not repeat calls by itself: then a failure would be told of the last try only. */
export const stripeGateway = (stripe: Stripe): PaymentGateway => ({
  reserve: (request) => () => reserve(stripe, request),
  findReservation: (orderId, attempt) => () => findReservation(stripe, orderId, attempt),
  charge: (request) => () => charge(stripe, request),
  findCharge: (reference) => () => findCharge(stripe, reference),
  voidReservation: (reference) => () => cancel(stripe, reference, 'requested_by_customer'),
});
