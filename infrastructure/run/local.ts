// `npm start`: the whole system on this machine.
import { parseArgs } from 'node:util';
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
    if (failure instanceof TypeError) throw new StartUpFailure(failure.message);
    throw failure;
  }
};

const stopRequested = (): Promise<number> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(0));
  });

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('CHECKOUT_')));

const run = async (): Promise<number> => {
  const { help, fresh, directory, portBase } = readArguments();
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  const stopped = stopRequested();
  const stack = await startLocalStack({ portBase, directory, fresh, environment: environment() });
  process.stdout.write(banner(stack.running, directory, process.uptime()));
  const code = await Promise.race([stopped, stack.rolesEnded]);
  if (code !== 0) process.stderr.write(`The roles ended unexpectedly; see ${directory}/checkout.log\n`);
  else process.stdout.write('\nFinishing what is in hand …\n');
  await stack.close();
  if (code === 0) process.stdout.write('Stopped. Nothing is lost; `npm start` goes on from here.\n');
  return code;
};

process.exitCode = await run().catch((failure: unknown) => {
  sayFailure(failure);
  return 1;
});
