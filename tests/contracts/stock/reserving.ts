// What every stock ledger does when orders ask for goods, alone and side by side, and when nobody commits in time.
import { describe, expect, it } from 'vitest';
import { newOrderId } from '../../support/ids.js';
import { afterNoon } from '../samples.js';
import { committed, type LedgerTools, quarterPast } from './ledger-tools.js';
import { newArticleCodes, orderLines } from './stock-samples.js';

/** Reservations. */
export function reservingContract({
  reserve,
  commit,
  release,
  settle,
  holdOf,
  levels,
  stocked,
  held,
}: LedgerTools): void {
  describe('reserves', () => {
    it('holds every line until the given moment', async () => {
      const codes = await stocked(5, 9);
      await held(codes, [2, 9]);
      expect(await levels(codes)).toEqual([
        [5, 2],
        [9, 9],
      ]);
    });

    it('answers a repeat as before, without holding more', async () => {
      const codes = await stocked(5);
      const { orderId, lines } = await held(codes, [4]);
      expect(await reserve(orderId, lines)).toEqual({ type: 'reserved', until: quarterPast });
      expect(await levels(codes)).toEqual([[5, 4]]);
    });

    it('extends the hold of an order that asks for longer, and never shortens it', async () => {
      const codes = await stocked(5);
      const { orderId, lines } = await held(codes, [4]);
      const longer = { type: 'reserved', until: afterNoon(2_000) };
      expect(await reserve(orderId, lines, afterNoon(2_000), afterNoon(100))).toEqual(longer);
      expect(await reserve(orderId, lines, afterNoon(1_000), afterNoon(200))).toEqual(longer);
      expect(await holdOf(orderId)).toEqual(longer);
      const other = await reserve(newOrderId(), lines, afterNoon(9_000), afterNoon(1_999));
      expect(other.type).toBe('unavailable');
      expect(await levels(codes)).toEqual([[5, 4]]);
    });

    it('holds nothing when one line is missing, and names every missing line', async () => {
      const codes = [...(await stocked(5, 1, 0)), ...newArticleCodes(1)];
      expect(await reserve(newOrderId(), orderLines(codes, [5, 3, 1, 2]))).toEqual({
        type: 'unavailable',
        lines: [
          { lineNumber: 2, available: 1 },
          { lineNumber: 3, available: 0 },
          { lineNumber: 4, available: 0 },
        ],
      });
      expect((await levels(codes)).slice(0, 3)).toEqual([
        [5, 0],
        [1, 0],
        [0, 0],
      ]);
    });

    it('serves several lines of one article in line order', async () => {
      const [code] = await stocked(7);
      if (code === undefined) throw new Error('an article is missing');
      const codes = [code, code, code];
      expect(await reserve(newOrderId(), orderLines(codes, [4, 5, 1]))).toEqual({
        type: 'unavailable',
        lines: [
          { lineNumber: 2, available: 3 },
          { lineNumber: 3, available: 0 },
        ],
      });
      await held(codes, [4, 2, 1]);
      expect(await levels([code])).toEqual([[7, 7]]);
    });

    it('takes the longest order there is', async () => {
      const codes = await stocked(...Array.from({ length: 450 }, () => 3));
      const units = codes.map(() => 2);
      await held(codes, units);
      expect(await levels(codes)).toEqual(codes.map(() => [3, 2]));
    });

    it('gives the last unit to one of two buyers and tells the other', async () => {
      const codes = await stocked(1);
      const buyers = [newOrderId(), newOrderId()];
      const outcomes = await Promise.all(buyers.map((buyer) => reserve(buyer, orderLines(codes, [1]))));
      expect([...outcomes].sort((left, right) => (left.type < right.type ? -1 : 1))).toEqual([
        { type: 'reserved', until: quarterPast },
        { type: 'unavailable', lines: [{ lineNumber: 1, available: 0 }] },
      ]);
      expect(await levels(codes)).toEqual([[1, 1]]);
    });

    it('gives the last unit to exactly one of many buyers', async () => {
      const codes = await stocked(1, 1, 1);
      const buyers = Array.from({ length: 32 }, (_, index) =>
        index % 2 === 0 ? codes : [...codes].reverse(),
      );
      const outcomes = await Promise.all(
        buyers.map((wanted) => reserve(newOrderId(), orderLines(wanted, [1, 1, 1]))),
      );
      expect(outcomes.filter(({ type }) => type === 'reserved')).toHaveLength(1);
      expect(await levels(codes)).toEqual([
        [1, 1],
        [1, 1],
        [1, 1],
      ]);
    });

    it('says what an order holds', async () => {
      const codes = await stocked(4);
      const { orderId } = await held(codes, [1]);
      expect(await holdOf(newOrderId())).toEqual({ type: 'none' });
      expect(await holdOf(orderId)).toEqual({ type: 'reserved', until: quarterPast });
      await commit(orderId);
      expect(await holdOf(orderId)).toEqual(committed);
      await settle(orderId, [1]);
      expect(await holdOf(orderId)).toEqual({ type: 'none' });
      const other = await held(codes, [1]);
      await release(other.orderId);
      expect(await holdOf(other.orderId)).toEqual({ type: 'none' });
    });

    it('answers twins of one order alike, also for the last unit', async () => {
      const codes = await stocked(1);
      const orderId = newOrderId();
      const twins = await Promise.all([1, 2, 3, 4].map(() => reserve(orderId, orderLines(codes, [1]))));
      expect(twins).toEqual(twins.map(() => ({ type: 'reserved', until: quarterPast })));
      expect(await levels(codes)).toEqual([[1, 1]]);
    });
  });
}

