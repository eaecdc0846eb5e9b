import type { Branded } from '../../domain/brand.js';
import type { CommandId, CustomerId, OrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import type { OrderEvent } from '../../domain/order/events.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';

/**
 * A place in the order of all events of a store, as the store writes it. Opaque: only the store that made it can
 * compare it, and positions have gaps.
 */
export type Position = Branded<string, 'Position'>;

/** True for what a store may have written: 1 to 64 digits, letters and separators. */
export const isPosition = (value: string): value is Position => /^[0-9A-Za-z:/_-]{1,64}$/.test(value);

/** What the writer believes about the stream. Revisions count a stream's events from 0. */
export type ExpectedRevision =
  | { readonly type: 'no_stream' }
  | { readonly type: 'exactly'; readonly revision: number }
  | { readonly type: 'stream_exists' }
  | { readonly type: 'any' };

/** Who caused an event. */
export type Actor =
  | { readonly type: 'customer'; readonly customerId: CustomerId }
  | { readonly type: 'worker'; readonly name: string }
  | { readonly type: 'floor'; readonly name: string }
  | { readonly type: 'operator'; readonly name: string };

/** What is stored beside each event. `correlationId` is the same for all that one request set off. */
export type EventMetadata = {
  readonly commandId: CommandId;
  readonly correlationId: string;
  readonly actor: Actor;
};

/** An event to store. A retried append must bring the same ids: they make the repeat recognisable. */
export type NewEvent = {
  readonly eventId: string;
  readonly event: OrderEvent;
  readonly metadata: EventMetadata;
};

/** An event as stored. `recordedAt` is the store's own clock. */
export type StoredEvent = NewEvent & {
  readonly orderId: OrderId;
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: Instant;
};

/** A stored event that this version cannot read: evidence for people, never a reason to lose the rest. */
export type UnreadableEvent = {
  readonly type: 'unreadable';
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly storedName: string;
  /** Where decoding failed and what was expected there; never the offending value. */
  readonly problem: string;
};

/** Why an append did not happen, or may not have. */
export type AppendError =
  | { readonly type: 'wrong_expected_revision'; readonly actual: number | null }
  | { readonly type: 'events_too_large'; readonly limitBytes: number }
  /** Nothing was stored. */
  | { readonly type: 'store_unavailable'; readonly reason: string }
  /** It may have been stored: read the stream, or append the same events again with the same ids and expectation. */
  | { readonly type: 'append_outcome_unknown'; readonly reason: string };

/** Why a read did not happen. */
export type ReadError =
  | { readonly type: 'store_unavailable'; readonly reason: string }
  | { readonly type: 'unreadable_event'; readonly event: UnreadableEvent };

/** Which part of a stream to read. Without `from`: from its first (forwards) or last (backwards) event. */
export type ReadOptions = {
  readonly direction: 'forwards' | 'backwards';
  readonly from?: number;
  readonly limit?: number;
};

/** A stretch of all events. `next` continues after it, also past events that were filtered out. */
export type AllPage = {
  readonly events: ReadonlyArray<{ readonly type: 'event'; readonly stored: StoredEvent } | UnreadableEvent>;
  readonly next: Position | null;
};

/**
 * The order streams. Every store must promise:
 * - an append is all or nothing, and its events get consecutive revisions;
 * - `exactly` the current revision (or `no_stream` on none) appends without looking at event ids; an older expectation
 *   succeeds without effect when *all* event ids stand at exactly the following revisions, and is refused otherwise;
 *   `any` and `stream_exists` recognise repeats on best effort only;
 * - a revision is won by one writer; a reader of `readAll` sees every event once in an order that agrees with each
 *   stream's, and never skips an event of a slow writer.
 */
export type EventStore = {
  /** Appends to the order's stream; answers the revision of the last of these events. At least one event. */
  readonly append: (
    orderId: OrderId,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ) => TE.TaskEither<AppendError, { readonly revision: number }>;
  /** The order's events; empty when there is no such stream. An unreadable one fails the read: no decision without it. */
  readonly read: (orderId: OrderId, options: ReadOptions) => TE.TaskEither<ReadError, readonly StoredEvent[]>;
  /** Up to `limit` events of all orders after a position (`null`: from the start). */
  readonly readAll: (after: Position | null, limit: number) => TE.TaskEither<ReadError, AllPage>;
  /**
   * Returns when there may be events after the position, or when the time is up; false when the time was up. May
   * return true too early, never too late by more than a second.
   */
  readonly awaitAppend: (after: Position | null, milliseconds: number) => TE.TaskEither<ReadError, boolean>;
};
