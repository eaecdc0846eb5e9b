import * as E from 'fp-ts/lib/Either.js';
import {
  ANY,
  type AppendExpectedRevision,
  BACKWARDS,
  type Credentials,
  END,
  type EventData,
  type JSONType,
  NO_STREAM,
  STREAM_EXISTS,
} from '@eventstore/db-client';
import type { AppendError, ExpectedRevision } from '../../../application/ports/event-store.js';
import type { EncodedEvent } from '../stored-events.js';
import type { EventStoreConnection, Lease } from './connection.js';
import { appendFailure, ClientGone, isAnswer, isNotLeader, TimeUp, unavailable } from './failure.js';
import { collect, within } from './reading.js';

const expectationOf = (expected: ExpectedRevision): AppendExpectedRevision => {
  switch (expected.type) {
    case 'no_stream':
      return NO_STREAM;
    case 'exactly':
      return BigInt(expected.revision);
    case 'stream_exists':
      return STREAM_EXISTS;
    case 'any':
      return ANY;
  }
};

/** The client writes JSON itself. Our stored forms are objects; anything else would be a mistake of the schema. */
const jsonOf = (text: string): JSONType => {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('stored data must be an object');
  return { ...value };
};

const eventData = ({ eventId, name, data, metadata }: EncodedEvent): EventData => ({
  id: eventId,
  contentType: 'application/json',
  type: name,
  data: jsonOf(data),
  metadata: jsonOf(metadata),
});

type Attempt =
  | { readonly type: 'answered'; readonly answer: E.Either<AppendError, { readonly revision: number }> }
  /** Nothing was stored, and the client goes to the leader next. */
  | { readonly type: 'elsewhere'; readonly error: AppendError };

/** Tries of one append while the cluster says that another node leads it. */
const mostTries = 3;

/** Appends to streams; `milliseconds` is the longest that one takes, whatever the client and the node do. */
export const appending = (options: {
  readonly connection: EventStoreConnection;
  readonly milliseconds: number;
  readonly credentials: Credentials | null;
}) => {
  const { connection, milliseconds, credentials } = options;

  // A client's first call goes over a stream of its own and stores nothing: while the node is away, this is what
  // fails, and an append need not be called unknown.
  const proven = async (): Promise<Lease> => {
    const lease = await connection.lease();
    const last = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
    try {
      await lease.proven(() => collect(() => lease.client.readAll(last), milliseconds, lease.ended));
    } catch (failure) {
      connection.doubt(lease);
      throw failure;
    }
    return lease;
  };

  const attempt = async (
    stream: string,
    expected: ExpectedRevision,
    events: EventData[],
  ): Promise<Attempt> => {
    const deadline = performance.now() + milliseconds;
    const remaining = (): number => deadline - performance.now();
    const expectedRevision = expectationOf(expected);
    for (;;) {
      const state = { sent: false };
      let lease: Lease | undefined;
      try {
        const current = await within(proven(), remaining());
        lease = current;
        const send = () => {
          // The time was up while this waited for its turn, and the caller was told that nothing was stored.
          if (remaining() <= 0) return Promise.reject(new TimeUp());
          state.sent = true;
          return current.client.appendToStream(stream, events, {
            expectedRevision,
            deadline: Math.ceil(remaining()),
            ...(credentials === null ? {} : { credentials }),
          });
        };
        const { nextExpectedRevision } = await within(connection.appending(current, send), remaining());
        return { type: 'answered', answer: E.right({ revision: Number(nextExpectedRevision) }) };
      } catch (failure) {
        if (isNotLeader(failure)) return { type: 'elsewhere', error: appendFailure(failure) };
        // The client was given up for another call's sake while this one waited: there is another client.
        const isOnlyLate = failure instanceof ClientGone && lease !== undefined && !state.sent;
        if (isOnlyLate && remaining() > 0) continue;
        if (lease !== undefined && !isAnswer(failure)) connection.doubt(lease);
        return {
          type: 'answered',
          answer: E.left(state.sent ? appendFailure(failure) : unavailable(failure)),
        };
      }
    }
  };

  return async (
    stream: string,
    expected: ExpectedRevision,
    encoded: readonly EncodedEvent[],
  ): Promise<E.Either<AppendError, { readonly revision: number }>> => {
    const events = encoded.map(eventData);
    for (let tries = 1; ; tries += 1) {
      const attempted = await attempt(stream, expected, events);
      if (attempted.type === 'answered') return attempted.answer;
      if (tries === mostTries) return E.left(attempted.error);
    }
  };
};
