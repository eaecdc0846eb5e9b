import { percentile } from '../figures.js';
import type { Workbench } from '../part.js';
import { cpuOf, familyCpuOf, machineCpu, sumOf } from '../process-usage.js';
import type { TimedOrder, Window } from './order-play.js';

/** Processor time so far by group of processes, and of the whole machine; milliseconds. */
export type CpuReading = {
  readonly groups: ReadonlyMap<string, number | null>;
  readonly machine: number | null;
};

/** Reads the processor time of these processes, of a Postgres server with its children, and of the player itself. */
export const cpuReader =
  (processes: ReadonlyMap<string, number>, postgres: number) => async (): Promise<CpuReading> => {
    const groups = new Map<string, number | null>();
    const machine = await machineCpu();
    for (const [name, pid] of processes) groups.set(name, await cpuOf(pid));
    groups.set('Postgres', await familyCpuOf(postgres));
    const { user, system } = process.cpuUsage();
    groups.set('player', (user + system) / 1000);
    return { groups, machine };
  };

const difference = (after: number | null | undefined, before: number | null | undefined): number | null =>
  typeof after === 'number' && typeof before === 'number' ? after - before : null;

/** Records processor time per order by group of processes, and how much of the machine others used meanwhile. */
export const recordCosts = (
  { record }: Workbench,
  label: string,
  { before, after, orders, seconds, registrations }: Window<CpuReading>,
): void => {
  const used = [...after.groups].map(([name, cpu]) => ({
    name,
    cpu: difference(cpu, before.groups.get(name)),
  }));
  for (const { name, cpu } of used) {
    record(`CPU per order, ${name}${label}`, cpu === null ? null : cpu / orders.length, 'ms');
  }
  const total = sumOf(used.map(({ cpu }) => cpu));
  const others = difference(difference(after.machine, before.machine), total);
  record(`CPU per order, all${label}`, total === null ? null : total / orders.length, 'ms');
  record(
    `orders/s two whole cores could carry${label}`,
    total === null ? null : (2000 * orders.length) / total,
    'per s',
  );
  record(`cores used by others${label}`, others === null ? null : others / seconds / 1000, 'cores');
  record(`registrations per order${label}`, registrations / orders.length, '');
};

/** Records the customer's waiting times. */
export const recordWaits = ({ record }: Workbench, label: string, orders: readonly TimedOrder[]): void => {
  const placed = orders.map((order) => order.placed);
  const ended = orders.map((order) => order.ended);
  record(`POST /orders p50${label}`, percentile(placed, 0.5), 'ms');
  record(`POST /orders p99${label}`, percentile(placed, 0.99), 'ms');
  record(`POST to completed p50${label}`, percentile(ended, 0.5), 'ms');
  record(`POST to completed p99${label}`, percentile(ended, 0.99), 'ms');
};
