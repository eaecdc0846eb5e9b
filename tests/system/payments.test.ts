// Every way to pay, on the whole stack through public interfaces: a bank that asks, a card that fails and another one, a
// refund; the answers of the card processor arrive as its signed notices.
import { readFile } from 'node:fs/promises';
import * as t from 'io-ts';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { signCart } from '../../infrastructure/local/storefront/sign-cart.js';
import { type FloorCrew, startFloorCrew } from '../../infrastructure/orders/floor-crew.js';
import { type ApiClient, bodyOf, createApiClient } from '../../infrastructure/orders/http-client.js';
import { cartOf } from '../../infrastructure/orders/invoices/cart-of-invoice.js';
import type { Invoice } from '../../infrastructure/orders/invoices/invoices.js';
import { createShoppers } from '../../infrastructure/orders/people/shoppers.js';
import { receiveStock } from '../../infrastructure/orders/stock-receipt.js';
import {
  roleLogPath,
  type StackPlace,
  stackPlace,
  type StackProcess,
  startStack,
} from '../support/local-stacks.js';

const patienceSeconds = 60;

const invoice: Invoice = {
  number: '1',
  customer: '17850',
  country: 'United Kingdom',
  lines: [{ stockCode: '85123A', description: 'LANTERN', quantity: 2, unitPrice: '7.50' }],
};

const Order = t.type({
  orderId: t.string,
  status: t.string,
  revision: t.number,
  awaits: t.union([t.null, t.intersection([t.type({ type: t.string }), t.partial({ url: t.string })])]),
  money: t.type({ charged: t.union([t.number, t.null]) }),
  refunds: t.array(t.type({ status: t.string, amount: t.number })),
});
type Order = t.TypeOf<typeof Order>;

const Ledger = t.type({
  payments: t.array(
    t.type({ reserved: t.number, captured: t.number, released: t.number, refunded: t.number }),
  ),
});

const open: { place?: StackPlace; stack?: StackProcess; crew?: FloorCrew; clients: ApiClient[] } = {
  clients: [],
};

const clientOf = (url: string): ApiClient => {
  const client = createApiClient(url, patienceSeconds);
  open.clients.push(client);
  return client;
};

beforeAll(async () => {
  open.place = await stackPlace();
  open.stack = await startStack(open.place);
});

afterAll(async () => {
  await open.crew?.stop();
  for (const client of open.clients) client.close();
  await open.stack?.interrupt();
  await open.place?.clear();
});

/** A signed-in customer of the running stack, with goods on the shelf. */
const openShop = async () => {
  const { stack, place } = open;
  if (stack === undefined || place === undefined) throw new Error('the stack was not started');
  onTestFailed(async () => {
    process.stderr.write((await readFile(roleLogPath(place), 'utf8')).split('\n').slice(-30).join('\n'));
  });
  const { running, secrets } = stack;
  const web = clientOf(running.webUrl);
  const admin = clientOf(running.adminUrl);
  const processor = clientOf(running.processorUrl);
  await receiveStock(admin, secrets.operatorKey, 'payments', [
    { ...invoice, lines: invoice.lines.map((line) => ({ ...line, quantity: 100 })) },
  ]);
  const token = await createShoppers(web).tokenOf('17850');
  const headers = { authorization: `Bearer ${token}` };

  const read = async (orderId: string): Promise<Order> =>
    bodyOf(Order, await web.call({ method: 'GET', path: `/orders/${orderId}`, headers }), 'order');

  /** Reads after each status that the order takes, until it is as wanted. */
  const until = async (orderId: string, wanted: (order: Order) => boolean): Promise<Order> => {
    const deadline = Date.now() + patienceSeconds * 1_000;
    for (;;) {
      const order = await read(orderId);
      if (wanted(order)) return order;
      if (Date.now() > deadline) throw new Error(`the order stands at ${JSON.stringify(order)}`);
      await new Promise((resume) => setTimeout(resume, 50));
    }
  };

  const signedUpAs = async (email: string) => {
    const password = 'correct horse battery';
    await web.call({ method: 'POST', path: '/customers', body: { email, password, name: 'A Customer' } });
    const signIn = await web.call({ method: 'POST', path: '/sign-ins', body: { email, password } });
    return { authorization: `Bearer ${bodyOf(t.type({ token: t.string }), signIn, 'sign-in').token}` };
  };

  const placeWith = async (
    paymentMethod: string,
    tokenId: string,
    by: Readonly<Record<string, string>> = headers,
    customer = invoice.customer,
  ): Promise<string> => {
    const handover = {
      ...{ issuer: secrets.storefront.issuer, audience: 'checkout', tokenId },
      issuedAt: Date.now(),
    };
    const { privateKey, kid } = secrets.storefront;
    const cart = await signCart(privateKey, kid, cartOf({ ...invoice, customer }), handover);
    const taken = await web.call({ method: 'POST', path: '/carts', body: { token: cart } });
    const { orderId } = bodyOf(t.type({ orderId: t.string }), taken, 'cart');
    const address = { lines: ['1 Market Street'], city: 'Exampleton', postcode: 'EX4 7PL', country: 'GB' };
    const placed = await web.call({
      ...{ method: 'POST', path: '/orders' },
      headers: { ...by, 'idempotency-key': tokenId },
      body: { orderId, recipient: 'A Customer', address, paymentMethod },
    });
    expect(placed.status).toBe(201);
    return orderId;
  };

  return {
    ...{ running, secrets, admin, until, placeWith },
    placeAs: async (email: string, tokenId: string) =>
      placeWith('pm_card_visa', tokenId, await signedUpAs(email), '17999'),
    awaiting: (orderId: string, what: string) => until(orderId, ({ awaits }) => awaits?.type === what),
    /** The customer answers the bank's question, and closes the window without coming back to the shop. */
    answerBank: async (order: Order, answer: 'passed_and_closed' | 'failed') => {
      const url = order.awaits?.url ?? '';
      const body = new URLSearchParams({ answer });
      const { status } = await fetch(url, { method: 'POST', body, redirect: 'manual' });
      expect([200, 302, 303]).toContain(status);
    },
    payWith: async (orderId: string, paymentMethod: string) => {
      const path = `/orders/${orderId}/payment-method`;
      return web.call({ method: 'POST', path, headers, body: { paymentMethod } });
    },
    ledgerOf: async (orderId: string) => {
      const path = `/_ledger/payments?order_id=${orderId}`;
      return bodyOf(Ledger, await processor.call({ method: 'GET', path }), 'ledger').payments;
    },
  };
};

