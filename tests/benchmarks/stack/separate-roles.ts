// The stand-ins in this process and every role in one of its own; a process itself, so that the processor time of the
// stand-ins is told from the player's. Started by parts/roles.ts with a folder, where the stack announces itself.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { announce } from '../../../infrastructure/local/stack/stack-file.js';
import { sayFailure } from '../../../infrastructure/process/role.js';
import { roleNames, startRoleProcesses } from '../../support/role-processes.js';

const directory = process.argv[2] ?? '.';
// What the roles get besides their settings, such as Node's own options.
const environment = t.record(t.string, t.string).decode(JSON.parse(process.argv[3] ?? '{}'));

const started = startRoleProcesses(E.isRight(environment) ? environment.right : {});

let closing: Promise<void> | null = null;
const close = async (): Promise<void> => {
  const stack = await started.catch(() => null);
  await stack?.close();
  if (process.connected) process.disconnect();
};
const stop = (): void => {
  closing ??= close().catch((failure: unknown) => {
    sayFailure(failure);
    process.exitCode = 1;
  });
};
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(event, stop);

try {
  const stack = await started;
  for (const role of roleNames) await stack.start(role);
  await writeFile(join(directory, 'secrets.json'), JSON.stringify(stack.secrets), { mode: 0o600 });
  await announce(directory, stack.running);
  process.send?.({ started: true });
} catch (failure) {
  sayFailure(failure);
  process.exitCode = 1;
  stop();
}
