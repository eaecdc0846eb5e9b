-- Tasks of the warehouse floor, between the workflow service and the phones. Several gateways share them.

-- A closed task keeps its row: should its step be offered again, epochs go on where they were, so that no old phone can
-- take an old epoch for the new one, and what was scanned still counts.
create table floor_tasks (
  task_id text collate "C" primary key,
  order_id uuid not null,
  step text not null check (step in ('Pick', 'Pack', 'Ship')),
  run integer not null check (run > 0),
  token text not null,
  epoch integer not null default 0,
  offered_at timestamptz not null,
  lease_staff text,
  lease_until timestamptz,
  closed_at timestamptz,
  check ((lease_staff is null) = (lease_until is null)),
  check (closed_at is null or lease_staff is null)
) with (fillfactor = 70);

comment on column floor_tasks.token is 'a bearer secret of the workflow service: never logged, never sent to a phone';

create index floor_tasks_open on floor_tasks (offered_at, task_id) where closed_at is null;
create index floor_tasks_leased on floor_tasks (lease_staff) where lease_staff is not null;

-- Which reports of scans were counted, by the id that the device gave them.
create table floor_reports (
  task_id text collate "C" not null references floor_tasks,
  command_id text not null,
  counted_at timestamptz not null default now(),
  primary key (task_id, command_id)
);

create table floor_scans (
  task_id text collate "C" not null references floor_tasks,
  line_number integer not null,
  units bigint not null check (units > 0),
  primary key (task_id, line_number)
) with (fillfactor = 70);

-- A row per device: people may have several, and each can be revoked alone.
create table floor_devices (
  secret_hash text primary key,
  staff_id text not null,
  name text not null,
  enrolled_at timestamptz not null default now(),
  revoked_at timestamptz
);

create view open_floor_tasks as
  select task_id, order_id, step, run, token, epoch, offered_at, lease_staff, lease_until,
    coalesce((select jsonb_agg(jsonb_build_object('lineNumber', line_number, 'units', units) order by line_number)
              from floor_scans scan where scan.task_id = task.task_id), '[]') as scanned
  from floor_tasks task
  where closed_at is null;

create function offer_floor_task(
  new_task text, for_order uuid, new_step text, new_run integer, new_token text, as_of timestamptz
) returns void language sql as $$
  insert into floor_tasks as task (task_id, order_id, step, run, token, offered_at)
    values (new_task, for_order, new_step, new_run, new_token, as_of)
    on conflict (task_id) do update
      set run = new_run, token = new_token, lease_staff = null, lease_until = null, closed_at = null,
        offered_at = case when task.closed_at is null then task.offered_at else as_of end
      where case when task.closed_at is null then task.run < new_run else task.token <> new_token end
$$;

-- The lock keeps two phones of one person from getting a task each. A task that somebody is being handed right now is
-- passed over instead of waited for.
create function claim_floor_task(for_staff text, wanted_steps text[], new_until timestamptz, as_of timestamptz)
returns setof open_floor_tasks language plpgsql as $$
declare
  claimed text;
begin
  perform pg_advisory_xact_lock(hashtextextended(for_staff, 20));
  update floor_tasks set lease_until = greatest(lease_until, new_until)
    where task_id = (
      select task_id from floor_tasks
      where lease_staff = for_staff and lease_until > as_of and step = any (wanted_steps)
      order by offered_at, task_id limit 1 for update)
    returning task_id into claimed;
  if claimed is null then
    update floor_tasks set epoch = epoch + 1, lease_staff = for_staff, lease_until = new_until
      where task_id = (
        select task_id from floor_tasks
        where closed_at is null and step = any (wanted_steps) and (lease_until is null or lease_until <= as_of)
        order by offered_at, task_id limit 1 for update skip locked)
      returning task_id into claimed;
  end if;
  return query select * from open_floor_tasks where task_id = claimed;
end $$;

-- Lines must differ. Answers 'added', 'repeated', 'too_many' or 'stale_epoch'; only 'added' changes anything.
create function add_floor_scans(
  for_task text, under_epoch integer, new_command text, new_lines integer[], new_units bigint[], most_units bigint[]
) returns text language plpgsql as $$
begin
  perform from floor_tasks where task_id = for_task and epoch = under_epoch and lease_staff is not null for update;
  if not found then
    return 'stale_epoch';
  end if;
  if exists (select from floor_reports where task_id = for_task and command_id = new_command) then
    return 'repeated';
  end if;
  if exists (
    select from unnest(new_lines, new_units, most_units) as report (line_number, units, most)
    left join floor_scans scan on scan.task_id = for_task and scan.line_number = report.line_number
    where report.units + coalesce(scan.units, 0) > report.most
  ) then
    return 'too_many';
  end if;
  insert into floor_reports (task_id, command_id) values (for_task, new_command);
  insert into floor_scans as scan (task_id, line_number, units)
    select for_task, report.* from unnest(new_lines, new_units) as report
    on conflict (task_id, line_number) do update set units = scan.units + excluded.units;
  return 'added';
end $$;
