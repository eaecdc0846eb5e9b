import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { afterNoon, answerOf } from '../samples.js';
import { type Bench, day, pounds } from './bench.js';

/** Holding money: repeats, twins, declines, lost answers, forgotten keys. */
export function reservingContract(bench: Bench): void {
  const { requestOf, onCard, reserve, find, held, release, ledger, booked, failureOf } = bench;

  describe('reserving', () => {
    it('holds the amount until a time that the processor tells', async () => {
      const reservation = await held();
      expect(reservation).toEqual({
        reference: expect.stringMatching(/^pi_\w+$/),
        amount: pounds(3564),
        captureBefore: afterNoon(7 * day),
        card: { brand: 'visa', lastFour: '4242' },
        addressCheck: 'unchecked',
        securityCodeCheck: 'pass',
      });
      expect(await ledger()).toEqual([{ kind: 'reserved', amount: 3564 }]);
    });

    it('again under the same key answers alike and holds nothing more', async () => {
      const reservation = await held();
      expect(await held()).toEqual(reservation);
      const twins = await Promise.all([1, 2, 3].map(() => reserve()()));
      for (const twin of twins) {
        if (E.isRight(twin)) expect(twin.right).toEqual({ type: 'reserved', reservation });
        else expect(twin.left.type).toBe('outcome_unknown');
      }
      expect(await ledger()).toHaveLength(1);
    });

    it('by twins at the same moment holds once, and each is told the truth or nothing', async () => {
      const twins = await Promise.all([1, 2, 3].map(() => reserve()()));
      expect(twins.some(E.isRight)).toBe(true);
      for (const twin of twins) if (E.isLeft(twin)) expect(twin.left.type).toBe('outcome_unknown');
      expect(await booked('reserved')).toEqual([3564]);
    });

    it('refuses a key that was used for something else, with nothing done', async () => {
      await held();
      expect(await failureOf(reserve(requestOf({ amount: pounds(9900) })))).toBe('nothing_happened');
      expect(await ledger()).toHaveLength(1);
    });

    it('tells attempts of one order apart', async () => {
      const first = await held();
      const second = await held(requestOf({ attempt: 2, amount: pounds(5000) }));
      expect(second.reference).not.toBe(first.reference);
      expect(await find(1)).toEqual({ type: 'reserved', reservation: first });
      expect(await find(2)).toEqual({ type: 'reserved', reservation: second });
      expect(await find(3)).toBeNull();
    });

    it.each([
      ['pm_card_visa_chargeDeclined', 'funds', 'generic_decline'],
      ['pm_card_visa_chargeDeclinedInsufficientFunds', 'funds', 'insufficient_funds'],
      ['pm_card_visa_chargeDeclinedLostCard', 'hard', 'lost_card'],
      ['pm_card_visa_chargeDeclinedExpiredCard', 'fixable', 'expired_card'],
      ['pm_card_visa_chargeDeclinedIncorrectCvc', 'fixable', 'incorrect_cvc'],
      ['pm_card_visa_chargeDeclinedProcessingError', 'soft', 'processing_error'],
      ['pm_card_decline_do_not_honor', 'funds', 'do_not_honor'],
      ['pm_card_decline_a_code_of_next_year', 'funds', 'a_code_of_next_year'],
    ])('%s is a decline, found again and repeated alike', async (card, kind, code) => {
      const declined = { type: 'declined', decline: { class: kind, code } };
      expect(await answerOf(reserve(onCard(card)))).toEqual(declined);
      expect(await answerOf(reserve(onCard(card)))).toEqual(declined);
      expect(await find()).toEqual(declined);
      expect(await ledger()).toEqual([{ kind: 'declined', amount: 3564 }]);
    });

    it('on a card whose bank changes its mind is a decline, and another attempt may succeed', async () => {
      await bench.processor().tellBank('reserve', { type: 'decline', code: 'issuer_not_available' });
      const declined = { type: 'declined', decline: { class: 'soft', code: 'issuer_not_available' } };
      expect(await answerOf(reserve())).toEqual(declined);
      await held(requestOf({ attempt: 2 }));
      expect(await find(1)).toEqual(declined);
      expect(await ledger()).toEqual([
        { kind: 'declined', amount: 3564 },
        { kind: 'reserved', amount: 3564 },
      ]);
    });

    it('on a card token that the processor does not know is a decline that no repeat mends', async () => {
      expect(await answerOf(reserve(onCard('pm_never_heard_of')))).toEqual({
        type: 'declined',
        decline: { class: 'hard', code: 'payment_method_unusable' },
      });
      expect(await ledger()).toEqual([]);
    });

    it.each([
      ['pm_card_avsFail', { addressCheck: 'fail', securityCodeCheck: 'pass' }],
      ['pm_card_avsZipFail', { addressCheck: 'fail', securityCodeCheck: 'pass' }],
      ['pm_card_avsUnchecked', { addressCheck: 'unavailable', securityCodeCheck: 'pass' }],
      ['pm_card_cvcCheckFail', { addressCheck: 'unchecked', securityCodeCheck: 'fail' }],
    ])('on %s holds the money and tells what the bank checked', async (card, checks) => {
      expect(await held(onCard(card))).toMatchObject(checks);
    });

    it('that was refused beforehand did nothing, and may be repeated', async () => {
      await bench.processor().disturb('reserve', 'refused');
      expect(await failureOf(reserve())).toBe('nothing_happened');
      expect(await ledger()).toEqual([]);
      expect(await find()).toBeNull();
      await held();
      expect(await ledger()).toHaveLength(1);
    });

    it('whose answer was lost is unknown, found by order and attempt, and not done twice', async () => {
      await bench.processor().disturb('reserve', 'reply_lost');
      expect(await failureOf(reserve())).toBe('outcome_unknown');
      const found = await find();
      expect(found).toMatchObject({ type: 'reserved', reservation: { amount: pounds(3564) } });
      expect(await answerOf(reserve())).toEqual(found);
      expect(await ledger()).toEqual([{ kind: 'reserved', amount: 3564 }]);
    });

    it('whose decline was lost is found declined', async () => {
      const request = onCard('pm_card_visa_chargeDeclinedLostCard');
      await bench.processor().disturb('reserve', 'reply_lost');
      expect(await failureOf(reserve(request))).toBe('outcome_unknown');
      expect(await find()).toMatchObject({ type: 'declined', decline: { class: 'hard' } });
      expect(await booked('declined')).toEqual([3564]);
    });

    it('is found after the processor has forgotten its key', async () => {
      const reservation = await held();
      bench.processor().pass(2 * day);
      expect(await find()).toEqual({ type: 'reserved', reservation });
    });

    it('under a forgotten key holds anew, and the payment that still holds money is the one found', async () => {
      const first = await held();
      await answerOf(release(first.reference));
      await bench.processor().forgetKeys();
      const second = await held();
      expect(second.reference).not.toBe(first.reference);
      expect(await find()).toEqual({ type: 'reserved', reservation: second });
    });

    it('that has ended since is not told as held, and is found ended', async () => {
      const { reference } = await held();
      await answerOf(release(reference));
      expect(await failureOf(reserve())).toBe('outcome_unknown');
      expect(await find()).toEqual({ type: 'ended' });
      expect(await booked('reserved')).toEqual([3564]);
    });
  });
}
