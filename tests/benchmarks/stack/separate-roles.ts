// The stand-ins in this process and every role in one of its own; a process itself, so that the processor time of the
// stand-ins is told from the player's. Started by parts/roles.ts with a folder, where the stack announces itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { roleEnvironment } from '../../../infrastructure/local/stack/environment.js';
import { layoutOf } from '../../../infrastructure/local/stack/layout.js';
import { openSecrets } from '../../../infrastructure/local/stack/secrets.js';
import { announce, stackOn } from '../../../infrastructure/local/stack/stack-file.js';
import { startStandIns } from '../../../infrastructure/local/stack/stand-ins.js';
import { sayFailure } from '../../../infrastructure/process/role.js';
import { createScope, type Scope } from '../../../infrastructure/process/scope.js';
import { freePortBase } from '../../support/free-ports.js';
import { roleNames } from '../../../infrastructure/roles/names.js';
import { root } from './local-stack.js';

const spawnBuilt = (name: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, [join(root, 'dist/infrastructure/run', `${name}.js`), ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const startRole = async (name: string, environment: NodeJS.ProcessEnv, scope: Scope): Promise<void> => {
  const role = spawnBuilt(name, [], environment);
  const ended = once(role, 'exit');
  scope.onRelease(async () => {
    role.kill('SIGTERM');
    await ended;
  });
  await new Promise<void>((resolve, reject) => {
    // Its log is read to the end: a full pipe would make it wait.
    role.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes(`${name} started`)) resolve();
    });
    role.once('exit', (code) => reject(new Error(`${name} ended with ${String(code)}`)));
  });
};

const start = async (directory: string, scope: Scope): Promise<void> => {
  const layout = layoutOf(await freePortBase(), directory);
  const secrets = await openSecrets(directory);
  const { databaseUrl } = await startStandIns(layout, secrets, scope);
  const environment = roleEnvironment(layout, secrets, databaseUrl, {});
  const registered = spawnBuilt('cli', ['swf', 'register'], environment);
  registered.stdout?.resume();
  const [code]: unknown[] = await once(registered, 'exit');
  if (code !== 0) throw new Error(`the workflow types were not registered: exit code ${String(code)}`);
  for (const name of roleNames) {
    // Each process has an administration port; only the web process has a known one.
    const ports = name === 'web' ? {} : { CHECKOUT_ADMIN_PORT: '0' };
    await startRole(name, { ...environment, ...ports }, scope);
  }
  await announce(directory, stackOn(layout, databaseUrl));
};

const scope = createScope();
const fail = (failure: unknown): void => {
  sayFailure(failure);
  process.exitCode = 1;
};
const stop = (): void => {
  scope
    .release()
    .catch(fail)
    .finally(() => process.exit())
    .catch(fail);
};
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(event, stop);

try {
  await start(process.argv[2] ?? '.', scope);
  process.send?.({ started: true });
} catch (failure) {
  fail(failure);
  stop();
}
