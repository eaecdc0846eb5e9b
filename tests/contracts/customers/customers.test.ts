import { randomBytes } from 'node:crypto';
import { inMemoryCustomers, plainPasswords } from '../../../adapters/customers/in-memory.js';
import { scryptPasswords } from '../../../adapters/customers/password.js';
import { postgresCustomers } from '../../../adapters/customers/postgres.js';
import { freshDatabase } from '../../support/databases.js';
import { addressMarksContract } from './address-marks.js';
import { customersContract, signInSettings, type WatchedPasswords } from './customers.js';

/** The real hashing at its lowest cost. */
function watchedPasswords(): WatchedPasswords {
  const passwords = scryptPasswords({ cost: 1, randomBytes });
  const compared: Array<string | null> = [];
  const compare: typeof passwords.compare = async (password, stored) => {
    compared.push(stored);
    return passwords.compare(password, stored);
  };
  return { passwords: { ...passwords, compare }, compared };
}

customersContract('memory', watchedPasswords(), async (passwords) => {
  const customers = inMemoryCustomers(passwords, randomBytes, signInSettings);
  return {
    customers,
    stored: async () => JSON.stringify(customers.stored()),
    close: async () => undefined,
  };
});

customersContract('Postgres', watchedPasswords(), async (passwords) => {
  const { pool, close } = await freshDatabase('customers');
  return {
    customers: postgresCustomers(pool, { passwords, randomBytes, settings: signInSettings }),
    stored: async () => {
      const { rows } = await pool.query<{ readonly row: string }>(
        'select accounts::text as row from accounts union all select sign_ins::text from sign_ins',
      );
      return rows.map(({ row }) => row).join('\n');
    },
    close,
  };
});

addressMarksContract('memory', async () => ({
  customers: inMemoryCustomers(plainPasswords, randomBytes, signInSettings),
  close: async () => undefined,
}));

addressMarksContract('Postgres', async () => {
  const { pool, close } = await freshDatabase('customers');
  const signingIn = { passwords: plainPasswords, randomBytes, settings: signInSettings };
  return { customers: postgresCustomers(pool, signingIn), close };
});
