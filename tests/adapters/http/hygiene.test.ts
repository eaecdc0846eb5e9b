// What holds for every answer, and what is refused before any endpoint sees it.
import { connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpApp, defaultHttpSettings } from '../../../adapters/http/app.js';
import { anyone, takingNothing } from '../../../adapters/http/endpoint.js';
import { hasCardNumber } from '../../../domain/order/card-numbers.js';
import { caller, serve } from '../../support/http.js';
import { describedPaths } from './described-paths.js';
import { type CheckoutWorld, createCheckoutWorld } from './checkout-world.js';

let world: CheckoutWorld;
beforeAll(async () => {
  world = await createCheckoutWorld();
});
afterAll(() => world.close());

const json = { 'Content-Type': 'application/json' };
const post = (text: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = json) =>
  world.call('POST /sign-ins', { text, headers });

describe('every answer', () => {
  it.each([
    ['200', 'GET /openapi.json'],
    ['401', 'GET /orders'],
    ['404', 'GET /nowhere'],
    ['405', 'PUT /orders'],
    ['415', 'POST /sign-ins'],
  ])('with status %s has the same protective headers and a request id', async (status, route) => {
    const text = route.startsWith('POST') ? { text: 'x' } : {};
    const { status: given, headers } = await world.call(route, text);
    expect(String(given)).toBe(status);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('cache-control')).toBe(status === '200' ? 'public, max-age=300' : 'no-store');
  });

  it('carries the request id of the caller if it is a UUID, else a new one', async () => {
    const id = randomUUID();
    const kept = await world.call('GET /orders', { headers: { 'X-Request-Id': id } });
    expect([kept.headers.get('x-request-id'), kept.json['instance']]).toStrictEqual([id, `urn:uuid:${id}`]);
    const replaced = await world.call('GET /orders', { headers: { 'X-Request-Id': 'a <b>' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('that is a problem is one by RFC 9457, and its type can be read', async () => {
    const answer = await world.call('GET /orders');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({
      type: '/problems/sign_in_needed',
      status: 401,
      title: 'Sign in first',
    });
    const explained = await world.call(`GET ${String(answer.json['type'])}`);
    expect(explained.json).toMatchObject({ code: 'sign_in_needed', status: 401 });
  });

  it('is observed with the route’s pattern, never the address', async () => {
    const secret = randomUUID();
    await world.call(`GET /orders/${secret}?x=${secret}`, { headers: { 'X-Request-Id': secret } });
    await expect
      .poll(() => world.accesses.filter(({ requestId }) => requestId === secret))
      .toStrictEqual([
        {
          ...{ method: 'GET', route: '/orders/:orderId', status: 401, requestId: secret },
          milliseconds: expect.any(Number),
        },
      ]);
  });
});

describe('addresses and methods', () => {
  it('that are unknown are 404, also with a trailing slash or another case', async () => {
    for (const path of ['/', '/order', '/orders/', '/Orders', '/../etc/passwd', `/${'x'.repeat(4_000)}`]) {
      const answer = await world.call(`GET ${path}`);
      expect([answer.status, answer.json['code']]).toStrictEqual([404, 'not_found']);
    }
  });

  it('that do not fit are 405 with the ones that do', async () => {
    const answer = await world.call('DELETE /orders');
    expect([answer.status, answer.json['code'], answer.headers.get('allow')]).toStrictEqual([
      ...[405, 'method_not_allowed', 'HEAD, POST, GET'],
    ]);
    const overridden = await world.call('GET /carts', { headers: { 'X-HTTP-Method-Override': 'POST' } });
    expect([overridden.status, overridden.headers.get('allow')]).toStrictEqual([405, 'POST']);
  });

  it('take nothing from Host and forwarding headers', async () => {
    const forged = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' };
    const answer = await world.call('GET /openapi.json', { headers: forged });
    expect(answer.text).not.toContain('evil.example');
    expect(answer.json['servers']).toStrictEqual([{ url: 'https://checkout.example' }]);
  });
});

describe('a body', () => {
  it.each([
    ['of another type', 'text/plain', {}],
    ['of a form', 'application/x-www-form-urlencoded', {}],
    ['in another charset', 'application/json; charset=utf-16', {}],
    ['that is compressed', 'application/json', { 'Content-Encoding': 'gzip' }],
    ['of no type', '', {}],
  ])('%s is not supported', async (_, type, headers) => {
    const answer = await post('{}', { 'Content-Type': type, ...headers });
    expect([answer.status, answer.json['code']]).toStrictEqual([415, 'media_type_not_supported']);
  });

  it.each([
    ['no JSON', '{"email":'],
    ['more than one value', '{} {}'],
    ['NaN', '{"email":NaN}'],
    ['a control character', '{"email":"\u0001"}'],
    ['blank', ' '],
  ])('with %s is not JSON', async (_, text) => {
    const answer = await post(text);
    expect([answer.status, answer.json['code']]).toStrictEqual([400, 'body_not_json']);
  });

  it('that is no UTF-8 is refused', async () => {
    const answer = await post(new Uint8Array([0x22, 0xc3, 0x28, 0x22]));
    expect([answer.status, answer.json['code']]).toStrictEqual([400, 'body_not_json']);
  });

  it('nested 11 deep is too deep, 10 is not; brackets in texts do not count', async () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect((await post(nested(11))).json['code']).toBe('body_too_deep');
    expect((await post(nested(10))).json['code']).toBe('fields_invalid');
    expect((await post('['.repeat(10_000))).json['code']).toBe('body_too_deep');
    expect((await post(JSON.stringify({ email: '['.repeat(50) }))).json['code']).toBe('fields_invalid');
  });

  it('above 64 KiB is too large, however it is sent', async () => {
    const text = JSON.stringify({ email: 'x'.repeat(70_000) });
    const announced = await post(text);
    expect([announced.status, announced.json['code']]).toStrictEqual([413, 'body_too_large']);
    const streamed = await fetch(`${world.url}/sign-ins`, {
      ...{ method: 'POST', headers: json, body: new Blob([text]).stream(), duplex: 'half' },
    });
    expect(streamed.status).toBe(413);
  });

  it.each([
    ['nothing', undefined],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['numbers for texts', '{"email":1e400,"password":9007199254740993}'],
    ['__proto__', '{"__proto__":{"email":"a@example.com","password":"x"}}'],
    ['constructor', '{"constructor":{"prototype":{}},"email":"a","password":"x"}'],
    ['a lone surrogate', '{"email":"a@example.com","password":"\\ud800"}'],
  ])('with %s is refused by its fields', async (_, text) => {
    const answer = await world.call('POST /sign-ins', {
      ...{ headers: json, ...(text !== undefined && { text }) },
    });
    expect([answer.status, answer.json['code']]).toStrictEqual([422, 'fields_invalid']);
  });

  it('that stops coming is given up', async () => {
    const slow = await createCheckoutWorld({ settings: { bodyMilliseconds: 50 } });
    const port = Number(new URL(slow.url).port);
    const head =
      'POST /sign-ins HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{';
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(head));
      socket.on('data', (part) => (text += part.toString()));
      socket.on('close', () => resolve(text));
    });
    await slow.close();
    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*body_too_slow/);
  });

  it('that is cut off at any byte does no harm', async () => {
    const port = Number(new URL(world.url).port);
    const whole =
      'POST /sign-ins HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{"a"';
    for (let end = 0; end <= whole.length; end += 7) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () =>
          socket.write(whole.slice(0, end), () => socket.destroy()),
        );
        socket.on('close', () => resolve());
      });
    }
    expect((await world.call('GET /openapi.json')).status).toBe(200);
    expect(world.defects).toStrictEqual([]);
  });
});

