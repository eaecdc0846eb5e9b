import * as E from 'fp-ts/lib/Either.js';
import type { Logger } from 'pino';
import type { Observer } from '../../application/ports/observer.js';
import type { System } from '../../application/ports/system.js';
import { createStop, type StopSignal } from '../../application/roles/stop-signal.js';
import {
  readSettings,
  type SettingProblem,
  type SettingTable,
  unknownSettings,
  type ValuesOf,
} from '../config/setting.js';
import { adminSettings, allSettings } from '../config/settings.js';
import { PortUnavailable } from './http-listener.js';
import { listenOperational } from './http.js';
import { createLog, createObserver, type LogOutput } from './log.js';
import { createMetrics, type Metrics } from './metrics.js';
import { createScope, type Scope } from './scope.js';
import { createSystem } from './system.js';

/** What every role of a process shares. */
export type RoleContext = {
  readonly scope: Scope;
  readonly log: Logger;
  readonly observer: Observer;
  readonly system: System;
  readonly metrics: Metrics;
  /** Aborted when the process stops: ends long polls at once. */
  readonly stopping: AbortSignal;
  /** The process among its like, for people who read histories: `decider-4711`. */
  readonly identity: (role: string) => string;
};

/** A role that was started: what it does until it is stopped. */
export type StartedRole = {
  /** Returns when the role has stopped and its work in hand is done. */
  readonly run: (stop: StopSignal) => Promise<void>;
};

/** A role of the system: the settings it needs, and how it starts from their values. */
export type RoleDefinition<Table extends SettingTable> = {
  readonly name: string;
  readonly about: string;
  readonly settings: Table;
  /** True when the role listens on the administration port itself. */
  readonly hasOwnAdministration?: boolean;
  readonly start: (values: ValuesOf<Table>, context: RoleContext) => Promise<StartedRole>;
};

/** A failure at start-up that has one plain line for the operator, instead of a stack trace. */
export class StartUpFailure extends Error {}

/** What a process needs besides its roles: the log's level, and something that ends it. */
export const openContext = (name: string, logLevel: string, output?: LogOutput) => {
  const { signal, stop } = createStop();
  const stopping = new AbortController();
  const log = createLog(name, logLevel, output);
  const metrics = createMetrics();
  const observer = createObserver(log, metrics.countObservation);
  const identity = (role: string): string => `${role}-${String(process.pid)}`;
  const system = createSystem(stopping.signal);
  const scope = createScope();
  const context: RoleContext = { scope, log, observer, system, metrics, stopping: stopping.signal, identity };
  return {
    context,
    signal,
    stop: () => {
      stop();
      stopping.abort();
    },
  };
};

const usage = <Table extends SettingTable>({ name, about, settings }: RoleDefinition<Table>): string => {
  const table: SettingTable = { ...settings, ...adminSettings };
  const rows = Object.entries(table).map(([setting, { options }]) => {
    const fallback = options.fallback === undefined ? 'required' : 'optional';
    return `  ${setting}  (${fallback})\n      ${options.about}: ${options.shape}`;
  });
  return [`Usage: node ${name}.js [--help]`, '', about, '', 'Settings, from the environment:', ...rows].join(
    '\n',
  );
};

const say = (lines: readonly string[]): void => {
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
};

/** Prints what is wrong with the settings, one line each. */
export const sayProblems = (problems: readonly SettingProblem[]): void =>
  say(problems.map(({ message }) => message));

/** The one line of a failure at start-up; unexpected ones keep their stack. */
export const sayFailure = (failure: unknown): void => {
  const isPlain = failure instanceof StartUpFailure || failure instanceof PortUnavailable;
  if (isPlain) say([failure.message]);
  else say([failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)]);
};

/** What is not done so long after a stop is given up: another process does it again, every step may be repeated. */
const mostDrainMilliseconds = 25_000;

/**
 * Calls back when the process shall end: by signal, or because the process that started it is gone. Further signals do
 * not cut the drain short; one that takes longer than 25 s is given up with exit code 1.
 */
export const onStopRequest = (stop: () => void): void => {
  const state = { asked: false };
  const asked = (): void => {
    if (state.asked) return;
    state.asked = true;
    stop();
    setTimeout(() => {
      say([`not drained after ${String(mostDrainMilliseconds / 1000)} s; what is in hand is given up`]);
      process.exit(1);
    }, mostDrainMilliseconds).unref();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, asked);
  process.on('disconnect', asked);
};

/**
 * Runs one role as a process of its own: reads its settings, starts it, runs it until a signal, drains, releases what
 * was opened in reverse order, and sets the exit code: 0 after a drain, 1 when it could not start or run.
 */
export const runRole = async <Table extends SettingTable>(
  definition: RoleDefinition<Table>,
): Promise<void> => {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage(definition)}\n`);
    return;
  }
  const admin = readSettings(adminSettings, process.env);
  const values = readSettings(definition.settings, process.env);
  const unknown = unknownSettings(new Set(Object.keys(allSettings)), process.env);
  if (E.isLeft(admin) || E.isLeft(values) || unknown.length > 0) {
    sayProblems([
      ...(E.isLeft(values) ? values.left : []),
      ...(E.isLeft(admin) ? admin.left : []),
      ...unknown,
    ]);
    process.exitCode = 1;
    return;
  }
  const { context, signal, stop } = openContext(definition.name, admin.right.CHECKOUT_LOG_LEVEL);
  onStopRequest(stop);
  try {
    const role = await definition.start(values.right, context);
    if (definition.hasOwnAdministration !== true) {
      await listenOperational(admin.right.CHECKOUT_ADMIN_PORT, context, []);
    }
    context.log.info({ settings: Object.keys(definition.settings).length }, `${definition.name} started`);
    await role.run(signal);
    context.log.info({}, `${definition.name} stopped`);
  } catch (failure) {
    sayFailure(failure);
    process.exitCode = 1;
  } finally {
    stop();
    await context.scope.release().catch(sayFailure);
  }
};
