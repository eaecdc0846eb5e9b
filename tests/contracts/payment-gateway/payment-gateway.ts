// What every way to the card processor must do. The processor's own ledger is the witness.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  GatewayError,
  PaymentGateway,
  ReservationRequest,
} from '../../../application/ports/payment-gateway.js';
import type { OrderId } from '../../../domain/ids.js';
import type { Money } from '../../../domain/money.js';
import { currencyOf, paymentKeyOf, paymentMethodOf, newOrderId } from '../../support/ids.js';
import { afterNoon, answerOf } from '../samples.js';

/** A call of the gateway that changes something. */
export type ChangingCall = 'reserve' | 'charge' | 'voidReservation';

/** A movement in the processor's books, with the minor units of the order's currency. */
export type BookedLine = { readonly kind: string; readonly amount: number };

/** A gateway to a processor of its own, whose clock starts at noon. */
export type GatewayUnderTest = {
  readonly gateway: PaymentGateway;
  /** The next such call is refused before it has any effect, or has its effect and its answer is lost. */
  readonly disturb: (call: ChangingCall, how: 'refused' | 'reply_lost') => Promise<void>;
  readonly pass: (seconds: number) => void;
  /** The order's lines in the processor's books, oldest first. */
  readonly ledger: (orderId: OrderId) => Promise<readonly BookedLine[]>;
  readonly close: () => Promise<void>;
};

const pounds = (minor: number): Money => ({ minor, currency: currencyOf('GBP') });
const day = 24 * 60 * 60;

