import * as E from 'fp-ts/lib/Either.js';
import type { GatewayError } from '../ports/payment-gateway.js';

/**
 * The processor's answer, or `unknown` when nobody knows what happened. Left: surely nothing happened, with the
 * reason, and the call may be repeated.
 */
export const unknownOr = <Outcome extends { readonly type: string }>(
  result: E.Either<GatewayError, Outcome>,
): E.Either<string, Outcome | { readonly type: 'unknown' }> => {
  if (E.isRight(result)) return result;
  return result.left.type === 'outcome_unknown' ? E.right({ type: 'unknown' }) : E.left(result.left.reason);
};
