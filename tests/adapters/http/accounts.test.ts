// Accounts, sign-ins, and who counts as signed in.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainPasswords } from '../../../adapters/customers/in-memory.js';
import { createFailedTries } from '../../../adapters/http/checkout/failed-tries.js';
import { instantOf } from '../../support/ids.js';
import { type CheckoutWorld, createCheckoutWorld } from './checkout-world.js';

const own = 'https://checkout.example';
let world: CheckoutWorld;
beforeAll(async () => {
  world = await createCheckoutWorld({ publicUrl: own });
});
afterAll(() => world.close());

const registration = () => ({
  email: `${randomUUID()}@example.com`,
  password: 'correct horse battery',
  name: 'Ada Lovelace',
});
const cookieOf = (header: string | null): string => (header ?? '').split(';')[0] ?? '';

describe('registering', () => {
  it('makes an account', async () => {
    const body = registration();
    const answer = await world.call('POST /customers', { body });
    expect(answer.status).toBe(201);
    expect(answer.json).toStrictEqual({
      customerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: body.email,
      name: body.name,
    });
  });

  it('says no more than that no account was made when there is one', async () => {
    const body = registration();
    await world.call('POST /customers', { body });
    const answer = await world.call('POST /customers', {
      body: { ...body, email: body.email.toUpperCase() },
    });
    expect([answer.status, answer.json['code']]).toStrictEqual([409, 'registration_refused']);
    expect(answer.text.toLowerCase()).not.toContain(body.email);
  });

  it('names every field that is wrong, and repeats none of them', async () => {
    const body = { email: 'ada@exa\r\nmple.com', password: 'short', name: 'A\u202Eda', role: 'admin' };
    const answer = await world.call('POST /customers', { body });
    expect([answer.status, answer.json['code']]).toStrictEqual([422, 'fields_invalid']);
    expect(answer.json['errors']).toMatchObject([
      { code: 'wrong_format', path: '/email' },
      { code: 'too_short', path: '/password' },
      { code: 'not_printable', path: '/name' },
      { code: 'unknown_field', path: '/role' },
    ]);
    expect(answer.text).not.toMatch(/mple|"short"|admin/);
  });

  it('takes a name that looks like markup or a formula as it is', async () => {
    const answer = await world.call('POST /customers', {
      body: { ...registration(), name: '=1+1 <script>' },
    });
    expect([answer.status, answer.json['name']]).toStrictEqual([201, '=1+1 <script>']);
  });
});

describe('signing in', () => {
  it('answers alike for an unknown address and a wrong password', async () => {
    const { email } = await world.signUp();
    const wrong = await world.call('POST /sign-ins', { body: { email, password: 'wrong password' } });
    const unknown = await world.call('POST /sign-ins', {
      body: { email: 'nobody@example.com', password: 'wrong password' },
    });
    expect([wrong.status, unknown.status]).toStrictEqual([401, 401]);
    expect({ ...wrong.json, instance: '' }).toStrictEqual({ ...unknown.json, instance: '' });
  });

  it('gives a token, and on https a cookie that only this host can set and read', async () => {
    const { email, password } = await world.signUp();
    const answer = await world.call('POST /sign-ins', { body: { email, password } });
    expect(answer.status).toBe(201);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(
      /^__Host-sign-in=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200$/,
    );
    expect(cookie).toContain(String(answer.json['token']));
  });

  it('sets no cookie where the public address is not https', async () => {
    const plain = await createCheckoutWorld({ publicUrl: 'http://127.0.0.1:4000' });
    const { email, password } = await plain.signUp();
    const answer = await plain.call('POST /sign-ins', { body: { email, password } });
    await plain.close();
    expect(answer.status).toBe(201);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('strict-transport-security')).toBeNull();
  });

  it('is refused from a page of another site', async () => {
    const { email, password } = await world.signUp();
    const answer = await world.call('POST /sign-ins', {
      ...{ body: { email, password }, headers: { Origin: 'https://evil.example' } },
    });
    expect([answer.status, answer.json['code']]).toStrictEqual([403, 'origin_not_allowed']);
  });
});

describe('password checks', () => {
  it('beyond 32 at once are turned away with a time to come back', async () => {
    let inWork = 0;
    let goOn = (): void => undefined;
    let full = (): void => undefined;
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    const isFull = new Promise<void>((resolve) => (full = resolve));
    const busy = await createCheckoutWorld({
      passwords: {
        ...plainPasswords,
        compare: async (password, stored) => {
          inWork += 1;
          if (inWork === 32) full();
          await mayGoOn;
          return plainPasswords.compare(password, stored);
        },
      },
    });
    const { password, ...account } = registration();
    await busy.call('POST /customers', { body: { ...account, password } });
    const signIn = () => busy.call('POST /sign-ins', { body: { email: account.email, password } });
    const admitted = Array.from({ length: 32 }, signIn);
    await isFull;
    const refused = await signIn();
    goOn();
    const statuses = (await Promise.all(admitted)).map(({ status }) => status);
    await busy.close();
    expect([refused.status, refused.json['code']]).toStrictEqual([503, 'too_busy']);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(new Set(statuses)).toStrictEqual(new Set([201]));
  });
});