/** The contract of a payment gateway; `open` is called for each test. */
export function paymentGatewayContract(name: string, open: () => Promise<GatewayUnderTest>): void {
  describe(`${name} as the card processor`, () => {
    let processor: GatewayUnderTest;
    let orderId: OrderId;
    beforeEach(async () => {
      processor = await open();
      orderId = newOrderId();
    });
    afterEach(() => processor.close());

    const requestOf = (change: Partial<ReservationRequest> = {}): ReservationRequest => {
      const attempt = change.attempt ?? 1;
      const key = paymentKeyOf(`${orderId}:reserve:${attempt}`);
      return {
        orderId,
        attempt,
        key,
        amount: pounds(3564),
        paymentMethod: paymentMethodOf('pm_card_visa'),
        ...change,
      };
    };
    const onCard = (card: string, change: Partial<ReservationRequest> = {}) =>
      requestOf({ paymentMethod: paymentMethodOf(card), ...change });
    const reserve = (request = requestOf()) => processor.gateway.reserve(request);
    const find = (attempt = 1) => answerOf(processor.gateway.findReservation(orderId, attempt));
    const charge = (reference: string, amount = pounds(3564), attempt = 1) =>
      processor.gateway.charge({ reference, key: paymentKeyOf(`${orderId}:charge:${attempt}`), amount });
    const release = (reference: string) => processor.gateway.voidReservation(reference);
    const ledger = () => processor.ledger(orderId);

    async function held(request = requestOf()) {
      const result = await answerOf(reserve(request));
      if (result.type !== 'reserved') throw new Error(`declined: ${result.decline.code}`);
      return result.reservation;
    }
    async function failureOf<Answer>(
      call: TE.TaskEither<GatewayError, Answer>,
    ): Promise<GatewayError['type']> {
      const outcome = await call();
      if (E.isRight(outcome)) throw new Error('the call succeeded');
      expect(outcome.left.reason).toMatch(/^[\w :().,-]{3,120}$/);
      return outcome.left.type;
    }

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

      it('of a card whose holder must confirm is a decline for now, and nothing hangs', async () => {
        const declined = {
          type: 'declined',
          decline: { class: 'authentication', code: 'authentication_required' },
        };
        const request = onCard('pm_card_authenticationRequired');
        expect(await answerOf(reserve(request))).toEqual(declined);
        expect(await answerOf(reserve(request))).toEqual(declined);
        expect(await find()).toEqual(declined);
        expect((await ledger()).filter(({ kind }) => kind === 'reserved')).toEqual([]);
      });

      it('on a card token that the processor does not know is a decline that no repeat mends', async () => {
        expect(await answerOf(reserve(onCard('pm_never_heard_of')))).toEqual({
          type: 'declined',
          decline: { class: 'hard', code: 'payment_method_unusable' },
        });
        expect(await ledger()).toEqual([]);
      });

      it('that was refused beforehand did nothing, and may be repeated', async () => {
        await processor.disturb('reserve', 'refused');
        expect(await failureOf(reserve())).toBe('nothing_happened');
        expect(await ledger()).toEqual([]);
        expect(await find()).toBeNull();
        await held();
        expect(await ledger()).toHaveLength(1);
      });

      it('whose answer was lost is unknown, found by order and attempt, and not done twice', async () => {
        await processor.disturb('reserve', 'reply_lost');
        expect(await failureOf(reserve())).toBe('outcome_unknown');
        const found = await find();
        expect(found).toMatchObject({ type: 'reserved', reservation: { amount: pounds(3564) } });
        expect(await answerOf(reserve())).toEqual(found);
        expect(await ledger()).toEqual([{ kind: 'reserved', amount: 3564 }]);
      });

      it('is found after the processor has forgotten its key', async () => {
        const reservation = await held();
        processor.pass(2 * day);
        expect(await find()).toEqual({ type: 'reserved', reservation });
      });
    });

    describe('charging', () => {
      it('takes the whole amount', async () => {
        const { reference } = await held();
        expect(await answerOf(processor.gateway.findCharge(reference))).toBeNull();
        const charged = await answerOf(charge(reference));
        expect(charged).toEqual({
          type: 'charged',
          amount: pounds(3564),
          reference: expect.stringMatching(/^ch_\w+$/),
        });
        expect(await answerOf(processor.gateway.findCharge(reference))).toEqual(charged);
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
        processor.pass(2 * day);
        expect(await answerOf(charge(reference, pounds(3000)))).toEqual(charged);
        expect((await ledger()).filter(({ kind }) => kind === 'captured')).toHaveLength(1);
      });

      it('whose answer was lost is unknown, found, and not done twice', async () => {
        const { reference } = await held();
        await processor.disturb('charge', 'reply_lost');
        expect(await failureOf(charge(reference))).toBe('outcome_unknown');
        const found = await answerOf(processor.gateway.findCharge(reference));
        expect(found).toMatchObject({ type: 'charged', amount: pounds(3564) });
        expect(await answerOf(charge(reference))).toEqual(found);
        expect((await ledger()).filter(({ kind }) => kind === 'captured')).toHaveLength(1);
      });

      it('that was refused beforehand took nothing, and may be repeated', async () => {
        const { reference } = await held();
        await processor.disturb('charge', 'refused');
        expect(await failureOf(charge(reference))).toBe('nothing_happened');
        expect(await answerOf(processor.gateway.findCharge(reference))).toBeNull();
        expect(await answerOf(charge(reference))).toMatchObject({ type: 'charged' });
      });

      it('fails once the reservation is gone, by its time or by our wish', async () => {
        const gone = { type: 'failed', decline: { class: 'soft', code: 'reservation_gone' } };
        const { reference } = await held();
        processor.pass(7 * day);
        expect(await answerOf(charge(reference))).toEqual(gone);
        expect(await answerOf(processor.gateway.findCharge(reference))).toBeNull();
        const second = await held(requestOf({ attempt: 2 }));
        await answerOf(release(second.reference));
        expect(await answerOf(charge(second.reference, pounds(3564), 2))).toEqual(gone);
        expect((await ledger()).filter(({ kind }) => kind === 'captured')).toEqual([]);
      });

      it('of a reservation that never was takes nothing', async () => {
        expect(await failureOf(charge('pi_none'))).toBe('nothing_happened');
        expect(await failureOf(processor.gateway.findCharge('pi_none'))).toBe('nothing_happened');
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
        expect(await find()).toEqual({
          type: 'declined',
          decline: { class: 'soft', code: 'reservation_gone' },
        });
      });

      it('is success when the time had let it go already', async () => {
        const { reference } = await held();
        processor.pass(7 * day);
        expect(await answerOf(release(reference))).toBe('voided');
        expect(await ledger()).toHaveLength(2);
      });

      it('does not undo a charge', async () => {
        const { reference } = await held();
        await answerOf(charge(reference));
        expect(await failureOf(release(reference))).toBe('nothing_happened');
        expect(await ledger()).toHaveLength(2);
      });

      it('whose answer was lost is found done by the repeat', async () => {
        const { reference } = await held();
        await processor.disturb('voidReservation', 'reply_lost');
        expect(await failureOf(release(reference))).toBe('outcome_unknown');
        expect(await answerOf(release(reference))).toBe('voided');
        expect((await ledger()).filter(({ kind }) => kind === 'released')).toHaveLength(1);
      });
    });
  });
}
