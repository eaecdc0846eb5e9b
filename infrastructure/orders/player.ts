import { setTimeout as sleep } from 'node:timers/promises';
import { openPool } from '../database/pool.js';
import type { StackSecrets } from '../local/stack/secrets.js';
import type { RunningStack } from '../local/stack/stack-file.js';
import { startFloorCrew } from './floor-crew.js';
import { createFollower } from './follow-order.js';
import { type GroundTruths, readGroundTruths } from './ground-truths.js';
import { createApiClient } from './http-client.js';
import type { Invoice } from './invoices/invoices.js';
import { type Played, playInvoice, type Stage } from './play-invoice.js';
import type { Progress } from './progress.js';
import { reconcile, areSettled } from './reconcile.js';
import { createShoppers } from './shoppers.js';
import { receiveStock } from './stock-receipt.js';
import { type Summary, summarise } from './summary.js';

/** How a play goes. */
export type PlayOptions = {
  readonly source: string;
  /** Orders in flight at once. */
  readonly concurrency: number;
  readonly crewSize: number;
  readonly paymentMethod: string;
  /** How long calls without an answer are repeated, and how long an order may take to its last status. */
  readonly patienceSeconds: number;
  readonly progress: (total: number) => Progress;
};

const playAll = async (
  stage: Stage,
  invoices: readonly Invoice[],
  concurrency: number,
  progress: Progress,
): Promise<readonly Played[]> => {
  const played: Played[] = [];
  const failures: unknown[] = [];
  const queue = invoices[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && failures.length === 0; next = queue.next()) {
      played.push(await playInvoice(stage, next.value));
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
 * Plays invoices against a running stack through its public interfaces, as operator, shop, customers and floor staff, and
 * reconciles what everybody says afterwards. Playing the same source again changes nothing.
 */
export const playOrders = async (
  stack: RunningStack,
  secrets: StackSecrets,
  invoices: readonly Invoice[],
  options: PlayOptions,
): Promise<Summary> => {
  const { source, patienceSeconds, paymentMethod } = options;
  const client = (url: string) => createApiClient(url, patienceSeconds);
  const [web, floor, admin] = [client(stack.webUrl), client(stack.floorUrl), client(stack.adminUrl)];
  const [processor, mailbox] = [client(stack.processorUrl), client(stack.mailboxUrl)];
  const follower = createFollower(stack.webUrl);
  const database = openPool({ url: stack.ordersDatabaseUrl, max: 2, applicationName: 'orders-player' });
  try {
    await receiveStock(admin, secrets.operatorKey, source, invoices);
    const { storefront, operatorKey } = secrets;
    const shoppers = createShoppers(web);
    const finalWithinSeconds = patienceSeconds;
    const stage: Stage = { web, follower, shoppers, storefront, source, paymentMethod, finalWithinSeconds };
    const crew = await startFloorCrew(admin, floor, operatorKey, options.crewSize);
    const progress = options.progress(invoices.length);
    const began = performance.now();
    const played = await playAll(stage, invoices, options.concurrency, progress).finally(crew.stop);
    const seconds = (performance.now() - began) / 1000;
    progress.end();
    const orderIds = played.flatMap((item) => (item.type === 'ordered' ? [item.orderId] : []));
    const sources = { pool: database.pool, processor, mailbox };
    const truths = await settledTruths(() => readGroundTruths(sources, orderIds), patienceSeconds);
    return summarise(played, truths, reconcile(played, truths), seconds);
  } finally {
    follower.close();
    for (const api of [web, floor, admin, processor, mailbox]) api.close();
    await database.close();
  }
};
