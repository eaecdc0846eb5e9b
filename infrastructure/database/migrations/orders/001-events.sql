-- The order streams. Rows are only ever added.
--
-- Readers of all events go by (transaction_id, position) and stay below the oldest transaction still open, because a
-- position is taken before its transaction commits: a later position can become visible first. Appends are single
-- statements, so a stream's events never have falling transaction ids.
create table events (
  order_id uuid not null,
  revision integer not null check (revision >= 0),
  event_id uuid not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  position bigint generated always as identity,
  recorded_at timestamptz not null default clock_timestamp(),
  -- The stored name with its version, such as OrderPlaced.v1.
  name text not null,
  -- json, not jsonb: events are written and read whole, and their bytes stay as they were written.
  data json not null,
  metadata json not null,
  primary key (order_id, revision)
);

create index events_in_order on events (transaction_id, position);

-- Events are never updated or deleted: no space needs to be kept free, and freezing early keeps vacuum short.
alter table events set (fillfactor = 100, autovacuum_vacuum_insert_scale_factor = 0.1);
