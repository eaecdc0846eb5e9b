import type { Change, Intent, PaymentMethod } from '../records.js';
import type { State } from '../state.js';
import type { ApiError } from '../wire/errors.js';
import type { MintId } from '../wire/ids.js';
import type { ParameterTree } from '../wire/parameters.js';

/** What an operation may know: the state before it, the time (milliseconds since 1970), ids and parameters. */
export interface Question {
  readonly state: State;
  readonly now: number;
  readonly mint: MintId;
  readonly parameters: ParameterTree;
  /** How long a new reservation lasts, in milliseconds. */
  readonly reservationLife: number;
  /** How long a new payment stays unknown to searches (not to other requests), in milliseconds. */
  readonly searchLag: number;
  /** How long a bank takes to settle a refund that it does not settle at once, in milliseconds. */
  readonly refundDelay: number;
  readonly issuer: Issuer;
}

/** What a card's issuer was told to answer instead of what the test card says. */
export type Verdict =
  | { readonly type: 'Decline'; readonly code: string }
  | { readonly type: 'Challenge' }
  | { readonly type: 'Expire' };

/** Asked once at the point where an issuer would be; null leaves it to the test card. The answer may be used up by asking. */
export type Issuer = (
  operation: 'reserve' | 'capture' | 'refund',
  intent: Intent,
  paymentMethod: PaymentMethod | undefined,
  metadata: Readonly<Record<string, string>>,
) => Verdict | null;

/** What is answered: one object by id, a page of objects, or a search page. */
export type Answer =
  | { readonly type: 'Object'; readonly kind: ObjectKind; readonly id: string }
  | {
      readonly type: 'List';
      readonly kind: ObjectKind;
      readonly ids: readonly string[];
      readonly hasMore: boolean;
    }
  | {
      readonly type: 'Search';
      readonly kind: ObjectKind;
      readonly ids: readonly string[];
      readonly nextPage: string | null;
    };

/** The kinds of object that the API shows. */
export type ObjectKind = 'payment_intent' | 'charge' | 'refund' | 'payment_method' | 'dispute';

/**
 * What comes of a request. `Invalid` never began (so its idempotency key stays free); `Failed` began and its error is
 * kept under the key, with the intent it is about shown in the error.
 */
export type Outcome =
  | { readonly type: 'Done'; readonly changes: readonly Change[]; readonly answer: Answer }
  | { readonly type: 'Invalid'; readonly error: ApiError }
  | {
      readonly type: 'Failed';
      readonly changes: readonly Change[];
      readonly error: ApiError;
      readonly intent: string | null;
      readonly paymentMethod: string | null;
    };

/** A rule of the processor. */
export type Operation = (question: Question) => Outcome;

/** The request never began. */
export function invalid(error: ApiError): Outcome {
  return { type: 'Invalid', error };
}

/** The request began, and what it asks for is not possible now; nothing changes. */
export function failed(error: ApiError, intent: string | null = null): Outcome {
  return { type: 'Failed', changes: [], error, intent, paymentMethod: null };
}

/** The request was carried out and its object is the answer. */
export function done(kind: ObjectKind, id: string, changes: readonly Change[] = []): Outcome {
  return { type: 'Done', changes, answer: { type: 'Object', kind, id } };
}
