// The use cases before and beside the order's process: a cart becomes at most one order, told to its own customer only.
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { inMemoryCarts } from '../../adapters/customers/in-memory-carts.js';
import { inMemoryCustomers, plainPasswords } from '../../adapters/customers/in-memory.js';
import { inMemoryEventStore } from '../../adapters/event-store/in-memory.js';
import { cancelOrder } from '../../application/orders/cancel-order.js';
import { handOverCart } from '../../application/orders/hand-over-cart.js';
import { placeOrder, type PlaceOrderInput } from '../../application/orders/place-order.js';
import type { CartTokens } from '../../application/ports/carts.js';
import type { HandedOverCart } from '../../application/ports/carts.js';
import type { Observation } from '../../application/ports/observer.js';
import type { OrderProcesses } from '../../application/ports/workflow/order-processes.js';
import { giftWholesalerScheme } from '../../domain/catalogue.js';
import * as the from '../support/examples.js';
import { countryOf, customerIdNumbered, orderIdNumbered } from '../support/ids.js';
import { exampleDraft, right, stepPolicy, virtualClock } from '../support/order/world.js';

const cart: HandedOverCart = {
  ...{ orderId: the.orderId, issuer: 'https://shop.example', tokenId: 'cart-1', draft: exampleDraft },
  expiresAt: the.after(900),
};
const serviceDown = { type: 'process_service_unavailable', reason: 'down' } as const;

const setUp = async (given: { readonly service?: 'up' | 'down' } = {}) => {
  const { system, advanceTo } = virtualClock();
  const observations: Observation[] = [];
  const eventStore = inMemoryEventStore(system);
  const carts = inMemoryCarts();
  const customers = inMemoryCustomers(plainPasswords, (count) => new Uint8Array(count), {
    ...{ idleSeconds: 3_600, lifeSeconds: 43_200, pauseSchedule: [1], failuresForgottenSeconds: 3_600 },
  });
  for (const number of [1, 2]) {
    const account = { customerId: customerIdNumbered(number), email: `${number}@example.com`, name: 'Ada' };
    right('register', await customers.register(account, 'password', system.now())());
  }
  const asked: string[] = [];
  const orderProcesses: OrderProcesses = {
    start: () => async () => {
      asked.push('start');
      return given.service === 'down' ? E.left(serviceDown) : E.right('started');
    },
    tell:
      (_orderId, { stage }) =>
      async () => {
        asked.push(`tell ${stage}`);
        return given.service === 'down' ? E.left(serviceDown) : E.right('told');
      },
  };
  const observer = { observe: (one: Observation): void => void observations.push(one) };
  const cartTokens: CartTokens = {
    read: (token) => async () =>
      token === 'token' ? E.right(cart) : E.left({ type: 'token_malformed', path: '' }),
  };
  const ports = { eventStore, system, observer, carts, customers, orderProcesses, cartTokens };
  const inputOf = (customer: number): PlaceOrderInput => ({
    signIn: {
      signInId: the.signInId,
      account: { customerId: customerIdNumbered(customer), email: `${customer}@example.com`, name: 'Ada' },
      signedInAt: system.now(),
    },
    orderId: the.orderId,
    recipient: 'Ada',
    address: { lines: ['1 Mill Lane'], city: 'Leeds', postcode: 'LS1 1AA', country: countryOf('GB') },
    paymentMethod: the.paymentMethod,
    correlationId: 'request-1',
  });
  const place = placeOrder(ports, giftWholesalerScheme, stepPolicy.settings);
  return {
    handOver: handOverCart(ports, giftWholesalerScheme),
    place: async (customer: number, changed: Partial<PlaceOrderInput> = {}) =>
      place({ ...inputOf(customer), ...changed })(),
    cancel: cancelOrder({ ...ports, settings: stepPolicy.settings }),
    keep: async (kept: HandedOverCart = cart) => right('keep', await carts.keep(kept)()),
    types: async () =>
      right('read', await eventStore.read(the.orderId, { direction: 'forwards' })()).map(
        ({ event }) => event.type,
      ),
    ...{ advanceTo, asked, observations },
  };
};

const repeatedOf = (answer: Awaited<ReturnType<Awaited<ReturnType<typeof setUp>>['place']>>) =>
  E.isRight(answer) ? answer.right.repeated : answer.left.type;

describe('a cart that is handed over', () => {
  it('waits under the id of the order it will become, also when it comes again', async () => {
    const { handOver } = await setUp();
    const first = right('hand over', await handOver('token')());
    expect([first.orderId, first.known, first.cart.total]).toStrictEqual([
      the.orderId,
      false,
      the.pence(4580),
    ]);
    expect(right('hand over', await handOver('token')()).known).toBe(true);
  });

  it('is used once it became an order', async () => {
    const { handOver, place } = await setUp();
    right('hand over', await handOver('token')());
    expect(repeatedOf(await place(1))).toBe(false);
    expect(await handOver('token')()).toStrictEqual(E.left({ type: 'cart_used', orderId: the.orderId }));
  });

  it('is not taken on another content under its id', async () => {
    const { handOver, keep } = await setUp();
    await keep({ ...cart, draft: { ...exampleDraft, customerReference: '1' } });
    expect(await handOver('token')()).toStrictEqual(E.left({ type: 'cart_token_reused' }));
  });

  it('is not taken from a token that is none', async () => {
    const { handOver } = await setUp();
    expect(await handOver('nonsense')()).toStrictEqual(E.left({ type: 'token_malformed', path: '' }));
  });
});

