// What every store of checkpoints must do.
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMemoryCheckpoints } from '../../adapters/event-store/in-memory-checkpoints.js';
import { postgresCheckpoints } from '../../adapters/event-store/postgres-checkpoints.js';
import type { Checkpoints } from '../../application/ports/checkpoints.js';
import { isPosition, type Position } from '../../application/ports/event-store.js';
import { freshDatabase } from '../support/databases.js';

const positionOf = (text: string): Position => {
  if (isPosition(text)) return text;
  throw new Error('not a position');
};

const contract = (
  name: string,
  open: () => Promise<{ readonly checkpoints: Checkpoints; readonly close: () => Promise<void> }>,
): void => {
  describe(`${name} as a store of checkpoints`, () => {
    let checkpoints: Checkpoints;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ checkpoints, close } = await open());
    });
    afterAll(() => close());

    it('has none for a new name', async () => {
      expect(await checkpoints.load('new')()).toEqual(E.right(null));
    });
    it('keeps the one saved last, also when it is further back', async () => {
      for (const place of ['7/1', '900:3_a-Z', '7/0', '7/0']) {
        expect(await checkpoints.save('reader', positionOf(place))()).toEqual(E.right(undefined));
        expect(await checkpoints.load('reader')()).toEqual(E.right(place));
      }
    });
    it('keeps names apart', async () => {
      for (const [name, place] of [
        ['one', '1'],
        ['two', '2'],
      ] as const) {
        expect(E.isRight(await checkpoints.save(name, positionOf(place))())).toBe(true);
      }
      expect(await checkpoints.load('one')()).toEqual(E.right('1'));
    });
  });
};

contract('memory', async () => ({ checkpoints: inMemoryCheckpoints(), close: async () => undefined }));

contract('Postgres', async () => {
  const { pool, close } = await freshDatabase('orders');
  return { checkpoints: postgresCheckpoints(pool), close };
});

it('checkpoints in a database that is away are an error without its address', async () => {
  const { pool, close } = await freshDatabase('orders');
  await close();
  const checkpoints = postgresCheckpoints(pool);
  for (const answer of [await checkpoints.load('x')(), await checkpoints.save('x', positionOf('1'))()]) {
    expect(E.isLeft(answer) && answer.left.type).toBe('checkpoints_unavailable');
    expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|postgres:\/\//);
  }
});
