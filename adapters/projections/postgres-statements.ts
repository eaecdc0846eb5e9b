// The SQL of the order views. A query that may run often is named, so that each connection plans it once.
import type { OrderViewCheckpoint, OrderViewFilter } from '../../application/ports/order-views.js';

/** A statement as the driver takes it. */
export type Statement = { readonly name?: string; readonly text: string; readonly values: unknown[] };

const liveBuild = `(select build from projections where name = 'order_views' and live)`;

export const findStatement = (orderId: string): Statement => ({
  name: 'find-order-view',
  text: `select view from order_views where build = ${liveBuild} and order_id = $1`,
  values: [orderId],
});

/** One row more than the limit, to know whether there is a next page. */
export const listStatement = ({ phase, customerId, after, limit }: OrderViewFilter): Statement => {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${String(values.push(value))}`;
  const conditions = [`build = ${liveBuild}`];
  if (phase !== undefined) conditions.push(`phase = ${parameter(phase)}`);
  if (customerId !== undefined) conditions.push(`customer_id = ${parameter(customerId)}`);
  if (after !== undefined) {
    const place = `(${parameter(new Date(after.placedAt))}::timestamptz, ${parameter(after.orderId)}::uuid)`;
    conditions.push(`(placed_at, order_id) < ${place}`);
  }
  const text = `select view from order_views where ${conditions.join(' and ')}
    order by placed_at desc, order_id desc limit ${parameter(limit + 1)}`;
  return { text, values };
};

export const totalsStatement: Statement = {
  text: `select phase, currency, count(*)::integer as orders, sum(units)::bigint as units,
      sum(total)::bigint as ordered, coalesce(sum(reserved), 0)::bigint as reserved,
      coalesce(sum(charged), 0)::bigint as charged, sum(refunded)::bigint as refunded
    from order_views where build = ${liveBuild} group by phase, currency order by phase, currency`,
  values: [],
};

export const parkedStatement: Statement = {
  text: `select stream, revision, position, stored_name, problem from parked_orders
    where build = ${liveBuild} order by stream`,
  values: [],
};

/** The checkpoint of a build, or of the live one. */
export const checkpointStatement = (build: number | null): Statement => ({
  name: 'order-views-checkpoint',
  text: `select build, position from projections
    where name = 'order_views' and case when $1::integer is null then live else build = $1 end`,
  values: [build],
});

/** Views and parked streams in one answer: a row has either a view or a stream. */
export const loadStatement = (build: number, orderIds: readonly string[]): Statement => ({
  name: 'load-order-views',
  text: `select view, null as stream from order_views where build = $1 and order_id = any ($2::uuid[])
    union all
    select null, stream from parked_orders where build = $1 and stream = any ($3)`,
  values: [build, orderIds, orderIds.map((orderId) => `order-${orderId}`)],
});

/**
 * Moves the checkpoint from where it is expected and, only if it stood there, writes the rows: one statement, so all
 * or nothing in one round trip. Another projector's statement waits for this one and then finds the checkpoint moved.
 */
export const advanceStatement = (
  { build, position }: OrderViewCheckpoint,
  to: string,
  views: string,
  parked: string,
): Statement => ({
  name: 'advance-order-views',
  text: `with moved as (
      update projections set position = $3
      where name = 'order_views' and build = $1 and position is not distinct from $2
      returning build
    ), written as (
      insert into order_views
        (build, order_id, customer_id, phase, currency, placed_at, units, total, reserved, charged, refunded, view)
      select build, order_id, customer_id, phase, currency, placed_at, units, total, reserved, charged, refunded,
        view
      from moved, json_to_recordset($4::json) as row (order_id uuid, customer_id uuid, phase text, currency text,
        placed_at timestamptz, units integer, total bigint, reserved bigint, charged bigint, refunded bigint,
        view json)
      on conflict (build, order_id) do update set phase = excluded.phase, reserved = excluded.reserved,
        charged = excluded.charged, refunded = excluded.refunded, view = excluded.view
    ), parked as (
      insert into parked_orders (build, stream, revision, position, stored_name, problem)
      select build, stream, revision, row.position, stored_name, problem
      from moved, json_to_recordset($5::json) as row (stream text, revision integer, "position" text,
        stored_name text, problem text)
      on conflict (build, stream) do nothing
    )
    select count(*)::integer as moved from moved`,
  values: [build, position, to, views, parked],
});

/** Begins a new build; those begun before and never swapped are forgotten, and their projectors overtaken. */
export const beginStatement: Statement = {
  text: `with forgotten as (delete from projections where name = 'order_views' and not live)
    insert into projections (name, build, live)
    values ('order_views', nextval('projection_builds')::integer, false) returning build`,
  values: [],
};

/** Holds the live checkpoint still until the transaction ends. */
export const holdStatement: Statement = {
  text: `select build from projections where name = 'order_views' and live for update`,
  values: [],
};

/** Ends the live build; in the same transaction another must take its place. */
export const retireStatement: Statement = {
  text: `delete from projections where name = 'order_views' and live`,
  values: [],
};

/** Makes a build the live one; no row when it was superseded. */
export const promoteStatement = (build: number): Statement => ({
  text: `update projections set live = true where name = 'order_views' and build = $1 returning build`,
  values: [build],
});

/** Removes some rows of builds that are gone, few enough to be done within the time a statement has. */
export const sweepStatement: Statement = {
  text: `delete from order_views where ctid = any (array(
      select ctid from order_views
      where build not in (select build from projections where name = 'order_views') limit 5000))`,
  values: [],
};

/** Removes the parked orders of builds that are gone. */
export const sweepParkedStatement: Statement = {
  text: `delete from parked_orders where build not in (select build from projections where name = 'order_views')`,
  values: [],
};
