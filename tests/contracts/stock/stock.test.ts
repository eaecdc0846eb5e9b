import { inMemoryStock } from '../../../adapters/stock/in-memory.js';
import { postgresStock } from '../../../adapters/stock/postgres.js';
import { freshDatabase } from '../../support/databases.js';
import { stockContract } from './stock.js';

stockContract('memory', async () => {
  const stock = inMemoryStock();
  return {
    stock,
    withdraw: async (code) => stock.withdraw(code),
    close: async () => undefined,
  };
});

stockContract('Postgres', async () => {
  const { pool, close } = await freshDatabase('orders');
  return {
    stock: postgresStock(pool),
    withdraw: async (code) => {
      await pool.query('update articles set withdrawn = true where code = $1', [code]);
    },
    close,
  };
});
