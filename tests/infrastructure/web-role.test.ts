// The checkout's web process as its settings make it, behind a load balancer.
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../infrastructure/config/setting.js';
import { openContext } from '../../infrastructure/process/role.js';
import { webRole } from '../../infrastructure/roles/web.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { freePortBase } from '../support/free-ports.js';

describe('the web process behind one load balancer', () => {
  const { context, stop } = openContext('web', 'silent');
  let databases: readonly FreshDatabase[];
  let address: string;

  beforeAll(async () => {
    const [orders, customers] = await Promise.all([freshDatabase('orders'), freshDatabase('customers')]);
    databases = [orders, customers];
    const port = await freePortBase();
    address = `http://127.0.0.1:${String(port)}`;
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    const values = readSettings(webRole.settings, {
      CHECKOUT_ORDERS_DATABASE_URL: orders.url,
      CHECKOUT_CUSTOMERS_DATABASE_URL: customers.url,
      CHECKOUT_PUBLIC_URL: address,
      CHECKOUT_TOTAL_LIMITS: 'GBP:5000000',
      CHECKOUT_WEB_PORT: String(port),
      CHECKOUT_ADMIN_PORT: '0',
      CHECKOUT_PROXY_HOPS: '1',
      CHECKOUT_CART_ISSUERS: JSON.stringify([{ issuer: 'shop', keys: { one: key } }]),
      CHECKOUT_OPERATOR_KEY: 'the-key-of-operators',
      CHECKOUT_PASSWORD_COST: '14',
      CHECKOUT_PAYMENT_WEBHOOK_SECRETS: 'whsec_of_tests_only',
    });
    if (E.isLeft(values)) throw new Error(JSON.stringify(values.left));
    await webRole.start(values.right, context);
  });
  afterAll(async () => {
    stop();
    await context.scope.release();
    await Promise.all(databases.map(({ close }) => close()));
  });

  const guess = async (forwarded: string): Promise<number> => {
    const answer = await fetch(`${address}/sign-ins`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': forwarded },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'wrong password' }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };

  it("counts failed sign-ins by the address of the balancer's caller", async () => {
    // Most passwords that are compared at once are 32; a share of that leaves room on a busy machine.
    for (let round = 0; round < 10; round += 1) {
      const guesses = Array.from({ length: 10 }, () => guess('203.0.113.9, 198.51.100.7'));
      expect(new Set(await Promise.all(guesses))).toStrictEqual(new Set([401]));
    }
    expect(await guess('198.51.100.7')).toBe(429);
    expect(await guess('198.51.100.7, 198.51.100.8')).toBe(401);
  });
});
