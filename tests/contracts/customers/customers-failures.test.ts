// A failed database call becomes the port's own error, and its reason holds no values.
import * as E from 'fp-ts/lib/Either.js';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresCarts } from '../../../adapters/customers/postgres-carts.js';
import { postgresCustomers } from '../../../adapters/customers/postgres.js';
import { plainPasswords } from '../../../adapters/customers/in-memory.js';
import { postgresRequestKeys } from '../../../adapters/request-keys/postgres.js';
import { promisedKeyLife } from '../../../adapters/request-keys/settings.js';
import { postgresStock } from '../../../adapters/stock/postgres.js';
import { isSignInId } from '../../../domain/ids.js';
import { freshDatabase, type FreshDatabase } from '../../support/databases.js';
import { signInSettings } from './customers.js';
import { afterNoon } from '../samples.js';
import { checked, newCustomerId, newOrderId } from '../../support/ids.js';
import { newArticleCodes, orderLines, receiptOf } from '../stock/stock-samples.js';

const noon = afterNoon(0);
const secret = 'canary-4929';
const signInId = checked(isSignInId, randomUUID());
const unreachable = 'Cannot use a pool after calling end on the pool';

describe('with a database that is gone', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase('orders');
    await database.close();
  });

  const stock = () => postgresStock(database.pool);
  const keys = () => postgresRequestKeys(database.pool, promisedKeyLife);
  const carts = () => postgresCarts(database.pool);
  const customers = () =>
    postgresCustomers(database.pool, { passwords: plainPasswords, randomBytes, settings: signInSettings });
  const use = { scope: 'scope', key: secret, bodyHash: 'a1' };
  const account = { customerId: newCustomerId(), email: secret, name: secret };
  const codes = newArticleCodes(1);
  const calls = [
    ['stock_unavailable', 'reserve', () => stock().reserve(newOrderId(), orderLines(codes, [1]), noon, noon)],
    ['stock_unavailable', 'commit', () => stock().commit(newOrderId(), noon)],
    ['stock_unavailable', 'release', () => stock().release(newOrderId(), [])],
    ['stock_unavailable', 'settle', () => stock().settle(newOrderId(), [], [])],
    ['stock_unavailable', 'receive', () => stock().receive(receiptOf([]))],
    ['stock_unavailable', 'levels', () => stock().levels(codes)],
    ['stock_unavailable', 'withdrawn', () => stock().withdrawn(codes)],
    ['request_keys_unavailable', 'claim', () => keys().claim(use, noon)],
    ['request_keys_unavailable', 'answer', () => keys().answer(use, { status: 200, body: secret })],
    ['request_keys_unavailable', 'abandon', () => keys().abandon(use)],
    ['customers_unavailable', 'find', () => carts().find(newOrderId())],
    ['customers_unavailable', 'register', () => customers().register(account, secret, noon)],
    ['customers_unavailable', 'signIn', () => customers().signIn(secret, secret, noon)],
    ['customers_unavailable', 'currentSignIn', () => customers().currentSignIn(secret, noon)],
    ['customers_unavailable', 'signOut', () => customers().signOut(signInId, noon)],
    ['customers_unavailable', 'revokeSignIn', () => customers().revokeSignIn(signInId, noon)],
    ['customers_unavailable', 'lockAccount', () => customers().lockAccount(newCustomerId(), noon)],
    ['customers_unavailable', 'unlockAccount', () => customers().unlockAccount(newCustomerId())],
    ['customers_unavailable', 'evidenceOf', () => customers().evidenceOf(signInId)],
    [
      'customers_unavailable',
      'bindShopCustomer',
      () => customers().bindShopCustomer('a', 'b', newCustomerId()),
    ],
    ['customers_unavailable', 'markAddress', () => customers().markAddress(secret, 'complained', noon)],
    ['customers_unavailable', 'addressMark', () => customers().addressMark(secret)],
  ] as const;

  it.each(calls)('answers %s when asked to %s', async (type, _name, call) => {
    expect(await call()()).toEqual(E.left({ type, reason: unreachable }));
  });
});

describe('with a database that refuses a value', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase('orders');
  });
  afterAll(() => database.close());

  it('says so by its code only', async () => {
    const [code] = newArticleCodes(1);
    if (code === undefined) throw new Error('an article is missing');
    const stock = postgresStock(database.pool);
    expect(await stock.receive(receiptOf([[code, 1.25]]))()).toEqual(
      E.left({ type: 'stock_unavailable', reason: 'failed with 22P02' }),
    );
    const refused = await stock.receive(receiptOf([[code, 1]], `bin \u0000 ${secret}`))();
    expect(refused).toEqual(E.left({ type: 'stock_unavailable', reason: 'failed with 22021' }));
    expect(E.isRight(await stock.receive(receiptOf([[code, -1]]))())).toBe(false);
  });
});
