// An order that nobody spoilt differs in nothing at any moment, whatever is under way is only in doubt, and which orders
// are compared.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { reconcilePage } from '../../../adapters/cli/reconcile-page.js';
import { inMemoryOrderViews } from '../../../adapters/projections/in-memory.js';
import type { BookDifference } from '../../../application/operations/findings.js';
import {
  ordersToReconcile,
  type ReconcilePorts,
  reconcileOrder,
  reconcileOrders,
} from '../../../application/operations/reconcile.js';
import { isPosition } from '../../../application/ports/event-store.js';
import { orderViewOf } from '../../../application/read-models/order-view.js';
import { plusSeconds } from '../../../domain/instant.js';
import { fold } from '../../../domain/order/evolve.js';
import * as the from '../../support/examples.js';
import { histories, type StateName } from '../../support/histories.js';
import { checked, orderIdNumbered } from '../../support/ids.js';
import { createEngine } from '../../support/order/process-engine.js';
import { stories } from '../../support/order/stories/stories.js';
import { createWorld, right, type World } from '../../support/order/world.js';
import {
  findingsOf,
  forge,
  later,
  onlyDifference,
  playedToEnd,
  playedUntil,
  portsOf,
  reconciled,
  referenceOf,
  reserveBehindTheBack,
  until,
  withPayments,
} from './reconcile-world.js';

describe('a clean system', () => {
  it.each(stories.map((story) => [story.name, story] as const))(
    'differs in nothing at any moment: %s',
    async (_, { circumstances, notices }) => {
      const world = await createWorld(circumstances);
      const options = notices === undefined ? {} : { notices };
      const engine = createEngine(world, { ports: world.ports, ...options });
      const certain: unknown[] = [];
      const look = async (): Promise<void> => {
        const findings = await findingsOf(world);
        certain.push(...findings.filter(({ doubt }) => doubt === null));
      };
      do await look();
      while ((await engine.round()) === 'going');
      later(world);
      expect(await reconciled(world)).toMatchObject({ type: 'compared', findings: [] });
      expect(certain).toStrictEqual([]);
    },
  );

  it('says so in one line', async () => {
    const page = reconcilePage([await reconciled(await playedToEnd())]);
    expect(page).toMatchObject({ failed: false, json: { orders: 1, differing: 0, inDoubt: 0 } });
    expect(page.text).toBe('1 order compared: stream, processor and stock ledger agree.');
  });
});

describe('what is under way', () => {
  const doubtsOf = async (world: World, others?: Partial<ReconcilePorts>) => {
    const findings = await findingsOf(world, others);
    return findings.map(({ difference, doubt }): readonly [BookDifference['type'], string | null] => [
      difference.type,
      doubt,
    ]);
  };

  it('is in doubt while the processor was asked for a reservation and its answer is not stored', async () => {
    const world = await playedUntil(until('StockReserved'));
    const { terms } = await world.order();
    const key = `${the.orderId}:reserve:1` as const;
    const { paymentMethod, total: amount } = terms;
    const at = world.system.now();
    await forge(world, { type: 'CardReservationRequested', at, attempt: 1, key, amount, paymentMethod });
    await reserveBehindTheBack(world, 1);
    expect(await doubtsOf(world)).toStrictEqual([['reservation_unknown', 'request_open']]);
    const page = reconcilePage([await reconciled(world)]);
    expect(page).toMatchObject({ failed: false, json: { differing: 0, inDoubt: 1 } });
    expect(page.text).toMatch(/in doubt: the processor was asked/);
    expect(page.text).toMatch(/agree, 1 order in doubt\.$/);
  });

  it('is in doubt while a charge is asked for, and certain when it is for another attempt', async () => {
    const world = await playedUntil(until('Packed'));
    const reference = await referenceOf(world);
    const key = `${the.orderId}:charge:1` as const;
    const at = world.system.now();
    const amount = the.pence(4580);
    await forge(world, { type: 'ChargeRequested', at, attempt: 1, key, amount });
    right('charge', await world.processor.gateway.charge({ reference, key, amount })());
    expect(await doubtsOf(world)).toStrictEqual([['charge_unrecorded', 'request_open']]);
  });

  it('is in doubt while a refund is asked for', async () => {
    const world = await playedToEnd();
    const at = world.system.now();
    const key = `${the.orderId}:refund:1` as const;
    const refund = { refundId: 'r-1', number: 1, key, amount: the.pence(500) } as const;
    await forge(world, { type: 'RefundRequested', at, ...refund, reason: 'goodwill' });
    expect(await doubtsOf(world)).toStrictEqual([]);
    const reference = await referenceOf(world);
    right('refund', await world.processor.gateway.refund({ orderId: the.orderId, ...refund, reference })());
    expect(await doubtsOf(world)).toStrictEqual([['refund_unrecorded', 'request_open']]);
  });

  it('is in doubt for two minutes when the processor does not show a payment yet', async () => {
    const world = await createWorld();
    await createEngine(world, { ports: world.ports }).runToEnd();
    const none = withPayments(world, () => []);
    expect(await doubtsOf(world, none)).toStrictEqual([['charge_missing', 'just_happened']]);
    later(world);
    expect(await doubtsOf(world, none)).toStrictEqual([['charge_missing', null]]);
  });

  it('is in doubt when the order never stands still while it is looked at', async () => {
    const world = await playedToEnd();
    await reserveBehindTheBack(world, 7);
    let dispute = 0;
    const moving: Partial<ReconcilePorts> = {
      gateway: {
        paymentsOf: (orderId) => async () => {
          dispute += 1;
          const reference = `dp_${String(dispute)}`;
          const reason = 'fraudulent';
          const amount = the.pence(4580);
          await forge(world, { type: 'PaymentDisputed', at: world.system.now(), reference, amount, reason });
          return world.processor.gateway.paymentsOf(orderId)();
        },
      },
    };
    expect(await doubtsOf(world, moving)).toStrictEqual([['reservation_unknown', 'changing']]);
    expect(dispute).toBe(3);
  });
});

