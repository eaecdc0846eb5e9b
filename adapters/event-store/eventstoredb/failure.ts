// What a failed call means. The client's messages repeat addresses and names of streams, so only its types and gRPC's
// codes are looked at and passed on.
import { ErrorType, isCommandError, type CommandError } from '@eventstore/db-client';
import type { AppendError, ReadError } from '../../../application/ports/event-store.js';

/** Nothing came back in time. */
export class TimeUp extends Error {}

/** The client was given up while the call was under way, or nobody may call any more. */
export class ClientGone extends Error {}

// Every command error has its own class and `type`; the guard's declared type is their union.
const commandError = (failure: unknown): CommandError | null =>
  failure instanceof Error && isCommandError(failure) ? failure : null;

const reasonOf = (failure: unknown): string => {
  if (failure instanceof TimeUp) return 'no answer in time';
  if (failure instanceof ClientGone) return 'the connection was given up';
  const type = commandError(failure)?.type;
  if (type !== undefined) return `failed with ${type}`;
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
  return typeof code === 'number' ? `failed with gRPC code ${String(code)}` : 'failed without a code';
};

const answers: ReadonlySet<ErrorType> = new Set([
  ErrorType.WRONG_EXPECTED_VERSION,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.STREAM_NOT_FOUND,
  ErrorType.STREAM_DELETED,
  ErrorType.ACCESS_DENIED,
]);
/** With these, nothing was stored. */
const refusals: ReadonlySet<ErrorType> = new Set([
  ErrorType.STREAM_DELETED,
  ErrorType.ACCESS_DENIED,
  ErrorType.NOT_LEADER,
]);

/** True when the failure is the node's answer to this very call: the connection is well. */
export const isAnswer = (failure: unknown): boolean => {
  const error = commandError(failure);
  return error !== null && answers.has(error.type);
};

/** The stream of that name has no events. */
export const isMissingStream = (failure: unknown): boolean =>
  commandError(failure)?.type === ErrorType.STREAM_NOT_FOUND;

/** The node passes writes on to the leader of its cluster, and the client now knows where that is. */
export const isNotLeader = (failure: unknown): boolean =>
  commandError(failure)?.type === ErrorType.NOT_LEADER;

/** What is known after an append failed once it may have been sent. */
export const appendFailure = (failure: unknown): AppendError => {
  const error = commandError(failure);
  if (error?.type === ErrorType.WRONG_EXPECTED_VERSION) {
    const { actualVersion } = error;
    const actual = typeof actualVersion === 'bigint' ? Number(actualVersion) : null;
    return { type: 'wrong_expected_revision', actual };
  }
  if (error?.type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED) {
    return { type: 'events_too_large', limitBytes: error.maxAppendSize };
  }
  return error !== null && refusals.has(error.type)
    ? unavailable(failure)
    : { type: 'append_outcome_unknown', reason: reasonOf(failure) };
};

/** What is known after a call failed that stores nothing, or before anything was sent. */
export const unavailable = (
  failure: unknown,
): Extract<ReadError & AppendError, { type: 'store_unavailable' }> => ({
  type: 'store_unavailable',
  reason: reasonOf(failure),
});
