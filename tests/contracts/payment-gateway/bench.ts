// The bench on which a gateway is tried: an order, its usual requests, and what can be done to the processor.
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, expect } from 'vitest';
import type {
  GatewayError,
  PaymentGateway,
  ReservationRequest,
} from '../../../application/ports/payment-gateway.js';
import type { OrderId } from '../../../domain/ids.js';
import type { Money } from '../../../domain/money.js';
import { currencyOf, newOrderId, paymentKeyOf, paymentMethodOf } from '../../support/ids.js';
import { answerOf } from '../samples.js';

/** A call of the gateway that changes something. */
export type ChangingCall = 'reserve' | 'charge' | 'voidReservation' | 'refund';

/** What a card's bank does with the next such request: `expire` ends the reservation that is to be charged. */
export type BankAnswer =
  | { readonly type: 'decline'; readonly code: string }
  | { readonly type: 'challenge' }
  | { readonly type: 'expire' };

/** A movement in the processor's books, with the minor units of the order's currency. */
export type BookedLine = { readonly kind: string; readonly amount: number };

/** A gateway to a processor of its own, whose clock starts at noon. Every call resolves when it is done. */
export type GatewayUnderTest = {
  readonly gateway: PaymentGateway;
  /** The next such call is refused before it has any effect, or has its effect and its answer is lost. */
  readonly disturb: (call: ChangingCall, how: 'refused' | 'reply_lost') => Promise<void>;
  /** The bank of the next reservation, charge or refund answers so, whatever its card's token says. */
  readonly tellBank: (call: 'reserve' | 'charge' | 'refund', answer: BankAnswer) => Promise<void>;
  /** The card's holder confirms with the bank, or fails to. */
  readonly answerChallenge: (reference: string, passed: boolean) => Promise<void>;
  /** Ends a reservation before its time. */
  readonly expire: (reference: string) => Promise<void>;
  /** The bank speaks its last word on a refund of the payment. */
  readonly settleRefund: (reference: string, number: number, status: 'refunded' | 'failed') => Promise<void>;
  /** The customer's bank takes the payment's charge back; resolves with the processor's name of the dispute. */
  readonly openDispute: (reference: string) => Promise<string>;
  readonly forgetKeys: () => Promise<void>;
  readonly pass: (seconds: number) => void;
  /** The order's lines in the processor's books, oldest first. */
  readonly ledger: (orderId: OrderId) => Promise<readonly BookedLine[]>;
  readonly close: () => Promise<void>;
};

/** An amount in pence. */
export const pounds = (minor: number): Money => ({ minor, currency: currencyOf('GBP') });

/** A day in seconds. */
export const day = 24 * 60 * 60;

/** The usual card, order and amounts; `processor` and `orderId` are new in each test. */
export function openBench(open: () => Promise<GatewayUnderTest>) {
  let processor: GatewayUnderTest;
  let orderId: OrderId;
  beforeEach(async () => {
    processor = await open();
    orderId = newOrderId();
  });
  afterEach(() => processor.close());

  const requestOf = (change: Partial<ReservationRequest> = {}): ReservationRequest => {
    const attempt = change.attempt ?? 1;
    return {
      orderId,
      attempt,
      key: paymentKeyOf(`${orderId}:reserve:${attempt}`),
      amount: pounds(3564),
      paymentMethod: paymentMethodOf('pm_card_visa'),
      returnUrl: 'https://shop.example/orders/1/payment',
      ...change,
    };
  };
  const reserve = (request = requestOf()) => processor.gateway.reserve(request);
  const charge = (reference: string, amount = pounds(3564), number = 1) =>
    processor.gateway.charge({ reference, key: paymentKeyOf(`${orderId}:charge:${number}`), amount });

  async function held(request = requestOf()) {
    const result = await answerOf(reserve(request));
    if (result.type !== 'reserved') throw new Error(`not reserved: ${JSON.stringify(result)}`);
    return result.reservation;
  }

  return {
    processor: () => processor,
    gateway: () => processor.gateway,
    orderId: () => orderId,
    requestOf,
    onCard: (card: string, change: Partial<ReservationRequest> = {}) =>
      requestOf({ paymentMethod: paymentMethodOf(card), ...change }),
    reserve,
    find: (attempt = 1) => answerOf(processor.gateway.findReservation(orderId, attempt)),
    charge,
    release: (reference: string) => processor.gateway.voidReservation(reference),
    refund: (reference: string, amount: Money, number = 1) =>
      processor.gateway.refund({
        ...{ orderId, number, amount, reference },
        key: paymentKeyOf(`${orderId}:refund:${number}`),
      }),
    findRefund: (reference: string, number = 1) => answerOf(processor.gateway.findRefund(reference, number)),
    paymentsOf: () => answerOf(processor.gateway.paymentsOf(orderId)),
    ledger: () => processor.ledger(orderId),
    /** The ledger's lines of one kind, in minor units. */
    booked: async (kind: string) =>
      (await processor.ledger(orderId)).filter((line) => line.kind === kind).map(({ amount }) => amount),
    held,
    /** The reference of a payment of 35.64 pounds that was charged. */
    charged: async (card = 'pm_card_visa', amount = pounds(3564)) => {
      const { reference } = await held(requestOf({ paymentMethod: paymentMethodOf(card) }));
      const result = await answerOf(charge(reference, amount));
      if (result.type !== 'charged') throw new Error(`not charged: ${JSON.stringify(result)}`);
      return reference;
    },
    /** The type of the call's error; throws when it succeeded. No error may carry what was sent. */
    failureOf: async <Answer>(call: TE.TaskEither<GatewayError, Answer>): Promise<GatewayError['type']> => {
      const outcome = await call();
      if (E.isRight(outcome)) throw new Error('the call succeeded');
      expect(outcome.left.reason).toMatch(/^[\w :().,-]{3,120}$/);
      return outcome.left.type;
    },
  };
}

/** What `openBench` makes. */
export type Bench = ReturnType<typeof openBench>;
