// The public API over ports in memory, with a shop that signs carts and customers who sign in.
import { randomBytes, randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { jwsCartTokens } from '../../../adapters/cart-tokens/jws.js';
import { inMemoryCheckpoints } from '../../../adapters/event-store/in-memory-checkpoints.js';
import { inMemoryCarts } from '../../../adapters/customers/in-memory-carts.js';
import { inMemoryCustomers, plainPasswords } from '../../../adapters/customers/in-memory.js';
import type { Passwords } from '../../../adapters/customers/password.js';
import { inMemoryEventStore } from '../../../adapters/event-store/in-memory.js';
import {
  type Access,
  type Defect,
  defaultHttpSettings,
  type HttpSettings,
} from '../../../adapters/http/app.js';
import { createCheckoutApp } from '../../../adapters/http/checkout/app.js';
import { createOrderFeed } from '../../../adapters/http/checkout/order-feed.js';
import { inMemoryRequestKeys } from '../../../adapters/request-keys/in-memory.js';
import { promisedKeyLife } from '../../../adapters/request-keys/settings.js';
import { inMemoryPaymentNotices } from '../../../adapters/payment/notices/in-memory.js';
import { readNotice } from '../../../adapters/payment/stripe/notice.js';
import { createOrderDesk } from '../../../application/orders/order-desk.js';
import { replacePaymentMethod } from '../../../application/orders/replace-payment-method.js';
import { cancelOrder } from '../../../application/orders/cancel-order.js';
import { handOverCart } from '../../../application/orders/hand-over-cart.js';
import { placeOrder } from '../../../application/orders/place-order.js';
import type { OrderViewFilter, OrderViews } from '../../../application/ports/order-views.js';
import type { OrderProcesses } from '../../../application/ports/workflow/order-processes.js';
import type { Observer } from '../../../application/ports/observer.js';
import type { EventStore } from '../../../application/ports/event-store.js';
import type { System } from '../../../application/ports/system.js';
import { evolveOrderView, type OrderView } from '../../../application/read-models/order-view.js';
import { readOrder } from '../../../application/orders/read-order.js';
import { createStop } from '../../../application/roles/stop-signal.js';
import { giftWholesalerScheme } from '../../../domain/catalogue.js';
import { isCustomerId, isOrderId, type OrderId } from '../../../domain/ids.js';
import type { OrderEvent } from '../../../domain/order/events.js';
import { defaultSettings } from '../../../domain/process/limits.js';
import {
  generateStorefrontKey,
  signCart,
  type StorefrontCart,
} from '../../../infrastructure/local/storefront/sign-cart.js';
import { caller, serve } from '../../support/http.js';
import { commandIdNumbered, instantOf } from '../../support/ids.js';

/** The right side of an outcome; throws for a left one. */
export async function right<Failure, Value>(task: TE.TaskEither<Failure, Value>): Promise<Value> {
  const outcome = await task();
  if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left));
  return outcome.right;
}

/** Real waiting, and a clock that tests put forward. */
export function createClock() {
  let ahead = 0;
  let isStopped = false;
  const waits = new Set<() => void>();
  const system: System = {
    now: () => instantOf(Date.now() + ahead),
    newId: () => randomUUID(),
    newCommandId: () => commandIdNumbered(Math.floor(Math.random() * 1_000_000)),
    wait: (milliseconds) => () =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          waits.delete(end);
          resolve();
        };
        const timer = setTimeout(end, isStopped ? 0 : milliseconds);
        waits.add(end);
      }),
  };
  return {
    system,
    putForward: (seconds: number): void => {
      ahead += seconds * 1000;
    },
    /** Ends every wait, also those that are still to come. */
    stop: (): void => {
      isStopped = true;
      for (const end of waits) end();
    },
  };
}

