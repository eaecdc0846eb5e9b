// `npm start`: the whole system on this machine.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createStop } from '../../application/roles/stop-signal.js';
import { sayFailure, StartUpFailure } from '../process/role.js';
import { banner } from '../local/stack/banner.js';
import { startLocalStack } from '../local/stack/stack.js';

const usage = `Usage: npm start -- [options]

Starts the checkout with everything it needs on this machine and keeps its state in a folder.

  --fresh          begin anew: forget all orders, customers and mails of the folder
  --directory D    the folder (default .local)
  --port-base N    the checkout listens on N, the other parts on ports above it (default 4000)
  --help           this text

Settings of the roles (CHECKOUT_…) are taken from the environment; \`npm run checkout -- config check\` lists them.
`;

const readArguments = () => {
  try {
    const { values } = parseArgs({
      options: {
        fresh: { type: 'boolean', default: false },
        directory: { type: 'string', default: '.local' },
        'port-base': { type: 'string', default: '4000' },
        help: { type: 'boolean', default: false },
      },
    });
    const portBase = Number(values['port-base']);
    if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_000) {
      throw new StartUpFailure('--port-base must be a whole number from 1024 to 65000');
    }
    return { ...values, portBase };
  } catch (failure) {
    if (failure instanceof TypeError) throw new StartUpFailure(failure.message.split('\n')[0]);
    throw failure;
  }
};

/** Notes that somebody wants it to end. Further signals change nothing: the drain takes ten seconds at most. */
const onStopRequested = () => {
  const { signal, stop } = createStop();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  return signal;
};

const signalSpreadMilliseconds = 200;

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('CHECKOUT_')));

const run = async (): Promise<number> => {
  const { help, fresh, directory, portBase } = readArguments();
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  // Whoever read the output may be gone (a closed terminal, `| head`); that must not keep the parts from being stopped.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  const stop = onStopRequested();
  const stack = await startLocalStack({ portBase, directory, fresh, environment: environment() }).catch(
    (failure: unknown) => {
      // Ctrl-C reaches every process of the terminal, so a start that it interrupts may fail anywhere.
      if (!stop.stopped) throw failure;
      return null;
    },
  );
  if (stack === null) {
    process.stdout.write('Stopped before it was up.\n');
    return 0;
  }
  if (!stop.stopped) process.stdout.write(banner(stack.running, directory, process.uptime()));
  const ending = await Promise.race([stop.whenStopped.then(() => 'wanted' as const), stack.rolesEnded]);
  // A signal for all processes of the terminal may be seen by the roles first.
  if (ending !== 'wanted') await Promise.race([stop.whenStopped, sleep(signalSpreadMilliseconds)]);
  const isWanted = stop.stopped;
  if (isWanted) process.stdout.write('\nFinishing what is in hand …\n');
  else {
    process.stderr.write(
      `The roles ended unexpectedly; see ${directory}/checkout.log\n${stack.complaint()}\n`,
    );
  }
  await stack.close();
  if (isWanted) process.stdout.write('Stopped. Nothing is lost; `npm start` goes on from here.\n');
  return isWanted ? 0 : 1;
};

process.exitCode = await run().catch((failure: unknown) => {
  sayFailure(failure);
  return 1;
});
