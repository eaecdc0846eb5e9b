import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { roleEnvironment } from '../../infrastructure/local/stack/environment.js';
import { layoutOf, urlOf } from '../../infrastructure/local/stack/layout.js';
import { openSecrets } from '../../infrastructure/local/stack/secrets.js';
import type { RunningStack } from '../../infrastructure/local/stack/stack-file.js';
import { startStandIns } from '../../infrastructure/local/stack/stand-ins.js';
import { createScope } from '../../infrastructure/process/scope.js';
import { freePortBase } from './free-ports.js';

/** The roles, each of which can run as a process of its own. */
export const roleNames = ['web', 'decider', 'worker', 'projector', 'starter', 'floor'] as const;
/** One of the roles. */
export type RoleName = (typeof roleNames)[number];

const root = fileURLToPath(new URL('../../', import.meta.url));

const spawnRole = async (role: RoleName, environment: NodeJS.ProcessEnv): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [join(root, 'dist', 'infrastructure', 'run', `${role}.js`)], {
    env: { PATH: process.env['PATH'], ...environment, CHECKOUT_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes(`${role} started`)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`${role} ended with ${String(code)}: ${errors.join('')}`)));
  });
  return child;
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
  const children = new Map<RoleName, ChildProcess>();
  const start = async (role: RoleName): Promise<void> => {
    children.set(role, await spawnRole(role, environmentOf(role)));
  };
  const end = async (role: RoleName, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const child = children.get(role);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  };
  const running: RunningStack = {
    pid: process.pid,
    webUrl: urlOf(layout, 'web'),
    floorUrl: urlOf(layout, 'floor'),
    adminUrl: urlOf(layout, 'admin'),
    swfUrl: urlOf(layout, 'swf'),
    processorUrl: urlOf(layout, 'processor'),
    mailboxUrl: urlOf(layout, 'mailbox'),
    ordersDatabaseUrl: databaseUrl('orders'),
    customersDatabaseUrl: databaseUrl('customers'),
  };
  return {
    running,
    secrets,
    environment,
    pidOf: (role: RoleName): number | undefined => children.get(role)?.pid,
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
