import { inMemoryCarts } from '../../../adapters/customers/in-memory-carts.js';
import { postgresCarts } from '../../../adapters/customers/postgres-carts.js';
import { freshDatabase } from '../../support/databases.js';
import { cartsContract } from './carts.js';

cartsContract('memory', async () => ({ carts: inMemoryCarts(), close: async () => undefined }));

cartsContract('Postgres', async () => {
  const { pool, close } = await freshDatabase('customers');
  return { carts: postgresCarts(pool), close };
});