const held = ({ status }: Order): boolean => ['Confirmed', 'Released'].includes(status);

describe('a bank that asks the customer', () => {
  it('is answered, and the notice alone carries the order on', async () => {
    const shop = await openShop();
    const orderId = await shop.placeWith(
      'pm_card_authenticationRequired',
      'cart-of-the-order-challenge-passed',
    );
    const waiting = await shop.awaiting(orderId, 'challenge');
    expect(waiting.status).toBe('AwaitingPayment');
    await shop.answerBank(waiting, 'passed_and_closed');
    await shop.until(orderId, held);
    expect(await shop.ledgerOf(orderId)).toMatchObject([{ reserved: 1500, captured: 0, released: 0 }]);
  });

  it('and that says no leaves the order open for another card', async () => {
    const shop = await openShop();
    const orderId = await shop.placeWith(
      'pm_card_authenticationRequired',
      'cart-of-the-order-challenge-failed',
    );
    await shop.answerBank(await shop.awaiting(orderId, 'challenge'), 'failed');
    await shop.awaiting(orderId, 'another_card');
    expect((await shop.payWith(orderId, 'pm_card_visa')).status).toBe(200);
    await shop.until(orderId, held);
  });
});

describe('a mail that comes back', () => {
  it('is told with the order', async () => {
    const shop = await openShop();
    const email = 'bounce@simulator.amazonses.com';
    const orderId = await shop.placeAs(email, 'cart-of-the-order-bounced');
    const path = `/admin/orders/${orderId}`;
    const headers = { authorization: `Bearer ${shop.secrets.operatorKey}` };
    const returned = async (): Promise<boolean> => {
      const answer = await shop.admin.call({ method: 'GET', path, headers });
      return JSON.stringify(answer.body).includes('"NotificationBounced"');
    };
    const deadline = Date.now() + patienceSeconds * 1_000;
    while (!(await returned())) {
      if (Date.now() > deadline) throw new Error('nobody told the order of its mail');
      await new Promise((resume) => setTimeout(resume, 50));
    }
  });
});

describe('a declined card', () => {
  it('is followed by another one on the same order, and by one charge', async () => {
    const shop = await openShop();
    const orderId = await shop.placeWith(
      'pm_card_visa_chargeDeclinedInsufficientFunds',
      'cart-of-the-order-declined',
    );
    await shop.awaiting(orderId, 'another_card');
    expect((await shop.payWith(orderId, 'pm_card_mastercard')).status).toBe(200);
    await shop.until(orderId, held);
    const { running, secrets, admin } = shop;
    open.crew = await startFloorCrew(admin, clientOf(running.floorUrl), secrets.operatorKey, 2);
    const shipped = await shop.until(orderId, ({ status }) => status === 'Completed');
    expect(shipped.money.charged).toBe(1500);

    const path = `/admin/orders/${orderId}/refunds`;
    const headers = { authorization: `Bearer ${secrets.operatorKey}` };
    const refund = { operator: 'Olga', refundId: 'R-1', amount: 500, currency: 'GBP', reason: 'return' };
    const asked = await Promise.all(
      [1, 2].map(() => admin.call({ method: 'POST', path, headers, body: refund })),
    );
    expect(asked.map(({ status }) => status)).toEqual([200, 200]);
    const refunded = await shop.until(orderId, ({ refunds }) => refunds[0]?.status === 'refunded');
    expect(refunded.refunds).toMatchObject([{ amount: 500 }]);
    const ledger = (await shop.ledgerOf(orderId)).filter(({ captured }) => captured > 0);
    expect(ledger).toMatchObject([{ captured: 1500, refunded: 500 }]);
  });
});
