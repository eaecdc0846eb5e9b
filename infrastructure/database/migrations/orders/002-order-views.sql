-- What is derived from the events and can be made again from them at any time. A build is one whole set of rows: the
-- live one is read, and a rebuild fills the next one beside it until both change places.
create table projections (
  name text not null,
  build integer not null,
  live boolean not null,
  -- Where the build stands in the order of all events, as the event store writes it; null before the first event.
  position text,
  primary key (name, build)
);

create unique index one_live_build on projections (name) where live;

-- Never goes back, so that a rebuild that was given up cannot write into a later one.
create sequence projection_builds start 2;

insert into projections (name, build, live) values ('order_views', 1, true);

create table order_views (
  build integer not null,
  order_id uuid not null,
  customer_id uuid not null,
  phase text not null,
  currency text not null,
  placed_at timestamptz not null,
  units integer not null,
  -- Minor units.
  total bigint not null,
  reserved bigint,
  charged bigint,
  view json not null,
  primary key (build, order_id)
);

create index order_views_newest on order_views (build, placed_at desc, order_id desc);
create index order_views_by_phase on order_views (build, phase, placed_at desc, order_id desc);
create index order_views_by_customer on order_views (build, customer_id, placed_at desc, order_id desc);

-- Orders whose view stands still before an event that could not be read.
create table parked_orders (
  build integer not null,
  stream text not null,
  revision integer not null,
  position text not null,
  stored_name text not null,
  problem text not null,
  parked_at timestamptz not null default now(),
  primary key (build, stream)
);
