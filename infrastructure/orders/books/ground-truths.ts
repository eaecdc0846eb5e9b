import type { Pool } from 'pg';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { postgresOrderViews } from '../../../adapters/projections/postgres.js';
import { postgresStock } from '../../../adapters/stock/postgres.js';
import type { EventStore, Position, StoredEvent } from '../../../application/ports/event-store.js';
import type { OrderView } from '../../../application/read-models/order-view.js';
import { isOrderId, type OrderId } from '../../../domain/ids.js';
import { eventStoreAt } from '../../event-store-client.js';
import { type ApiClient, bodyOf, UnexpectedAnswer } from '../http-client.js';
import { openProcesses } from './open-processes.js';

// What really happened, asked of those who know: the event store, the processor's own ledger, the mailbox, the stock
// ledger, the workflow service, and the read models that claim to agree with them.

const PaymentsPage = t.type({
  payments: t.array(
    t.type({
      sequence: t.number,
      id: t.string,
      order: t.union([t.string, t.null]),
      status: t.string,
      reserved: t.number,
      captured: t.number,
      released: t.number,
      held: t.number,
      refunded: t.number,
      refundsPending: t.number,
      disputed: t.number,
      declines: t.array(t.string),
    }),
  ),
  next: t.union([t.number, t.null]),
});

const MailPage = t.type({
  mails: t.array(t.type({ order: t.union([t.string, t.null]), kind: t.union([t.string, t.null]) })),
  next: t.union([t.number, t.null]),
});

/** What the processor's ledger says of one payment, in minor units. */
export type PaymentBook = t.TypeOf<typeof PaymentsPage>['payments'][number];

/** What the stock ledger still holds for an order. */
export type OpenHold = 'none' | 'reserved' | 'committed';

/** All that is known of the orders played, by order. */
export type GroundTruths = {
  readonly events: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly payments: ReadonlyMap<string, readonly PaymentBook[]>;
  /** Kinds of the mails that the mail service accepted. */
  readonly mails: ReadonlyMap<string, readonly string[]>;
  readonly views: ReadonlyMap<string, OrderView>;
  readonly holds: ReadonlyMap<string, OpenHold>;
  /** Orders whose process is still open at the workflow service. */
  readonly openProcesses: ReadonlySet<string>;
  /** When the last fact of any other order was stored; 0 when there is none. */
  readonly lastStrangerAt: number;
};

/** Whom to ask. */
export type TruthSources = {
  readonly pool: Pool;
  readonly processor: ApiClient;
  readonly mailbox: ApiClient;
  /** The address of the workflow service. */
  readonly swfUrl: string;
  /** Where the events are, as the setting CHECKOUT_EVENT_STORE says it; without it, in the orders database. */
  readonly eventStore?: string;
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

const readEvents = async (store: EventStore, orders: ReadonlySet<string>) => {
  const found: Array<readonly [string, StoredEvent]> = [];
  let lastStrangerAt = 0;
  for (let after: Position | null = null; ;) {
    const page: Awaited<ReturnType<ReturnType<typeof store.readAll>>> = await store.readAll(
      after,
      pageSize,
    )();
    if (E.isLeft(page)) throw new UnexpectedAnswer(`event store: ${page.left.type}`);
    for (const entry of page.right.events) {
      if (entry.type !== 'event') continue;
      const { orderId, recordedAt } = entry.stored;
      if (orders.has(orderId)) found.push([orderId, entry.stored]);
      else lastStrangerAt = Math.max(lastStrangerAt, recordedAt);
    }
    if (page.right.events.length === 0 || page.right.next === null) {
      return { events: byOrder(found), lastStrangerAt };
    }
    after = page.right.next;
  }
};

const readPayments = async (processor: ApiClient, orders: ReadonlySet<string>) => {
  const found: Array<readonly [string, PaymentBook]> = [];
  for (let after: number | null = 0; after !== null;) {
    const path = `/_ledger/payments?after=${String(after)}&limit=${String(pageSize)}`;
    const page: t.TypeOf<typeof PaymentsPage> = bodyOf(
      PaymentsPage,
      await processor.call({ method: 'GET', path }),
      "the processor's ledger",
    );
    for (const payment of page.payments) {
      if (payment.order !== null && orders.has(payment.order)) found.push([payment.order, payment]);
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

const readHolds = async (pool: Pool, orders: readonly OrderId[]): Promise<ReadonlyMap<string, OpenHold>> => {
  const { holdOf } = postgresStock(pool);
  const holds = new Map<string, OpenHold>();
  for (const orderId of orders) {
    const hold = await holdOf(orderId)();
    if (E.isLeft(hold)) throw new UnexpectedAnswer(`stock ledger: ${hold.left.type}`);
    holds.set(orderId, hold.right.type);
  }
  return holds;
};

/** Asks everybody about these orders. */
export const readGroundTruths = async (
  { pool, processor, mailbox, swfUrl, eventStore = 'postgres' }: TruthSources,
  orderIds: readonly string[],
): Promise<GroundTruths> => {
  const orders = new Set(orderIds);
  const ids = [...orders].filter(isOrderId);
  // Whoever is asked first may be asked too early, so what ends an order's way comes first.
  const processes = await openProcesses(swfUrl);
  const { store, close } = eventStoreAt(eventStore, pool);
  const { events, lastStrangerAt } = await readEvents(store, orders).finally(close);
  const payments = await readPayments(processor, orders);
  const mails = await readMails(mailbox, orders);
  const holds = await readHolds(pool, ids);
  const views = await readViews(pool, ids);
  const open = new Set([...processes].filter((orderId) => orders.has(orderId)));
  return { events, payments, mails, views, holds, openProcesses: open, lastStrangerAt };
};
