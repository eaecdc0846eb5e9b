-- Units that pickers do not find, and counts. An article's sellable units are on_hand - held - missing, never below 0.
--
-- A count may find fewer units than open orders hold. The holds stand, so on_hand stays at what is held, and
-- `uncovered` says how many of the held units nobody has seen. Goods that arrive cover them first; what a hold gives
-- back while some are uncovered is missing and not sold again. So a unit that does not exist is never sold.

alter table articles
  add column missing bigint not null default 0 check (missing >= 0),
  add column uncovered bigint not null default 0,
  add check (uncovered between 0 and held),
  add check (held + missing <= on_hand);

comment on column articles.missing is 'units on the shelf by the books that a picker did not find; a count ends it';
comment on column articles.uncovered is 'held units that the last count did not find';

-- What was counted and what the books said before, for whoever looks for lost goods.
create table stock_counts (
  count_id text primary key,
  code text collate "C" not null references articles,
  counted bigint not null check (counted >= 0),
  on_hand_before bigint not null,
  missing_before bigint not null,
  counted_at timestamptz not null default now()
);

create or replace function take_units(
  wanted_lines integer[], wanted_codes text[], wanted_units bigint[],
  out missing_lines integer[], out missing_available double precision[]
) language plpgsql as $$
begin
  perform from articles where code = any (wanted_codes) order by code for update;
  select array_agg(line order by line), array_agg(available::double precision order by line)
    into missing_lines, missing_available
    from (
      select wanted.line, wanted.units, greatest(0, least(wanted.units,
        coalesce(article.on_hand - article.held - article.missing, 0)
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

drop function give_back_units(uuid[], integer[], bigint[]);
drop function release_units(uuid);
drop function settle_units(uuid, integer[], bigint[]);

-- Ends these orders' holds: what was shipped leaves the shelf, what was not found is missing, the rest may be sold.
-- A line counts at most the units that were held for it, shipped ones first. A null list is an empty one.
-- The caller has the holds locked and sees to it that it happens once.
create function give_back_units(
  orders uuid[], shipped_lines integer[], shipped_units bigint[], lost_lines integer[], lost_units bigint[]
) returns void language plpgsql as $$
begin
  perform from articles where code in (select code from hold_lines where order_id = any (orders))
    order by code for update;
  update articles article set
      on_hand = article.on_hand - total.gone,
      held = article.held - total.units,
      missing = article.missing + total.lost
        + least(greatest(article.uncovered - total.lost, 0), total.units - total.gone - total.lost),
      uncovered = least(
        article.held - total.units,
        greatest(article.uncovered - (total.units - total.gone), 0))
    from (
      select code, sum(units) as units, sum(gone) as gone, sum(least(units - gone, lost)) as lost
      from (
        select line.code, line.units,
          least(line.units, greatest(coalesce(shipped.units, 0), 0)) as gone,
          greatest(coalesce(lost.units, 0), 0) as lost
        from hold_lines line
        left join unnest(shipped_lines, shipped_units) as shipped (line_number, units) using (line_number)
        left join unnest(lost_lines, lost_units) as lost (line_number, units) using (line_number)
        where line.order_id = any (orders)
      ) as ended
      group by code
    ) as total
    where article.code = total.code;
end $$;

create or replace function reclaim_units(codes text[], as_of timestamptz) returns void language plpgsql as $$
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
    perform give_back_units(expired, null, null, null, null);
    update holds set status = 'expired' where order_id = any (expired);
  end if;
end $$;

-- As before, and a reservation that the order has already lasts until the later of both moments.
create or replace function reserve_units(
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
  if hold.status = 'reserved' then
    update holds set until = greatest(until, new_until) where order_id = for_order returning until into held_until;
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

  -- A twin of this call may have taken the goods while this one waited for the articles. The caller asks again, as it
  -- does when both insert the hold: taking the hold's lock here, after the articles', could close a circle.
  if hold.order_id is null and exists (select from holds where order_id = for_order) then
    raise unique_violation using message = 'the order got its hold in the meantime';
  end if;
  reclaimable := may_reclaim(
    array(select wanted.code from unnest(lines, codes) as wanted (line, code)
          where wanted.line = any (missing_lines)), as_of, for_order);
end $$;

create function release_units(for_order uuid, lost_lines integer[], lost_units bigint[])
returns void language plpgsql as $$
declare
  was text;
begin
  select status into was from holds where order_id = for_order for update;
  if was in ('reserved', 'committed') then
    perform give_back_units(array[for_order], null, null, lost_lines, lost_units);
  end if;
  if was in ('reserved', 'committed', 'expired') then
    update holds set status = 'released' where order_id = for_order;
  end if;
end $$;

-- A line that stands in one of the lists more than once is an error; the caller sums it.
create function settle_units(
  for_order uuid, shipped_lines integer[], shipped_units bigint[], lost_lines integer[], lost_units bigint[]
) returns void language plpgsql as $$
begin
  perform from holds where order_id = for_order and status in ('reserved', 'committed') for update;
  if found then
    perform give_back_units(array[for_order], shipped_lines, shipped_units, lost_lines, lost_units);
    update holds set status = 'settled' where order_id = for_order;
  end if;
end $$;

create or replace function book_receipt(
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
      set description = excluded.description, bin = excluded.bin,
        on_hand = articles.on_hand + excluded.on_hand - least(articles.uncovered, excluded.on_hand),
        uncovered = articles.uncovered - least(articles.uncovered, excluded.on_hand);
  return true;
end $$;

-- Answers 'booked', 'repeated' or 'article_unknown'; only 'booked' changes anything.
create function book_count(new_count text, counted_code text, units bigint) returns text language plpgsql as $$
declare
  article articles;
begin
  select * into article from articles where code = counted_code for update;
  if not found then
    return 'article_unknown';
  end if;
  insert into stock_counts (count_id, code, counted, on_hand_before, missing_before)
    values (new_count, counted_code, units, article.on_hand, article.missing)
    on conflict do nothing;
  if not found then
    return 'repeated';
  end if;
  update articles set on_hand = greatest(units, held), missing = 0, uncovered = greatest(held - units, 0)
    where code = counted_code;
  return 'booked';
end $$;
