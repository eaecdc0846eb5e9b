-- How far each reader of all events got: one row per reader, overwritten in place, hence the space left in each page.
create table checkpoints (
  name text primary key check (length(name) between 1 and 64),
  position text not null check (position ~ '^[0-9A-Za-z:/_-]{1,64}$'),
  saved_at timestamptz not null default now()
) with (fillfactor = 50);
