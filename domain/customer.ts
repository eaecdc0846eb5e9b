import type { Instant } from './instant.js';
import type { CustomerId, SignInId } from './ids.js';

/** What the customers database knows of the sign-in under which an order was placed, at the moment of asking. */
export type SignInEvidence = {
  readonly signInId: SignInId;
  readonly customerId: CustomerId;
  readonly signedInAt: Instant;
  /** When the sign-in was revoked (theft, password change); signing out ends a sign-in without revoking it. */
  readonly revokedAt: Instant | null;
  /** Locked by an operator. Failed sign-ins lock nothing: anybody could have a customer's orders rejected with them. */
  readonly accountLocked: boolean;
};

/** Why a sign-in does not authenticate the customer of an order. */
export type AuthenticationProblem =
  | 'sign_in_unknown'
  | 'sign_in_of_another_customer'
  | 'sign_in_revoked'
  | 'sign_in_too_old'
  | 'account_locked';

/** A sign-in authenticates orders for 12 hours; later the customer signs in again. */
export const signInLifeSeconds = 12 * 60 * 60;
