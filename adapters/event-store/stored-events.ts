import * as E from 'fp-ts/lib/Either.js';
import {
  isPosition,
  type NewEvent,
  type Position,
  type StoredEvent,
  type UnreadableEvent,
} from '../../application/ports/event-store.js';
import { isOrderId } from '../../domain/ids.js';
import { isInstant } from '../../domain/instant.js';
import { decodeMetadata, encodeMetadata } from '../event-schema/metadata.js';
import type { EventSchema } from '../event-schema/order-events.js';
import { problemText } from '../event-schema/problem.js';

/** The most bytes of one append, data and metadata of all its events together: EventStoreDB takes no more. */
export const appendLimitBytes = 1_048_576;

/** An event as the stores write it; data and metadata are JSON texts. */
export type EncodedEvent = {
  readonly eventId: string;
  readonly name: string;
  readonly data: string;
  readonly metadata: string;
};

/** The events in their stored form, in the order given. */
export const encodeEvents = (schema: EventSchema, events: readonly NewEvent[]): readonly EncodedEvent[] =>
  events.map(({ eventId, event, metadata }) => {
    const { name, data } = schema.encode(event);
    return {
      eventId,
      name,
      data: JSON.stringify(data),
      metadata: JSON.stringify(encodeMetadata(metadata)),
    };
  });

/** True when the events are more than a store takes in one append. */
export const areTooLarge = (events: readonly EncodedEvent[]): boolean => {
  const bytes = events.reduce(
    (sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata),
    0,
  );
  return bytes > appendLimitBytes;
};

/** A stored event before anybody looked into it; data and metadata are parsed JSON. */
export type RawEvent = {
  readonly orderId: string;
  readonly revision: number;
  readonly eventId: string;
  readonly position: string;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
  readonly name: string;
  readonly data: unknown;
  readonly metadata: unknown;
};

/** The name of an order's stream. */
const streamOf = (orderId: string): string => `order-${orderId}`;

/** Throws when a store wrote a position that it would not take back: that is a mistake of the store. */
export const positionFrom = (text: string): Position => {
  if (!isPosition(text)) throw new Error('the store wrote a position that is none');
  return text;
};

/** The event as the application knows it, or the evidence that this version cannot read it. */
export const decodeEvent = (schema: EventSchema, raw: RawEvent): E.Either<UnreadableEvent, StoredEvent> => {
  const { orderId, revision, eventId, recordedAt, name } = raw;
  const position = positionFrom(raw.position);
  const unreadable = (problem: string) =>
    E.left<UnreadableEvent>({
      type: 'unreadable',
      stream: streamOf(orderId),
      revision,
      position,
      storedName: name,
      problem,
    });
  if (!isOrderId(orderId)) return unreadable('stream: expected OrderId');
  if (!isInstant(recordedAt)) return unreadable('recorded at: expected Instant');
  const event = schema.decode(name, raw.data);
  if (E.isLeft(event)) return unreadable(problemText(event.left));
  const metadata = decodeMetadata(raw.metadata);
  if (E.isLeft(metadata)) return unreadable(`metadata: ${problemText(metadata.left)}`);
  return E.right({
    orderId,
    revision,
    eventId,
    position,
    recordedAt,
    event: event.right,
    metadata: metadata.right,
  });
};
