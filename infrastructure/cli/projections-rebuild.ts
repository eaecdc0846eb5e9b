import * as E from 'fp-ts/lib/Either.js';
import { postgresOrderViews } from '../../adapters/projections/postgres.js';
import { rebuildOrderViews } from '../../application/rebuild-order-views.js';
import { databaseSettings } from '../config/settings.js';
import { createProgress } from '../orders/progress.js';
import { openEventStore, ordersPool } from '../roles/stores.js';
import { type Command, CommandFailed } from './command.js';

const batchSize = 500;

/** How many events there are to read, for the progress bar. The first query: it meets a database that is away. */
const countEvents = async (pool: Awaited<ReturnType<typeof ordersPool>>): Promise<number> => {
  try {
    const { rows } = await pool.query<{ count: string }>('select count(*) as count from events');
    return Number(rows[0]?.count ?? 0);
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new CommandFailed(`not rebuilt, the orders database cannot be read: ${reason}`);
  }
};

/** `projections rebuild`: the read models anew from the first event, beside the live ones, then swapped. */
export const projectionsRebuild: Command<typeof databaseSettings> = {
  words: 'projections rebuild',
  shape: '',
  about: 'Build the read models anew beside the live ones while orders keep flowing, and swap them in.',
  options: [],
  settings: databaseSettings,
  run: async (_, values, { scope, system, observer }) => {
    const pool = await ordersPool(scope, values);
    const eventStore = await openEventStore(scope, values);
    const progress = createProgress('events', await countEvents(pool), process.stderr);
    const state = { seen: 0 };
    const onProgress = (events: number): void => {
      for (; state.seen < events; state.seen += 1) progress.step();
    };
    const ports = { eventStore, system, observer, tables: postgresOrderViews(pool) };
    const rebuilt = await rebuildOrderViews(ports, { batchSize, onProgress })();
    progress.end();
    if (E.isLeft(rebuilt))
      throw new CommandFailed(`not rebuilt, the live read models are as they were: ${rebuilt.left.type}`);
    return { json: { events: rebuilt.right }, text: `Rebuilt from ${String(rebuilt.right)} events.` };
  },
};
