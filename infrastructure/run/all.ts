// Every role in one process, for the local stack: its parent tells it the settings once their services are there.
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { readSettings } from '../config/setting.js';
import { allSettings } from '../config/settings.js';
import { onStopRequest, openContext, sayFailure, sayProblems } from '../process/role.js';
import { startAllRoles } from '../roles/all.js';

const StartMessage = t.strict({ environment: t.record(t.string, t.string) });

const run = async (message: unknown): Promise<void> => {
  const start = StartMessage.decode(message);
  if (E.isLeft(start)) throw new Error('the parent process sent something else than settings');
  for (const [name, value] of Object.entries(start.right.environment)) process.env[name] = value;
  const values = readSettings(allSettings, process.env);
  if (E.isLeft(values)) {
    sayProblems(values.left);
    process.exitCode = 1;
    return;
  }
  const { context, signal, stop } = openContext('all', values.right.CHECKOUT_LOG_LEVEL);
  onStopRequest(stop);
  try {
    const roles = await startAllRoles(values.right, context);
    process.send?.({ ready: true });
    context.log.info({}, 'all roles started');
    await roles.run(signal);
    context.log.info({}, 'all roles stopped');
  } catch (failure) {
    sayFailure(failure);
    process.exitCode = 1;
  } finally {
    stop();
    await context.scope.release().catch(sayFailure);
    if (process.connected) process.disconnect();
  }
};

if (process.argv.includes('--help')) {
  process.stdout.write('Usage: started by `npm start`; runs every role of the checkout in one process.\n');
} else if (process.send === undefined) {
  process.stderr.write(
    'This process is started by `npm start`; start single roles from infrastructure/run.\n',
  );
  process.exitCode = 1;
} else {
  process.once('message', (message) => {
    run(message).catch(sayFailure);
  });
}
