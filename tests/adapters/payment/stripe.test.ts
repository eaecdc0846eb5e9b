// What is Stripe's own beyond the contract: stored failures, searches that lag, answers that are given again, webhooks.
import * as E from 'fp-ts/lib/Either.js';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { stripeGateway } from '../../../adapters/payment/stripe.js';
import { readNotice } from '../../../adapters/payment/stripe/notice.js';
import type { ReservationRequest } from '../../../application/ports/payment-gateway.js';
import type { NoticeSubject } from '../../../application/ports/payment-notices.js';
import { startCardProcessor } from '../../../infrastructure/local/card-processor/server.js';
import { openPaymentClient } from '../../../infrastructure/payment-client.js';
import { afterNoon, answerOf } from '../../contracts/samples.js';
import { currencyOf, instantOf, newOrderId, paymentKeyOf, paymentMethodOf } from '../../support/ids.js';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const secretKey = 'sk_test_of_the_adapter';
const pounds = (minor: number) => ({ minor, currency: currencyOf('GBP') });

async function openProcessor(options: Partial<Parameters<typeof startCardProcessor>[0]> = {}) {
  let now = 0;
  const clock = () => afterNoon(now);
  const settings = { port: 0, dataDirectory: null, secretKey, clock, ...options };
  const processor = await startCardProcessor(settings);
  closing.push(() => processor.close());
  const client = openPaymentClient({ url: processor.url, secretKey });
  closing.push(client.close);
  return {
    url: processor.url,
    gateway: stripeGateway(client.stripe),
    pass: (seconds: number) => {
      now += seconds;
    },
    post: async (path: string, wish: object): Promise<string> => {
      const response = await fetch(`${processor.url}${path}`, { method: 'POST', body: JSON.stringify(wish) });
      const said = await response.text();
      if (!response.ok) throw new Error(`${path} was refused: ${said}`);
      return said;
    },
    booked: async (orderId: string): Promise<readonly string[]> => {
      const response = await fetch(`${processor.url}/_ledger?order_id=${orderId}`);
      const { entries }: { entries: { kind: string }[] } = await response.json();
      return entries.map(({ kind }) => kind);
    },
  };
}

const requestFor = (orderId = newOrderId(), card = 'pm_card_visa'): ReservationRequest => ({
  ...{ orderId, attempt: 1, key: paymentKeyOf(`${orderId}:reserve:1`), amount: pounds(3564) },
  paymentMethod: paymentMethodOf(card),
  returnUrl: 'https://shop.example/orders/1/payment',
});
const unknown = (reason: string) => E.left({ type: 'outcome_unknown', reason: `card processor: ${reason}` });

