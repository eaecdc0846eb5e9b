import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CommandOutput } from '../../adapters/cli/table.js';
import type { CustomersError } from '../../application/ports/customers.js';
import { type CustomerId, isCustomerId } from '../../domain/ids.js';
import { databaseSettings, webSettings } from '../config/settings.js';
import { openCustomers } from '../roles/stores.js';
import { type Command, type CommandArguments, CommandFailed } from './command.js';

const settings = {
  ...databaseSettings,
  CHECKOUT_PASSWORD_COST: webSettings.CHECKOUT_PASSWORD_COST,
};

const customerOf = (words: string, { positional: [customerId = ''] }: CommandArguments): CustomerId => {
  if (isCustomerId(customerId)) return customerId;
  throw new CommandFailed(`${words} needs the id of a customer (a UUID)`);
};

const answerFor = async (
  customerId: CustomerId,
  change: TE.TaskEither<CustomersError, boolean>,
  locked: boolean,
  text: string,
): Promise<CommandOutput> => {
  const changed = await change();
  if (E.isLeft(changed)) throw new CommandFailed(`the customers cannot be reached: ${changed.left.reason}`);
  if (!changed.right) throw new CommandFailed(`there is no customer ${customerId}`);
  return { json: { customerId, locked }, text };
};

/** `customer lock`: an account opens no sign-in any more, and those it has are revoked. */
export const customerLock: Command<typeof settings> = {
  words: 'customer lock',
  shape: 'ID',
  about:
    'Lock an account until it is unlocked: its sign-ins are revoked, and orders placed under them that are not ' +
    'authenticated yet are rejected.',
  options: [],
  settings,
  run: async (call, values, context) => {
    const customerId = customerOf('customer lock', call);
    const customers = await openCustomers(values, context);
    const change = customers.lockAccount(customerId, context.system.now());
    const text = `Customer ${customerId} is locked and signed out everywhere.`;
    return answerFor(customerId, change, true, text);
  },
};

/** `customer unlock`: the customer may sign in again. */
export const customerUnlock: Command<typeof settings> = {
  words: 'customer unlock',
  shape: 'ID',
  about: 'Let the customer of a locked account sign in again; revoked sign-ins stay revoked.',
  options: [],
  settings,
  run: async (call, values, context) => {
    const customerId = customerOf('customer unlock', call);
    const customers = await openCustomers(values, context);
    const text = `Customer ${customerId} may sign in again.`;
    return answerFor(customerId, customers.unlockAccount(customerId), false, text);
  },
};
