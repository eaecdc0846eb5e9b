import type { Pool } from 'pg';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { postgresEventStore } from '../../adapters/event-store/postgres.js';
import { postgresOrderViews } from '../../adapters/projections/postgres.js';
import type { Position, StoredEvent } from '../../application/ports/event-store.js';
import type { OrderView } from '../../application/read-models/order-view.js';
import { isOrderId, type OrderId } from '../../domain/ids.js';
import { type ApiClient, bodyOf, UnexpectedAnswer } from './http-client.js';

// What really happened, asked of those who know: the event store, the processor's own ledger, the mailbox, and the
// read models that claim to agree with them.

const LedgerPage = t.type({
  entries: t.array(
    t.type({
      kind: t.string,
      amount: t.number,
      currency: t.string,
      orderId: t.union([t.string, t.null]),
    }),
  ),
  next: t.union([t.number, t.null]),
});

const MailPage = t.type({
  mails: t.array(t.type({ order: t.union([t.string, t.null]), kind: t.union([t.string, t.null]) })),
  next: t.union([t.number, t.null]),
});

/** One movement in the processor's ledger. */
export type LedgerEntry = t.TypeOf<typeof LedgerPage>['entries'][number];

/** All that is known of the orders played, by order. */
export type GroundTruths = {
  readonly events: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly ledger: ReadonlyMap<string, readonly LedgerEntry[]>;
  readonly mails: ReadonlyMap<string, readonly string[]>;
  readonly views: ReadonlyMap<string, OrderView>;
};

const pageSize = 2_000;

const byOrder = <Item>(
  items: ReadonlyArray<readonly [string, Item]>,
): ReadonlyMap<string, readonly Item[]> => {
  const grouped = new Map<string, Item[]>();
  for (const [orderId, item] of items) {
    const group = grouped.get(orderId);
    if (group === undefined) grouped.set(orderId, [item]);
    else group.push(item);
  }
  return grouped;
};

const readEvents = async (pool: Pool, orders: ReadonlySet<string>) => {
  const store = postgresEventStore({ pool, notifications: null });
  const found: Array<readonly [string, StoredEvent]> = [];
  for (let after: Position | null = null; ;) {
    const page: Awaited<ReturnType<ReturnType<typeof store.readAll>>> = await store.readAll(
      after,
      pageSize,
    )();
    if (E.isLeft(page)) throw new UnexpectedAnswer(`event store: ${page.left.type}`);
    for (const entry of page.right.events) {
      if (entry.type === 'event' && orders.has(entry.stored.orderId)) {
        found.push([entry.stored.orderId, entry.stored]);
      }
    }
    if (page.right.events.length === 0 || page.right.next === null) return byOrder(found);
    after = page.right.next;
  }
};

const readLedger = async (processor: ApiClient, orders: ReadonlySet<string>) => {
  const found: Array<readonly [string, LedgerEntry]> = [];
  for (let after: number | null = 0; after !== null;) {
    const path = `/_ledger?after=${String(after)}&limit=${String(pageSize)}`;
    const page: t.TypeOf<typeof LedgerPage> = bodyOf(
      LedgerPage,
      await processor.call({ method: 'GET', path }),
      "the processor's ledger",
    );
    for (const entry of page.entries) {
      if (entry.orderId !== null && orders.has(entry.orderId)) found.push([entry.orderId, entry]);
    }
    after = page.next;
  }
  return byOrder(found);
};

const readMails = async (mailbox: ApiClient, orders: ReadonlySet<string>) => {
  const found: Array<readonly [string, string]> = [];
  for (let after: number | null = 0; after !== null;) {
    const path = `/api/mails?bodies=false&after=${String(after)}&limit=${String(pageSize)}`;
    const page: t.TypeOf<typeof MailPage> = bodyOf(
      MailPage,
      await mailbox.call({ method: 'GET', path }),
      'the mailbox',
    );
    for (const { order, kind } of page.mails) {
      if (order !== null && orders.has(order)) found.push([order, kind ?? '']);
    }
    after = page.next;
  }
  return byOrder(found);
};

const readViews = async (pool: Pool, orders: readonly OrderId[]): Promise<ReadonlyMap<string, OrderView>> => {
  const { find } = postgresOrderViews(pool);
  const views = new Map<string, OrderView>();
  for (const orderId of orders) {
    const view = await find(orderId)();
    if (E.isLeft(view)) throw new UnexpectedAnswer(`read models: ${view.left.type}`);
    if (view.right !== null) views.set(orderId, view.right);
  }
  return views;
};

/** Asks everybody about these orders. */
export const readGroundTruths = async (
  sources: { readonly pool: Pool; readonly processor: ApiClient; readonly mailbox: ApiClient },
  orderIds: readonly string[],
): Promise<GroundTruths> => {
  const orders = new Set(orderIds);
  const events = await readEvents(sources.pool, orders);
  const ledger = await readLedger(sources.processor, orders);
  const mails = await readMails(sources.mailbox, orders);
  const views = await readViews(sources.pool, [...orders].filter(isOrderId));
  return { events, ledger, mails, views };
};
