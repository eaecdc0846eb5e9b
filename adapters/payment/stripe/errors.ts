// One table from Stripe's errors to the port's. What it does not know counts as unknown: a look-up more costs nothing,
// a second reservation does.
//
// nothing_happened: the request was never sent; 400, 401, 403, 404 and the like (refused as it stands); 429 (throttled,
// also when another request has the object locked). outcome_unknown: time-outs, cut connections, unreadable answers;
// 409 (a twin holds the key, and what it does is not known yet); 5xx, whether fresh or given again: a 5xx that is
// stored under a key is all that the key says for a day, so only a look-up tells more.
import Stripe from 'stripe';
import type { GatewayError } from '../../../application/ports/payment-gateway.js';
import type { Decline } from '../../../domain/payment.js';
import { declineOf } from '../decline-classes.js';
import { nothingHappened, outcomeUnknown } from '../gateway-errors.js';

/** The first word of Stripe's own vocabulary among them; never its messages, which can repeat what was sent. */
export const wordOf = (...candidates: readonly unknown[]): string => {
  const isWord = (candidate: unknown): candidate is string =>
    typeof candidate === 'string' && /^\w{1,60}$/.test(candidate);
  return candidates.find(isWord) ?? 'without_a_code';
};

// Failures before the first byte of the request was sent. A host with several addresses fails as a whole, by its code.
const beforeSending: ReadonlySet<unknown> = new Set([
  ...['connect', 'getaddrinfo'],
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

const connectionError = (error: InstanceType<typeof Stripe.errors.StripeConnectionError>): GatewayError => {
  const { detail } = error;
  const isSystemError = detail instanceof Error;
  const code = isSystemError && 'code' in detail ? detail.code : undefined;
  const call = isSystemError && 'syscall' in detail ? detail.syscall : undefined;
  const reason = `card processor: ${wordOf(code, 'connection_lost')}`;
  return beforeSending.has(call) || beforeSending.has(code)
    ? nothingHappened(reason)
    : outcomeUnknown(reason);
};

/** The port's error for whatever the client threw, except a card's refusal (see `declineFrom`). */
export const gatewayError = (error: unknown): GatewayError => {
  if (error instanceof Stripe.errors.StripeConnectionError) return connectionError(error);
  if (!(error instanceof Stripe.errors.StripeError))
    return outcomeUnknown('card processor: unreadable answer');
  const status = error.statusCode ?? 0;
  const reason = `card processor: ${wordOf(error.code, error.rawType, error.type)} (HTTP ${String(status)})`;
  const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 409;
  return isRefused ? nothingHappened(reason) : outcomeUnknown(reason);
};

/** The port's error for a read that failed: reading has no effect, so it may simply be repeated. */
export const readError = (error: unknown): GatewayError => nothingHappened(gatewayError(error).reason);

const replayHeader = 'idempotent-replayed';

/** True when the answer is the stored one of an earlier request under the same key: things may have moved on since. */
export const isReplay = (answer: Stripe.Response<object>): boolean =>
  answer.lastResponse.headers[replayHeader] === 'true';

/** True when the error is the stored answer of an earlier request under the same key. */
export const isReplayedError = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && error.headers?.[replayHeader] === 'true';

/**
 * The decline that an error tells, else null: the issuer's, or Stripe's refusal of a card token that is not known,
 * used up or not usable here, which no repeat would mend.
 */
export const declineFrom = (error: unknown): Decline | null => {
  if (error instanceof Stripe.errors.StripeCardError && error.rawType === 'card_error') {
    const code = error.decline_code === '' ? error.code : error.decline_code;
    return declineOf(wordOf(code, error.code, 'card_declined'));
  }
  const isRefusal = error instanceof Stripe.errors.StripeInvalidRequestError;
  return isRefusal && error.param === 'payment_method' ? declineOf('payment_method_unusable') : null;
};

/** True when a capture came after the end of the reservation. */
export const isReservationGone = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  (error.code === 'charge_expired_for_capture' || error.code === 'capture_charge_authorization_expired');

/** The intent as it stands, when an error says that its status does not allow the call; else null. */
export const unexpectedIntent = (error: unknown): Stripe.PaymentIntent | null =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state'
    ? (error.payment_intent ?? null)
    : null;

/** Why a refund can never be made, in a word; null when the error says no such thing. */
export const refundRefusal = (error: unknown): string | null => {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.statusCode !== 400) return null;
  if (error.code === 'charge_disputed') return 'charge_disputed';
  return error.code === 'charge_already_refunded' || error.param === 'amount' ? 'more_than_is_left' : null;
};
