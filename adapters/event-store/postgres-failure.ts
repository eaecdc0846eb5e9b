// What a failed call means: which errors of the server and of the connection prove that nothing was stored.
import type { AppendError, ReadError } from '../../application/ports/event-store.js';
import { failureCode, failureReason } from '../postgres/database-failure.js';

/** Another writer has that revision. */
export const isConflict = (failure: unknown): boolean => failureCode(failure) === '23505';

/** Serialisation failure or deadlock: the server has undone the statement, and the same statement may succeed. */
export const isTransient = (failure: unknown): boolean => /^40(?:001|P01)$/.test(failureCode(failure) ?? '');

/** True for an error that the server reported on a statement and survived: the statement had no effect. */
const isReportedError = (failure: unknown): boolean =>
  failure instanceof Error && 'severity' in failure && failure.severity === 'ERROR';

/** What is known after an append failed once its statement may have been sent. */
export const appendFailure = (failure: unknown): AppendError =>
  isReportedError(failure)
    ? { type: 'store_unavailable', reason: failureReason(failure) }
    : { type: 'append_outcome_unknown', reason: failureReason(failure) };

/** What is known after a call failed that stores nothing, or before anything was sent. */
export const unavailable = (
  failure: unknown,
): Extract<ReadError & AppendError, { type: 'store_unavailable' }> => ({
  type: 'store_unavailable',
  reason: failureReason(failure),
});
