// Holding money and letting it go. Within 24 hours the same request under the same key is answered with its first
// result; that answer is only used to find the payment, whose present state is read anew. Later, or when the caller
// does not know the request any more, the attempt is found by the marks that every intent carries. That search lags
// by a minute or so behind what was written; a null in that minute makes the caller repeat the request under its key,
// which does no harm. What was found is read again by its id, which does not lag.
import * as E from 'fp-ts/lib/Either.js';
import type Stripe from 'stripe';
import type {
  GatewayError,
  ReservationRequest,
  ReservationResult,
  ReservationState,
} from '../../../application/ports/payment-gateway.js';
import type { OrderId } from '../../../domain/ids.js';
import { toProcessorAmount } from '../amounts.js';
import { nothingHappened, outcomeUnknown } from '../gateway-errors.js';
import { declineFrom, gatewayError, isReplay, readError, unexpectedIntent } from './errors.js';
import { queryFor, reservationMarks } from './marks.js';
import { reservationState } from './results.js';

/** What a call of the gateway resolves with. */
export type Answer<Result> = Promise<E.Either<GatewayError, Result>>;

/** The intent together with the charge that carries its card's facts. */
const withCharge = { expand: ['latest_charge'] };

async function asItStands(stripe: Stripe, created: Stripe.Response<Stripe.PaymentIntent>) {
  if (!isReplay(created)) return E.right(created);
  try {
    return E.right(await stripe.paymentIntents.retrieve(created.id, withCharge));
  } catch (error) {
    return E.left(outcomeUnknown(gatewayError(error).reason));
  }
}

/** Holds money. An attempt that has ended since its first answer is unknown here; the look-up says that it ended. */
export async function reserve(stripe: Stripe, request: ReservationRequest): Answer<ReservationResult> {
  const { orderId, attempt, key, amount, paymentMethod, returnUrl } = request;
  const processorAmount = toProcessorAmount(amount);
  if (processorAmount === null) return E.left(nothingHappened('amount_not_expressible'));
  try {
    const created = await stripe.paymentIntents.create(
      {
        amount: processorAmount,
        currency: amount.currency.toLowerCase(),
        payment_method: paymentMethod,
        confirm: true,
        capture_method: 'manual',
        allowed_payment_method_types: ['card'],
        return_url: returnUrl,
        metadata: reservationMarks(orderId, attempt),
        ...withCharge,
      },
      { idempotencyKey: key },
    );
    const intent = await asItStands(stripe, created);
    const state = E.isLeft(intent) ? intent : reservationState(intent.right);
    if (E.isLeft(state)) return state;
    if (state.right === null) return E.left(outcomeUnknown('card processor: not confirmed'));
    return state.right.type === 'ended'
      ? E.left(outcomeUnknown('card processor: the attempt has ended'))
      : E.right(state.right);
  } catch (error) {
    const decline = declineFrom(error);
    return decline === null ? E.left(gatewayError(error)) : E.right({ type: 'declined', decline });
  }
}

// A key that was forgotten can leave an attempt with two intents: the one that holds money, or may come to, counts.
const weights: Readonly<Record<ReservationState['type'], number>> = {
  reserved: 4,
  authentication_required: 3,
  ended: 2,
  declined: 1,
};
const weightier = (left: ReservationState | null, right: ReservationState | null): ReservationState | null =>
  right !== null && (left === null || weights[right.type] > weights[left.type]) ? right : left;

/** What the processor knows of an attempt. */
export async function findReservation(
  stripe: Stripe,
  orderId: OrderId,
  attempt: number,
): Answer<ReservationState | null> {
  try {
    const query = queryFor(reservationMarks(orderId, attempt));
    const { data } = await stripe.paymentIntents.search({ query, limit: 20 });
    let found: ReservationState | null = null;
    for (const { id } of data) {
      const state = reservationState(await stripe.paymentIntents.retrieve(id, withCharge));
      if (E.isLeft(state)) return state;
      found = weightier(found, state.right);
    }
    return E.right(found);
  } catch (error) {
    return E.left(readError(error));
  }
}

/** Lets an intent go that is not captured, also one whose holder was asked; one that is gone is success. */
export async function voidReservation(stripe: Stripe, reference: string): Answer<'voided' | 'charged'> {
  try {
    await stripe.paymentIntents.cancel(reference, { cancellation_reason: 'requested_by_customer' });
    return E.right('voided');
  } catch (error) {
    const status = unexpectedIntent(error)?.status;
    if (status === 'canceled') return E.right('voided');
    return status === 'succeeded' ? E.right('charged') : E.left(gatewayError(error));
  }
}
