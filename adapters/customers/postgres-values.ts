import { type CustomerId, isCustomerId, isSignInId, type SignInId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';

/** A stored customer id; throws when it is none. */
export function storedCustomerId(text: string): CustomerId {
  if (!isCustomerId(text)) throw new Error('a stored customer id is no UUID');
  return text;
}

/** A stored sign-in id; throws when it is none. */
export function storedSignInId(text: string): SignInId {
  if (!isSignInId(text)) throw new Error('a stored sign-in id is no UUID');
  return text;
}

/** The moment that many seconds before another. */
export const earlier = (instant: Instant, seconds: number): Date => new Date(instant - seconds * 1000);
