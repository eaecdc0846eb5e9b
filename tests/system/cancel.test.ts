// A customer's change of mind while the order waits out its grace period, through the public API alone: the card's
// reservation is given up, the goods are back on the shelf, and one mail says so.
import { readFile } from 'node:fs/promises';
import * as t from 'io-ts';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { openPool } from '../../infrastructure/database/pool.js';
import { signCart } from '../../infrastructure/local/storefront/sign-cart.js';
import { createFollower } from '../../infrastructure/orders/follow-order.js';
import { readGroundTruths } from '../../infrastructure/orders/books/ground-truths.js';
import { type ApiClient, bodyOf, createApiClient } from '../../infrastructure/orders/http-client.js';
import { cartOf } from '../../infrastructure/orders/invoices/cart-of-invoice.js';
import type { Invoice } from '../../infrastructure/orders/invoices/invoices.js';
import { settledTruths } from '../../infrastructure/orders/player.js';
import { reconcile } from '../../infrastructure/orders/books/reconcile.js';
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
  lines: [{ stockCode: '85123A', description: 'LANTERN', quantity: 3, unitPrice: '2.50' }],
};

const state: { place?: StackPlace; stack?: StackProcess; clients: ApiClient[] } = { clients: [] };

beforeAll(async () => {
  state.place = await stackPlace();
  state.stack = await startStack(state.place, [], { CHECKOUT_GRACE_SECONDS: '3600' });
});

afterAll(async () => {
  for (const client of state.clients) client.close();
  await state.stack?.interrupt();
  await state.place?.clear();
});

const clientOf = (url: string): ApiClient => {
  const client = createApiClient(url, patienceSeconds);
  state.clients.push(client);
  return client;
};

/** Follows the order until it has the status; the events' end without it is a failure. */
const untilStatus = async (url: string, token: string, status: string): Promise<void> => {
  const ended = new AbortController();
  const { body } = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    signal: ended.signal,
  });
  let said = '';
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    said += part;
    if (!said.includes(`"status":"${status}"`)) continue;
    ended.abort();
    return;
  }
  throw new Error(`the order never was ${status}: ${said}`);
};

const Order = t.type({ orderId: t.string, status: t.string, total: t.number });
const Level = t.type({ onHand: t.number, held: t.number });

it('ends the order, gives up the reservation, returns the goods and sends one mail', async () => {
  const { stack, place } = state;
  if (stack === undefined || place === undefined) throw new Error('the stack was not started');
  onTestFailed(async () => {
    process.stderr.write((await readFile(roleLogPath(place), 'utf8')).split('\n').slice(-30).join('\n'));
  });
  const { running, secrets } = stack;
  const [web, admin] = [clientOf(running.webUrl), clientOf(running.adminUrl)];
  const { operatorKey, storefront } = secrets;
  await receiveStock(admin, operatorKey, 'cancel', [invoice]);
  const levels = async () => {
    const headers = { authorization: `Bearer ${operatorKey}` };
    return bodyOf(Level, await admin.call({ method: 'GET', path: '/admin/stock/85123A', headers }), 'level');
  };
  const shoppers = createShoppers(web);
  const [token, stranger] = [await shoppers.tokenOf('17850'), await shoppers.tokenOf('17851')];
  const handover = {
    issuer: storefront.issuer,
    audience: 'checkout',
    tokenId: 'cart-of-the-cancelled-order',
    issuedAt: Date.now(),
  };
  const cart = await signCart(storefront.privateKey, storefront.kid, cartOf(invoice), handover);
  const taken = await web.call({ method: 'POST', path: '/carts', body: { token: cart } });
  const { orderId } = bodyOf(t.type({ orderId: t.string }), taken, 'cart');
  const placed = await web.call({
    method: 'POST',
    path: '/orders',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'cancel-1' },
    body: {
      orderId,
      recipient: 'A Customer',
      address: { lines: ['1 Market Street'], city: 'Exampleton', postcode: 'EX4 7PL', country: 'GB' },
      paymentMethod: 'pm_card_visa',
    },
  });
  expect(placed.status).toBe(201);
  const { total } = bodyOf(Order, placed, 'order');

  await untilStatus(`${running.webUrl}/orders/${orderId}/events`, token, 'Confirmed');
  expect(await levels()).toMatchObject({ onHand: 3, held: 3 });
  const cancel = (as: string) =>
    web.call({
      method: 'POST',
      path: `/orders/${orderId}/cancel`,
      headers: { authorization: `Bearer ${as}` },
      body: {},
    });
  expect((await cancel(stranger)).status).toBe(404);
  const answer = await cancel(token);
  expect(answer.status).toBe(200);
  expect(bodyOf(Order, answer, 'cancelled order').status).toMatch(/^Cancell(?:ing|ed)$/);

  const follower = createFollower(running.webUrl);
  const last = await follower.untilFinal(orderId, token, Date.now() + patienceSeconds * 1000);
  follower.close();
  expect(last?.status).toBe('Cancelled');
  expect((await cancel(token)).status).toBe(200);
  expect(await levels()).toMatchObject({ onHand: 3, held: 0 });

  const database = openPool({ url: running.ordersDatabaseUrl, max: 1, applicationName: 'cancel-test' });
  const sources = {
    pool: database.pool,
    processor: clientOf(running.processorUrl),
    mailbox: clientOf(running.mailboxUrl),
    swfUrl: running.swfUrl,
  };
  // The mail follows the order's end.
  const read = () => readGroundTruths(sources, [orderId]);
  const truths = await settledTruths(read, patienceSeconds).finally(database.close);
  const payments = truths.payments.get(orderId) ?? [];
  expect(payments).toMatchObject([{ reserved: total, released: total, captured: 0, held: 0 }]);
  const kinds = truths.mails.get(orderId) ?? [];
  expect(kinds.filter((kind) => kind === 'order_cancelled')).toHaveLength(1);
  const cancellation = { number: 'C2', after: 'release' } as const;
  const planned = { invoice, firstCard: null, cancellation, refunds: [] };
  const played = {
    ...({ type: 'ordered', invoice: invoice.number, planned, orderId, total, status: 'Cancelled' } as const),
    ...{ repeated: false, placeMilliseconds: 0, namedCard: false, refunds: [] },
  };
  expect(reconcile([played], truths)).toEqual([]);
});
