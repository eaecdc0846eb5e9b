import * as E from 'fp-ts/lib/Either.js';
import { readSettings, unknownSettings } from '../../config/setting.js';
import { allSettings } from '../../config/settings.js';
import { StartUpFailure } from '../../process/role.js';
import { createScope, type Scope } from '../../process/scope.js';
import type { RoleName } from '../../roles/names.js';
import { ownSettings, roleEnvironment } from './environment.js';
import { type ClaimedFolder, claimFolder } from './folder.js';
import { layoutOf, type StackLayout, takenPorts } from './layout.js';
import { spawnRoles } from './role-process.js';
import { openSecrets, type StackSecrets } from './secrets.js';
import { announce, retract, type RunningStack, stackOn } from './stack-file.js';
import { startStandIns } from './stand-ins.js';
import { portTaken, startFailure } from './start-failure.js';

/** How a local stack is started. */
export type StackOptions = {
  readonly portBase: number;
  readonly directory: string;
  /** Forgets everything that an earlier stack kept in the folder. */
  readonly fresh: boolean;
  /** Settings of the roles that differ from a local stack's own. */
  readonly environment: NodeJS.ProcessEnv;
};

/** A running local stack. */
export type LocalStack = {
  readonly layout: StackLayout;
  readonly running: RunningStack;
  readonly secrets: StackSecrets;
  /** Resolves with an exit code when the roles ended without being asked to. */
  readonly rolesEnded: Promise<number>;
  /** The last lines that the roles wrote to their standard error. */
  readonly complaint: () => string;
  /** Drains the roles, then stops everything else in reverse order of start. */
  readonly close: () => Promise<void>;
};

const refuseOwnSettings = (environment: NodeJS.ProcessEnv): void => {
  const set = ownSettings.filter((name) => environment[name] !== undefined);
  if (set.length === 0) return;
  throw new StartUpFailure(
    set
      .map((name) => `${name} is decided by the local stack itself; unset it (ports: --port-base N)`)
      .join('\n'),
  );
};

const checkSettings = (environment: NodeJS.ProcessEnv): void => {
  const values = readSettings(allSettings, environment);
  const unknown = unknownSettings(new Set(Object.keys(allSettings)), environment);
  const problems = [...(E.isLeft(values) ? values.left : []), ...unknown];
  if (problems.length > 0) throw new StartUpFailure(problems.map(({ message }) => message).join('\n'));
};

// Two processes, so that a shopper's request does not wait behind the workers' steps, and both of two cores are used.
const roleGroups: ReadonlyArray<readonly RoleName[]> = [
  ['web', 'floor', 'projector', 'starter'],
  ['decider', 'worker'],
];

/** The roles' processes, spawned and noted in the folder; stopped with the scope. */
const openRoles = async (layout: StackLayout, folder: ClaimedFolder, scope: Scope) => {
  const processes = await Promise.all(roleGroups.map((roles) => spawnRoles(layout.directory, roles)));
  const state = { stopping: false };
  // Stand-ins are released after the roles have drained: they are opened first in the scope of things.
  const standInScope = createScope();
  scope.onRelease(standInScope.release);
  scope.onRelease(async () => {
    state.stopping = true;
    await Promise.all(processes.map((roles) => roles.stop()));
  });
  for (const { pid } of processes) if (pid !== undefined) await folder.noteRoles(pid);
  const endedUnasked = Promise.race(processes.map(({ ended }) => ended)).then((code) =>
    state.stopping ? new Promise<number>(() => undefined) : code,
  );
  return {
    standInScope,
    endedUnasked,
    start: async (environment: NodeJS.ProcessEnv): Promise<void> => {
      await Promise.all(processes.map((roles) => roles.start(environment)));
    },
    complaint: (): string =>
      processes
        .map((roles) => roles.complaint())
        .join('\n')
        .trim(),
  };
};

const startParts = async (
  layout: StackLayout,
  folder: ClaimedFolder,
  scope: Scope,
  environment: NodeJS.ProcessEnv,
): Promise<LocalStack> => {
  const [taken] = await takenPorts(layout);
  if (taken !== undefined) throw portTaken(layout, taken.port);
  const secrets = await openSecrets(layout.directory);
  const environmentFor = (databaseUrl: (database: string) => string): NodeJS.ProcessEnv =>
    roleEnvironment(layout, secrets, databaseUrl, environment);
  checkSettings(environmentFor((database) => `postgres://127.0.0.1/${database}`));
  const { start, complaint, standInScope, endedUnasked } = await openRoles(layout, folder, scope);
  const { databaseUrl } = await startStandIns(layout, secrets, standInScope);
  await start(environmentFor(databaseUrl));
  const running = stackOn(layout, databaseUrl, environment['CHECKOUT_EVENT_STORE']);
  await announce(layout.directory, running);
  scope.onRelease(() => retract(layout.directory));
  return { layout, running, secrets, rolesEnded: endedUnasked, complaint, close: scope.release };
};

/**
 * Starts the whole system on this machine: the stand-ins in this process, the roles in two more. Rejects with
 * `StartUpFailure` (lines for people) and leaves nothing running when a port is taken, the folder cannot be used, a
 * setting is wrong or a part does not start. What a killed stack left running on the folder is ended first.
 */
export const startLocalStack = async (options: StackOptions): Promise<LocalStack> => {
  const layout = layoutOf(options.portBase, options.directory);
  refuseOwnSettings(options.environment);
  const scope = createScope();
  try {
    const folder = await claimFolder(layout.directory, options.fresh);
    scope.onRelease(folder.release);
    return await startParts(layout, folder, scope, options.environment);
  } catch (failure) {
    // The failure is what matters; a part that cannot even be stopped is named by the next start.
    await scope.release().catch(() => undefined);
    throw startFailure(failure, layout);
  }
};