/** Order views made anew from all events at each question. */
export function viewsOf(eventStore: EventStore): OrderViews {
  const all = async (): Promise<readonly OrderView[]> => {
    const page = await right(eventStore.readAll(null, 10_000));
    const views = new Map<OrderId, OrderView | null>();
    for (const event of page.events) {
      if (event.type !== 'event') continue;
      const { orderId } = event.stored;
      views.set(orderId, evolveOrderView(views.get(orderId) ?? null, event.stored));
    }
    const placed = [...views.values()].flatMap((view) => (view === null ? [] : [view]));
    return placed.sort((a, b) => b.placedAt - a.placedAt || (a.orderId < b.orderId ? 1 : -1));
  };
  const matching =
    ({ customerId, phase, after }: OrderViewFilter) =>
    (view: OrderView) =>
      (customerId === undefined || view.customerId === customerId) &&
      (phase === undefined || view.phase === phase) &&
      (after === undefined ||
        view.placedAt < after.placedAt ||
        (view.placedAt === after.placedAt && view.orderId < after.orderId));
  return {
    find: (orderId) => async () => E.right((await all()).find((view) => view.orderId === orderId) ?? null),
    list: (filter) => async () => {
      const found = (await all()).filter(matching(filter));
      const views = found.slice(0, filter.limit);
      const last = found.length > views.length ? views.at(-1) : undefined;
      return E.right({ views, next: last ? { placedAt: last.placedAt, orderId: last.orderId } : null });
    },
    totals: () => async () =>
      E.right(
        (await all()).map(({ phase, total, units, charged, refunded }) => ({
          ...{ phase, currency: total.currency, orders: 1, units, ordered: total.minor },
          ...{ reserved: 0, charged: charged?.minor ?? 0, refunded: refunded.minor },
        })),
      ),
    parked: () => async () => E.right([]),
    position: () => async () => E.right(null),
  };
}

/** The operator's changes to orders of a store, told to nobody. */
export const orderChangesOf = (eventStore: EventStore, system: System) => {
  const orderPorts = {
    ...{ eventStore, system, observer: { observe: () => undefined } },
    orderProcesses: {
      tell: () => async () => E.right('told' as const),
      start: () => async () => E.right('started' as const),
    },
    settings: defaultSettings,
  };
  return {
    desk: createOrderDesk(orderPorts),
    cancel: cancelOrder(orderPorts),
    waitLimits: defaultSettings,
  };
};

const issuer = 'https://shop.example';
const audience = 'https://checkout.example';

/** A cart that breaks no rule: £18.30, delivery included, to the United Kingdom. */
export const goodCart: StorefrontCart = {
  customerReference: '14483',
  country: 'United Kingdom',
  currency: 'GBP',
  lines: [
    { code: '85123A', description: 'WHITE HANGING HEART T-LIGHT HOLDER', quantity: 6, unitPrice: '2.55' },
    { code: 'POST', description: 'POSTAGE', quantity: 1, unitPrice: '3.00' },
  ],
  total: '18.30',
};

/** Where a parcel for `goodCart` may go. */
export const goodAddress = { lines: ['1 High Street'], city: 'London', postcode: 'N1 9GU', country: 'GB' };

/** Settings that differ from production's. */
type WorldOptions = {
  readonly publicUrl?: string;
  readonly settings?: Partial<HttpSettings>;
  /** Passwords are kept as they are unless told. */
  readonly passwords?: Passwords;
  readonly webhookSecret?: string;
  /** Called before an order is placed; may hold it up. */
  readonly beforePlacing?: () => Promise<void>;
};

