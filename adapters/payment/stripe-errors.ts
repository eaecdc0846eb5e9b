// One table from Stripe's errors to the port's. What it does not know counts as unknown: a look-up more costs nothing,
// a second reservation does.
import Stripe from 'stripe';
import type { GatewayError } from '../../application/ports/payment-gateway.js';
import type { Decline } from '../../domain/payment.js';
import { declineOf } from './decline-classes.js';

/** Surely nothing happened. */
export const nothingHappened = (reason: string): GatewayError => ({ type: 'nothing_happened', reason });

/** It may have happened. */
export const outcomeUnknown = (reason: string): GatewayError => ({ type: 'outcome_unknown', reason });

/** A word of Stripe's own vocabulary; never its messages, which can repeat what was sent. */
const wordOf = (...candidates: readonly unknown[]): string => {
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
  // 409 says that a twin holds the key or the object; what the twin does is not known yet.
  const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 409;
  return isRefused ? nothingHappened(reason) : outcomeUnknown(reason);
};

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

/** True when a capture found nothing any more to take from. */
export const isReservationGone = (error: unknown): boolean =>
  unexpectedIntent(error)?.status === 'canceled' ||
  (error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.code === 'charge_expired_for_capture' || error.code === 'capture_charge_authorization_expired'));

/** The intent as it stands, when an error says that its status does not allow the call; else null. */
export const unexpectedIntent = (error: unknown): Stripe.PaymentIntent | null =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state'
    ? (error.payment_intent ?? null)
    : null;