describe('a failure that Stripe stored under a key', () => {
  it('is given again for a day; the look-up finds what was done all the same', async () => {
    const { gateway, post, booked } = await openProcessor();
    const request = requestFor();
    await post('/_faults', { kind: 'error_500', afterEffect: true, match: { operation: 'reserve' } });
    expect(await gateway.reserve(request)()).toEqual(unknown('api_error (HTTP 500)'));
    expect(await gateway.reserve(request)()).toEqual(unknown('api_error (HTTP 500)'));
    const found = await answerOf(gateway.findReservation(request.orderId, 1));
    expect(found).toMatchObject({ type: 'reserved' });
    expect(await booked(request.orderId)).toEqual(['reserved']);
  });

  it('is given again for a day although nothing was done; the key is new afterwards', async () => {
    const { gateway, post, booked, pass } = await openProcessor();
    const request = requestFor();
    await post('/_faults', { kind: 'error_500', match: { operation: 'reserve' } });
    expect(await gateway.reserve(request)()).toEqual(unknown('api_error (HTTP 500)'));
    expect(await answerOf(gateway.findReservation(request.orderId, 1))).toBeNull();
    expect(await gateway.reserve(request)()).toEqual(unknown('api_error (HTTP 500)'));
    expect(await booked(request.orderId)).toEqual([]);
    pass(24 * 60 * 60);
    expect(await answerOf(gateway.reserve(request))).toMatchObject({ type: 'reserved' });
    expect(await booked(request.orderId)).toEqual(['reserved']);
  });

  it('of a charge and of a refund is seen through by their look-ups', async () => {
    const { gateway, post, booked } = await openProcessor();
    const request = requestFor();
    const { orderId } = request;
    const held = await answerOf(gateway.reserve(request));
    if (held.type !== 'reserved') throw new Error(held.type);
    const { reference } = held.reservation;
    const charge = { reference, key: paymentKeyOf(`${orderId}:charge:1`), amount: pounds(3000) };
    await post('/_faults', { kind: 'error_500', afterEffect: true, match: { operation: 'capture' } });
    expect(await gateway.charge(charge)()).toEqual(unknown('api_error (HTTP 500)'));
    expect(await answerOf(gateway.findCharge(reference))).toMatchObject({ amount: pounds(3000) });
    const key = paymentKeyOf(`${orderId}:refund:1`);
    const refund = { orderId, number: 1, key, amount: pounds(1000), reference };
    await post('/_faults', { kind: 'error_500', afterEffect: true, match: { operation: 'refund' } });
    expect(await gateway.refund(refund)()).toEqual(unknown('api_error (HTTP 500)'));
    expect(await answerOf(gateway.findRefund(reference, 1))).toMatchObject({ type: 'refunded' });
    expect(await booked(orderId)).toEqual(['reserved', 'captured', 'released', 'refunded']);
  });
});

describe('a twin in flight', () => {
  it('leaves the outcome unknown, and the repeat tells it', async () => {
    const { gateway, post } = await openProcessor();
    const request = requestFor();
    await post('/_faults', { kind: 'conflict_409', match: { operation: 'reserve' } });
    expect(await gateway.reserve(request)()).toEqual(unknown('idempotency_key_in_use (HTTP 409)'));
    expect(await answerOf(gateway.reserve(request))).toMatchObject({ type: 'reserved' });
  });
});

describe('a search that lags', () => {
  it('does not find a new attempt, whose repeat under its key answers how it stands now', async () => {
    const { gateway, post, pass, booked } = await openProcessor({ searchLagMilliseconds: 60_000 });
    const request = requestFor(newOrderId(), 'pm_card_authenticationRequired');
    await post('/_faults', { kind: 'lose_reply_after_effect', match: { operation: 'reserve' } });
    expect(await gateway.reserve(request)()).toMatchObject(E.left({ type: 'outcome_unknown' }));
    expect(await answerOf(gateway.findReservation(request.orderId, 1))).toBeNull();
    expect(await answerOf(gateway.paymentsOf(request.orderId))).toEqual([]);
    const asked = await answerOf(gateway.reserve(request));
    if (asked.type !== 'authentication_required') throw new Error(asked.type);
    const { reference } = asked.challenge;
    await post('/_control/challenges', { intent: reference, passed: true });
    const confirmed = await answerOf(gateway.reserve(request));
    expect(confirmed).toMatchObject({ type: 'reserved', reservation: { reference } });
    pass(61);
    expect(await answerOf(gateway.findReservation(request.orderId, 1))).toEqual(confirmed);
    expect(await booked(request.orderId)).toEqual(['reserved']);
  });

  it('does not hide a refund, which is listed by its payment', async () => {
    const { gateway } = await openProcessor({ searchLagMilliseconds: 60_000 });
    const request = requestFor();
    const { orderId } = request;
    const held = await answerOf(gateway.reserve(request));
    if (held.type !== 'reserved') throw new Error(held.type);
    const { reference } = held.reservation;
    const amount = pounds(3564);
    await answerOf(gateway.charge({ reference, key: paymentKeyOf(`${orderId}:charge:1`), amount }));
    const key = paymentKeyOf(`${orderId}:refund:1`);
    await answerOf(gateway.refund({ orderId, number: 1, key, amount, reference }));
    expect(await answerOf(gateway.findRefund(reference, 1))).toMatchObject({ type: 'refunded', amount });
  });
});

