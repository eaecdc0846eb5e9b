-- The stock ledger. Invariant: an article's `held` is the sum of its units in holds that are reserved or committed.
-- All changes go through the functions below. They take locks in one order, the order's hold and then articles by
-- code, so that no two of them wait for each other in a circle.

create table articles (
  code text collate "C" primary key,
  description text not null,
  bin text not null,
  on_hand bigint not null check (on_hand >= 0),
  held bigint not null default 0 check (held >= 0),
  withdrawn boolean not null default false,
  check (held <= on_hand)
) with (fillfactor = 70);

comment on column articles.on_hand is 'units on the shelf, held ones included';

create table receipts (
  receipt_id text primary key,
  booked_at timestamptz not null default now()
);

-- `expired` is a reservation whose goods went to another order; it can be renewed while there are goods.
create table holds (
  order_id uuid primary key,
  status text not null check (status in ('reserved', 'committed', 'released', 'settled', 'expired')),
  until timestamptz not null
) with (fillfactor = 80);

create index holds_by_expiry on holds (until) where status = 'reserved';

-- Written only together with the hold, by reserve_units; a foreign key would check each of up to 1,000 lines again.
create table hold_lines (
  order_id uuid not null,
  line_number integer not null,
  code text collate "C" not null,
  units bigint not null check (units > 0),
  primary key (order_id, line_number)
);

-- Takes the units of all lines or of none. Answers the lines for which there is less than wanted and what there is
-- for each, served in line order; both null when all was taken.
create function take_units(
  wanted_lines integer[], wanted_codes text[], wanted_units bigint[],
  out missing_lines integer[], out missing_available double precision[]
) language plpgsql as $$
begin
  perform from articles where code = any (wanted_codes) order by code for update;
  select array_agg(line order by line), array_agg(available::double precision order by line)
    into missing_lines, missing_available
    from (
      select wanted.line, wanted.units, greatest(0, least(wanted.units,
        coalesce(article.on_hand - article.held, 0)
          - (sum(wanted.units) over (partition by wanted.code order by wanted.line) - wanted.units))) as available
      from unnest(wanted_lines, wanted_codes, wanted_units) as wanted (line, code, units)
      left join articles article on article.code = wanted.code collate "C"
    ) as served
    where available < units;
  if missing_lines is null then
    update articles article set held = article.held + total.units
      from (select code, sum(units) as units from unnest(wanted_codes, wanted_units) as wanted (code, units)
            group by code) as total
      where article.code = total.code collate "C";
  end if;
end $$;

-- Gives the units of these orders' holds back, and of what was shipped takes them off the shelf as well.
-- The caller has the holds locked and sees to it that it happens once.
create function give_back_units(orders uuid[], shipped_lines integer[], shipped_units bigint[])
returns void language plpgsql as $$
begin
  perform from articles where code in (select code from hold_lines where order_id = any (orders))
    order by code for update;
  update articles article set held = article.held - total.units, on_hand = article.on_hand - total.gone
    from (
      select line.code, sum(line.units) as units, sum(least(line.units, coalesce(shipped.units, 0))) as gone
      from hold_lines line
      left join unnest(shipped_lines, shipped_units) as shipped (line_number, units) using (line_number)
      where line.order_id = any (orders)
      group by line.code
    ) as total
    where article.code = total.code;
end $$;

-- Whether reservations that have expired hold some of what is missing. Looks at expired reservations only.
create function may_reclaim(codes text[], as_of timestamptz, for_order uuid)
returns boolean language sql stable as $$
  select exists (
    select from holds hold join hold_lines line using (order_id)
    where hold.status = 'reserved' and hold.until <= as_of and hold.order_id <> for_order and line.code = any (codes))
$$;

-- Ends expired reservations that hold any of these articles. One that is being changed right now is left alone.
create function reclaim_units(codes text[], as_of timestamptz) returns void language plpgsql as $$
declare
  expired uuid[];
begin
  expired := array(
    select order_id from holds hold
    where status = 'reserved' and until <= as_of
      and exists (select from hold_lines line where line.order_id = hold.order_id and line.code = any (codes))
    order by order_id
    for update skip locked);
  if cardinality(expired) > 0 then
    perform give_back_units(expired, null, null);
    update holds set status = 'expired' where order_id = any (expired);
  end if;
end $$;

-- `held_until` is set when the order holds its goods; else the missing lines are, and `reclaimable` says whether
-- reclaim_units may help.
create function reserve_units(
  for_order uuid, wanted_lines integer[], wanted_codes text[], wanted_units bigint[],
  new_until timestamptz, as_of timestamptz,
  out held_until timestamptz, out missing_lines integer[], out missing_available double precision[],
  out reclaimable boolean
) language plpgsql as $$
declare
  hold holds;
  lines integer[] := wanted_lines;
  codes text[] := wanted_codes;
  units bigint[] := wanted_units;
