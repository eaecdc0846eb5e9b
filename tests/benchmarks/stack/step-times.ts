import type { Pool } from 'pg';
import { mean } from '../figures.js';
import type { Workbench } from '../part.js';
import type { TimedOrder } from './order-play.js';

/** How long orders took to one of their events, counted from the event before. */
type StepTime = {
  /** The stored event's name without its version, with the kind of a notification. */
  readonly step: string;
  readonly meanMilliseconds: number;
  /** Mean place in the stream; the steps come in this order. */
  readonly revision: number;
};

type Row = {
  readonly order_id: string;
  readonly revision: number;
  readonly step: string;
  readonly elapsed: number | null;
};

/** The mean times of the steps of these orders, by the clock of the database. Their sum is the mean whole time. */
const stepTimes = async (pool: Pool, orderIds: readonly string[]): Promise<readonly StepTime[]> => {
  const { rows } = await pool.query<Row>(
    `select order_id, revision,
            split_part(name, '.', 1) || coalesce(' ' || (data ->> 'kind'), '') as step,
            (1000 * extract(epoch from recorded_at
              - lag(recorded_at) over (partition by order_id order by revision)))::float8 as elapsed
     from events where order_id = any($1::uuid[])`,
    [orderIds],
  );
  const steps = new Map<string, Row[]>();
  for (const row of rows) {
    const same = steps.get(row.step);
    if (same === undefined) steps.set(row.step, [row]);
    else same.push(row);
  }
  return [...steps]
    .map(([step, same]) => ({
      step,
      // Divided by all orders, so that the sum stays right when some orders lack a step.
      meanMilliseconds: same.reduce((total, { elapsed }) => total + (elapsed ?? 0), 0) / orderIds.length,
      revision: mean(same.map(({ revision }) => revision)) ?? 0,
    }))
    .sort((left, right) => left.revision - right.revision)
    .slice(1);
};

/** Records the mean times of the steps of these orders, in the order in which they happen. */
export const recordSteps = async (
  { record }: Workbench,
  pool: Pool,
  orders: readonly TimedOrder[],
): Promise<void> => {
  const steps = await stepTimes(
    pool,
    orders.map(({ orderId }) => orderId),
  );
  for (const { step, meanMilliseconds } of steps) record(`step to ${step}, mean`, meanMilliseconds, 'ms');
  const whole = steps.reduce((total, { meanMilliseconds }) => total + meanMilliseconds, 0);
  record('placed to last event, mean', whole, 'ms');
};
