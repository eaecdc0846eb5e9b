// Several roles in one process, for the local stack: its parent tells it which, and the settings, once their services
// are there.
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { createStop } from '../../application/roles/stop-signal.js';
import { readSettings } from '../config/setting.js';
import { allSettings } from '../config/settings.js';
import { stopOrphanedPostgres } from '../local/stack/folder.js';
import { onStopRequest, openContext, sayFailure, sayProblems } from '../process/role.js';
import { startRoles } from '../roles/all.js';
import { isRoleName } from '../roles/names.js';

const StartMessage = t.strict({
  environment: t.record(t.string, t.string),
  roles: t.array(t.refinement(t.string, isRoleName, 'RoleName')),
});

const run = async (message: unknown, whenAsked: Promise<void>): Promise<void> => {
  const start = StartMessage.decode(message);
  if (E.isLeft(start)) throw new Error('the parent process sent something else than settings');
  for (const [name, value] of Object.entries(start.right.environment)) process.env[name] = value;
  const values = readSettings(allSettings, process.env);
  if (E.isLeft(values)) {
    sayProblems(values.left);
    process.exitCode = 1;
    return;
  }
  const { context, signal, stop } = openContext(start.right.roles.join('+'), values.right.CHECKOUT_LOG_LEVEL);
  whenAsked.then(stop, sayFailure);
  try {
    const roles = await startRoles(start.right.roles, values.right, context);
    if (process.connected) process.send?.({ ready: true }, () => undefined);
    context.log.info({}, 'roles started');
    await roles.run(signal);
    context.log.info({}, 'roles stopped');
  } catch (failure) {
    sayFailure(failure);
    process.exitCode = 1;
  } finally {
    stop();
    await context.scope.release().catch(sayFailure);
  }
};

/** Waits for the settings and runs until a stop, which may come at any time, also before the settings. */
const runWithParent = async (directory: string | undefined): Promise<void> => {
  // A parent that was killed reads no complaints any more.
  process.stderr.on('error', () => undefined);
  const asked = createStop();
  onStopRequest(asked.stop);
  const message = await Promise.race([
    new Promise<unknown>((resolve) => process.once('message', resolve)),
    asked.signal.whenStopped.then(() => null),
  ]);
  if (!asked.signal.stopped) await run(message, asked.signal.whenStopped);
  if (process.connected) process.disconnect();
  else if (directory !== undefined) await stopOrphanedPostgres(directory);
};

if (process.argv.includes('--help')) {
  process.stdout.write('Usage: started by `npm start`; runs several roles of the checkout in one process.\n');
} else if (process.send === undefined) {
  process.stderr.write(
    'This process is started by `npm start`; start single roles from infrastructure/run.\n',
  );
  process.exitCode = 1;
} else {
  await runWithParent(process.argv[2]).catch((failure: unknown) => {
    sayFailure(failure);
    process.exitCode = 1;
  });
}
