// What every store of customers must do with the marks of e-mail addresses.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddressMarkReason, Customers } from '../../../application/ports/customers.js';
import { afterNoon, answerOf } from '../samples.js';

const reasons = ['bounced_permanently', 'bounced_transiently', 'complained'] as const;
const final = (reason: AddressMarkReason): boolean => reason !== 'bounced_transiently';

/** The contract of marked addresses; `open` is called once. */
export function addressMarksContract(
  name: string,
  open: () => Promise<{ readonly customers: Customers; readonly close: () => Promise<void> }>,
): void {
  describe(`${name} as a store of address marks`, () => {
    let store: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const newAddress = (): string => `Maria-${randomUUID()}@Example.org`;
    const mark = (email: string, reason: AddressMarkReason, seconds: number) =>
      answerOf(store.customers.markAddress(email, reason, afterNoon(seconds)));
    const markOf = (email: string) => answerOf(store.customers.addressMark(email));

    it('knows nothing against an address that was never marked', async () => {
      const marked = newAddress();
      await mark(marked, 'complained', 1);
      expect(await markOf(newAddress())).toBeNull();
      expect(await markOf('')).toBeNull();
    });

    it.each(reasons)('keeps the first of the same marks: %s', async (reason) => {
      const email = newAddress();
      for (const seconds of [2, 1, 3]) await mark(email, reason, seconds);
      expect(await markOf(email)).toEqual({ reason, at: afterNoon(2) });
    });

    it.each(
      reasons.flatMap((first) =>
        reasons.filter((second) => second !== first).map((second) => [first, second] as const),
      ),
    )('after %s, then %s', async (first, second) => {
      const email = newAddress();
      await mark(email, first, 1);
      await mark(email, second, 2);
      const stays = final(first) || !final(second);
      expect(await markOf(email)).toEqual(
        stays ? { reason: first, at: afterNoon(1) } : { reason: second, at: afterNoon(2) },
      );
    });

    it('keeps a final mark when all come at once', async () => {
      const email = newAddress();
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          mark(email, index === 5 ? 'bounced_permanently' : 'bounced_transiently', index),
        ),
      );
      expect(await markOf(email)).toEqual({ reason: 'bounced_permanently', at: afterNoon(5) });
    });

    it.each([
      ['maria@EXAMPLE.org', 'MARIA@example.org'],
      ['zoe@bücher.example', 'zoe@xn--bcher-kva.example'],
      ['zoe@bu\u0308cher.example', 'Zoe@B\u00dcCHER.example'],
      [' eva@example.org', 'eva@example.org '],
    ])('takes %j and %j for one address', async (one, other) => {
      await mark(one, 'complained', 1);
      expect(await markOf(other)).toEqual({ reason: 'complained', at: afterNoon(1) });
    });

    it('keeps apart what only looks alike, and takes any text', async () => {
      await mark('a@b@example.org', 'complained', 1);
      await mark("'); drop table address_marks; --", 'complained', 1);
      expect(await markOf('b@example.org')).toBeNull();
      expect(await markOf('a@example.org')).toBeNull();
      expect(await markOf("'); DROP table address_marks; --")).not.toBeNull();
    });
  });
}
