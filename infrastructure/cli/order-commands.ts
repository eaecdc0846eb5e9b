import * as E from 'fp-ts/lib/Either.js';
import { moment, orderPage } from '../../adapters/cli/order-page.js';
import { table } from '../../adapters/cli/table.js';
import { postgresOrderViews } from '../../adapters/projections/postgres.js';
import { isOrderId } from '../../domain/ids.js';
import { toDecimal } from '../../domain/money.js';
import { type Phase, phases } from '../../domain/order/phase.js';
import { databaseSettings } from '../config/settings.js';
import { openEventStore, ordersPool } from '../roles/stores.js';
import { type Command, type CommandArguments, CommandFailed, numberOption } from './command.js';

/** `order show`: everything that happened to one order. */
export const orderShow: Command<typeof databaseSettings> = {
  words: 'order show',
  shape: 'ID',
  about: 'Show an order: its phase, money and goods, and every fact with time and actor.',
  options: [],
  settings: databaseSettings,
  run: async ({ positional: [orderId = ''] }, values, { scope }) => {
    if (!isOrderId(orderId)) throw new CommandFailed('order show needs the id of an order (a UUID)');
    const store = await openEventStore(scope, values);
    const stored = await store.read(orderId, { direction: 'forwards' })();
    if (E.isLeft(stored)) throw new CommandFailed(`the event store cannot be read: ${stored.left.type}`);
    const page = orderPage(stored.right);
    if (page === null) throw new CommandFailed(`there is no order ${orderId}`);
    return page;
  },
};

const phaseOption = ({ options: { phase } }: CommandArguments): { readonly phase?: Phase } => {
  if (phase === undefined) return {};
  const known = phases.find((name) => name.toLowerCase() === phase.toLowerCase());
  if (known === undefined) throw new CommandFailed(`--phase must be one of ${phases.join(', ')}`);
  return { phase: known };
};

const defaultLimit = 20;

/** `order list`: the newest orders, from the read models. */
export const orderList: Command<typeof databaseSettings> = {
  words: 'order list',
  shape: '[--phase PHASE] [--limit N]',
  about: 'List the newest orders with phase, amounts and tracking.',
  options: ['phase', 'limit'],
  settings: databaseSettings,
  run: async (call, values, { scope }) => {
    const limit = numberOption(call, 'limit', 1, 500, defaultLimit);
    const found = await postgresOrderViews(await ordersPool(scope, values)).list({
      ...phaseOption(call),
      limit,
    })();
    if (E.isLeft(found)) throw new CommandFailed(`the read models cannot be read: ${found.left.reason}`);
    const { views } = found.right;
    const rows = views.map((view) => [
      view.orderId,
      moment(view.placedAt),
      view.phase,
      view.total.currency,
      toDecimal(view.total),
      view.charged === null ? '–' : toDecimal(view.charged),
      String(view.units),
      view.handover?.trackingNumber ?? '',
    ]);
    const head = ['order', 'placed (UTC)', 'phase', 'currency', 'total', 'charged', 'units', 'tracking'];
    const text = rows.length === 0 ? 'No orders.' : table(head, rows, new Set([4, 5, 6]));
    const json = views.map(({ timeline: _timeline, standing: _standing, ...view }) => view);
    return { json, text };
  },
};
