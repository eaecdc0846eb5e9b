import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { OrderId } from '../../domain/ids.js';
import { fold } from '../../domain/order/evolve.js';
import { finalPhases, type Phase, phaseOf, phases } from '../../domain/order/phase.js';
import { processSeconds } from '../../domain/process/limits.js';
import type { EventStore, ReadError, UnreadableEvent } from '../ports/event-store.js';
import type { OrderViewPlace, OrderViews, OrderViewsError } from '../ports/order-views.js';
import type { GatewayError, PaymentGateway } from '../ports/payment-gateway.js';
import type { OrderView } from '../read-models/order-view.js';
import type { Stock, StockError } from '../ports/stock.js';
import type { System } from '../ports/system.js';
import { compareBooks, type OrderBooks } from './compare-books.js';
import { certain, doubtful, type Finding } from './findings.js';

/** Whose books are compared. */
export type ReconcilePorts = {
  readonly eventStore: Pick<EventStore, 'read'>;
  readonly gateway: Pick<PaymentGateway, 'paymentsOf'>;
  readonly stock: Pick<Stock, 'holdOf'>;
  readonly system: Pick<System, 'now'>;
};

/** A book that cannot be read now: nothing can be said. */
export type BooksUnavailable =
  Exclude<ReadError, { readonly type: 'unreadable_event' }> | GatewayError | StockError | OrderViewsError;

/** What comparing the books of one order came to. */
export type OrderReconciliation =
  | { readonly type: 'no_order'; readonly orderId: OrderId }
  | {
      readonly type: 'compared';
      readonly orderId: OrderId;
      /** Null when the stream cannot be read whole. */
      readonly phase: Phase | null;
      /** Empty when all books agree. */
      readonly findings: readonly Finding[];
    };

type Looked =
  | { readonly type: 'read'; readonly books: OrderBooks }
  | { readonly type: 'no_order' }
  | { readonly type: 'unreadable'; readonly event: UnreadableEvent };

const readBooks = async (
  { eventStore, gateway, stock }: ReconcilePorts,
  orderId: OrderId,
): Promise<E.Either<BooksUnavailable, Looked>> => {
  const stored = await eventStore.read(orderId, { direction: 'forwards' })();
  if (E.isLeft(stored)) {
    const { left } = stored;
    return left.type === 'unreadable_event'
      ? E.right({ type: 'unreadable', event: left.event })
      : E.left(left);
  }
  const order = fold(stored.right.map(({ event }) => event));
  if (order.type === 'no_order') return E.right({ type: 'no_order' });
  const payments = await gateway.paymentsOf(orderId)();
  if (E.isLeft(payments)) return payments;
  const hold = await stock.holdOf(orderId)();
  if (E.isLeft(hold)) return hold;
  const lastFactAt = stored.right.at(-1)?.event.at ?? order.terms.at;
  return E.right({
    type: 'read',
    books: { order, lastFactAt, payments: payments.right, hold: hold.right },
  });
};

/** An order that goes on while it is looked at is looked at again, so often at most. */
const mostLooks = 3;

const differs = (findings: readonly Finding[]): boolean => findings.some(({ doubt }) => doubt === null);

/**
 * Compares the stream of one order with what the card processor and the stock ledger hold for it. The books are read one
 * after the other, so an order that went on meanwhile is read again; if it never stands still, it is in doubt.
 */
