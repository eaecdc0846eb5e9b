// Reading a stream or all, once or as a subscription.
import type { handleServerStreamingCall, ServerWritableStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EventLog, LogRecord } from './event-log.js';
import type { Faults } from './faults.js';
import { refusalOf } from './statuses.js';

type ReadRequest = InstanceType<typeof streams.ReadReq>;
type ReadResponse = InstanceType<typeof streams.ReadResp>;
type Options = InstanceType<typeof streams.ReadReq.Options>;
type AllOptions = InstanceType<typeof streams.ReadReq.Options.AllOptions>;
type Call = ServerWritableStream<ReadRequest, ReadResponse>;

const ticksPerMillisecond = 10_000n;

const eventResponse = (record: LogRecord): ReadResponse => {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(record.stream));
  const id = new shared.UUID();
  id.setString(record.id);
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(identifier);
  recorded.setStreamRevision(String(record.revision));
  recorded.setCommitPosition(String(record.position));
  recorded.setPreparePosition(String(record.position));
  recorded.getMetadataMap().set('type', record.type);
  recorded.getMetadataMap().set('content-type', record.contentType);
  const created = BigInt(record.createdMilliseconds) * ticksPerMillisecond;
  recorded.getMetadataMap().set('created', String(created));
  recorded.setData(record.data);
  recorded.setCustomMetadata(record.metadata);
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(String(record.position));
  const response = new streams.ReadResp();
  response.setEvent(event);
  return response;
};

const notFound = (name: string): ReadResponse => {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(name));
  const missing = new streams.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(identifier);
  const response = new streams.ReadResp();
  response.setStreamNotFound(missing);
  return response;
};

const confirmation = (): ReadResponse => {
  const confirmed = new streams.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId('subscription');
  const response = new streams.ReadResp();
  response.setConfirmation(confirmed);
  return response;
};

const caughtUp = (): ReadResponse => {
  const response = new streams.ReadResp();
  response.setCaughtUp(new streams.ReadResp.CaughtUp());
  return response;
};

/** Writes as fast as the caller takes it; false when the caller has gone. */
const write = async (call: Call, response: ReadResponse): Promise<boolean> => {
  if (call.cancelled || call.destroyed) return false;
  if (call.write(response)) return true;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      call.off('drain', go);
      call.off('cancelled', go);
      resolve();
    };
    call.once('drain', go);
    call.once('cancelled', go);
  });
  return !call.cancelled;
};

const streamRecords = (log: EventLog, name: string, options: Options): readonly LogRecord[] => {
  const records = log.stream(name);
  const from = options.getStream();
  const count = Number(options.getCount());
  const last = records.length - 1;
  if (options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS) {
    const first = from?.hasRevision() === true ? Number(from.getRevision()) : 0;
    return records.slice(first, first + count);
  }
  // Like a node, this reads the window that ends at the revision asked for, even where the stream has ended before.
  const end = from?.hasRevision() === true ? Number(from.getRevision()) : last;
  return records.slice(Math.max(0, end - count + 1), end + 1).reverse();
};

const isWanted = (options: Options, record: LogRecord): boolean => {
  const filter = options.getFilter();
  if (filter === undefined) return true;
  const [expression, value] = filter.hasEventType()
    ? ([filter.getEventType(), record.type] as const)
    : ([filter.getStreamIdentifier(), record.stream] as const);
  const prefixes = expression?.getPrefixList() ?? [];
  return prefixes.length > 0
    ? prefixes.some((prefix) => value.startsWith(prefix))
    : new RegExp(expression?.getRegex() ?? '').test(value);
};

/** Where a read of all begins: at the position itself, but a subscription after it. */
const firstIndex = (log: EventLog, from: AllOptions, isSubscription: boolean): number => {
  if (from.hasEnd()) return log.all().length;
  const position = from.getPosition();
  if (position === undefined) return 0;
  const at = BigInt(position.getCommitPosition());
  return log.indexFrom(isSubscription ? at + 1n : at);
};

const allRecords = (log: EventLog, from: AllOptions, options: Options): readonly LogRecord[] => {
  const count = Number(options.getCount());
  const first = firstIndex(log, from, false);
  if (options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS) {
    return log.all().slice(first, first + count);
  }
  return log
    .all()
    .slice(Math.max(0, first - count), first)
    .reverse();
};

const subscribe = async (call: Call, log: EventLog, from: AllOptions, options: Options): Promise<void> => {
  let next = firstIndex(log, from, true);
  let isLive = false;
  if (!(await write(call, confirmation()))) return;
  for (;;) {
    for (; next < log.all().length; next += 1) {
      const record = log.all()[next];
      const isSkipped = record === undefined || !isWanted(options, record);
      if (!isSkipped && !(await write(call, eventResponse(record)))) return;
    }
    if (!isLive && !(await write(call, caughtUp()))) return;
    isLive = true;
    if (next < log.all().length) continue;
    const goesOn = await new Promise<boolean>((resolve) => {
      const leave = log.onAppend(() => settle(true));
      const settle = (answer: boolean): void => {
        leave();
        call.off('cancelled', gone);
        resolve(answer);
      };
      const gone = (): void => settle(false);
      call.once('cancelled', gone);
    });
    if (!goesOn) return;
  }
};

/** Reads and subscriptions. */
export const handleRead =
  (parts: {
    readonly log: EventLog;
    readonly faults: Faults;
    readonly cut: () => void;
  }): handleServerStreamingCall<ReadRequest, ReadResponse> =>
  (call) => {
    const { log, faults, cut } = parts;
    const carryOut = async (): Promise<void> => {
      const options = call.request.getOptions();
      if (options === undefined) throw new Error('a read without options');
      const fault = faults.take(options.hasSubscription() ? 'subscribe' : 'read');
      const refusal = fault === null ? null : refusalOf(fault);
      if (refusal !== null) {
        call.emit('error', refusal);
        return;
      }
      if (fault?.type === 'silent_before') return;
      if (fault?.type === 'cut_before' || fault?.type === 'cut_after') return cut();
      if (fault?.type === 'late') await fault.until;
      const all = options.getAll();
      if (all !== undefined && options.hasSubscription()) {
        await subscribe(call, log, all, options);
        return;
      }
      const name = Buffer.from(
        options.getStream()?.getStreamIdentifier()?.getStreamName_asU8() ?? [],
      ).toString();
      if (all === undefined && log.stream(name).length === 0) await write(call, notFound(name));
      else {
        const records = all === undefined ? streamRecords(log, name, options) : allRecords(log, all, options);
        for (const record of records) if (!(await write(call, eventResponse(record)))) return;
      }
      call.end();
    };
    call.on('error', () => undefined);
    carryOut().catch((failure: unknown) => call.emit('error', failure));
  };