begin
  reclaimable := false;
  select * into hold from holds where order_id = for_order for update;
  if hold.status = 'reserved' and hold.until <= as_of then
    update holds set until = new_until where order_id = for_order;
    held_until := new_until;
    return;
  elsif hold.status <> 'expired' then
    held_until := hold.until;
    return;
  end if;

  if hold.status = 'expired' then
    select array_agg(line.line_number), array_agg(line.code), array_agg(line.units)
      into lines, codes, units from hold_lines line where order_id = for_order;
  end if;
  select * into missing_lines, missing_available from take_units(lines, codes, units);
  if missing_lines is null then
    if hold.order_id is null then
      insert into holds (order_id, status, until) values (for_order, 'reserved', new_until);
      insert into hold_lines (order_id, line_number, code, units)
        select for_order, wanted.* from unnest(lines, codes, units) as wanted;
    else
      update holds set status = 'reserved', until = new_until where order_id = for_order;
    end if;
    held_until := new_until;
    return;
  end if;

  -- A twin of this call may have taken the goods while this one waited for the articles.
  if hold.order_id is null then
    select until into held_until from holds where order_id = for_order;
    if held_until is not null then
      missing_lines := null;
      missing_available := null;
      return;
    end if;
  end if;
  reclaimable := may_reclaim(
    array(select wanted.code from unnest(lines, codes) as wanted (line, code)
          where wanted.line = any (missing_lines)), as_of, for_order);
end $$;

-- Answers like reserve_units; an order that never held anything misses no line.
create function commit_units(
  for_order uuid, as_of timestamptz,
  out is_committed boolean, out missing_lines integer[], out missing_available double precision[],
  out reclaimable boolean
) language plpgsql as $$
declare
  hold holds;
  lines integer[];
  codes text[];
  units bigint[];
begin
  reclaimable := false;
  select * into hold from holds where order_id = for_order for update;
  is_committed := coalesce(hold.status in ('reserved', 'committed', 'settled'), false);
  if hold.status = 'reserved' then
    update holds set status = 'committed' where order_id = for_order;
  elsif hold.status = 'released' then
    select array_agg(line_number order by line_number), array_agg(0::double precision)
      into missing_lines, missing_available from hold_lines where order_id = for_order;
  elsif hold.status = 'expired' then
    select array_agg(line.line_number), array_agg(line.code), array_agg(line.units)
      into lines, codes, units from hold_lines line where order_id = for_order;
    select * into missing_lines, missing_available from take_units(lines, codes, units);
    if missing_lines is null then
      update holds set status = 'committed' where order_id = for_order;
      is_committed := true;
    else
      reclaimable := may_reclaim(
        array(select code from hold_lines where order_id = for_order and line_number = any (missing_lines)),
        as_of, for_order);
    end if;
  end if;
end $$;

create function release_units(for_order uuid) returns void language plpgsql as $$
declare
  was text;
begin
  select status into was from holds where order_id = for_order for update;
  if was in ('reserved', 'committed') then
    perform give_back_units(array[for_order], null, null);
  end if;
  if was in ('reserved', 'committed', 'expired') then
    update holds set status = 'released' where order_id = for_order;
  end if;
end $$;

-- A line that stands in `shipped_lines` more than once is an error; the caller sums it.
create function settle_units(for_order uuid, shipped_lines integer[], shipped_units bigint[])
returns void language plpgsql as $$
begin
  perform from holds where order_id = for_order and status in ('reserved', 'committed') for update;
  if found then
    perform give_back_units(array[for_order], shipped_lines, shipped_units);
    update holds set status = 'settled' where order_id = for_order;
  end if;
end $$;

-- Codes must differ. False when the receipt was booked before.
create function book_receipt(
  new_receipt text, new_codes text[], new_descriptions text[], new_bins text[], quantities bigint[]
) returns boolean language plpgsql as $$
begin
  insert into receipts (receipt_id) values (new_receipt) on conflict do nothing;
  if not found then
    return false;
  end if;
  insert into articles (code, description, bin, on_hand)
    select * from unnest(new_codes, new_descriptions, new_bins, quantities) as arrived (code, description, bin, quantity)
    order by code collate "C"
    on conflict (code) do update
      set description = excluded.description, bin = excluded.bin, on_hand = articles.on_hand + excluded.on_hand;
  return true;
end $$;
