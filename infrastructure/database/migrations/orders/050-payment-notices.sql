-- Notices of the card processor, stored before they are acknowledged. The processor sends each at least once; its own
-- name for it is the key. Those that were acted on are kept for 90 days, so that a late repeat is known.
create table payment_notices (
  id text primary key check (length(id) between 1 and 255),
  -- What it is about, never what it says: that is read back from the processor.
  subject json not null,
  received_at timestamptz not null,
  due_at timestamptz not null,
  leased_until timestamptz,
  tries integer not null default 0,
  last_problem text,
  done_at timestamptz
) with (fillfactor = 80);

create index payment_notices_waiting on payment_notices (due_at, received_at) where done_at is null;
create index payment_notices_done on payment_notices (done_at) where done_at is not null;
