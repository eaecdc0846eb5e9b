// Brings both databases up to date; a step of every deployment, before the roles start.
import * as E from 'fp-ts/lib/Either.js';
import { readSettings } from '../config/setting.js';
import { databaseSettings } from '../config/settings.js';
import { migrate, MigrationError } from '../database/migrate.js';
import { sayFailure, sayProblems } from '../process/role.js';

const usage = `Usage: node migrate.js [--help]

Applies the migrations that the databases do not have yet. Repeating it changes nothing; several may run at once.
Settings: ${Object.keys(databaseSettings).slice(0, 2).join(', ')}.
`;

const run = async (): Promise<number> => {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const values = readSettings(databaseSettings, process.env);
  if (E.isLeft(values)) {
    sayProblems(values.left);
    return 1;
  }
  const urls = {
    customers: values.right.CHECKOUT_CUSTOMERS_DATABASE_URL,
    orders: values.right.CHECKOUT_ORDERS_DATABASE_URL,
  };
  for (const database of ['customers', 'orders'] as const) {
    const applied = await migrate({ url: urls[database], database });
    process.stdout.write(`${database}: ${applied.length === 0 ? 'up to date' : applied.join(', ')}\n`);
  }
  return 0;
};

/** What a database or the way to it refuses has a code; that, and nothing to mend here, is what the operator needs. */
const isRefusal = (failure: unknown): failure is Error =>
  failure instanceof Error && 'code' in failure && typeof failure.code === 'string';

process.exitCode = await run().catch((failure: unknown) => {
  if (failure instanceof MigrationError) process.stderr.write(`${failure.message}\n`);
  else if (isRefusal(failure)) process.stderr.write(`a database cannot be migrated: ${failure.message}\n`);
  else sayFailure(failure);
  return 1;
});
