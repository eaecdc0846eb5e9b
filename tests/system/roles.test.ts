// Each role as a process of its own: what is wrong with its settings it tells all at once, a port that it cannot have in
// one line, and it ends.
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleNames } from '../../infrastructure/roles/names.js';
import { runProgram } from '../support/programs.js';

const taken = { port: 0, close: (): void => undefined };

beforeAll(async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  taken.port = typeof address === 'object' && address !== null ? address.port : 0;
  taken.close = () => void server.close();
});

afterAll(() => taken.close());

const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };

/** Everything that any role needs, with nobody at the other ends. */
const complete: NodeJS.ProcessEnv = {
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  CHECKOUT_ORDERS_DATABASE_URL: 'postgres://me:hidden-password@127.0.0.1:1/orders',
  CHECKOUT_CUSTOMERS_DATABASE_URL: 'postgres://me:hidden-password@127.0.0.1:1/customers',
  CHECKOUT_SWF_ENDPOINT: 'http://127.0.0.1:1',
  CHECKOUT_SES_ENDPOINT: 'http://127.0.0.1:1',
  CHECKOUT_MAIL_SENDER: 'Shop <orders@shop.example>',
  CHECKOUT_PAYMENT_URL: 'http://127.0.0.1:1',
  CHECKOUT_PAYMENT_SECRET_KEY: 'hidden-processor-key',
  CHECKOUT_PAYMENT_WEBHOOK_SECRETS: 'hidden-webhook-secret',
  CHECKOUT_PUBLIC_URL: 'http://127.0.0.1:1',
  CHECKOUT_OPERATOR_KEY: 'hidden-operator-key',
  CHECKOUT_CART_ISSUERS: JSON.stringify([{ issuer: 'https://shop.example', keys: { one: key } }]),
  CHECKOUT_TOTAL_LIMITS: 'GBP:5000000',
};

describe.each(roleNames)('%s', (role) => {
  it('tells every wrong setting at once, and shows no secret', async () => {
    const environment = {
      CHECKOUT_ORDERS_DATABASE_URL: 'mysql://me:hidden-password@somewhere/orders',
      CHECKOUT_LOG_LEVEL: 'loud',
      CHECKOUT_DATABASE_CONECTIONS: '5',
    };
    const { code, stdout, stderr } = await runProgram(role, { environment });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    for (const line of lines)
      expect(line).toMatch(/^CHECKOUT_[A-Z_]+ (?:must be|is not set|is not a setting)/);
    expect(stderr).toContain(
      'CHECKOUT_LOG_LEVEL must be one of debug, info, warn, error, silent, not "loud"',
    );
    expect(stderr).toContain('CHECKOUT_DATABASE_CONECTIONS is not a setting');
    expect(stderr).not.toContain('hidden-password');
  });

  it('names the setting of a port that another program has', async () => {
    const port = String(taken.port);
    const environment = {
      ...complete,
      CHECKOUT_LOG_LEVEL: 'silent',
      CHECKOUT_WEB_PORT: port,
      CHECKOUT_FLOOR_PORT: port,
      CHECKOUT_ADMIN_PORT: port,
    };
    const name =
      { web: 'CHECKOUT_WEB_PORT', floor: 'CHECKOUT_FLOOR_PORT' }[String(role)] ?? 'CHECKOUT_ADMIN_PORT';
    const { code, stdout, stderr } = await runProgram(role, { environment });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `port ${port} is taken by another program; set ${name} to a free one\n`,
    });
  });
});
