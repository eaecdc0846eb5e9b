import * as E from 'fp-ts/lib/Either.js';
import { stuckPage } from '../../adapters/cli/stuck-page.js';
import { postgresUnfinishedNotices } from '../../adapters/payment/notices/unfinished.js';
import { postgresOrderViews } from '../../adapters/projections/postgres.js';
import { findStuckOrders } from '../../application/operations/stuck-orders.js';
import { plusSeconds } from '../../domain/instant.js';
import { databaseSettings } from '../config/settings.js';
import { processSettings, processSettingsOf } from '../roles/policy.js';
import { openEventStore, ordersPool } from '../roles/stores.js';
import { type Command, CommandFailed, numberOption } from './command.js';

const settings = { ...databaseSettings, ...processSettings };

/** Days after they were placed in which orders that ended are still looked at, unless told otherwise. */
const defaultDays = 90;

/** `orders stuck`: every order that is past a deadline, what it waits for and which remedy to try. */
export const ordersStuck: Command<typeof settings> = {
  words: 'orders stuck',
  shape: '[--days N]',
  about:
    'List orders that are past a deadline: what is awaited from whom, since when, and the remedy to try. Those ' +
    `that ended are looked at for ${String(defaultDays)} days after they were placed, unless --days says otherwise.`,
  options: ['days'],
  settings,
  run: async (call, values, { scope, system }) => {
    const days = numberOption(call, 'days', 0, 3_650, defaultDays);
    const pool = await ordersPool(scope, values);
    const found = await findStuckOrders(
      {
        orderViews: postgresOrderViews(pool),
        eventStore: await openEventStore(scope, values),
        notices: postgresUnfinishedNotices(pool),
        system,
      },
      {
        settings: processSettingsOf(values),
        endedPlacedAfter: plusSeconds(system.now(), -days * 86_400),
      },
    )();
    if (E.isLeft(found)) throw new CommandFailed(`the orders cannot be read: ${found.left.reason}`);
    return stuckPage(found.right);
  },
};
