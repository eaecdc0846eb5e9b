import { describe, expect, it } from 'vitest';
import { answerOf } from '../samples.js';
import { type Bench, pounds } from './bench.js';

/** Payments that the card's holder must confirm with the bank: passed, failed, never answered, answered too late. */
export function challengesContract(bench: Bench): void {
  const { onCard, reserve, find, release, ledger, booked, failureOf } = bench;
  const asking = () => onCard('pm_card_authenticationRequired');

  async function challenged(request = asking()) {
    const result = await answerOf(reserve(request));
    if (result.type !== 'authentication_required') throw new Error(`got ${result.type}`);
    return result.challenge;
  }

  describe('a payment that its holder must confirm', () => {
    it('holds nothing and has an address to confirm at, again under the same key', async () => {
      const challenge = await challenged();
      expect(challenge.reference).toMatch(/^pi_\w+$/);
      expect(new URL(challenge.url).protocol).toMatch(/^https?:$/);
      expect(await challenged()).toEqual(challenge);
      expect(await find()).toEqual({ type: 'authentication_required', challenge });
      expect(await ledger()).toEqual([]);
    });

    it('is held once it is confirmed, also for a repeat of the request', async () => {
      const { reference } = await challenged();
      await bench.processor().answerChallenge(reference, true);
      const found = await find();
      expect(found).toMatchObject({ type: 'reserved', reservation: { reference, amount: pounds(3564) } });
      expect(await answerOf(reserve(asking()))).toEqual(found);
      expect(await answerOf(bench.charge(reference))).toMatchObject({ type: 'charged' });
      expect(await booked('reserved')).toEqual([3564]);
    });

    it('is declined when it is not confirmed', async () => {
      const { reference } = await challenged();
      await bench.processor().answerChallenge(reference, false);
      const declined = {
        type: 'declined',
        decline: { class: 'authentication', code: 'payment_intent_authentication_failure' },
      };
      expect(await find()).toEqual(declined);
      expect(await answerOf(reserve(asking()))).toEqual(declined);
      expect(await booked('reserved')).toEqual([]);
    });

    it('can still be declined by the bank after the confirmation', async () => {
      const card = 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds';
      const { reference } = await challenged(onCard(card));
      await bench.processor().answerChallenge(reference, true);
      const decline = { class: 'funds', code: 'insufficient_funds' };
      expect(await find()).toEqual({ type: 'declined', decline });
    });

    it('may be asked for on any card', async () => {
      await bench.processor().tellBank('reserve', { type: 'challenge' });
      const { reference } = await challenged(onCard('pm_card_visa'));
      await bench.processor().answerChallenge(reference, true);
      expect(await find()).toMatchObject({ type: 'reserved' });
    });

    it('whose answer was lost is found asking', async () => {
      await bench.processor().disturb('reserve', 'reply_lost');
      expect(await failureOf(reserve(asking()))).toBe('outcome_unknown');
      expect(await find()).toMatchObject({ type: 'authentication_required' });
      expect(await find()).toEqual({ type: 'authentication_required', challenge: await challenged() });
    });

    it('can be let go while it waits, and confirming it then holds nothing', async () => {
      const { reference } = await challenged();
      expect(await answerOf(release(reference))).toBe('voided');
      expect(await answerOf(release(reference))).toBe('voided');
      expect(await find()).toEqual({ type: 'ended' });
      await bench.processor().answerChallenge(reference, true);
      expect(await find()).toEqual({ type: 'ended' });
      expect(await ledger()).toEqual([]);
    });

    it('is let go as any other when it was confirmed a moment before', async () => {
      const { reference } = await challenged();
      await bench.processor().answerChallenge(reference, true);
      expect(await answerOf(release(reference))).toBe('voided');
      expect(await ledger()).toEqual([
        { kind: 'reserved', amount: 3564 },
        { kind: 'released', amount: 3564 },
      ]);
    });

    it('cannot be charged while it waits', async () => {
      const { reference } = await challenged();
      expect(await failureOf(bench.charge(reference))).toBe('nothing_happened');
      expect(await answerOf(bench.gateway().findCharge(reference))).toBeNull();
      expect(await booked('captured')).toEqual([]);
    });
  });
}