/** What becomes of a reservation with time. */
export function expiringContract({
  reserve,
  commit,
  release,
  holdOf,
  levels,
  stocked,
  held,
}: LedgerTools): void {
  describe('lets holds expire', () => {
    it('counts a hold up to its last moment and not from then on', async () => {
      const codes = await stocked(2);
      await held(codes, [2]);
      const wanted = orderLines(codes, [1]);
      const justBefore = await reserve(newOrderId(), wanted, afterNoon(9_000), afterNoon(15 * 60 - 0.001));
      expect(justBefore).toEqual({ type: 'unavailable', lines: [{ lineNumber: 1, available: 0 }] });
      const then = await reserve(newOrderId(), wanted, afterNoon(9_000), quarterPast);
      expect(then).toEqual({ type: 'reserved', until: afterNoon(9_000) });
      expect(await levels(codes)).toEqual([[2, 1]]);
    });

    it('holds nothing for an order whose goods went to another', async () => {
      const codes = await stocked(2);
      const { orderId, lines } = await held(codes, [2]);
      await reserve(newOrderId(), lines, afterNoon(9_000), afterNoon(8_000));
      expect(await holdOf(orderId)).toEqual({ type: 'none' });
    });

    it('leaves an expired hold alone while there is enough for everybody', async () => {
      const codes = await stocked(3);
      const { orderId } = await held(codes, [2]);
      await reserve(newOrderId(), orderLines(codes, [1]), afterNoon(9_000), afterNoon(8_000));
      expect(await levels(codes)).toEqual([[3, 3]]);
      expect(await commit(orderId, afterNoon(8_000))).toEqual(committed);
    });

    it('renews the hold of an order that asks again', async () => {
      const codes = await stocked(2);
      const { orderId, lines } = await held(codes, [2]);
      const again = await reserve(orderId, lines, afterNoon(9_000), afterNoon(8_000));
      expect(again).toEqual({ type: 'reserved', until: afterNoon(9_000) });
      const other = await reserve(newOrderId(), lines, afterNoon(9_000), afterNoon(8_500));
      expect(other.type).toBe('unavailable');
    });

    it('holds anew for an order whose goods went to another, once there are enough again', async () => {
      const codes = await stocked(2);
      const { orderId, lines } = await held(codes, [2]);
      const other = newOrderId();
      await reserve(other, lines, afterNoon(9_000), afterNoon(8_000));
      expect(await reserve(orderId, lines, afterNoon(9_000), afterNoon(8_001))).toEqual({
        type: 'unavailable',
        lines: [{ lineNumber: 1, available: 0 }],
      });
      await release(other);
      expect((await reserve(orderId, lines, afterNoon(9_000), afterNoon(8_002))).type).toBe('reserved');
      expect(await levels(codes)).toEqual([[2, 2]]);
    });

    it('lets buyers share what many expired holds give back', async () => {
      const codes = await stocked(10);
      await Promise.all(Array.from({ length: 10 }, () => held(codes, [1])));
      const late = await Promise.all(
        Array.from({ length: 12 }, () =>
          reserve(newOrderId(), orderLines(codes, [1]), afterNoon(9_000), afterNoon(8_000)),
        ),
      );
      expect(late.filter(({ type }) => type === 'reserved')).toHaveLength(10);
      expect(await levels(codes)).toEqual([[10, 10]]);
    });
  });
}
