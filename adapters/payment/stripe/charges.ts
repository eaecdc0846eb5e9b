// Taking what a reservation holds.
import * as E from 'fp-ts/lib/Either.js';
import type Stripe from 'stripe';
import type { ChargeResult, GatewayError } from '../../../application/ports/payment-gateway.js';
import type { Money } from '../../../domain/money.js';
import { toProcessorAmount } from '../amounts.js';
import { nothingHappened, outcomeUnknown } from '../gateway-errors.js';
import {
  declineFrom,
  gatewayError,
  isReplayedError,
  isReservationGone,
  readError,
  unexpectedIntent,
} from './errors.js';
import type { Answer } from './reservations.js';
import { chargeResult } from './results.js';

const taken = (intent: Stripe.PaymentIntent): E.Either<GatewayError, ChargeResult> => {
  const result = chargeResult(intent);
  if (E.isLeft(result)) return result;
  return result.right === null
    ? E.left(outcomeUnknown('card processor: not captured'))
    : E.right(result.right);
};

/** Takes the amount and lets the rest go. A stored decline is believed only while nothing was taken since. */
export async function charge(
  stripe: Stripe,
  request: { readonly reference: string; readonly key: string; readonly amount: Money },
): Answer<ChargeResult> {
  const processorAmount = toProcessorAmount(request.amount);
  if (processorAmount === null) return E.left(nothingHappened('amount_not_expressible'));
  try {
    const options = { idempotencyKey: request.key };
    const parameters = { amount_to_capture: processorAmount };
    return taken(await stripe.paymentIntents.capture(request.reference, parameters, options));
  } catch (error) {
    const decline = declineFrom(error);
    if (decline !== null) {
      const since = isReplayedError(error) ? await findCharge(stripe, request.reference) : E.right(null);
      if (E.isLeft(since)) return E.left(outcomeUnknown(since.left.reason));
      return E.right(since.right ?? { type: 'failed', decline });
    }
    const intent = unexpectedIntent(error);
    const known = intent === null ? E.right(null) : chargeResult(intent);
    if (E.isRight(known) && known.right !== null) return E.right(known.right);
    return isReservationGone(error) ? E.right({ type: 'reservation_expired' }) : E.left(gatewayError(error));
  }
}

/** What was taken from a reservation. */
export async function findCharge(stripe: Stripe, reference: string): Answer<ChargeResult | null> {
  try {
    return chargeResult(await stripe.paymentIntents.retrieve(reference));
  } catch (error) {
    return E.left(readError(error));
  }
}
