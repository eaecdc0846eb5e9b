import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { answerOf } from '../samples.js';
import { type Bench, day, pounds } from './bench.js';

/** Longer than any bank of the processor takes over a refund, in seconds, and shorter than a key is known. */
const hour = 60 * 60;

/** Giving money back, whole or in parts, what becomes of it later, disputes, and the books of an order. */
export function refundingContract(bench: Bench): void {
  const { charged, held, refund, findRefund, booked, failureOf, requestOf, paymentsOf } = bench;

  describe('refunding', () => {
    it('gives all of a charge back, once under the same key', async () => {
      const reference = await charged();
      expect(await findRefund(reference)).toBeNull();
      const refunded = await answerOf(refund(reference, pounds(3564)));
      expect(refunded).toEqual({
        type: 'refunded',
        amount: pounds(3564),
        reference: expect.stringMatching(/^re_\w+$/),
      });
      expect(await answerOf(refund(reference, pounds(3564)))).toEqual(refunded);
      expect(await findRefund(reference)).toEqual(refunded);
      expect(await booked('refunded')).toEqual([3564]);
    });

    it('gives parts back and tells them apart, up to what was charged', async () => {
      const reference = await charged('pm_card_visa', pounds(3000));
      await answerOf(refund(reference, pounds(1000), 1));
      await answerOf(refund(reference, pounds(2000), 2));
      expect(await findRefund(reference, 1)).toMatchObject({ type: 'refunded', amount: pounds(1000) });
      expect(await findRefund(reference, 2)).toMatchObject({ type: 'refunded', amount: pounds(2000) });
      expect(await findRefund(reference, 3)).toBeNull();
      expect(await answerOf(refund(reference, pounds(1), 3))).toMatchObject({ type: 'failed' });
      expect(await booked('refunded')).toEqual([1000, 2000]);
    });

    it('never gives back more than is left of the charge, which is a failure for good', async () => {
      const reference = await charged('pm_card_visa', pounds(3000));
      expect(await answerOf(refund(reference, pounds(3001)))).toEqual({
        type: 'failed',
        reason: 'more_than_is_left',
      });
      expect(await findRefund(reference)).toBeNull();
      expect(await booked('refunded')).toEqual([]);
    });

    it('by two at the same moment gives back no more than was charged', async () => {
      const reference = await charged();
      const both = await Promise.all([1, 2].map((number) => refund(reference, pounds(2000), number)()));
      const types = both.map((one) => (E.isRight(one) ? one.right.type : one.left.type));
      expect(types.sort()).toEqual(['failed', 'refunded']);
      expect(await booked('refunded')).toEqual([2000]);
    });

    it('refuses a key that was used for something else, with nothing done', async () => {
      const reference = await charged();
      await answerOf(refund(reference, pounds(1000)));
      expect(await failureOf(refund(reference, pounds(1500)))).toBe('nothing_happened');
      expect(await booked('refunded')).toEqual([1000]);
    });

    it('whose answer was lost is unknown, found, and not done twice', async () => {
      const reference = await charged();
      await bench.processor().disturb('refund', 'reply_lost');
      expect(await failureOf(refund(reference, pounds(3564)))).toBe('outcome_unknown');
      const found = await findRefund(reference);
      expect(found).toMatchObject({ type: 'refunded', amount: pounds(3564) });
      expect(await answerOf(refund(reference, pounds(3564)))).toEqual(found);
      expect(await booked('refunded')).toEqual([3564]);
    });

    it('that was refused beforehand gave nothing back, and may be repeated', async () => {
      const reference = await charged();
      await bench.processor().disturb('refund', 'refused');
      expect(await failureOf(refund(reference, pounds(3564)))).toBe('nothing_happened');
      expect(await findRefund(reference)).toBeNull();
      expect(await answerOf(refund(reference, pounds(3564)))).toMatchObject({ type: 'refunded' });
    });

    it('is found after the processor has forgotten its key, also by a repeat that finds nothing left', async () => {
      const reference = await charged();
      const refunded = await answerOf(refund(reference, pounds(3564)));
      bench.processor().pass(2 * day);
      await bench.processor().forgetKeys();
      expect(await findRefund(reference)).toEqual(refunded);
      expect(await answerOf(refund(reference, pounds(3564)))).toEqual(refunded);
      expect(await booked('refunded')).toEqual([3564]);
    });

    it('of a charge that the bank took back has failed', async () => {
      const reference = await charged();
      await bench.processor().openDispute(reference);
      expect(await answerOf(refund(reference, pounds(1000)))).toEqual({
        type: 'failed',
        reason: 'charge_disputed',
      });
      expect(await booked('refunded')).toEqual([]);
    });

    it('can pend and be made later', async () => {
      const reference = await charged('pm_card_pendingRefund');
      expect(await answerOf(refund(reference, pounds(1000)))).toEqual({ type: 'pending' });
      expect(await booked('refunded')).toEqual([]);
      await bench.processor().settleRefund(reference, 1, 'refunded');
      const found = await findRefund(reference);
      expect(found).toMatchObject({ type: 'refunded', amount: pounds(1000) });
      expect(await answerOf(refund(reference, pounds(1000)))).toEqual(found);
      expect(await booked('refunded')).toEqual([1000]);
    });

    it('can pend and fail later, and what it did not give back can be asked for anew', async () => {
      const reference = await charged('pm_card_pendingRefundFail');
      expect(await answerOf(refund(reference, pounds(3564)))).toEqual({ type: 'pending' });
      bench.processor().pass(hour);
      const failed = { type: 'failed', reason: 'lost_or_stolen_card' };
      expect(await findRefund(reference)).toEqual(failed);
      expect(await answerOf(refund(reference, pounds(3564)))).toEqual(failed);
      expect(await answerOf(refund(reference, pounds(3564), 2))).toEqual({ type: 'pending' });
      expect(await booked('refunded')).toEqual([]);
    });

    it('that was made can come back', async () => {
      const reference = await charged('pm_card_refundFail');
      expect(await answerOf(refund(reference, pounds(3564)))).toMatchObject({ type: 'refunded' });
      bench.processor().pass(hour);
      const failed = { type: 'failed', reason: 'expired_or_canceled_card' };
      expect(await findRefund(reference)).toEqual(failed);
      expect(await booked('refund_reversed')).toEqual([3564]);
    });

    it('that the bank refuses has failed, with its reason', async () => {
      const reference = await charged();
      await bench.processor().tellBank('refund', { type: 'decline', code: 'declined' });
      expect(await answerOf(refund(reference, pounds(3564)))).toEqual({ type: 'pending' });
      bench.processor().pass(hour);
      expect(await findRefund(reference)).toEqual({ type: 'failed', reason: 'declined' });
    });

    it('of what was not charged gives nothing back', async () => {
      const { reference } = await held();
      expect(await failureOf(refund(reference, pounds(100)))).toBe('nothing_happened');
      expect(await failureOf(refund('pi_none', pounds(100), 2))).toBe('nothing_happened');
      expect(await booked('refunded')).toEqual([]);
    });
  });

  describe('the books of an order', () => {
    it('are empty for an order that the processor never heard of', async () => {
      expect(await paymentsOf()).toEqual([]);
    });

    it('show every attempt with what is held, charged, refunded and being refunded', async () => {
      const nothing = { held: pounds(0), charged: pounds(0), refunded: pounds(0), refunding: pounds(0) };
      await answerOf(bench.reserve(bench.onCard('pm_card_visa_chargeDeclined')));
      bench.processor().pass(60);
      const second = await held(bench.onCard('pm_card_visa', { attempt: 2 }));
      await answerOf(bench.release(second.reference));
      bench.processor().pass(60);
      const third = await held(bench.onCard('pm_card_pendingRefund', { attempt: 3 }));
      await answerOf(bench.charge(third.reference, pounds(3000)));
      bench.processor().pass(60);
      await held(requestOf({ attempt: 4 }));
      bench.processor().pass(60);
      await answerOf(bench.reserve(bench.onCard('pm_card_authenticationRequired', { attempt: 5 })));
      await answerOf(refund(third.reference, pounds(500), 1));
      await bench.processor().settleRefund(third.reference, 1, 'refunded');
      await answerOf(refund(third.reference, pounds(700), 2));
      const reference = expect.stringMatching(/^pi_\w+$/);
      expect(await paymentsOf()).toEqual([
        { ...nothing, attempt: 5, reference, state: 'authenticating' },
        { ...nothing, attempt: 4, reference, state: 'reserved', held: pounds(3564) },
        {
          ...{ attempt: 3, reference: third.reference, state: 'charged', held: pounds(0) },
          ...{ charged: pounds(3000), refunded: pounds(500), refunding: pounds(700) },
        },
        { ...nothing, attempt: 2, reference: second.reference, state: 'ended' },
        { ...nothing, attempt: 1, reference, state: 'declined' },
      ]);
    });

    it('do not count a refund that failed', async () => {
      const reference = await charged('pm_card_refundFail');
      await answerOf(refund(reference, pounds(3564)));
      bench.processor().pass(hour);
      expect(await paymentsOf()).toMatchObject([{ refunded: pounds(0), refunding: pounds(0) }]);
    });
  });

  describe('a dispute', () => {
    it('is found with the order whose charge it is about', async () => {
      const reference = await charged('pm_card_visa', pounds(3000));
      const dispute = await bench.processor().openDispute(reference);
      expect(await answerOf(bench.gateway().findDispute(dispute))).toEqual({
        orderId: bench.orderId(),
        reference: dispute,
        amount: pounds(3000),
        reason: 'fraudulent',
      });
    });

    it('that never was is not found', async () => {
      expect(await answerOf(bench.gateway().findDispute('du_none'))).toBeNull();
    });
  });
}
