import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { answerOf } from '../samples.js';
import { type Bench, day, pounds } from './bench.js';

/** Taking what is held, whole or in part, and letting it go: repeats, declines at the last moment, expiry, races. */
export function chargingContract(bench: Bench): void {
  const { requestOf, onCard, held, find, charge, release, ledger, booked, failureOf } = bench;
  const findCharge = (reference: string) => answerOf(bench.gateway().findCharge(reference));

  describe('charging', () => {
    it('takes the whole amount', async () => {
      const { reference } = await held();
      expect(await findCharge(reference)).toBeNull();
      const charged = await answerOf(charge(reference));
      expect(charged).toEqual({
        type: 'charged',
        amount: pounds(3564),
        reference: expect.stringMatching(/^ch_\w+$/),
      });
      expect(await findCharge(reference)).toEqual(charged);
      expect(await ledger()).toEqual([
        { kind: 'reserved', amount: 3564 },
        { kind: 'captured', amount: 3564 },
      ]);
    });

    it('takes less and lets the rest go', async () => {
      const { reference } = await held();
      expect(await answerOf(charge(reference, pounds(3000)))).toMatchObject({ amount: pounds(3000) });
      expect(await ledger()).toEqual([
        { kind: 'reserved', amount: 3564 },
        { kind: 'captured', amount: 3000 },
        { kind: 'released', amount: 564 },
      ]);
    });

    it('never takes more than was reserved', async () => {
      const { reference } = await held();
      expect(await failureOf(charge(reference, pounds(3565)))).toBe('nothing_happened');
      expect(await ledger()).toHaveLength(1);
    });

    it('again answers what was taken, also under another key and after a day', async () => {
      const { reference } = await held();
      const charged = await answerOf(charge(reference, pounds(3000)));
      expect(await answerOf(charge(reference, pounds(3000)))).toEqual(charged);
      expect(await answerOf(charge(reference, pounds(3564), 2))).toEqual(charged);
      expect(await failureOf(charge(reference, pounds(3564)))).toBe('nothing_happened');
      bench.processor().pass(2 * day);
      expect(await answerOf(charge(reference, pounds(3000)))).toEqual(charged);
      expect(await booked('captured')).toEqual([3000]);
    });

    it('by twins at the same moment takes once', async () => {
      const { reference } = await held();
      const twins = await Promise.all([1, 2, 3].map((number) => charge(reference, pounds(3564), number)()));
      const answers = twins.filter(E.isRight).map(({ right }) => right);
      expect(answers.length).toBeGreaterThan(0);
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await booked('captured')).toEqual([3564]);
    });

    it('whose answer was lost is unknown, found, and not done twice', async () => {
      const { reference } = await held();
      await bench.processor().disturb('charge', 'reply_lost');
      expect(await failureOf(charge(reference))).toBe('outcome_unknown');
      const found = await findCharge(reference);
      expect(found).toMatchObject({ type: 'charged', amount: pounds(3564) });
      expect(await answerOf(charge(reference))).toEqual(found);
      expect(await booked('captured')).toEqual([3564]);
    });

    it('that was refused beforehand took nothing, and may be repeated', async () => {
      const { reference } = await held();
      await bench.processor().disturb('charge', 'refused');
      expect(await failureOf(charge(reference))).toBe('nothing_happened');
      expect(await findCharge(reference)).toBeNull();
      expect(await answerOf(charge(reference))).toMatchObject({ type: 'charged' });
    });

    it('can be declined although the money was held, which still stands then', async () => {
      const { reference } = await held(onCard('pm_card_captureDeclined'));
      const failed = { type: 'failed', decline: { class: 'funds', code: 'generic_decline' } };
      expect(await answerOf(charge(reference))).toEqual(failed);
      expect(await answerOf(charge(reference))).toEqual(failed);
      expect(await findCharge(reference)).toBeNull();
      expect(await find()).toMatchObject({ type: 'reserved', reservation: { reference } });
      expect(await answerOf(release(reference))).toBe('voided');
    });

    it.each([
      ['soft', 'issuer_not_available'],
      ['funds', 'insufficient_funds'],
      ['hard', 'stolen_card'],
    ])('that fails as %s (%s) may succeed under the next key, and is charged then', async (kind, code) => {
      const { reference } = await held();
      await bench.processor().tellBank('charge', { type: 'decline', code });
      expect(await answerOf(charge(reference))).toEqual({ type: 'failed', decline: { class: kind, code } });
      const charged = await answerOf(charge(reference, pounds(3564), 2));
      expect(charged).toMatchObject({ type: 'charged', amount: pounds(3564) });
      expect(await answerOf(charge(reference))).toEqual(charged);
      expect(await booked('captured')).toEqual([3564]);
    });

    it('finds the reservation expired when its time has come', async () => {
      const { reference } = await held();
      bench.processor().pass(7 * day);
      expect(await answerOf(charge(reference))).toEqual({ type: 'reservation_expired' });
      expect(await findCharge(reference)).toEqual({ type: 'reservation_expired' });
      expect(await find()).toEqual({ type: 'ended' });
      expect(await booked('captured')).toEqual([]);
    });

    it('finds the reservation expired when it ended sooner than was told', async () => {
      const { reference } = await held();
      await bench.processor().expire(reference);
      expect(await answerOf(charge(reference))).toEqual({ type: 'reservation_expired' });
      const second = await held(requestOf({ attempt: 2 }));
      await bench.processor().tellBank('charge', { type: 'expire' });
      expect(await answerOf(charge(second.reference, pounds(3564), 2))).toEqual({
        type: 'reservation_expired',
      });
      expect(await find(2)).toEqual({ type: 'ended' });
      expect(await booked('released')).toEqual([3564, 3564]);
    });

    it('finds nothing to take when we let it go before', async () => {
      const { reference } = await held();
      await answerOf(release(reference));
      expect(await answerOf(charge(reference))).toEqual({ type: 'reservation_expired' });
      expect(await booked('captured')).toEqual([]);
    });

    it('of a reservation that never was takes nothing', async () => {
      expect(await failureOf(charge('pi_none'))).toBe('nothing_happened');
      expect(await failureOf(bench.gateway().findCharge('pi_none'))).toBe('nothing_happened');
    });
  });

  describe('letting go', () => {
    it('gives the whole amount back, again without harm', async () => {
      const { reference } = await held();
      expect(await answerOf(release(reference))).toBe('voided');
      expect(await answerOf(release(reference))).toBe('voided');
      expect(await ledger()).toEqual([
        { kind: 'reserved', amount: 3564 },
        { kind: 'released', amount: 3564 },
      ]);
      expect(await find()).toEqual({ type: 'ended' });
    });

    it('is success when the time had let it go already', async () => {
      const { reference } = await held();
      bench.processor().pass(7 * day);
      expect(await answerOf(release(reference))).toBe('voided');
      expect(await ledger()).toHaveLength(2);
    });

    it('of an attempt that was declined is success and moves nothing', async () => {
      await answerOf(bench.reserve(onCard('pm_card_visa_chargeDeclined')));
      const [payment] = await bench.paymentsOf();
      expect(await answerOf(release(payment?.reference ?? ''))).toBe('voided');
      expect(await booked('released')).toEqual([]);
    });

    it('comes too late after a charge, and says so', async () => {
      const { reference } = await held();
      await answerOf(charge(reference, pounds(3000)));
      const before = await ledger();
      expect(await answerOf(release(reference))).toBe('charged');
      expect(await ledger()).toEqual(before);
    });

    it('races a charge, and one of them wins wholly', async () => {
      const { reference } = await held();
      const [released, taken] = await Promise.all([release(reference)(), charge(reference)()]);
      const sums = [await booked('captured'), await booked('released')].flat();
      expect(sums).toEqual([3564]);
      const wasTaken = (await booked('captured')).length > 0;
      if (E.isRight(released)) expect(released.right).toBe(wasTaken ? 'charged' : 'voided');
      if (E.isRight(taken)) expect(taken.right.type).toBe(wasTaken ? 'charged' : 'reservation_expired');
    });

    it('whose answer was lost is found done by the repeat', async () => {
      const { reference } = await held();
      await bench.processor().disturb('voidReservation', 'reply_lost');
      expect(await failureOf(release(reference))).toBe('outcome_unknown');
      expect(await answerOf(release(reference))).toBe('voided');
      expect(await booked('released')).toEqual([3564]);
    });

    it('of a reservation that never was does nothing', async () => {
      expect(await failureOf(release('pi_none'))).toBe('nothing_happened');
    });
  });
}
