// What the adapter makes of a processor that fails in ways a healthy one is never asked to.
import * as E from 'fp-ts/lib/Either.js';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { stripeGateway } from '../../../adapters/payment/stripe.js';
import type { PaymentGateway } from '../../../application/ports/payment-gateway.js';
import { startCardProcessor } from '../../../infrastructure/local/card-processor/server.js';
import { openPaymentClient } from '../../../infrastructure/payment-client.js';
import { currencyOf, newOrderId, paymentKeyOf, paymentMethodOf } from '../../support/ids.js';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const secretKey = 'sk_test_of_the_failures';
function gatewayAt(url: string, key = secretKey, timeoutMilliseconds = 5_000): PaymentGateway {
  const client = openPaymentClient({ url, secretKey: key, timeoutMilliseconds });
  closing.push(client.close);
  return stripeGateway(client.stripe);
}

/** A server that answers every request in one way; `requests` counts them. */
async function serving(
  answer: RequestListener,
): Promise<{ url: string; server: Server; requests: () => number }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    request.on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, server, requests: () => requests };
}

function reserve(gateway: PaymentGateway) {
  const orderId = newOrderId();
  return gateway.reserve({
    orderId,
    attempt: 1,
    key: paymentKeyOf(`${orderId}:reserve:1`),
    amount: { minor: 3564, currency: currencyOf('GBP') },
    paymentMethod: paymentMethodOf('pm_card_visa'),
    returnUrl: 'https://shop.example/orders/1/payment',
  })();
}
const json = (status: number, body: unknown): RequestListener => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_request, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(text);
};
const error = (type: string, rest: object = {}) => ({
  error: { type, message: 'card 4242424242424242', ...rest },
});
const nothing = (reason: string) => E.left({ type: 'nothing_happened', reason: `card processor: ${reason}` });
const unknown = (reason: string) => E.left({ type: 'outcome_unknown', reason: `card processor: ${reason}` });

describe('a reservation', () => {
  it('did not happen when nobody listens at the address', async () => {
    const { url, server } = await serving(json(200, {}));
    await new Promise((resolve) => server.close(resolve));
    expect(await reserve(gatewayAt(url))).toEqual(nothing('ECONNREFUSED'));
  });

  it('may have happened when the connection is cut, and is asked for once', async () => {
    const { url, requests } = await serving((_request, response) => response.destroy());
    expect(await reserve(gatewayAt(url))).toEqual(unknown('CONNECTION_CUT'));
    expect(requests()).toBe(1);
  });

  it('may have happened when no answer comes in time', async () => {
    const { url } = await serving(() => undefined);
    expect(await reserve(gatewayAt(url, secretKey, 60))).toEqual(unknown('ETIMEDOUT'));
  });

  it.each([
    ['nothing_happened', 400, error('invalid_request_error', { code: 'amount_too_small' })],
    ['nothing_happened', 400, error('idempotency_error')],
    ['nothing_happened', 401, error('invalid_request_error')],
    ['nothing_happened', 402, error('invalid_request_error')],
    ['nothing_happened', 403, error('invalid_request_error')],
    ['nothing_happened', 404, error('invalid_request_error', { code: 'resource_missing' })],
    ['nothing_happened', 429, error('invalid_request_error', { code: 'rate_limit' })],
    ['outcome_unknown', 409, error('invalid_request_error', { code: 'lock_timeout' })],
    ['outcome_unknown', 500, error('api_error')],
    ['outcome_unknown', 503, error('api_error')],
    ['outcome_unknown', 502, '<html>Bad Gateway</html>'],
    ['outcome_unknown', 200, '<html>Welcome</html>'],
    ['outcome_unknown', 200, '{"id":"pi_1","object":"payment_in'],
    ['outcome_unknown', 200, ''],
    ['outcome_unknown', 200, { id: 'pi_1', object: 'payment_intent', status: 'a_status_of_next_year' }],
    [
      'outcome_unknown',
      200,
      { id: 'pi_1', object: 'payment_intent', status: 'requires_capture', latest_charge: 'ch_1' },
    ],
  ])('is %s after HTTP %i with %j', async (type, status, body) => {
    const { url } = await serving(json(status, body));
    const outcome = await reserve(gatewayAt(url));
    expect(outcome).toMatchObject(E.left({ type }));
    expect(JSON.stringify(outcome)).not.toContain('4242');
  });

  it('is refused with a wrong secret key', async () => {
    const processor = await startCardProcessor({ port: 0, dataDirectory: null, secretKey });
    closing.push(() => processor.close());
    const outcome = await reserve(gatewayAt(processor.url, 'sk_test_wrong'));
    expect(outcome).toMatchObject(E.left({ type: 'nothing_happened' }));
  });
});

describe('a look-up', () => {
  it('that fails changed nothing, whatever the failure', async () => {
    const { url } = await serving(json(500, error('api_error')));
    const gateway = gatewayAt(url);
    expect(await gateway.findReservation(newOrderId(), 1)()).toEqual(nothing('api_error (HTTP 500)'));
    expect(await gateway.findCharge('pi_1')()).toEqual(nothing('api_error (HTTP 500)'));
  });
});