describe('placing', () => {
  it('stores the order and starts its process', async () => {
    const { keep, place, types, asked } = await setUp();
    await keep();
    expect(repeatedOf(await place(1))).toBe(false);
    expect([await types(), asked]).toStrictEqual([['OrderPlaced'], ['start']]);
  });

  it('again answers with the same order, also after the cart expired', async () => {
    const { keep, place, types, asked, advanceTo } = await setUp();
    await keep();
    const first = await place(1);
    advanceTo(the.after(2_000));
    const again = await place(1);
    expect(E.isRight(again) && again.right).toStrictEqual({
      order: E.isRight(first) ? first.right.order : null,
      repeated: true,
    });
    expect([await types(), asked]).toStrictEqual([['OrderPlaced'], ['start']]);
  });

  it('twice at the same time makes one order', async () => {
    const { keep, place, types } = await setUp();
    await keep();
    const answers = await Promise.all([place(1), place(1)]);
    expect(answers.map(repeatedOf)).toContain(false);
    expect(answers.every(E.isRight)).toBe(true);
    expect(await types()).toStrictEqual(['OrderPlaced']);
  });

  it('is answered although the process service is down: the starter starts it', async () => {
    const { keep, place, types, observations } = await setUp({ service: 'down' });
    await keep();
    expect(repeatedOf(await place(1))).toBe(false);
    expect(await types()).toStrictEqual(['OrderPlaced']);
    expect(observations.at(-1)).toStrictEqual({ type: 'role_hindered', role: 'web', reason: 'down' });
  });

  it('is refused for a cart that nobody handed over', async () => {
    const { place } = await setUp();
    expect(repeatedOf(await place(1))).toBe('cart_unknown');
    expect(repeatedOf(await place(1, { orderId: orderIdNumbered(9) }))).toBe('cart_unknown');
  });

  it("is refused for somebody else's cart, as if there were none", async () => {
    const { keep, place, types } = await setUp();
    await keep();
    expect(repeatedOf(await place(1))).toBe(false);
    expect(repeatedOf(await place(2))).toBe('cart_unknown');
    expect(await types()).toStrictEqual(['OrderPlaced']);
  });

  it('is refused for an expired cart', async () => {
    const { keep, place, types, advanceTo } = await setUp();
    await keep();
    advanceTo(cart.expiresAt);
    expect(repeatedOf(await place(1))).toBe('cart_expired');
    expect(await types()).toStrictEqual([]);
  });

  it('is refused to a country that the cart does not name', async () => {
    const { keep, place } = await setUp();
    await keep();
    const address = { lines: ['1 Rue Haute'], city: 'Lille', postcode: '59000', country: countryOf('FR') };
    const answer = await place(1, { address });
    expect(E.isLeft(answer) && answer.left).toMatchObject({
      type: 'refused',
      refusal: { type: 'destination_not_in_cart' },
    });
  });
});

describe('a cancellation', () => {
  const customer = { type: 'customer', customerId: customerIdNumbered(1) } as const;

  it('is stored and told to the process, and again changes nothing', async () => {
    const { keep, place, cancel, types, asked } = await setUp();
    await keep();
    await expect(place(1)).resolves.toMatchObject({ _tag: 'Right' });
    right('cancel', await cancel(the.orderId, customer, 'request-2')());
    right('cancel', await cancel(the.orderId, customer, 'request-3')());
    expect(await types()).toStrictEqual(['OrderPlaced', 'CancellationRequested', 'OrderCancelled']);
    expect(asked).toStrictEqual(['start', 'tell cancelled', 'tell cancelled']);
  });

  it("of somebody else's order is answered like one of no order", async () => {
    const { keep, place, cancel, types } = await setUp();
    await keep();
    await expect(place(1)).resolves.toMatchObject({ _tag: 'Right' });
    const stranger = { type: 'customer', customerId: customerIdNumbered(2) } as const;
    const unknown = E.left({ type: 'order_unknown' });
    expect(await cancel(the.orderId, stranger, 'request-2')()).toStrictEqual(unknown);
    expect(await cancel(orderIdNumbered(9), customer, 'request-2')()).toStrictEqual(unknown);
    expect(await types()).toStrictEqual(['OrderPlaced']);
  });

  it('stands although the process could not be told', async () => {
    const { keep, place, cancel, types } = await setUp({ service: 'down' });
    await keep();
    await expect(place(1)).resolves.toMatchObject({ _tag: 'Right' });
    const operator = { type: 'operator', name: 'Olu' } as const;
    right('cancel', await cancel(the.orderId, operator, 'request-2')());
    expect(await types()).toStrictEqual(['OrderPlaced', 'CancellationRequested', 'OrderCancelled']);
  });
});
