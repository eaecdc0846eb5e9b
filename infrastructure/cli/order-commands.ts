import * as E from 'fp-ts/lib/Either.js';
import { orderPage } from '../../adapters/cli/order-page.js';
import { orderTable } from '../../adapters/cli/order-table.js';
import { postgresOrderViews } from '../../adapters/projections/postgres.js';
import { isOrderId } from '../../domain/ids.js';
import { type Phase, phases } from '../../domain/order/phase.js';
import { policySettings } from '../config/policy-settings.js';
import { databaseSettings } from '../config/settings.js';
import { openEventStore, ordersPool } from '../roles/stores.js';
import { type Command, type CommandArguments, CommandFailed, numberOption } from './command.js';

/** Until when an order waits follows from these, as they are now. */
const showSettings = {
  ...databaseSettings,
  CHECKOUT_PAY_AGAIN_SECONDS: policySettings.CHECKOUT_PAY_AGAIN_SECONDS,
  CHECKOUT_PAY_AGAIN_LATER_SECONDS: policySettings.CHECKOUT_PAY_AGAIN_LATER_SECONDS,
  CHECKOUT_CHALLENGE_SECONDS: policySettings.CHECKOUT_CHALLENGE_SECONDS,
};

/** `order show`: everything that happened to one order. */
export const orderShow: Command<typeof showSettings> = {
  words: 'order show',
  shape: 'ID',
  about: 'Show an order: what it waits for, its money, goods and mails, and every fact with time and actor.',
  options: [],
  settings: showSettings,
  run: async ({ positional: [orderId = ''] }, values, { scope }) => {
    if (!isOrderId(orderId)) throw new CommandFailed('order show needs the id of an order (a UUID)');
    const store = await openEventStore(scope, values);
    const stored = await store.read(orderId, { direction: 'forwards' })();
    if (E.isLeft(stored)) throw new CommandFailed(`the event store cannot be read: ${stored.left.type}`);
    const page = orderPage(stored.right, {
      payAgainSeconds: values.CHECKOUT_PAY_AGAIN_SECONDS,
      payAgainLaterSeconds: values.CHECKOUT_PAY_AGAIN_LATER_SECONDS,
      challengeSeconds: values.CHECKOUT_CHALLENGE_SECONDS,
    });
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
  about: 'List the newest orders with phase, amounts, holds, what they need from customers, and tracking.',
  options: ['phase', 'limit'],
  settings: databaseSettings,
  run: async (call, values, { scope }) => {
    const limit = numberOption(call, 'limit', 1, 500, defaultLimit);
    const found = await postgresOrderViews(await ordersPool(scope, values)).list({
      ...phaseOption(call),
      limit,
    })();
    if (E.isLeft(found)) throw new CommandFailed(`the read models cannot be read: ${found.left.reason}`);
    return orderTable(found.right.views);
  },
};
