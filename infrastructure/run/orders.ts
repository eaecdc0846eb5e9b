// `npm run orders`: plays invoices from signed cart to shipping mail and reconciles.
import { createHash } from 'node:crypto';
import { open, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createStop, type StopSignal } from '../../application/roles/stop-signal.js';
import { readSecrets } from '../local/stack/secrets.js';
import { runningStack } from '../local/stack/stack-file.js';
import { type LocalStack, startLocalStack } from '../local/stack/stack.js';
import { generatedFile } from '../orders/invoices/generated-invoices.js';
import {
  firstOrders,
  type InvoiceFile,
  readInvoiceFile,
  UnreadableInvoices,
} from '../orders/invoices/invoices.js';
import { ApiUnreachable, UnexpectedAnswer } from '../orders/http-client.js';
import { playOrders, type PlayOptions } from '../orders/player.js';
import { createProgress } from '../orders/progress.js';
import { summaryText } from '../orders/summary.js';
import { sayFailure, StartUpFailure } from '../process/role.js';

const usage = `Usage: npm run orders -- [FILE.csv[.gz]] [options]

Plays the orders of a file (columns of Online Retail), or made-up ones, against the local stack that runs on the
folder, or one that it starts and stops itself. Nothing is filtered: what is bad is sent, and refused with its reasons.
Cancellations of the file (C…) are played too: one of a whole order cancels it before it ships, the others give money
back after the order is completed, and those that mean no order for certain are refused.

  --limit N         only the first N orders and the cancellations before the next (made-up ones: how many; default 100)
  --concurrency N   orders in flight at once (default 32)
  --crew N          people on the warehouse floor (default 8)
  --seed S          other made-up orders, customers and carts (default 1)
  --card TOKEN      the card that pays (default pm_card_visa)
  --decline-every N of every N-th order the first card is declined, and the shopper names another
  --short-pick-every N
                    of every N-th pick one unit is not found, so less is charged and the rest let go
  --patience S      seconds to wait for an answer or an order's end (default 120)
  --json OUT        write the summary to a file
  --directory D     the stack's folder (default .local)
  --port-base N     where a stack that it starts itself listens (default 4000)
  --help            this text

Exit code 0: every order came to its end and all books agree. The same file again changes nothing.
`;

const wholeOption = (name: string, text: string, least: number, most: number): number => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new StartUpFailure(`--${name} must be a whole number from ${String(least)} to ${String(most)}`);
};

const everyOption = (name: string, text: string | undefined): number | null =>
  text === undefined ? null : wholeOption(name, text, 1, 1_000_000);

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        limit: { type: 'string' },
        concurrency: { type: 'string', default: '32' },
        crew: { type: 'string', default: '8' },
        seed: { type: 'string', default: '1' },
        card: { type: 'string', default: 'pm_card_visa' },
        'decline-every': { type: 'string' },
        'short-pick-every': { type: 'string' },
        patience: { type: 'string', default: '120' },
        json: { type: 'string' },
        directory: { type: 'string', default: '.local' },
        'port-base': { type: 'string', default: '4000' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (failure) {
    throw new StartUpFailure(firstLine(failure instanceof Error ? failure.message : String(failure)));
  }
};

const hash = (content: Buffer | string): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);

const invoicesOf = async (
  file: string | undefined,
  limit: number | null,
  seed: number,
): Promise<{ readonly source: string; readonly invoices: InvoiceFile }> => {
  if (file === undefined) {
    const count = limit ?? 100;
    return {
      source: hash(`made-up ${String(count)} ${String(seed)}`),
      invoices: generatedFile(count, seed),
    };
  }
  try {
    const all = await readInvoiceFile(file);
    const source = hash(`${hash(await readFile(file))} ${String(limit)} ${String(seed)}`);
    return { source, invoices: limit === null ? all : firstOrders(all, limit) };
  } catch (failure) {
    if (failure instanceof UnreadableInvoices) throw new StartUpFailure(failure.message);
    throw failure;
  }
};

type Stack = Pick<LocalStack, 'running' | 'secrets' | 'rolesEnded' | 'close'>;

const never = new Promise<never>(() => undefined);

