// What every stock ledger does when goods are committed, given back or leave the building.
import { describe, expect, it } from 'vitest';
import { newOrderId } from '../../support/ids.js';
import { afterNoon } from '../samples.js';
import { committed, type LedgerTools, quarterPast } from './ledger-tools.js';
import { orderLines } from './stock-samples.js';

/** How a hold becomes permanent and how it ends. */
export function leavingContract({
  reserve,
  commit,
  release,
  settle,
  levels,
  stocked,
  held,
}: LedgerTools): void {
  describe('commits', () => {
    it('makes a hold permanent, and again when repeated', async () => {
      const codes = await stocked(2);
      const { orderId, lines } = await held(codes, [2]);
      expect(await commit(orderId)).toEqual(committed);
      expect(await commit(orderId, afterNoon(90_000))).toEqual(committed);
      const other = await reserve(newOrderId(), lines, afterNoon(99_000), afterNoon(90_000));
      expect(other.type).toBe('unavailable');
      expect(await reserve(orderId, lines)).toEqual({ type: 'reserved', until: quarterPast });
    });

    it('has nothing to commit for an order that holds nothing', async () => {
      expect(await commit(newOrderId())).toEqual({ type: 'unavailable', lines: [] });
    });

    it('renews an expired hold if the goods are there, and names what is gone if not', async () => {
      const codes = await stocked(2, 5);
      const { orderId, lines } = await held(codes, [2, 5]);
      const [first] = codes;
      if (first === undefined) throw new Error('an article is missing');
      const other = newOrderId();
      await reserve(other, orderLines([first], [1]), afterNoon(9_000), afterNoon(8_000));
      expect(await commit(orderId, afterNoon(8_001))).toEqual({
        type: 'unavailable',
        lines: [{ lineNumber: 1, available: 1 }],
      });
      expect(await levels(codes)).toEqual([
        [2, 1],
        [5, 0],
      ]);
      expect(await commit(orderId, afterNoon(9_000))).toEqual(committed);
      expect(await levels(codes)).toEqual([
        [2, 2],
        [5, 5],
      ]);
      expect(await reserve(orderId, lines)).toMatchObject({ type: 'reserved' });
    });
  });

  describe('releases', () => {
    it('gives back a hold and a committed hold once', async () => {
      const codes = await stocked(4);
      const { orderId } = await held(codes, [1]);
      const other = await held(codes, [2]);
      await commit(other.orderId);
      await release(orderId);
      await release(orderId);
      expect(await levels(codes)).toEqual([[4, 2]]);
      await release(other.orderId);
      expect(await levels(codes)).toEqual([[4, 0]]);
    });

    it('succeeds for an order that holds nothing', async () => {
      await expect(release(newOrderId())).resolves.toBeUndefined();
    });

    it('gives nothing back twice when the goods went to another before', async () => {
      const codes = await stocked(1);
      const { orderId, lines } = await held(codes, [1]);
      await reserve(newOrderId(), lines, afterNoon(9_000), afterNoon(8_000));
      await release(orderId);
      expect(await levels(codes)).toEqual([[1, 1]]);
    });

    it('holds nothing again for late repeats of earlier calls', async () => {
      const codes = await stocked(3);
      const { orderId, lines } = await held(codes, [2]);
      await release(orderId);
      expect(await reserve(orderId, lines)).toEqual({ type: 'reserved', until: quarterPast });
      expect(await commit(orderId)).toEqual({
        type: 'unavailable',
        lines: [{ lineNumber: 1, available: 0 }],
      });
      await settle(orderId, [2]);
      expect(await levels(codes)).toEqual([[3, 0]]);
    });
  });

  describe('settles', () => {
    it('takes what was shipped off the shelf and releases the rest, once', async () => {
      const codes = await stocked(10, 10, 10);
      const { orderId, lines } = await held(codes, [4, 5, 6]);
      await commit(orderId);
      await settle(orderId, [4, 2]);
      await settle(orderId, [4, 2]);
      await release(orderId);
      expect(await levels(codes)).toEqual([
        [6, 0],
        [8, 0],
        [10, 0],
      ]);
      expect(await commit(orderId)).toEqual(committed);
      expect(await reserve(orderId, lines)).toEqual({ type: 'reserved', until: quarterPast });
      expect((await levels(codes))[0]).toEqual([6, 0]);
    });

    it('takes no more than was held', async () => {
      const codes = await stocked(3);
      const { orderId } = await held(codes, [2]);
      await settle(orderId, [9, 9]);
      expect(await levels(codes)).toEqual([[1, 0]]);
    });

    it('changes nothing for an order that holds nothing', async () => {
      await expect(settle(newOrderId(), [1])).resolves.toBeUndefined();
    });
  });

  it('serves many orders of the same articles at once, whatever the order of their lines', async () => {
    const codes = await stocked(...Array.from({ length: 12 }, () => 1_000));
    const orders = Array.from({ length: 24 }, (_, index) => {
      const turned = [...codes.slice(index % 12), ...codes.slice(0, index % 12)];
      return { orderId: newOrderId(), wanted: index % 2 === 0 ? turned : turned.reverse() };
    });
    await Promise.all(
      orders.map(async ({ orderId, wanted }, index) => {
        expect(
          (
            await reserve(
              orderId,
              orderLines(
                wanted,
                wanted.map(() => 3),
              ),
            )
          ).type,
        ).toBe('reserved');
        if (index % 3 === 0) return release(orderId);
        expect(await commit(orderId)).toEqual(committed);
        return settle(
          orderId,
          wanted.map(() => 3),
        );
      }),
    );
    expect(await levels(codes)).toEqual(codes.map(() => [1_000 - 16 * 3, 0]));
  });
}
