// What every store of request keys must do. Times are those of the default settings: 60 seconds, 24 hours.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyUse, RequestKeys, StoredAnswer } from '../../../application/ports/request-keys.js';
import { afterNoon, answerOf } from '../samples.js';

/** A store under test, made with a claim's life of 60 seconds and answers kept for 24 hours. */
export type RequestKeysUnderTest = { readonly keys: RequestKeys; readonly close: () => Promise<void> };

const hour = 3_600;
const noon = afterNoon(0);
const created: StoredAnswer = { status: 201, body: '{"orderId":"ü\\u0000🙂"}' };

const newUse = (): KeyUse => ({
  scope: `customer ${randomUUID()} POST /orders`,
  key: 'key-1',
  bodyHash: 'a1',
});
const withBody = (use: KeyUse, bodyHash: string): KeyUse => ({ ...use, bodyHash });

/** The contract of a store of request keys; `open` is called once. */
export function requestKeysContract(name: string, open: () => Promise<RequestKeysUnderTest>): void {
  describe(`${name} as a store of request keys`, () => {
    let store: RequestKeysUnderTest;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const claim = (use: KeyUse, now = noon) => answerOf(store.keys.claim(use, now));
    const answer = (use: KeyUse, given: StoredAnswer) => answerOf(store.keys.answer(use, given));
    const abandon = (use: KeyUse) => answerOf(store.keys.abandon(use));

    it('gives a new key to whoever asks first', async () => {
      const use = newUse();
      expect(await claim(use)).toEqual({ type: 'claimed' });
      expect(await claim(use, afterNoon(59.999))).toEqual({ type: 'in_flight' });
    });

    it('gives a key to exactly one of many twins', async () => {
      const use = newUse();
      const states = await Promise.all(Array.from({ length: 30 }, () => claim(use)));
      expect(states.map(({ type }) => type).sort()).toEqual([
        'claimed',
        ...Array.from({ length: 29 }, () => 'in_flight'),
      ]);
    });

    it('repeats the first answer, byte for byte', async () => {
      const use = newUse();
      await claim(use);
      await answer(use, created);
      await answer(use, { status: 500, body: 'late' });
      expect(await claim(use, afterNoon(24 * hour - 1))).toEqual({ type: 'answered', answer: created });
    });

    it('refuses another body under the same key, in work or answered', async () => {
      const use = newUse();
      const other = withBody(use, 'b2');
      await claim(use);
      expect(await claim(other)).toEqual({ type: 'other_body' });
      expect(await claim(other, afterNoon(3 * hour))).toEqual({ type: 'other_body' });
      await answer(use, created);
      expect(await claim(other)).toEqual({ type: 'other_body' });
      expect(await claim(use)).toEqual({ type: 'answered', answer: created });
    });

    it('keeps the keys of one scope from those of another', async () => {
      const use = newUse();
      await claim(use);
      await answer(use, created);
      expect(await claim({ ...use, scope: newUse().scope })).toEqual({ type: 'claimed' });
      expect(await claim({ ...use, key: 'key-2' })).toEqual({ type: 'claimed' });
    });

    it('frees a claim without an answer after its time, for one caller', async () => {
      const use = newUse();
      await claim(use);
      const states = await Promise.all(Array.from({ length: 10 }, () => claim(use, afterNoon(60))));
      expect(states.filter(({ type }) => type === 'claimed')).toHaveLength(1);
      expect(await claim(use, afterNoon(119))).toEqual({ type: 'in_flight' });
      await answer(use, created);
      expect(await claim(use, afterNoon(600))).toEqual({ type: 'answered', answer: created });
    });

    it('frees a key that was given back, for any body', async () => {
      const use = newUse();
      await claim(use);
      await abandon(use);
      expect(await claim(withBody(use, 'b2'))).toEqual({ type: 'claimed' });
    });

    it('neither answers nor gives back what is claimed for another body or answered', async () => {
      const use = newUse();
      await claim(use);
      await answer(withBody(use, 'b2'), created);
      await abandon(withBody(use, 'b2'));
      expect(await claim(use)).toEqual({ type: 'in_flight' });
      await answer(use, created);
      await abandon(use);
      expect(await claim(use)).toEqual({ type: 'answered', answer: created });
    });

    it('stores no answer for a key that nobody claimed', async () => {
      const use = newUse();
      await answer(use, created);
      expect(await claim(use)).toEqual({ type: 'claimed' });
    });

    it('forgets an answer after its time', async () => {
      const use = newUse();
      await claim(use);
      await answer(use, created);
      expect(await claim(withBody(use, 'b2'), afterNoon(24 * hour))).toEqual({ type: 'claimed' });
      expect(await claim(withBody(use, 'b2'), afterNoon(24 * hour + 1))).toEqual({ type: 'in_flight' });
    });
  });
}
