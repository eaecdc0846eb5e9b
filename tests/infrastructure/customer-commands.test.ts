// An operator locks an account and unlocks it again, with the commands of the terminal on a database of their own.
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, Customers } from '../../application/ports/customers.js';
import { CommandFailed } from '../../infrastructure/cli/command.js';
import { customerLock, customerUnlock } from '../../infrastructure/cli/customer-commands.js';
import { readSettings } from '../../infrastructure/config/setting.js';
import { openContext } from '../../infrastructure/process/role.js';
import { openCustomers } from '../../infrastructure/roles/stores.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { customerIdNumbered } from '../support/ids.js';

const password = 'correct horse battery staple';
const account: Account = {
  customerId: customerIdNumbered(1),
  email: 'maria@example.org',
  name: 'Maria',
};

describe('customer lock and customer unlock', () => {
  const { context, stop } = openContext('cli', 'silent');
  let database: FreshDatabase;
  let customers: Customers;

  const settings = () => {
    const values = readSettings(customerLock.settings, {
      CHECKOUT_ORDERS_DATABASE_URL: database.url,
      CHECKOUT_CUSTOMERS_DATABASE_URL: database.url,
      CHECKOUT_PASSWORD_COST: '14',
    });
    if (E.isLeft(values)) throw new Error(JSON.stringify(values.left));
    return values.right;
  };

  beforeAll(async () => {
    database = await freshDatabase('customers');
    customers = await openCustomers(settings(), context);
    expect(await customers.register(account, password, context.system.now())()).toEqual(E.right(account));
  });
  afterAll(async () => {
    stop();
    await context.scope.release();
    await database.close();
  });

  const signIn = () => customers.signIn(account.email, password, context.system.now())();
  const carriedOut = (command: typeof customerLock, ...positional: readonly string[]) =>
    command.run({ positional, options: {} }, settings(), context);

  it('keep a customer out for as long as they say', async () => {
    const { customerId } = account;
    const locked = await carriedOut(customerLock, customerId);
    expect(locked.json).toEqual({ customerId, locked: true });
    expect(locked.text).toContain(customerId);
    expect(await signIn()).toEqual(E.right(null));
    const unlocked = await carriedOut(customerUnlock, customerId);
    expect(unlocked.json).toEqual({ customerId, locked: false });
    expect(await signIn()).toMatchObject(E.right({ customerId }));
  });

  it.each([customerLock, customerUnlock])(
    '$words fails for nobody and for what is no id',
    async (command) => {
      const nobody = customerIdNumbered(99);
      await expect(carriedOut(command, nobody)).rejects.toThrow(
        new CommandFailed(`there is no customer ${nobody}`),
      );
      for (const id of ['', 'maria@example.org']) {
        await expect(carriedOut(command, id)).rejects.toThrow('needs the id of a customer');
      }
      await expect(carriedOut(command)).rejects.toThrow('needs the id of a customer');
    },
  );
});