export const reconcileOrder =
  (ports: ReconcilePorts) =>
  (orderId: OrderId): TE.TaskEither<BooksUnavailable, OrderReconciliation> =>
  async () => {
    let before: number | null = null;
    for (let look = 1; ; look += 1) {
      const looked = await readBooks(ports, orderId);
      if (E.isLeft(looked)) return looked;
      const seen = looked.right;
      if (seen.type === 'no_order') return E.right({ type: 'no_order', orderId });
      if (seen.type === 'unreadable') {
        const { revision, problem } = seen.event;
        const finding = certain({ type: 'stream_unreadable', revision, problem });
        return E.right({ type: 'compared', orderId, phase: null, findings: [finding] });
      }
      const { order } = seen.books;
      const findings = compareBooks(seen.books, ports.system.now());
      const phase = phaseOf(order);
      // A difference counts when the order stood still over two looks at all books.
      if (!differs(findings) || before === order.revision) {
        return E.right({ type: 'compared', orderId, phase, findings });
      }
      if (look >= mostLooks) {
        const unsure = findings.map(({ difference, doubt }) => doubtful(difference, doubt ?? 'changing'));
        return E.right({ type: 'compared', orderId, phase, findings: unsure });
      }
      before = order.revision;
    }
  };

const pageSize = 200;

type ListedPage = {
  readonly views: ReadonlyArray<Pick<OrderView, 'orderId' | 'changedAt'>>;
  readonly next: OrderViewPlace | null;
};

type Listing = { readonly orderViews: Pick<OrderViews, 'list'> };

/** Orders of one phase that were placed and changed since then, newest first. Null: all of them. */
const ordersIn = async (
  { orderViews }: Listing,
  phase: Phase,
  since: { readonly placed: number; readonly changed: number } | null,
): Promise<E.Either<OrderViewsError, readonly OrderId[]>> => {
  const orderIds: OrderId[] = [];
  for (let after: OrderViewPlace | null = null; ;) {
    const page: E.Either<OrderViewsError, ListedPage> = await orderViews.list({
      ...{ phase, limit: pageSize },
      ...(after === null ? {} : { after }),
    })();
    if (E.isLeft(page)) return page;
    const { views, next }: ListedPage = page.right;
    const recent = views.filter(({ changedAt }) => since === null || changedAt >= since.changed);
    orderIds.push(...recent.map(({ orderId }) => orderId));
    const isOver = since !== null && next !== null && next.placedAt < since.placed;
    if (next === null || isOver) return E.right(orderIds);
    after = next;
  }
};

const daySeconds = 24 * 60 * 60;

/**
 * The orders whose books are worth comparing: all open ones, and those at their end whose last fact is at most that many
 * days old. From the read models, so an order of this moment may be missing.
 */
export const ordersToReconcile =
  (ports: Listing & { readonly system: Pick<System, 'now'> }) =>
  (sinceDays: number): TE.TaskEither<OrderViewsError, readonly OrderId[]> =>
  async () => {
    const changed = ports.system.now() - sinceDays * daySeconds * 1000;
    const orderIds: OrderId[] = [];
    for (const phase of phases) {
      // The list goes by the time of placing; no order takes longer than its process may run.
      const since = { changed, placed: changed - processSeconds * 1000 };
      const found = await ordersIn(ports, phase, finalPhases.has(phase) ? since : null);
      if (E.isLeft(found)) return found;
      orderIds.push(...found.right);
    }
    return E.right([...new Set(orderIds)]);
  };

/** Orders compared at the same time: the processor allows some twenty searches a second. */
const atOnce = 4;

/**
 * Compares the books of these orders; answers in their order. `onCompared` is called after each. The first book that
 * cannot be read ends it: half a reconciliation would look like a whole one.
 */
export const reconcileOrders =
  (ports: ReconcilePorts, onCompared: () => void) =>
  (orderIds: readonly OrderId[]): TE.TaskEither<BooksUnavailable, readonly OrderReconciliation[]> =>
  async () => {
    const compared = new Map<OrderId, OrderReconciliation>();
    const failures: BooksUnavailable[] = [];
    const queue = orderIds[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      for (const orderId of queue) {
        const result = await reconcileOrder(ports)(orderId)();
        if (E.isLeft(result)) failures.push(result.left);
        else compared.set(orderId, result.right);
        if (failures.length > 0) return;
        onCompared();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    const [failure] = failures;
    if (failure !== undefined) return E.left(failure);
    return E.right(orderIds.flatMap((orderId) => compared.get(orderId) ?? []));
  };
