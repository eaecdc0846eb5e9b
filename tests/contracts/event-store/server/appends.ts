// Both ways to append: one call for each append, and one duplex stream for many of them.
import type { handleBidiStreamingCall, handleClientStreamingCall } from '@grpc/grpc-js';
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendOutcome, EventLog, Expectation, ProposedEvent } from './event-log.js';
import type { Fault, Faults } from './faults.js';
import {
  batchAccessDenied,
  batchRefusal,
  batchTimeout,
  nodeTimeoutStatus,
  refusalOf,
  tooLargeStatus,
} from './statuses.js';

type AppendRequest = InstanceType<typeof streams.AppendReq>;
type AppendResponse = InstanceType<typeof streams.AppendResp>;
type BatchRequest = InstanceType<typeof streams.BatchAppendReq>;
type BatchResponse = InstanceType<typeof streams.BatchAppendResp>;
type Uuid = InstanceType<typeof shared.UUID>;

/** The parts of a node that an append touches. */
export type AppendParts = {
  readonly log: EventLog;
  readonly faults: Faults;
  /** Cuts all connections. */
  readonly cut: () => void;
};

const nameOf = (identifier: InstanceType<typeof shared.StreamIdentifier> | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

type Message = {
  readonly getId: () => Uuid | undefined;
  readonly getMetadataMap: () => { readonly get: (name: string) => string | undefined };
  readonly getData_asU8: () => Uint8Array;
  readonly getCustomMetadata_asU8: () => Uint8Array;
};

const proposed = (message: Message): ProposedEvent => ({
  id: message.getId()?.getString() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? '',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

/** What the options of either way say of the stream; `revision` is empty text unless a number was given. */
const expectationOf = (options: {
  readonly hasNoStream: () => boolean;
  readonly hasStreamExists: () => boolean;
  readonly revision: string | null;
}): Expectation => {
  if (options.revision !== null) return { type: 'revision', revision: Number(options.revision) };
  if (options.hasNoStream()) return { type: 'no_stream' };
  return options.hasStreamExists() ? { type: 'stream_exists' } : { type: 'any' };
};

/** Waits where a late answer has to wait, and answers whether anything should be answered at all. */
const isAnswered = async (fault: Fault | null, cut: () => void): Promise<boolean> => {
  if (fault?.type === 'late') await fault.until;
  if (fault?.type === 'cut_after') cut();
  return fault?.type !== 'cut_after';
};

const singleAnswer = (outcome: Exclude<AppendOutcome, { readonly type: 'too_large' }>): AppendResponse => {
  const response = new streams.AppendResp();
  if (outcome.type === 'success') {
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(String(outcome.position));
    position.setPreparePosition(String(outcome.position));
    const success = new streams.AppendResp.Success();
    success.setCurrentRevision(String(outcome.revision));
    success.setPosition(position);
    response.setSuccess(success);
    return response;
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (outcome.current === null) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(outcome.current));
  const { expected } = outcome;
  if (expected.type === 'revision') wrong.setExpectedRevision(String(expected.revision));
  else if (expected.type === 'no_stream') wrong.setExpectedNoStream(new shared.Empty());
  else if (expected.type === 'stream_exists') wrong.setExpectedStreamExists(new shared.Empty());
  else wrong.setExpectedAny(new shared.Empty());
  response.setWrongExpectedVersion(wrong);
  return response;
};

/** One append in a call of its own: the options first, then each event. */
export const handleAppend =
  ({ log, faults, cut }: AppendParts): handleClientStreamingCall<AppendRequest, AppendResponse> =>
  (call, answer) => {
    const requests: AppendRequest[] = [];
    const finish = async (): Promise<void> => {
      const options = requests.find((request) => request.hasOptions())?.getOptions();
      const fault = faults.take('append');
      const refusal = fault === null ? null : refusalOf(fault);
      if (refusal !== null) return answer(refusal);
      if (fault?.type === 'silent_before') return;
      if (fault?.type === 'cut_before') return cut();
      if (options === undefined) throw new Error('an append without options');
      const outcome = log.append(
        nameOf(options.getStreamIdentifier()),
        expectationOf({
          hasNoStream: () => options.hasNoStream(),
          hasStreamExists: () => options.hasStreamExists(),
          revision: options.hasRevision() ? options.getRevision() : null,
        }),
        requests.flatMap((request) => {
          const message = request.getProposedMessage();
          return message === undefined ? [] : [proposed(message)];
        }),
      );
      if (!(await isAnswered(fault, cut))) return;
      if (fault?.type === 'node_timeout') return answer(nodeTimeoutStatus());
      if (outcome.type === 'too_large') return answer(tooLargeStatus(outcome.limitBytes));
      answer(null, singleAnswer(outcome));
    };
    call.on('data', (request: AppendRequest) => requests.push(request));
    call.on('error', () => undefined);
    call.on('end', () => {
      finish().catch((failure: unknown) => call.emit('error', failure));
    });
  };

const batchAnswer = (
  correlationId: Uuid | undefined,
  identifier: InstanceType<typeof shared.StreamIdentifier> | undefined,
  outcome: AppendOutcome,
  fault: Fault | null,
): BatchResponse => {
  const response = new streams.BatchAppendResp();
  response.setCorrelationId(correlationId);
  response.setStreamIdentifier(identifier);
  if (fault?.type === 'node_timeout') response.setError(batchTimeout());
  else if (fault?.type === 'access_denied') response.setError(batchAccessDenied());
  else if (outcome.type === 'success') {
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(String(outcome.position));
    position.setPreparePosition(String(outcome.position));
    const success = new streams.BatchAppendResp.Success();
    if (outcome.revision < 0) success.setNoStream(new emptyMessages.Empty());
    else success.setCurrentRevision(String(outcome.revision));
    success.setPosition(position);
    response.setSuccess(success);
  } else response.setError(batchRefusal(outcome));
  return response;
};

type OpenBatch = { readonly options: BatchRequest; readonly events: ProposedEvent[] };

/** Many appends over one stream, told apart by their correlation ids; each may come in several parts. */
export const handleBatchAppend =
  ({ log, faults, cut }: AppendParts): handleBidiStreamingCall<BatchRequest, BatchResponse> =>
  (call) => {
    const open = new Map<string, OpenBatch>();
    const carryOut = async (batch: OpenBatch): Promise<void> => {
      const options = batch.options.getOptions();
      if (options === undefined) throw new Error('a batch without options');
      const fault = faults.take('append');
      const refusal = fault === null || fault.type === 'access_denied' ? null : refusalOf(fault);
      if (refusal !== null) {
        call.emit('error', refusal);
        return;
      }
      if (fault?.type === 'silent_before') return;
      if (fault?.type === 'cut_before') return cut();
      const identifier = options.getStreamIdentifier();
      const expected = expectationOf({
        hasNoStream: () => options.hasNoStream(),
        hasStreamExists: () => options.hasStreamExists(),
        revision: options.hasStreamPosition() ? options.getStreamPosition() : null,
      });
      const outcome: AppendOutcome =
        fault?.type === 'access_denied'
          ? { type: 'wrong_version', expected, current: null }
          : log.append(nameOf(identifier), expected, batch.events);
      if (!(await isAnswered(fault, cut))) return;
      call.write(batchAnswer(batch.options.getCorrelationId(), identifier, outcome, fault));
    };
    call.on('data', (request: BatchRequest) => {
      const id = request.getCorrelationId()?.getString() ?? '';
      const batch = open.get(id) ?? { options: request, events: [] };
      batch.events.push(...request.getProposedMessagesList().map(proposed));
      open.set(id, batch);
      if (!request.getIsFinal()) return;
      open.delete(id);
      carryOut(batch).catch((failure: unknown) => call.emit('error', failure));
    });
    call.on('error', () => undefined);
    call.on('end', () => call.end());
  };
