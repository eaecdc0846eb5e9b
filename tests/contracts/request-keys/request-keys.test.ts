import { expect, it } from 'vitest';
import { inMemoryRequestKeys } from '../../../adapters/request-keys/in-memory.js';
import { postgresRequestKeys } from '../../../adapters/request-keys/postgres.js';
import { promisedKeyLife } from '../../../adapters/request-keys/settings.js';
import { freshDatabase } from '../../support/databases.js';
import { afterNoon, answerOf } from '../samples.js';
import { requestKeysContract } from './request-keys.js';

requestKeysContract('memory', async () => ({
  keys: inMemoryRequestKeys(promisedKeyLife),
  close: async () => undefined,
}));

requestKeysContract('Postgres', async () => {
  const { pool, close } = await freshDatabase('orders');
  return { keys: postgresRequestKeys(pool, promisedKeyLife), close };
});

it('Postgres holds few keys beyond those used within their life', async () => {
  const { pool, close } = await freshDatabase('orders');
  try {
    const keys = postgresRequestKeys(pool, promisedKeyLife);
    const day = promisedKeyLife.keptSeconds;
    const use = (index: number) => ({ scope: 'scope', key: String(index), bodyHash: 'a1' });
    for (let index = 0; index < 40; index += 1) await answerOf(keys.claim(use(index), afterNoon(0)));
    for (let index = 40; index < 60; index += 1) await answerOf(keys.claim(use(index), afterNoon(day)));
    const { rows } = await pool.query('select key from request_keys where claimed_at <= $1', [
      new Date(afterNoon(0)),
    ]);
    expect(rows).toEqual([]);
  } finally {
    await close();
  }
});
