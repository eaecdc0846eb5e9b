import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roleEnvironment } from '../../infrastructure/local/stack/environment.js';
import { layoutOf } from '../../infrastructure/local/stack/layout.js';
import { openSecrets } from '../../infrastructure/local/stack/secrets.js';
import { type RunningStack, stackOn } from '../../infrastructure/local/stack/stack-file.js';
import { startStandIns } from '../../infrastructure/local/stack/stand-ins.js';
import { type RoleName, roleNames } from '../../infrastructure/roles/names.js';
import { createScope } from '../../infrastructure/process/scope.js';
import { freePortBase } from './free-ports.js';
import { type Program, runProgram, startProgram } from './programs.js';

const spawnRole = async (role: RoleName, environment: NodeJS.ProcessEnv): Promise<Program> => {
  const program = startProgram(role, { environment: { ...environment, CHECKOUT_LOG_LEVEL: 'info' } });
  await program.whenSaid(`${role} started`);
  return program;
};

/** As a deployment does before any role starts. */
const register = async (environment: NodeJS.ProcessEnv): Promise<void> => {
  const { code, stderr } = await runProgram('cli', { args: ['swf', 'register'], environment });
  if (code !== 0) throw new Error(`swf register: ${stderr}`);
};

/** The stand-ins in this process and every role as a process of its own, from built output under plain Node. */
export const startRoleProcesses = async (settings: NodeJS.ProcessEnv = {}) => {
  const directory = await mkdtemp(join(tmpdir(), 'checkout-roles-'));
  const layout = layoutOf(await freePortBase(), directory);
  const secrets = await openSecrets(directory);
  const scope = createScope();
  const { databaseUrl } = await startStandIns(layout, secrets, scope);
  // Each process has an administration port; only the web process has a known one.
  const environment = roleEnvironment(layout, secrets, databaseUrl, settings);
  const environmentOf = (role: RoleName): NodeJS.ProcessEnv =>
    role === 'web' ? environment : { ...environment, CHECKOUT_ADMIN_PORT: '0' };
  await register(environment).catch(async (failure: unknown) => {
    await scope.release();
    throw failure;
  });
  const programs = new Map<RoleName, Program>();
  const start = async (role: RoleName): Promise<void> => {
    programs.set(role, await spawnRole(role, environmentOf(role)));
  };
  const end = async (role: RoleName, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const program = programs.get(role);
    if (program === undefined) return null;
    program.child.kill(signal);
    return (await program.ended).code;
  };
  const running: RunningStack = stackOn(layout, databaseUrl);
  return {
    running,
    secrets,
    environment,
    /** The last lines of every role's log, for the message of a failing test. */
    logTails: (lines: number): string =>
      [...programs].map(([role, program]) => `--- ${role}\n${program.tail(lines)}`).join('\n'),
    start,
    /** As the machine would, without warning. */
    kill: (role: RoleName) => end(role, 'SIGKILL'),
    /** As a deployment would; answers the exit code. */
    stop: (role: RoleName) => end(role, 'SIGTERM'),
    close: async (): Promise<void> => {
      await Promise.all(roleNames.map((role) => end(role, 'SIGTERM')));
      await scope.release();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
