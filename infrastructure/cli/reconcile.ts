import * as E from 'fp-ts/lib/Either.js';
import { reconcilePage } from '../../adapters/cli/reconcile-page.js';
import { postgresOrderViews } from '../../adapters/projections/postgres.js';
import {
  type BooksUnavailable,
  ordersToReconcile,
  reconcileOrders,
} from '../../application/operations/reconcile.js';
import { isOrderId, type OrderId } from '../../domain/ids.js';
import { databaseSettings, paymentSettings } from '../config/settings.js';
import { createProgress } from '../orders/progress.js';
import { openGateway } from '../roles/payments.js';
import { openEventStore, openStock, ordersPool } from '../roles/stores.js';
import { type Command, type CommandArguments, CommandFailed, numberOption } from './command.js';

const settings = { ...databaseSettings, ...paymentSettings };

/** Days that closed orders are still compared, unless told otherwise. */
const defaultDays = 7;

const unavailableWords: Readonly<Record<BooksUnavailable['type'], string>> = {
  store_unavailable: 'the event store cannot be read',
  nothing_happened: 'the card processor cannot be asked',
  outcome_unknown: 'the card processor cannot be asked',
  stock_unavailable: 'the stock ledger cannot be read',
  order_views_unavailable: 'the read models cannot be read',
};

const failure = (unavailable: BooksUnavailable): CommandFailed =>
  new CommandFailed(`not reconciled, ${unavailableWords[unavailable.type]}: ${unavailable.reason}`);

const orderOption = ({ options: { order } }: CommandArguments): OrderId | null => {
  if (order === undefined) return null;
  if (isOrderId(order)) return order;
  throw new CommandFailed('--order needs the id of an order (a UUID)');
};

/** `reconcile`: stream, card processor and stock ledger compared, order by order. */
export const reconcile: Command<typeof settings> = {
  words: 'reconcile',
  shape: '[--order ID] [--since DAYS]',
  about:
    'Compare stream, card processor and stock ledger of all open orders and of those closed in the last days ' +
    `(default ${String(defaultDays)}); explain each difference with its remedy. Exit code 1 when something differs.`,
  options: ['order', 'since'],
  settings,
  run: async (call, values, context) => {
    const { scope, system } = context;
    const days = numberOption(call, 'since', 0, 3_650, defaultDays);
    const order = orderOption(call);
    const pool = await ordersPool(scope, values);
    const payment = { url: values.CHECKOUT_PAYMENT_URL, secretKey: values.CHECKOUT_PAYMENT_SECRET_KEY };
    const ports = {
      ...{ eventStore: await openEventStore(scope, values), system },
      ...{ gateway: openGateway(payment, context), orderViews: postgresOrderViews(pool) },
      stock: await openStock(values, context),
    };
    const wanted = order === null ? await ordersToReconcile(ports)(days)() : E.right([order]);
    if (E.isLeft(wanted)) throw failure(wanted.left);
    const progress = createProgress('orders', wanted.right.length, process.stderr);
    const reconciled = await reconcileOrders(ports, progress.step)(wanted.right)();
    progress.end();
    if (E.isLeft(reconciled)) throw failure(reconciled.left);
    if (reconciled.right.some(({ type }) => type === 'no_order')) {
      throw new CommandFailed(`there is no order ${order ?? ''}`.trim());
    }
    return reconcilePage(reconciled.right);
  },
};
