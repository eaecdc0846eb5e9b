-- Goods of cancelled orders go back to their bins, and who gives a task back is not handed it again at once.

alter table floor_tasks drop constraint floor_tasks_step_check;
alter table floor_tasks add constraint floor_tasks_step_check check (step in ('Pick', 'Pack', 'Ship', 'PutBack'));

alter table floor_tasks add column given_back integer not null default 0;
comment on column floor_tasks.given_back is 'how often somebody gave the task back to the queue since it was offered';

create index floor_tasks_waiting on floor_tasks (given_back, offered_at, task_id) where closed_at is null;

create or replace function offer_floor_task(
  new_task text, for_order uuid, new_step text, new_run integer, new_token text, as_of timestamptz
) returns void language sql as $$
  insert into floor_tasks as task (task_id, order_id, step, run, token, offered_at)
    values (new_task, for_order, new_step, new_run, new_token, as_of)
    on conflict (task_id) do update
      set run = new_run, token = new_token, lease_staff = null, lease_until = null, closed_at = null,
        offered_at = case when task.closed_at is null then task.offered_at else as_of end,
        given_back = case when task.closed_at is null then task.given_back else 0 end
      where case when task.closed_at is null then task.run < new_run else task.token <> new_token end
$$;

drop function claim_floor_task(text, text[], timestamptz, timestamptz);

-- Tasks offered at or before `raised_before` have waited too long and go first, the oldest of them ahead. Of the others
-- those go first that were given back least often, then the oldest.
-- The lock keeps two phones of one person from getting a task each. A task that somebody is being handed right now is
-- passed over instead of waited for.
create function claim_floor_task(
  for_staff text, wanted_steps text[], new_until timestamptz, as_of timestamptz, raised_before timestamptz
) returns setof open_floor_tasks language plpgsql as $$
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
    select task_id into claimed from floor_tasks
      where closed_at is null and step = any (wanted_steps) and (lease_until is null or lease_until <= as_of)
        and offered_at <= raised_before
      order by offered_at, task_id limit 1 for update skip locked;
    if claimed is null then
      select task_id into claimed from floor_tasks
        where closed_at is null and step = any (wanted_steps) and (lease_until is null or lease_until <= as_of)
        order by given_back, offered_at, task_id limit 1 for update skip locked;
    end if;
    update floor_tasks set epoch = epoch + 1, lease_staff = for_staff, lease_until = new_until
      where task_id = claimed;
  end if;
  return query select * from open_floor_tasks where task_id = claimed;
end $$;
