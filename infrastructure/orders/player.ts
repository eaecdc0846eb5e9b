import { setTimeout as sleep } from 'node:timers/promises';
import { orderIdOf } from '../../adapters/cart-tokens/order-id.js';
import { openPool } from '../database/pool.js';
import type { StackSecrets } from '../local/stack/secrets.js';
import type { RunningStack } from '../local/stack/stack-file.js';
import { type GroundTruths, readGroundTruths } from './books/ground-truths.js';
import { areSettled, reconcile } from './books/reconcile.js';
import { readShelves, shelfDifferences } from './books/shelves.js';
import { startFloorCrew } from './floor-crew.js';
import { createFollower } from './follow-order.js';
import { closedGates } from './gates.js';
import { createApiClient } from './http-client.js';
import { tokenIdOf } from './invoices/cart-of-invoice.js';
import type { InvoiceFile } from './invoices/invoices.js';
import { type Played, playOrder, type Stage } from './play-invoice.js';
import { type PlannedOrder, planOf } from './plan.js';
import type { Progress } from './progress.js';
import { createShoppers } from './people/shoppers.js';
import { receiveStock } from './stock-receipt.js';
import { type Summary, summarise } from './summary.js';

/** How a play goes. */
export type PlayOptions = {
  readonly source: string;
  /** Orders in flight at once. */
  readonly concurrency: number;
  readonly crewSize: number;
  readonly paymentMethod: string;
  /** Of every so many orders the first card declines; null: of none. */
  readonly declineEvery: number | null;
  /** Of every so many picks one unit is not found; null: of none. */
  readonly shortPickEvery: number | null;
  /** How long calls without an answer are repeated, and how long an order may take to its last status. */
  readonly patienceSeconds: number;
  readonly progress: (total: number) => Progress;
};

const playAll = async (
  stage: Stage,
  orders: readonly PlannedOrder[],
  concurrency: number,
  progress: Progress,
): Promise<readonly Played[]> => {
  const played: Played[] = [];
  const failures: unknown[] = [];
  const queue = orders[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && failures.length === 0; next = queue.next()) {
      played.push(await playOrder(stage, next.value));
      progress.step();
    }
  };
  const failed = (failure: unknown): void => void failures.push(failure);
  // The first failure ends the play, after what is in hand; nothing goes on behind the caller's back.
  await Promise.all(Array.from({ length: concurrency }, () => lane().catch(failed)));
  if (failures.length > 0) throw failures[0];
  return played;
};

const settlePauseMilliseconds = 500;

/** The truths once nothing more is to come (mails may follow an order's end), or as they are when patience is over. */
export const settledTruths = async (
  read: () => Promise<GroundTruths>,
  patienceSeconds: number,
): Promise<GroundTruths> => {
  const patience = Date.now() + patienceSeconds * 1000;
  for (;;) {
    const truths = await read();
    if (areSettled(truths) || Date.now() > patience) return truths;
    await sleep(settlePauseMilliseconds);
  }
};

/**
 * Plays a file against a running stack through its public interfaces, as operator, shop, customers and floor staff, and
 * reconciles what everybody says afterwards. Playing the same source again changes nothing.
 */
export const playOrders = async (
  stack: RunningStack,
  secrets: StackSecrets,
  file: InvoiceFile,
  options: PlayOptions,
): Promise<Summary> => {
  const { source, patienceSeconds, paymentMethod } = options;
  const { storefront, operatorKey } = secrets;
  const client = (url: string) => createApiClient(url, patienceSeconds);
  const [web, floor, admin] = [client(stack.webUrl), client(stack.floorUrl), client(stack.adminUrl)];
  const [processor, mailbox] = [client(stack.processorUrl), client(stack.mailboxUrl)];
  const follower = createFollower(stack.webUrl);
  const database = openPool({ url: stack.ordersDatabaseUrl, max: 2, applicationName: 'orders-player' });
  try {
    const plan = planOf(file, options.declineEvery);
    await receiveStock(admin, operatorKey, source, file.orders);
    const shelvesBefore = await readShelves(database.pool, file.orders);
    // The floor leaves an order alone until the cancellation that its file has was asked for.
    const cancelled = plan.orders.flatMap(({ invoice, cancellation }) =>
      cancellation === null ? [] : [orderIdOf(storefront.issuer, tokenIdOf(source, invoice))],
    );
    const gates = closedGates(cancelled);
    const stage: Stage = {
      ...{ web, follower, shoppers: createShoppers(web), storefront, source, paymentMethod },
      ...{ finalWithinSeconds: patienceSeconds, desk: { admin, operatorKey }, onCancelled: gates.open },
    };
    const { crewSize, shortPickEvery } = options;
    const crew = await startFloorCrew(admin, floor, operatorKey, crewSize, shortPickEvery, gates.passed);
    const progress = options.progress(plan.orders.length);
    const began = performance.now();
    const played = await playAll(stage, plan.orders, options.concurrency, progress).finally(async () => {
      gates.openAll();
      await crew.stop();
    });
    const seconds = (performance.now() - began) / 1000;
    progress.end();
    const orderIds = played.flatMap((item) => (item.type === 'ordered' ? [item.orderId] : []));
    const { swfUrl, eventStore } = stack;
    const sources = { pool: database.pool, processor, mailbox, swfUrl, eventStore };
    const truths = await settledTruths(() => readGroundTruths(sources, orderIds), patienceSeconds);
    const { picks } = crew.tally;
    const shelvesAfter = await readShelves(database.pool, file.orders);
    const shelves = shelfDifferences(shelvesBefore, shelvesAfter, truths, picks);
    const differences = [...reconcile(played, truths, picks), ...(shelves ?? [])];
    return summarise({ plan, played, truths, picks, differences, seconds, hasShelves: shelves !== null });
  } finally {
    follower.close();
    for (const api of [web, floor, admin, processor, mailbox]) api.close();
    await database.close();
  }
};
