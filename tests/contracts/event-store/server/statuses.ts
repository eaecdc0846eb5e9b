// How an EventStoreDB node says that a call failed: gRPC's own status, an exception's name in the trailers, or a
// packed detail in the answer of a batch.
import { Metadata, status } from '@grpc/grpc-js';
import anyMessages from 'google-protobuf/google/protobuf/any_pb.js';
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import type { AppendOutcome } from './event-log.js';
import type { Fault } from './faults.js';

/** A failed call as the gRPC library sends it. */
export type CallStatus = {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
};

const trailers = (entries: Readonly<Record<string, string>>): Metadata => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
};

/** The status of a call that a fault refuses; null for faults that refuse nothing. */
export const refusalOf = (fault: Fault): CallStatus | null => {
  switch (fault.type) {
    case 'unavailable':
      return { code: status.UNAVAILABLE, details: 'Server Is Not Ready', metadata: new Metadata() };
    case 'not_leader':
      return {
        code: status.NOT_FOUND,
        details: 'Leader info available',
        metadata: trailers({
          exception: 'not-leader',
          'leader-endpoint-host': fault.host,
          'leader-endpoint-port': String(fault.port),
        }),
      };
    case 'access_denied':
      return {
        code: status.PERMISSION_DENIED,
        details: 'Access Denied',
        metadata: trailers({ exception: 'access-denied' }),
      };
    case 'cut_before':
    case 'cut_after':
    case 'node_timeout':
    case 'silent_before':
    case 'late':
      return null;
  }
};

/** The status of a single append that is too large. */
export const tooLargeStatus = (limitBytes: number): CallStatus => ({
  code: status.INVALID_ARGUMENT,
  details: `Maximum Append Size of ${String(limitBytes)} Exceeded.`,
  metadata: trailers({
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limitBytes),
  }),
});

/** The status of a single append whose node gave up. */
export const nodeTimeoutStatus = (): CallStatus => ({
  code: status.ABORTED,
  details: 'Operation timed out',
  metadata: new Metadata(),
});

const packed = (
  message: string,
  typeName: string,
  content: Uint8Array,
): InstanceType<typeof statuses.Status> => {
  const any = new anyMessages.Any();
  any.pack(content, typeName);
  const answer = new statuses.Status();
  answer.setMessage(message);
  answer.setDetails(any);
  return answer;
};

/** The answer of a batch whose node gave up. */
export const batchTimeout = () =>
  packed('Timeout', 'event_store.client.Timeout', new shared.Timeout().serializeBinary());

/** The answer of a batch for a caller without rights. */
export const batchAccessDenied = () =>
  packed('AccessDenied', 'event_store.client.AccessDenied', new shared.AccessDenied().serializeBinary());

/** The answer of a batch that was refused by the stream. */
export const batchRefusal = (outcome: Exclude<AppendOutcome, { readonly type: 'success' }>) => {
  if (outcome.type === 'too_large') {
    const detail = new shared.MaximumAppendSizeExceeded();
    detail.setMaxappendsize(outcome.limitBytes);
    const name = 'event_store.client.MaximumAppendSizeExceeded';
    return packed('MaximumAppendSizeExceeded', name, detail.serializeBinary());
  }
  const { expected, current } = outcome;
  const detail = new shared.WrongExpectedVersion();
  if (current === null) detail.setCurrentNoStream(new emptyMessages.Empty());
  else detail.setCurrentStreamRevision(String(current));
  switch (expected.type) {
    case 'any':
      detail.setExpectedAny(new emptyMessages.Empty());
      break;
    case 'no_stream':
      detail.setExpectedNoStream(new emptyMessages.Empty());
      break;
    case 'stream_exists':
      detail.setExpectedStreamExists(new emptyMessages.Empty());
      break;
    case 'revision':
      detail.setExpectedStreamPosition(String(expected.revision));
      break;
  }
  return packed('WrongExpectedVersion', 'event_store.client.WrongExpectedVersion', detail.serializeBinary());
};