/** Serves the public API. `close` ends all it began. */
export async function createCheckoutWorld(options: WorldOptions = {}) {
  const clock = createClock();
  const { system } = clock;
  const accesses: Access[] = [];
  const defects: Defect[] = [];
  const started: OrderId[] = [];
  const observer: Observer = { observe: () => undefined };
  const orderProcesses: OrderProcesses = {
    start: (orderId) => async () => {
      started.push(orderId);
      return E.right('started');
    },
    tell: () => async () => E.right('told'),
  };
  const eventStore = inMemoryEventStore(system);
  const carts = inMemoryCarts();
  const customers = inMemoryCustomers(options.passwords ?? plainPasswords, randomBytes, {
    ...{ idleSeconds: 1800, lifeSeconds: 43_200, pauseSchedule: [0], failuresForgottenSeconds: 3600 },
  });
  const key = await generateStorefrontKey();
  const strangerKey = await generateStorefrontKey();
  const cartTokens = jwsCartTokens({
    audience,
    issuers: [{ issuer, keys: { [key.kid]: key.publicKey } }],
  });
  const paymentNotices = inMemoryPaymentNotices(system.now);
  const feed = createOrderFeed({ eventStore, checkpoints: inMemoryCheckpoints(), system, observer });
  const orderPorts = { eventStore, system, observer, orderProcesses, settings: defaultSettings };
  const place = placeOrder({ ...orderPorts, carts, customers }, giftWholesalerScheme, defaultSettings);
  const app = createCheckoutApp(
    {
      ...{ carts, customers, system, eventStore, observer, feed },
      orderViews: viewsOf(eventStore),
      requestKeys: inMemoryRequestKeys(promisedKeyLife),
      handOver: handOverCart({ cartTokens, carts, eventStore, system }, giftWholesalerScheme),
      place: (input) => async () => {
        await options.beforePlacing?.();
        return place(input)();
      },
      cancel: cancelOrder(orderPorts),
      replacePaymentMethod: replacePaymentMethod(orderPorts),
      readPaymentNotice: (body, signature) =>
        readNotice([options.webhookSecret ?? 'whsec_of_tests_only'])({ body, signature }, system.now()),
      paymentNotices,
      readDeliveryNotice: () => async () => E.left({ type: 'notice_of_other_topic' }),
      actOnDeliveryNotice: () => async () => E.right(undefined),
      read: readOrder({ eventStore }),
      waitLimits: defaultSettings,
    },
    {
      ...defaultHttpSettings,
      publicUrl: new URL(options.publicUrl ?? 'https://checkout.example'),
      ...options.settings,
    },
    { accessed: (access) => accesses.push(access), failed: (defect) => defects.push(defect) },
  );
  const served = await serve(app);
  const call = caller(served.url);
  const stop = createStop();
  const running = feed.run(stop.signal);

  const sign = (
    cart: StorefrontCart,
    {
      tokenId = randomUUID().replace(/-/g, ''),
      by = key,
      aud = audience,
      iss = issuer,
      lifeSeconds = 900,
    } = {},
  ): Promise<string> =>
    signCart(by.privateKey, by.kid, cart, {
      ...{ issuer: iss, audience: aud, tokenId, issuedAt: system.now(), lifeSeconds },
    });

  const signUp = async (email = `${randomUUID()}@example.com`) => {
    const password = 'correct horse battery';
    const account = await call('POST /customers', { body: { email, password, name: 'Ada Lovelace' } });
    const signIn = await call('POST /sign-ins', { body: { email, password } });
    return {
      ...{ email, password },
      customerId: String(account.json['customerId']),
      token: String(signIn.json['token']),
    };
  };

  const handOver = async (customerReference: string, cart: StorefrontCart = goodCart): Promise<string> => {
    const token = await sign({ ...cart, customerReference });
    return String((await call('POST /carts', { body: { token } })).json['orderId']);
  };

  const append = async (orderId: OrderId, first: number, events: readonly OrderEvent[]): Promise<void> => {
    const expected =
      first === 0 ? ({ type: 'no_stream' } as const) : ({ type: 'exactly', revision: first - 1 } as const);
    await right(
      eventStore.append(
        orderId,
        expected,
        events.map((event) => ({
          ...{ eventId: randomUUID(), event },
          metadata: {
            ...{ commandId: commandIdNumbered(1), correlationId: 'test' },
            actor: { type: 'worker', name: 'test' } as const,
          },
        })),
      ),
    );
  };

  return {
    ...{ url: served.url, call, clock, accesses, defects, started, eventStore, customers, feed },
    ...{ sign, signUp, handOver, strangerKey, paymentNotices },
    stopFeed: () => stop.stop(),
    /** Stores an order of a customer as if it had come this far. */
    putOrder: async (customerId: string, events: readonly OrderEvent[]): Promise<OrderId> => {
      const orderId = randomUUID();
      if (!isOrderId(orderId) || !isCustomerId(customerId)) throw new Error('not an id');
      const own = events.map((event) =>
        event.type === 'OrderPlaced' ? { ...event, orderId, customerId } : event,
      );
      await append(orderId, 0, own);
      return orderId;
    },
    append,
    /** The body of a good order for a cart. */
    orderBody: (orderId: string) => ({
      ...{ orderId, recipient: 'Ada Lovelace', address: goodAddress, paymentMethod: 'pm_card_visa' },
    }),
    eventsOf: async (orderId: string) => {
      if (!isOrderId(orderId)) throw new Error('not an order id');
      const stored = await right(eventStore.read(orderId, { direction: 'forwards' }));
      return stored.map(({ event }) => event.type);
    },
    close: async (): Promise<void> => {
      stop.stop();
      clock.stop();
      await running;
      await served.close();
    },
  };
}

/** The served public API. */
export type CheckoutWorld = Awaited<ReturnType<typeof createCheckoutWorld>>;