describe('an answer that was given before', () => {
  it('is not trusted when the payment cannot be read anew', async () => {
    const { gateway, post } = await openProcessor();
    const request = requestFor();
    await answerOf(gateway.reserve(request));
    await post('/_faults', { kind: 'error_429', match: { operation: 'retrieve' } });
    expect(await gateway.reserve(request)()).toEqual(unknown('rate_limit (HTTP 429)'));
  });
});

describe('the address of a challenge', () => {
  it('leads the holder to the bank and back to where the request said', async () => {
    const { gateway } = await openProcessor();
    const request = requestFor(newOrderId(), 'pm_card_threeDSecure2Required');
    const asked = await answerOf(gateway.reserve(request));
    if (asked.type !== 'authentication_required') throw new Error(asked.type);
    expect((await fetch(asked.challenge.url)).status).toBe(200);
    const answered = await fetch(asked.challenge.url, {
      method: 'POST',
      body: new URLSearchParams({ answer: 'passed' }),
      redirect: 'manual',
    });
    const back = new URL(answered.headers.get('location') ?? 'missing:');
    expect(`${back.origin}${back.pathname}`).toBe(request.returnUrl);
    expect(await answerOf(gateway.findReservation(request.orderId, 1))).toMatchObject({ type: 'reserved' });
  });
});

/** A shop's endpoint that believes what is signed and keeps it in the order of arrival. */
async function openEndpoint(secrets: readonly string[], now: () => number) {
  const subjects: NoticeSubject[] = [];
  let wake = (): void => undefined;
  const take = (body: Uint8Array, header: unknown): boolean => {
    const signature = typeof header === 'string' ? header : undefined;
    const notice = readNotice(secrets)({ body, signature }, instantOf(now()));
    if (E.isRight(notice)) subjects.push(notice.right.subject);
    return E.isRight(notice);
  };
  const server = createServer((request, response) => {
    buffer(request).then(
      (body) => {
        const isBelieved = take(body, request.headers['stripe-signature']);
        response.writeHead(isBelieved ? 200 : 400).end();
        wake();
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    /** Resolves once a believed webhook was about this. */
    heard: async (wanted: NoticeSubject): Promise<void> => {
      const isThere = () => subjects.some((one) => JSON.stringify(one) === JSON.stringify(wanted));
      while (!isThere()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

describe("the processor's webhooks", () => {
  it('are believed and say which attempt, refund and dispute they are about', async () => {
    const secret = 'whsec_of_the_adapter';
    const endpoint = await openEndpoint(['whsec_next', secret], Date.now);
    const { gateway, post } = await openProcessor({
      webhook: { url: endpoint.url, secret },
      clock: Date.now,
    });
    const request = requestFor(newOrderId(), 'pm_card_authenticationRequired');
    const { orderId } = request;
    const asked = await answerOf(gateway.reserve(request));
    if (asked.type !== 'authentication_required') throw new Error(asked.type);
    const { reference } = asked.challenge;
    await endpoint.heard({ type: 'reservation', orderId, attempt: 1 });
    await post('/_control/challenges', { intent: reference, passed: true });
    const amount = pounds(3564);
    await answerOf(gateway.charge({ reference, key: paymentKeyOf(`${orderId}:charge:1`), amount }));
    const key = paymentKeyOf(`${orderId}:refund:1`);
    await answerOf(gateway.refund({ orderId, number: 1, key, amount: pounds(1000), reference }));
    await endpoint.heard({ type: 'refund', orderId, number: 1 });
    const { id }: { id: string } = JSON.parse(await post('/_control/disputes', { intent: reference }));
    await endpoint.heard({ type: 'dispute', reference: id });
    expect(await answerOf(gateway.findDispute(id))).toMatchObject({ orderId, reference: id });
  });
});
