// Placing, reading, listing and cancelling orders.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { histories } from '../../support/histories.js';
import { type CheckoutWorld, createCheckoutWorld, goodAddress } from './checkout-world.js';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await createCheckoutWorld();
});
afterAll(() => world.close());

const statusAndCode = ({ status, json }: { status: number; json: Readonly<Record<string, unknown>> }) => [
  status,
  json['code'],
];

/** A new customer with a cart that was handed over. */
const shopper = async () => {
  const person = await world.signUp();
  const orderId = await world.handOver(randomUUID());
  return { ...person, orderId, body: world.orderBody(orderId) };
};

describe('placing an order', () => {
  it('stores it before it answers, and starts its process', async () => {
    const { token, orderId, body } = await shopper();
    const answer = await world.call('POST /orders', { token, key: randomUUID(), body });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/orders/${orderId}`);
    expect(answer.json).toStrictEqual({
      ...{ orderId, status: 'Placed', currency: 'GBP', total: 1830 },
      placedAt: expect.stringMatching(/Z$/),
    });
    expect(await world.eventsOf(orderId)).toStrictEqual(['OrderPlaced']);
    expect(world.started).toContain(orderId);
  });

  it('is answered again for the same key and body, whatever the order of the fields', async () => {
    const { token, orderId, body } = await shopper();
    const key = randomUUID();
    const first = await world.call('POST /orders', { token, key, body });
    const turned = Object.fromEntries(Object.entries(body).reverse());
    const again = await world.call('POST /orders', { token, key, body: turned });
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.json).toStrictEqual(first.json);
    expect(await world.eventsOf(orderId)).toStrictEqual(['OrderPlaced']);
  });

  it('is refused for the same key and another body', async () => {
    const { token, body } = await shopper();
    const key = randomUUID();
    await world.call('POST /orders', { token, key, body });
    const other = await world.call('POST /orders', { token, key, body: { ...body, recipient: 'Eve' } });
    expect(statusAndCode(other)).toStrictEqual([422, 'idempotency_key_reused']);
  });

  it('is nothing to a key that another customer used', async () => {
    const key = randomUUID();
    const [ada, eve] = [await shopper(), await shopper()];
    await world.call('POST /orders', { ...ada, key });
    expect((await world.call('POST /orders', { ...eve, key })).status).toBe(201);
  });

  it('answers with the order the cart became when it comes under another key', async () => {
    const { token, orderId, body } = await shopper();
    await world.call('POST /orders', { token, key: randomUUID(), body });
    const again = await world.call('POST /orders', { token, key: randomUUID(), body });
    expect(again.status).toBe(200);
    expect(await world.eventsOf(orderId)).toStrictEqual(['OrderPlaced']);
  });

  it('needs a key of printable ASCII', async () => {
    const { token, body } = await shopper();
    expect(statusAndCode(await world.call('POST /orders', { token, body }))).toStrictEqual([
      400,
      'idempotency_key_missing',
    ]);
    for (const key of ['a b', 'x'.repeat(256), '4242424242424242']) {
      const answer = await world.call('POST /orders', { token, body, key });
      expect(statusAndCode(answer)).toStrictEqual([400, 'idempotency_key_malformed']);
    }
  });

  it('names every field that is wrong, and can be mended under the same key', async () => {
    const { token, body } = await shopper();
    const key = randomUUID();
    const bad = {
      ...{ orderId: 'x', recipient: ' ', paymentMethod: '4242424242424242', total: 1, customerId: 'me' },
      address: { lines: [], city: 'A\u0000', postcode: null, country: 'gb', status: 'x' },
    };
    const answer = await world.call('POST /orders', { token, key, body: bad });
    expect(statusAndCode(answer)).toStrictEqual([422, 'card_number_not_accepted']);
    const errors = answer.json['errors'];
    expect(errors).toMatchObject([
      { code: 'wrong_format', path: '/orderId' },
      { code: 'too_short', path: '/recipient' },
      { code: 'too_few', path: '/address/lines' },
      { code: 'not_printable', path: '/address/city' },
      { code: 'wrong_format', path: '/address/country' },
      { code: 'unknown_field', path: '/address/status' },
      { code: 'card_number_not_accepted', path: '/paymentMethod' },
      { code: 'unknown_field', path: '/total' },
      { code: 'unknown_field', path: '/customerId' },
    ]);
    expect((await world.call('POST /orders', { token, key, body })).status).toBe(201);
  });

  it('is refused for a country the cart was not made for', async () => {
    const { token, body } = await shopper();
    const address = { ...goodAddress, country: 'FR' };
    const answer = await world.call('POST /orders', { token, key: 'k', body: { ...body, address } });
    expect(statusAndCode(answer)).toStrictEqual([422, 'destination_not_in_cart']);
    expect(answer.json['errors']).toMatchObject([{ path: '/address/country' }]);
  });

  it('has one answer for an unknown cart and somebody else’s', async () => {
    const [ada, eve] = [await shopper(), await shopper()];
    await world.call('POST /orders', { ...ada, key: 'first' });
    const foreign = await world.call('POST /orders', { token: eve.token, key: 'f', body: ada.body });
    const unknown = await world.call('POST /orders', {
      ...{ token: eve.token, key: 'u', body: world.orderBody(randomUUID()) },
    });
    expect(statusAndCode(foreign)).toStrictEqual([404, 'not_found']);
    expect({ ...foreign.json, instance: '' }).toStrictEqual({ ...unknown.json, instance: '' });
  });

  it('is too late for an expired cart', async () => {
    const late = await createCheckoutWorld();
    const { token } = await late.signUp();
    const orderId = await late.handOver(randomUUID());
    late.clock.putForward(1_000);
    const answer = await late.call('POST /orders', { token, key: 'k', body: late.orderBody(orderId) });
    await late.close();
    expect(statusAndCode(answer)).toStrictEqual([410, 'cart_expired']);
  });
});

describe('twins in flight', () => {
  it('have one effect: one is carried out, the other is told to wait', async () => {
    let begun = (): void => undefined;
    let goOn = (): void => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    const held = await createCheckoutWorld({
      beforePlacing: async () => {
        begun();
        await mayGoOn;
      },
    });
    const { token } = await held.signUp();
    const orderId = await held.handOver(randomUUID());
    const request = { token, key: 'twin', body: held.orderBody(orderId) };
    const first = held.call('POST /orders', request);
    await hasBegun;
    const second = await held.call('POST /orders', request);
    goOn();
    const answered = await first;
    const events = await held.eventsOf(orderId);
    await held.close();
    expect(statusAndCode(second)).toStrictEqual([409, 'request_in_flight']);
    expect(second.headers.get('retry-after')).toBe('1');
    expect([answered.status, events]).toStrictEqual([201, ['OrderPlaced']]);
  });

  it('under different keys make one order', async () => {
    const { token, orderId, body } = await shopper();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => world.call('POST /orders', { token, key: randomUUID(), body })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toStrictEqual([...Array.from({ length: 11 }, () => 200), 201]);
    expect(await world.eventsOf(orderId)).toStrictEqual(['OrderPlaced']);
  });
});

describe('reading an order', () => {
  it('shows all of it as its stream says', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, histories.completed.events);
    const answer = await world.call(`GET /orders/${orderId}`, { token });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      ...{ orderId, status: 'Completed', isFinal: true, currency: 'GBP', total: 4580, rejection: [] },
      lines: [{ lineNumber: 1, unitPrice: 255 }, { lineNumber: 2 }],
      shipment: { carrier: expect.any(String), trackingNumber: expect.any(String) },
      cancellation: null,
    });
    expect(answer.text).not.toMatch(/pm_card_visa|customerId|signInId|contactSnapshot/);
  });

  it('shows why it was rejected', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, histories.rejected.events);
    const answer = await world.call(`GET /orders/${orderId}`, { token });
    expect(answer.json).toMatchObject({
      ...{ status: 'Rejected', rejection: [{ code: 'sign_in_revoked', lineNumber: null }] },
    });
  });

  it('has one and the same answer for what is unknown, foreign or no id at all', async () => {
    const [ada, eve] = [await world.signUp(), await world.signUp()];
    const orderId = await world.putOrder(ada.customerId, histories.placed.events);
    const paths = [orderId, randomUUID(), 'nonsense', '%E0%A4%A', '..%2f..%2fetc'];
    for (const path of paths) {
      for (const route of [
        `GET /orders/${path}`,
        `GET /orders/${path}/events`,
        `POST /orders/${path}/cancel`,
      ]) {
        const answer = await world.call(route, { token: eve.token });
        const { instance, ...body } = answer.json;
        expect([route, answer.status, body]).toStrictEqual([
          route,
          404,
          {
            ...{ type: '/problems/not_found', title: 'Not found', status: 404, code: 'not_found' },
            detail: 'There is nothing here, or it is not yours.',
          },
        ]);
        expect(instance).toMatch(/^urn:uuid:/);
      }
    }
  });
});

describe('listing orders', () => {
  it('shows one’s own, newest first, page by page', async () => {
    const [ada, eve] = [await world.signUp(), await world.signUp()];
    const made = [];
    for (let count = 0; count < 3; count += 1) {
      made.push(await world.putOrder(ada.customerId, histories.placed.events));
    }
    await world.putOrder(eve.customerId, histories.placed.events);
    const first = await world.call('GET /orders?limit=2', { token: ada.token });
    const next = String(first.json['next']);
    const second = await world.call(`GET /orders?limit=2&after=${next}`, { token: ada.token });
    const idsOf = (text: string) => [...text.matchAll(/"orderId":"([^"]+)"/g)].map(([, id]) => id);
    expect([...idsOf(first.text), ...idsOf(second.text)].sort()).toStrictEqual(made.sort());
    expect([idsOf(first.text).length, second.json['next']]).toStrictEqual([2, null]);
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'limit=1&limit=2', 'after=x', 'after=1_2', 'customerId=x'])(
    'refuses ?%s',
    async (query) => {
      const { token } = await world.signUp();
      const answer = await world.call(`GET /orders?${query}`, { token });
      expect(statusAndCode(answer)).toStrictEqual([422, 'fields_invalid']);
    },
  );
});

describe('cancelling an order', () => {
  it('cancels at once when nothing is held, and again without effect', async () => {
    const { token, orderId, body } = await shopper();
    await world.call('POST /orders', { token, key: 'k', body });
    const answer = await world.call(`POST /orders/${orderId}/cancel`, { token });
    const again = await world.call(`POST /orders/${orderId}/cancel`, { token, body: {} });
    expect(answer.json).toMatchObject({
      ...{ status: 'Cancelled', isFinal: true, cancellation: { reason: 'customer_request' } },
    });
    expect([answer.status, again.status, again.json]).toStrictEqual([200, 200, answer.json]);
    expect(await world.eventsOf(orderId)).toStrictEqual([
      ...['OrderPlaced', 'CancellationRequested', 'OrderCancelled'],
    ]);
  });

  it('is accepted while the goods are in the house', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, histories.picked.events);
    const answer = await world.call(`POST /orders/${orderId}/cancel`, { token });
    expect([answer.status, answer.json['status']]).toStrictEqual([200, 'Cancelling']);
  });

  it('is too late once the goods are on their way; that answer is stored once', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, histories.shipped.events);
    const answer = await world.call(`POST /orders/${orderId}/cancel`, { token });
    expect(statusAndCode(answer)).toStrictEqual([409, 'too_late_to_cancel']);
    expect(answer.json['detail']).toBe('The order is too far on its way to be cancelled.');
    const again = await world.call(`POST /orders/${orderId}/cancel`, { token });
    expect(statusAndCode(again)).toStrictEqual([409, 'too_late_to_cancel']);
    const refused = (await world.eventsOf(orderId)).filter((type) => type === 'CancellationRefused');
    expect(refused).toHaveLength(1);
  });

  it('takes no fields', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, histories.placed.events);
    const answer = await world.call(`POST /orders/${orderId}/cancel`, { token, body: { by: 'operator' } });
    expect(statusAndCode(answer)).toStrictEqual([422, 'fields_invalid']);
  });
});

describe('another card for an order', () => {
  const path = (orderId: string) => `POST /orders/${orderId}/payment-method`;
  const body = { paymentMethod: 'pm_card_mastercard' };
  /** A card that was declined a moment ago. */
  const declinedNow = () =>
    histories.declined.events.map((event) =>
      event.type === 'CardDeclined' ? { ...event, at: world.clock.system.now() } : event,
    );

  it('continues the same order, and again changes nothing', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, declinedNow());
    const before = (await world.eventsOf(orderId)).length;
    const first = await world.call(path(orderId), { token, body });
    const second = await world.call(path(orderId), { token, body });
    expect([first.status, second.status]).toStrictEqual([200, 200]);
    expect((await world.eventsOf(orderId)).slice(before)).toStrictEqual(['PaymentMethodReplaced']);
  });

  it('is refused for somebody else’s order as for an unknown one, and where none is asked for', async () => {
    const { token, customerId } = await world.signUp();
    const stranger = await world.signUp();
    const orderId = await world.putOrder(customerId, declinedNow());
    const reserved = await world.putOrder(customerId, histories.committed.events);
    expect(statusAndCode(await world.call(path(orderId), { token: stranger.token, body }))).toStrictEqual([
      ...[404, 'not_found'],
    ]);
    expect(statusAndCode(await world.call(path(reserved), { token, body }))).toStrictEqual([
      ...[409, 'order_changed'],
    ]);
  });

  it('comes too late when the deadline is over', async () => {
    const { token, customerId } = await world.signUp();
    const orderId = await world.putOrder(customerId, histories.declined.events);
    const answer = await world.call(path(orderId), { token, body });
    expect(statusAndCode(answer)).toStrictEqual([410, 'pay_again_deadline_passed']);
  });
});