describe('a card number', () => {
  const numbers = [
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    'my card: 4242.4242.4242.4242, thanks',
    '４２４２４２４２４２４２４２４２',
    '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢',
    '4242\u00a04242\u00a04242\u00a04242',
    '4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2',
    'No. 12 4242 4242 4242 4242',
    '378282246310005',
    '00004242424242424242',
  ];

  it.each(numbers)('such as %j is refused in every field and never repeated', async (number) => {
    const { token } = await world.signUp();
    const good = world.orderBody(randomUUID());
    const bodies = [
      { ...good, recipient: number },
      { ...good, address: { ...good.address, lines: ['1 High Street', number] } },
      { ...good, address: { ...good.address, city: number } },
    ];
    for (const body of bodies) {
      const answer = await world.call('POST /orders', { token, key: 'k', body });
      expect([answer.status, answer.json['code']]).toStrictEqual([422, 'card_number_not_accepted']);
      expect(answer.text).not.toMatch(/4242|3782|\p{Nd}{13}/u);
    }
    const registration = { email: 'a@example.com', name: number, password: number };
    const registered = await world.call('POST /customers', { body: registration });
    expect(registered.json).toMatchObject({
      errors: [
        { code: 'card_number_not_accepted', path: '/password' },
        { code: 'card_number_not_accepted', path: '/name' },
      ],
    });
    const signIn = { email: '4242424242424242@example.com', password: 'x' };
    expect((await world.call('POST /sign-ins', { body: signIn })).json['code']).toBe(
      'card_number_not_accepted',
    );
  });

  it.each([
    '1 High Street',
    'N1 9GU',
    '+44 20 7946 0958',
    '4242424242424241',
    '123456789012',
    '0000000000000000',
    '42424242-4242-4242-8000-00000000000a',
  ])('is not %j', (text) => {
    expect(hasCardNumber(text)).toBe(false);
  });

  it('is looked for in a moment, whatever the text', () => {
    const began = performance.now();
    for (const part of ['1', '1 ', '1-', '4242 ', '٤', '12345678901234567890 '])
      hasCardNumber(part.repeat(5_000));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('the description', () => {
  it('is valid OpenAPI 3.1, and every route answers as it says', async () => {
    const paths = await describedPaths(world.call);
    expect(paths.map(([path]) => path).sort()).toStrictEqual([
      ...['/carts', '/customers', '/openapi.json', '/orders', '/orders/{orderId}'],
      ...['/orders/{orderId}/cancel', '/orders/{orderId}/events', '/orders/{orderId}/payment-method'],
      ...['/problems/{code}', '/sign-ins', '/sign-ins/current', '/webhooks/card-processor'],
      '/webhooks/mail-reports',
    ]);
    for (const [path, operations] of paths) {
      for (const [method, operation] of Object.entries(operations)) {
        const { status } = await world.call(
          `${method.toUpperCase()} ${path.replace(/\{\w+\}/, randomUUID())}`,
        );
        const isDescribed = JSON.stringify(operation).includes(`"${status}":`);
        expect([path, method, status, isDescribed]).toStrictEqual([path, method, status, true]);
      }
    }
  });
});

describe('trouble inside', () => {
  const troubled = async (handle: () => Promise<never>, settings = {}) => {
    const defects: unknown[] = [];
    const endpoint = takingNothing({
      ...{
        guard: anyone,
        method: 'get',
        path: '/trouble',
        id: 'trouble',
        summary: '',
        answers: [],
        problems: [],
      },
      handle,
    });
    const publicUrl = new URL('https://checkout.example');
    const app = createHttpApp(
      [endpoint],
      { ...defaultHttpSettings, publicUrl, ...settings },
      {
        accessed: () => undefined,
        failed: ({ error }) => defects.push(error),
      },
    );
    return { ...(await serve(app)), defects };
  };

  it('is a 500 without a word of the error, which is reported', async () => {
    const error = new Error('ada@example.com');
    const { url, close, defects } = await troubled(() => Promise.reject(error));
    const answer = await caller(url)('GET /trouble');
    await close();
    expect([answer.status, answer.json['code']]).toStrictEqual([500, 'internal_error']);
    expect(answer.text).not.toContain('ada');
    expect(answer.headers.get('content-security-policy')).not.toBeNull();
    expect(defects).toStrictEqual([error]);
  });

  it('that takes too long is given up with a time to come back', async () => {
    const { url, close } = await troubled(() => new Promise(() => undefined), { answerMilliseconds: 20 });
    const answer = await caller(url)('GET /trouble');
    await close();
    expect([answer.status, answer.json['code'], answer.headers.get('retry-after')]).toStrictEqual([
      ...[503, 'took_too_long', '5'],
    ]);
  });

  it('of too many requests at once turns the rest away', async () => {
    const { url, close } = await troubled(() => new Promise(() => undefined), {
      ...{ answerMilliseconds: 2_000, mostInFlight: 1 },
    });
    const call = caller(url);
    const answers = await Promise.all([call('GET /trouble'), call('GET /trouble')]);
    await close();
    expect(answers.map(({ json: { code } }) => code).sort()).toStrictEqual(['too_busy', 'took_too_long']);
  });
});
