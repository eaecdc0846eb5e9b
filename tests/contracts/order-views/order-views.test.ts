import { inMemoryOrderViews } from '../../../adapters/projections/in-memory.js';
import { postgresOrderViews } from '../../../adapters/projections/postgres.js';
import { freshDatabase } from '../../support/databases.js';
import { orderViewsContract } from './suite.js';

orderViewsContract('memory', async () => ({
  views: inMemoryOrderViews(),
  close: async () => undefined,
}));

orderViewsContract('Postgres', async () => {
  const { pool, close } = await freshDatabase('orders');
  return { views: postgresOrderViews(pool), close };
});