const openStack = async (directory: string, portBase: number): Promise<Stack> => {
  const running = await runningStack(directory);
  const secrets = await readSecrets(directory);
  if (running !== null && secrets !== null) {
    // Somebody else's stack may end and come back: the play waits for it.
    return { running, secrets, rolesEnded: never, close: () => Promise.resolve() };
  }
  process.stderr.write(`No stack runs on ${directory}; starting one.\n`);
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith('CHECKOUT_')),
  );
  return startLocalStack({ portBase, directory, fresh: false, environment });
};

/** Refuses a file that could not be written at the end, before anything is played. */
const checkWritable = async (path: string): Promise<void> => {
  try {
    await (await open(path, 'a')).close();
  } catch (failure) {
    const reason = failure instanceof Error && 'code' in failure ? String(failure.code) : 'unknown';
    throw new StartUpFailure(`--json ${path} cannot be written (${reason})`);
  }
};

/** What Ctrl-C ends with, by the custom of shells. */
const interrupted = 130;

/** Given at the first signal; further ones change nothing. */
const whenInterrupted = (): StopSignal => {
  const { signal, stop } = createStop();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  return signal;
};

const signalSpreadMilliseconds = 200;

const play = async (
  stack: Stack,
  { source, invoices }: Awaited<ReturnType<typeof invoicesOf>>,
  numbers: Pick<
    PlayOptions,
    'concurrency' | 'crewSize' | 'patienceSeconds' | 'declineEvery' | 'shortPickEvery'
  >,
  { card, json }: { readonly card: string; readonly json: string | undefined },
): Promise<number> => {
  const summary = await playOrders(stack.running, stack.secrets, invoices, {
    ...numbers,
    source,
    paymentMethod: card,
    progress: (total) => createProgress('orders', total, process.stderr),
  });
  process.stdout.write(`${summaryText(summary)}\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(summary, null, 2)}\n`);
  return summary.differences.length === 0 ? 0 : 1;
};

const run = async (): Promise<number> => {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (positionals.length > 1) throw new StartUpFailure(`one FILE at a time, not ${positionals.join(' ')}`);
  const limit = values.limit === undefined ? null : wholeOption('limit', values.limit, 1, 10_000_000);
  const seed = wholeOption('seed', values.seed, 0, 999_999_999);
  const portBase = wholeOption('port-base', values['port-base'], 1024, 65_000);
  const numbers = {
    concurrency: wholeOption('concurrency', values.concurrency, 1, 1_000),
    crewSize: wholeOption('crew', values.crew, 1, 200),
    patienceSeconds: wholeOption('patience', values.patience, 1, 86_400),
    declineEvery: everyOption('decline-every', values['decline-every']),
    shortPickEvery: everyOption('short-pick-every', values['short-pick-every']),
  };
  const { card, json } = values;
  if (json !== undefined) await checkWritable(json);
  const work = await invoicesOf(positionals[0], limit, seed);
  if (work.invoices.orders.length === 0) throw new StartUpFailure(`${positionals[0] ?? ''} holds no orders`);
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  const stop = whenInterrupted();
  const stack = await openStack(resolve(values.directory), portBase).catch((failure: unknown) => {
    // Ctrl-C reaches every process of the terminal, so a start that it interrupts may fail anywhere.
    if (!stop.stopped) throw failure;
    return null;
  });
  if (stack === null) return interrupted;
  try {
    const played = play(stack, work, numbers, { card, json });
    const ended = stack.rolesEnded.then(async () => {
      // A signal for all processes of the terminal may be seen by the roles first.
      await Promise.race([stop.whenStopped, sleep(signalSpreadMilliseconds)]);
      if (stop.stopped) return interrupted;
      throw new StartUpFailure(`the roles ended unexpectedly; see ${values.directory}/checkout.log`);
    });
    const code = await Promise.race([stop.whenStopped.then(() => interrupted), ended, played]);
    if (code === interrupted) {
      process.stderr.write(
        '\nStopped. The orders placed so far go on with their stack; the same play again goes on here.\n',
      );
    }
    return code;
  } finally {
    await stack.close();
  }
};

const code = await run().catch((failure: unknown) => {
  const isPlain = failure instanceof ApiUnreachable || failure instanceof UnexpectedAnswer;
  sayFailure(isPlain ? new StartUpFailure(failure.message) : failure);
  return 1;
});
// A play that was given up has calls under way that would keep the process for as long as their patience.
if (code !== 0) process.exit(code);