describe('guessing', () => {
  const guess = (guessed: CheckoutWorld, forwarded: string) =>
    guessed.call('POST /sign-ins', {
      body: { email: `${randomUUID()}@example.com`, password: 'wrong password' },
      headers: { 'X-Forwarded-For': forwarded },
    });
  const guessOften = async (guessed: CheckoutWorld, forwarded: string) => {
    const statuses = [];
    for (let count = 0; count < 100; count += 1) statuses.push((await guess(guessed, forwarded)).status);
    return new Set(statuses);
  };

  it('is over for an address after 100 failures, whatever it claims to be, until ten minutes are over', async () => {
    const guessed = await createCheckoutWorld({ settings: { proxyHops: 1 } });
    expect(await guessOften(guessed, '1.1.1.1, 198.51.100.7')).toStrictEqual(new Set([401]));
    const barred = await guess(guessed, '2.2.2.2, 198.51.100.7');
    const other = await guess(guessed, '198.51.100.7, 198.51.100.8');
    guessed.clock.putForward(601);
    const later = await guess(guessed, '198.51.100.7');
    await guessed.close();
    expect([barred.status, barred.json['code']]).toStrictEqual([429, 'too_many_tries']);
    expect(Number(barred.headers.get('retry-after'))).toBeGreaterThan(0);
    expect([other.status, later.status]).toStrictEqual([401, 401]);
  });

  it('counts the connection’s own address where no load balancer is trusted', async () => {
    const guessed = await createCheckoutWorld();
    await guessOften(guessed, '198.51.100.7');
    const barred = await guess(guessed, '198.51.100.8');
    await guessed.close();
    expect(barred.status).toBe(429);
  });

  it('counts an IPv6 network of 64 bits as one address', () => {
    const tries = createFailedTries({ most: 1, seconds: 60 });
    tries.count('2001:db8:1:2:3:4:5:6', instantOf(0));
    expect(tries.barredFor('2001:db8:1:2::1', instantOf(30_000))).toBe(30);
    expect(tries.barredFor('2001:db8:1:3::1', instantOf(0))).toBeNull();
    tries.count('2001:DB8::1', instantOf(0));
    expect(tries.barredFor('2001:db8:0:0:9::', instantOf(0))).toBe(60);
  });
});

describe('signing out', () => {
  it('ends the sign-in', async () => {
    const { token } = await world.signUp();
    const out = await world.call('DELETE /sign-ins/current', { token });
    expect([out.status, out.text]).toStrictEqual([204, '']);
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-sign-in=; .*Max-Age=0$/);
    const after = await world.call('GET /orders', { token });
    expect([after.status, after.json['code']]).toStrictEqual([401, 'sign_in_needed']);
  });
});

describe('a cookie', () => {
  const cookieSignIn = async () => {
    const { email, password } = await world.signUp();
    const answer = await world.call('POST /sign-ins', { body: { email, password } });
    return cookieOf(answer.headers.get('set-cookie'));
  };

  it('is enough to read', async () => {
    const Cookie = await cookieSignIn();
    expect((await world.call('GET /orders', { headers: { Cookie } })).status).toBe(200);
  });

  it.each([
    ['without an Origin', {}],
    ['from another site', { Origin: 'https://evil.example' }],
    ['from nowhere', { Origin: 'null' }],
  ])('changes nothing %s', async (_, origin) => {
    const Cookie = await cookieSignIn();
    const answer = await world.call('DELETE /sign-ins/current', { headers: { Cookie, ...origin } });
    expect([answer.status, answer.json['code']]).toStrictEqual([403, 'origin_not_allowed']);
    expect((await world.call('GET /orders', { headers: { Cookie } })).status).toBe(200);
  });

  it('changes things from a page of our own', async () => {
    const Cookie = await cookieSignIn();
    const answer = await world.call('DELETE /sign-ins/current', { headers: { Cookie, Origin: own } });
    expect(answer.status).toBe(204);
  });

  it('that comes twice with different content counts as none', async () => {
    const Cookie = `${await cookieSignIn()}; __Host-sign-in=forged`;
    expect((await world.call('GET /orders', { headers: { Cookie } })).status).toBe(401);
  });
});

describe('without a sign-in', () => {
  it.each([
    ['no credential', {}],
    ['an unknown token', { Authorization: `Bearer ${'x'.repeat(43)}` }],
    ['another scheme', { Authorization: 'Basic YTpi' }],
    ['an overlong token', { Authorization: `Bearer ${'x'.repeat(600)}` }],
  ])('%s is a 401 with a challenge on every route that needs one', async (_, headers) => {
    const routes = ['GET /orders', `GET /orders/${randomUUID()}`, `GET /orders/${randomUUID()}/events`];
    const changes = ['POST /orders', `POST /orders/${randomUUID()}/cancel`, 'DELETE /sign-ins/current'];
    for (const route of [...routes, ...changes]) {
      const answer = await world.call(route, { headers });
      expect([route, answer.status, answer.json['code']]).toStrictEqual([route, 401, 'sign_in_needed']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });
});
