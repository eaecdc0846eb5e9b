// The SQL of the event store. Named, so that each connection parses and plans it once.
import type { ExpectedRevision } from '../../application/ports/event-store.js';
import type { EncodedEvent } from './stored-events.js';

/** A statement as the driver takes it. */
export type Statement = { readonly name: string; readonly text: string; readonly values: unknown[] };

/** The channel on which writers say that there is something new. */
export const appendChannel = 'order_events';

// Appending one event is by far the most frequent, and its plan costs a third less than that of the batch. The
// revision before must exist; that the next one does not is the primary key's business.
const appendOne = `
  insert into events (order_id, revision, event_id, name, data, metadata)
  select $1, $2::integer + 1, $3, $4, $5, $6
  where $2 = -1 or exists (select from events where order_id = $1 and revision = $2)
  returning revision`;

const appendBatch = `
  insert into events (order_id, revision, event_id, name, data, metadata)
  select $1, $2::integer + item.ordinal, item.event_id, item.name, item.data, item.metadata
  from unnest($3::uuid[], $4::text[], $5::json[], $6::json[]) with ordinality
    as item (event_id, name, data, metadata, ordinal)
  where $2 = -1 or exists (select from events where order_id = $1 and revision = $2)
  order by item.ordinal
  returning revision`;

const appendAnywhere = `
  with present as (select max(revision) as revision from events where order_id = $1)
  insert into events (order_id, revision, event_id, name, data, metadata)
  select $1, coalesce(present.revision, -1) + item.ordinal, item.event_id, item.name, item.data, item.metadata
  from present, unnest($3::uuid[], $4::text[], $5::json[], $6::json[]) with ordinality
    as item (event_id, name, data, metadata, ordinal)
  where (not $2::boolean or present.revision is not null)
    and not exists (select from events where order_id = $1 and event_id = any ($3::uuid[]))
  order by item.ordinal
  returning revision`;

const columns = (events: readonly EncodedEvent[]) => [
  events.map(({ eventId }) => eventId),
  events.map(({ name }) => name),
  events.map(({ data }) => data),
  events.map(({ metadata }) => metadata),
];

/** Appends if the expectation is met, and otherwise returns no row or fails with 23505. */
export const appendStatement = (
  orderId: string,
  expected: ExpectedRevision,
  events: readonly EncodedEvent[],
): Statement => {
  if (expected.type === 'any' || expected.type === 'stream_exists') {
    const mustExist = expected.type === 'stream_exists';
    return {
      name: 'append-anywhere',
      text: appendAnywhere,
      values: [orderId, mustExist, ...columns(events)],
    };
  }
  const before = expected.type === 'no_stream' ? -1 : expected.revision;
  const [only, ...others] = events;
  if (only !== undefined && others.length === 0) {
    const { eventId, name, data, metadata } = only;
    return {
      name: 'append-one',
      text: appendOne,
      values: [orderId, before, eventId, name, data, metadata],
    };
  }
  return { name: 'append-batch', text: appendBatch, values: [orderId, before, ...columns(events)] };
};

/** The ids of a stream's events by revision, for the rules of repeated appends. */
export const idsStatement = (orderId: string): Statement => ({
  name: 'stream-ids',
  text: 'select event_id from events where order_id = $1 order by revision',
  values: [orderId],
});

const eventColumns = `order_id, revision, event_id, transaction_id || ':' || position as position,
  (extract(epoch from recorded_at) * 1000)::bigint as recorded_at, name, data, metadata`;

/** A stretch of one stream. */
export const readStatement = (
  orderId: string,
  direction: 'forwards' | 'backwards',
  from: number | undefined,
  limit: number | undefined,
): Statement =>
  direction === 'forwards'
    ? {
        name: 'read-forwards',
        text: `select ${eventColumns} from events where order_id = $1 and revision >= $2 order by revision limit $3`,
        values: [orderId, from ?? 0, limit ?? null],
      }
    : {
        name: 'read-backwards',
        text: `select ${eventColumns} from events where order_id = $1 and revision <= $2
          order by revision desc limit $3`,
        values: [orderId, from ?? 2_147_483_647, limit ?? null],
      };

/** The two numbers of a position; those before every event for null. */
const positionParts = (position: string | null): readonly [transaction: string, position: string] => {
  const [transaction = '0', inTransaction = '0'] = (position ?? '0:0').split(':');
  return [transaction, inTransaction];
};

/** Events after a position, as far as no open transaction can still put one between them. */
export const readAllStatement = (after: string | null, limit: number): Statement => ({
  name: 'read-all',
  text: `select ${eventColumns} from events
    where (transaction_id, position) > ($1::xid8, $2::bigint)
      and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    order by transaction_id, events.position limit $3`,
  values: [...positionParts(after), limit],
});

/**
 * Whether there is anything after a position: `readable`, or committed and held back by an older transaction that is
 * still open (`held_back`).
 */
export const newsStatement = (after: string | null): Statement => ({
  name: 'news',
  text: `select
      coalesce(min(found.transaction_id::text::bigint)
        < pg_snapshot_xmin(pg_current_snapshot())::text::bigint, false) as readable,
      count(*) > 0 as held_back
    from (
      select transaction_id from events
      where (transaction_id, position) > ($1::xid8, $2::bigint)
      order by transaction_id, position limit 1
    ) as found`,
  values: [...positionParts(after)],
});
