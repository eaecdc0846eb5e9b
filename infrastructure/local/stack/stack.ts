import { access, constants, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { readSettings, unknownSettings } from '../../config/setting.js';
import { allSettings } from '../../config/settings.js';
import { StartUpFailure } from '../../process/role.js';
import { createScope } from '../../process/scope.js';
import { roleEnvironment } from './environment.js';
import { layoutOf, type StackLayout, takenPorts, urlOf } from './layout.js';
import { spawnRoles } from './role-process.js';
import { openSecrets, type StackSecrets } from './secrets.js';
import { announce, retract, type RunningStack, runningStack } from './stack-file.js';
import { startStandIns } from './stand-ins.js';

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
  /** Drains the roles, then stops everything else in reverse order of start. */
  readonly close: () => Promise<void>;
};

const marker = 'checkout-stack';

const prepareDirectory = async (directory: string, fresh: boolean): Promise<void> => {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    const entries = await readdir(directory);
    if (entries.length > 0 && !entries.includes(marker)) {
      throw new StartUpFailure(`--directory ${directory} holds something else; name an empty folder`);
    }
    if (fresh) {
      await Promise.all(entries.map((entry) => rm(join(directory, entry), { recursive: true, force: true })));
    }
    await writeFile(
      join(directory, marker),
      'Data of a local checkout stack. Removed by `npm start -- --fresh`.\n',
    );
  } catch (failure) {
    if (failure instanceof StartUpFailure) throw failure;
    const reason = failure instanceof Error && 'code' in failure ? String(failure.code) : 'unknown';
    throw new StartUpFailure(
      `--directory ${directory} cannot be written (${reason}); name a folder that can`,
    );
  }
};

const checkSettings = (environment: NodeJS.ProcessEnv): void => {
  const values = readSettings(allSettings, environment);
  const unknown = unknownSettings(new Set(Object.keys(allSettings)), environment);
  const problems = [...(E.isLeft(values) ? values.left : []), ...unknown];
  if (problems.length > 0) throw new StartUpFailure(problems.map(({ message }) => message).join('\n'));
};

const describe = (layout: StackLayout, databaseUrl: (database: string) => string): RunningStack => ({
  pid: process.pid,
  webUrl: urlOf(layout, 'web'),
  floorUrl: urlOf(layout, 'floor'),
  adminUrl: urlOf(layout, 'admin'),
  swfUrl: urlOf(layout, 'swf'),
  processorUrl: urlOf(layout, 'processor'),
  mailboxUrl: urlOf(layout, 'mailbox'),
  ordersDatabaseUrl: databaseUrl('orders'),
  customersDatabaseUrl: databaseUrl('customers'),
});

/**
 * Starts the whole system on this machine: the stand-ins in this process, all roles in a second one. Rejects with
 * `StartUpFailure` (lines for people) and leaves nothing running when a port is taken, the folder cannot be used, a
 * setting is wrong or a part does not start.
 */
export const startLocalStack = async (options: StackOptions): Promise<LocalStack> => {
  const layout = layoutOf(options.portBase, options.directory);
  const other = await runningStack(layout.directory);
  if (other !== null) {
    throw new StartUpFailure(
      `a stack runs on --directory ${layout.directory} already (process ${String(other.pid)})`,
    );
  }
  await prepareDirectory(layout.directory, options.fresh);
  const [taken] = await takenPorts(layout);
  if (taken !== undefined) {
    throw new StartUpFailure(
      `port ${String(taken.port)} (${taken.part}) is taken by another program; choose others with --port-base N`,
    );
  }
  const secrets = await openSecrets(layout.directory);
  const environmentFor = (databaseUrl: (database: string) => string): NodeJS.ProcessEnv =>
    roleEnvironment(layout, secrets, databaseUrl, options.environment);
  checkSettings(environmentFor((database) => `postgres://127.0.0.1/${database}`));
  const scope = createScope();
  try {
    const roles = await spawnRoles(layout.directory);
    const stopRoles = { done: false };
    const stopOnce = async (): Promise<void> => {
      stopRoles.done = true;
      await roles.stop();
    };
    // Stand-ins are released after the roles have drained: they are opened first in the scope of things.
    const standInScope = createScope();
    scope.onRelease(standInScope.release);
    scope.onRelease(stopOnce);
    const { databaseUrl } = await startStandIns(layout, secrets, standInScope);
    await roles.start(environmentFor(databaseUrl));
    const running = describe(layout, databaseUrl);
    await announce(layout.directory, running);
    scope.onRelease(() => retract(layout.directory));
    const rolesEnded = roles.ended.then((code) =>
      stopRoles.done ? new Promise<number>(() => undefined) : code,
    );
    return { layout, running, secrets, rolesEnded, close: scope.release };
  } catch (failure) {
    await scope.release();
    throw failure;
  }
};
