// `npm run orders`: plays invoices from signed cart to shipping mail and reconciles.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { layoutOf } from '../local/stack/layout.js';
import { readSecrets } from '../local/stack/secrets.js';
import { runningStack } from '../local/stack/stack-file.js';
import { startLocalStack } from '../local/stack/stack.js';
import { generatedInvoices } from '../orders/generated-invoices.js';
import { type Invoice, readInvoices, UnreadableInvoices } from '../orders/invoices.js';
import { playOrders } from '../orders/player.js';
import { createProgress } from '../orders/progress.js';
import { summaryText } from '../orders/summary.js';
import { sayFailure, StartUpFailure } from '../process/role.js';

const usage = `Usage: npm run orders -- [FILE.csv[.gz]] [options]

Plays the orders of a file (columns of Online Retail), or made-up ones, against the local stack that runs on the
folder, or one that it starts and stops itself. Nothing is filtered: what is bad is sent, and refused with its reasons.

  --limit N         only the first N orders (made-up ones: how many; default 100)
  --concurrency N   orders in flight at once (default 32)
  --crew N          people on the warehouse floor (default 8)
  --seed S          other made-up orders, customers and carts (default 1)
  --card TOKEN      the card that pays (default pm_card_visa)
  --patience S      seconds to wait for an answer or an order's end (default 120)
  --json OUT        write the summary to a file
  --directory D     the stack's folder (default .local)
  --help            this text

Exit code 0: every order came to its end and all books agree. The same file again changes nothing.
`;

const wholeOption = (name: string, text: string, least: number, most: number): number => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new StartUpFailure(`--${name} must be a whole number from ${String(least)} to ${String(most)}`);
};

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
        patience: { type: 'string', default: '120' },
        json: { type: 'string' },
        directory: { type: 'string', default: '.local' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (failure) {
    throw new StartUpFailure(failure instanceof Error ? failure.message : String(failure));
  }
};

const hash = (content: Buffer | string): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);

const invoicesOf = async (
  file: string | undefined,
  limit: number | null,
  seed: number,
): Promise<{ readonly source: string; readonly invoices: readonly Invoice[] }> => {
  if (file === undefined) {
    const count = limit ?? 100;
    return {
      source: hash(`made-up ${String(count)} ${String(seed)}`),
      invoices: generatedInvoices(count, seed),
    };
  }
  try {
    const all = await readInvoices(file);
    const source = hash(`${hash(await readFile(file))} ${String(limit)} ${String(seed)}`);
    return { source, invoices: limit === null ? all : all.slice(0, limit) };
  } catch (failure) {
    if (failure instanceof UnreadableInvoices) throw new StartUpFailure(failure.message);
    throw failure;
  }
};

const defaultPortBase = 4000;

const openStack = async (directory: string) => {
  const running = await runningStack(directory);
  const secrets = await readSecrets(directory);
  if (running !== null && secrets !== null) return { running, secrets, close: () => Promise.resolve() };
  process.stderr.write(`No stack runs on ${directory}; starting one.\n`);
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith('CHECKOUT_')),
  );
  return startLocalStack({ portBase: defaultPortBase, directory, fresh: false, environment });
};

const run = async (): Promise<number> => {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const limit = values.limit === undefined ? null : wholeOption('limit', values.limit, 1, 10_000_000);
  const seed = wholeOption('seed', values.seed, 0, 999_999_999);
  const concurrency = wholeOption('concurrency', values.concurrency, 1, 1_000);
  const crewSize = wholeOption('crew', values.crew, 1, 200);
  const patienceSeconds = wholeOption('patience', values.patience, 1, 86_400);
  const { source, invoices } = await invoicesOf(positionals[0], limit, seed);
  if (invoices.length === 0) throw new StartUpFailure(`${positionals[0] ?? ''} holds no orders`);
  const stack = await openStack(layoutOf(defaultPortBase, values.directory).directory);
  try {
    const summary = await playOrders(stack.running, stack.secrets, invoices, {
      source,
      concurrency,
      crewSize,
      patienceSeconds,
      paymentMethod: values.card,
      progress: (total) => createProgress('orders', total, process.stderr),
    });
    process.stdout.write(`${summaryText(summary)}\n`);
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(summary, null, 2)}\n`);
    return summary.differences.length === 0 ? 0 : 1;
  } finally {
    await stack.close();
  }
};

process.exitCode = await run().catch((failure: unknown) => {
  sayFailure(failure);
  return 1;
});