describe('what cannot be compared', () => {
  it('an order that is not there', async () => {
    const world = await createWorld();
    const other = orderIdNumbered(77);
    expect(right('reconcile', await reconcileOrder(portsOf(world))(other)())).toStrictEqual({
      type: 'no_order',
      orderId: other,
    });
  });

  it('an order with a fact that this version cannot read', async () => {
    const world = await playedToEnd();
    const event = {
      ...({ type: 'unreadable', stream: `order-${the.orderId}`, revision: 3 } as const),
      ...{ position: checked(isPosition, '9'), storedName: 'OrderTwisted', problem: 'unknown name' },
    };
    const eventStore = {
      read: () => async () => E.left({ type: 'unreadable_event', event } as const),
    };
    const { difference, text } = await onlyDifference(world, { eventStore });
    expect(difference).toMatchObject({ type: 'stream_unreadable', revision: 3 });
    expect(text).toContain('phase not known');
  });

  it.each(['gateway', 'stock', 'eventStore'] as const)(
    'nothing is said when a book is away: %s',
    async (away) => {
      const world = await playedToEnd();
      const books = {
        gateway: {
          paymentsOf: () => async () => E.left({ type: 'nothing_happened', reason: 'refused' } as const),
        },
        stock: {
          holdOf: () => async () => E.left({ type: 'stock_unavailable', reason: 'refused' } as const),
        },
        eventStore: {
          read: () => async () => E.left({ type: 'store_unavailable', reason: 'refused' } as const),
        },
      };
      const result = await reconcileOrder(portsOf(world, { [away]: books[away] }))(the.orderId)();
      expect(result).toMatchObject({ _tag: 'Left', left: { reason: 'refused' } });
    },
  );
});

describe('which orders are compared', () => {
  const now = the.after(100 * 86_400);

  /** Orders of these histories, the last fact of each so many days ago. */
  const listed = async (orders: ReadonlyArray<readonly [StateName, number]>, sinceDays: number) => {
    const orderViews = inMemoryOrderViews();
    const from = right('stand', await orderViews.live.checkpoint()());
    const views = orders.flatMap(([state, daysAgo], index) => {
      const order = fold(histories[state].events);
      if (order.type === 'no_order') return [];
      const orderId = orderIdNumbered(index + 1);
      const terms = { ...order.terms, orderId };
      return [orderViewOf({ ...order, terms }, order.revision, plusSeconds(now, -daysAgo * 86_400))];
    });
    const to = checked(isPosition, '1');
    right('advance', await orderViews.live.advance(from, to, { views, parked: [] })());
    const system = { now: () => now };
    const found = right('list', await ordersToReconcile({ orderViews, system })(sinceDays)());
    return orders.flatMap(([state], index) => (found.includes(orderIdNumbered(index + 1)) ? [state] : []));
  };

  it('all open ones, and those at their end that changed within the days', async () => {
    const orders = [
      ['released', 90],
      ['declined', 50],
      ['completed', 6],
      ['cancelled', 8],
      ['rejected', 7],
      ['placed', 0],
    ] as const;
    expect(await listed(orders, 7)).toStrictEqual([
      'released',
      'declined',
      'completed',
      'rejected',
      'placed',
    ]);
    expect(await listed(orders, 0)).toStrictEqual(['released', 'declined', 'placed']);
    expect(await listed(orders, 3_650)).toHaveLength(6);
  });

  it('over many pages', async () => {
    const orders = Array.from({ length: 450 }, (_, index) => ['completed', index % 3] as const);
    expect(await listed(orders, 1)).toHaveLength(300);
  });

  it('the books are told in the order asked for, and the first that cannot be read ends it', async () => {
    const world = await playedToEnd();
    const ids = [orderIdNumbered(5), the.orderId, orderIdNumbered(4)];
    const seen: number[] = [];
    const many = reconcileOrders(portsOf(world), () => seen.push(1));
    const all = right('reconcile', await many(ids)());
    expect(all.map(({ orderId, type }) => [orderId, type])).toStrictEqual([
      [ids[0], 'no_order'],
      [ids[1], 'compared'],
      [ids[2], 'no_order'],
    ]);
    expect(seen).toHaveLength(3);
    const broken = { holdOf: () => async () => E.left({ type: 'stock_unavailable', reason: 'x' } as const) };
    const failed = await reconcileOrders(portsOf(world, { stock: broken }), () => seen.push(1))(ids)();
    expect(failed).toStrictEqual(E.left({ type: 'stock_unavailable', reason: 'x' }));
  });
});
