import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roleEnvironment } from '../../infrastructure/local/stack/environment.js';
import { layoutOf, type StackLayout } from '../../infrastructure/local/stack/layout.js';
import { openSecrets } from '../../infrastructure/local/stack/secrets.js';
import { stackOn } from '../../infrastructure/local/stack/stack-file.js';
import { startStandIns } from '../../infrastructure/local/stack/stand-ins.js';
import { type RoleName, roleNames } from '../../infrastructure/roles/names.js';
import { createScope, type Scope } from '../../infrastructure/process/scope.js';
import { freePortBase } from './free-ports.js';
import { type Program, runProgram, startProgram } from './programs.js';

/** As a deployment does before any role starts. */
const register = async (environment: NodeJS.ProcessEnv): Promise<void> => {
  const { code, stderr } = await runProgram('cli', { args: ['swf', 'register'], environment });
  if (code !== 0) throw new Error(`swf register: ${stderr}`);
};

/** Where the roles' parts keep their data, and everything that was opened there. */
type Place = { readonly directory: string; readonly layout: StackLayout; readonly scope: Scope };

const openRoles = async ({ directory, layout, scope }: Place, settings: NodeJS.ProcessEnv) => {
  const secrets = await openSecrets(directory);
  const { databaseUrl } = await startStandIns(layout, secrets, scope);
  // Each process has an administration port; only the web process has a known one.
  const environment = roleEnvironment(layout, secrets, databaseUrl, settings);
  const environmentOf = (role: RoleName): NodeJS.ProcessEnv => ({
    ...environment,
    CHECKOUT_LOG_LEVEL: 'info',
    ...(role === 'web' ? {} : { CHECKOUT_ADMIN_PORT: '0' }),
  });
  await register(environment);
  const programs = new Map<RoleName, Program>();
  const end = async (role: RoleName, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const program = programs.get(role);
    if (program === undefined) return null;
    program.child.kill(signal);
    return (await program.ended).code;
  };
  scope.onRelease(async () => {
    await Promise.all(roleNames.map((role) => end(role, 'SIGTERM')));
  });
  return {
    running: stackOn(layout, databaseUrl),
    secrets,
    environment,
    /** The last lines of every role's log, for the message of a failing test. */
    logTails: (lines: number): string =>
      [...programs].map(([role, program]) => `--- ${role}\n${program.tail(lines)}`).join('\n'),
    /** Starts a role and waits until it says so. */
    start: async (role: RoleName): Promise<void> => {
      const program = startProgram(role, { environment: environmentOf(role) });
      programs.set(role, program);
      await program.whenSaid(`${role} started`);
    },
    /** As the machine would, without warning. */
    kill: (role: RoleName) => end(role, 'SIGKILL'),
    /** As a deployment would; answers the exit code. */
    stop: (role: RoleName) => end(role, 'SIGTERM'),
  };
};

/**
 * The stand-ins in this process and every role as a process of its own, from built output under plain Node. Rejects with
 * nothing left running.
 */
export const startRoleProcesses = async (settings: NodeJS.ProcessEnv = {}) => {
  const directory = await mkdtemp(join(tmpdir(), 'checkout-roles-'));
  const scope = createScope();
  scope.onRelease(() => rm(directory, { recursive: true, force: true }));
  try {
    const layout = layoutOf(await freePortBase(), directory);
    return { ...(await openRoles({ directory, layout, scope }, settings)), close: scope.release };
  } catch (failure) {
    await scope.release();
    throw failure;
  }
};
