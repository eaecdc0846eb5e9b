// A card processor in this process, for simulations: it keeps the same promises about keys, attempts, challenges,
// refunds and expiry as Stripe's, its ledger is the truth that the books are compared with, and it goes wrong only when
// it is told to.
import * as E from 'fp-ts/lib/Either.js';
import type {
  ChargeResult,
  GatewayError,
  PaymentGateway,
  ProcessorPayment,
  RefundRequest,
  RefundResult,
  ReservationRequest,
  ReservationResult,
  ReservationState,
} from '../../application/ports/payment-gateway.js';
import type { OrderId } from '../../domain/ids.js';
import type { NoticeSubject } from '../../application/ports/payment-notices.js';
import { hasPassed, type Instant, plusSeconds } from '../../domain/instant.js';
import { declineOf } from './decline-classes.js';
import { nothingHappened, outcomeUnknown } from './gateway-errors.js';
import { testCard } from './in-memory/cards.js';
import {
  type GatewayLedgerLine,
  type Capture,
  type IssuerQuestion,
  type IssuerVerdict,
  openProcessor,
  type Payment,
  type Refund,
  type RefundRefusal,
} from './in-memory/processor.js';
import { chargeOf, processorPayment, refundResultOf, stateOf } from './in-memory/results.js';

/** Which calls can go wrong. */
export type GatewayCall = keyof PaymentGateway;

/** `unreachable`: nothing is done; `reply_lost`: all is done and nobody hears of it; `timed_out`: neither. */
export type GatewayFault = 'unreachable' | 'reply_lost' | 'timed_out';

/** Settings of the processor. `faultOf` is asked once for each call; null lets it be. */
export type InMemoryGatewayOptions = {
  readonly now: () => Instant;
  /** How long money is held; seven days unless told. */
  readonly reservationSeconds?: number;
  /** How long a bank takes over a refund that it does not settle at once; two seconds unless told. */
  readonly refundSeconds?: number;
  readonly faultOf?: (call: GatewayCall) => GatewayFault | null;
  /** Asked once for each reservation, charge and refund; null lets the card's token decide. */
  readonly issuer?: (asked: IssuerQuestion) => IssuerVerdict | null;
  /** Told of what the processor would send a notice about, while the call is still under way. */
  readonly tell?: (subject: NoticeSubject) => void;
};

/** The gateway with its processor's ledger, oldest line first, and what cardholders, banks and time do. */
export type InMemoryGateway = PaymentGateway & {
  readonly ledger: () => readonly GatewayLedgerLine[];
  /** The holder answers the challenge of a payment; without effect when it does not wait for one. */
  readonly answerChallenge: (reference: string, passed: boolean) => void;
  /** Ends a payment's reservation before its time. */
  readonly expireReservation: (reference: string) => void;
  /** The bank of a refund speaks its last word; `reference` is the payment's. */
  readonly settleRefund: (reference: string, number: number, status: 'refunded' | 'failed') => void;
  /** The customer's bank takes a payment's charge back. The dispute's name; null when nothing was charged. */
  readonly openDispute: (reference: string, reason: string) => string | null;
  /** Makes every key new again, as a day would. */
  readonly forgetKeys: () => void;
};

type Answer<Result> = E.Either<GatewayError, Result>;
type ChargeRequest = Parameters<PaymentGateway['charge']>[0];
/** What a request led to, kept under its key. */
type Reply<Subject> = { readonly body: string; readonly at: Instant; readonly subject: Subject };
type Replies<Subject> = Map<string, Reply<Subject>>;

/** Stripe forgets a key after a day; it is then a new request. */
const keySeconds = 24 * 60 * 60;

const unknownReservation = E.left(nothingHappened('reservation_unknown'));

// The newest of an attempt's payments that holds money, or may come to, counts.
const weights = ['reserved', 'authentication_required', 'ended', 'declined'] as const;

/** Opens a processor that holds no money yet. Calls take effect at once, when their task is run. */
export function inMemoryGateway(options: InMemoryGatewayOptions): InMemoryGateway {
  const { now, faultOf = () => null, issuer = () => null, tell = () => undefined } = options;
  const { reservationSeconds = 7 * 24 * 60 * 60, refundSeconds = 2 } = options;
  const processor = openProcessor({ now, reservationSeconds, refundSeconds, issuer, tell });
  const { payments, refunds } = processor;
  const reserved: Replies<Payment> = new Map();
  const charged: Replies<Capture | 'not_reserved'> = new Map();
  const refunded: Replies<Refund | RefundRefusal | 'not_charged'> = new Map();

  /**
   * What a request led to, carried out once under its key for as long as the key is known; under other parameters it
   * is refused. What never began answers null and is not kept.
   */
  function underKey<Subject>(
    replies: Replies<Subject>,
    key: string,
    parameters: readonly unknown[],
    effect: () => Subject | null,
  ): Answer<Subject | null> {
    const body = JSON.stringify(parameters);
    const known = replies.get(key);
    if (known !== undefined && !hasPassed(plusSeconds(known.at, keySeconds), now())) {
      return known.body === body ? E.right(known.subject) : E.left(nothingHappened('key_used_otherwise'));
    }
    const subject = effect();
    if (subject !== null) replies.set(key, { body, at: now(), subject });
    return E.right(subject);
  }

  const reserve = (request: ReservationRequest): Answer<ReservationResult> => {
    const { orderId, attempt, key, amount, paymentMethod, returnUrl } = request;
    const parameters = [orderId, attempt, amount, paymentMethod, returnUrl];
    const payment = underKey(reserved, key, parameters, () => {
      const card = testCard(paymentMethod);
      return card === null ? null : processor.create({ orderId, attempt, amount, card });
    });
    if (E.isLeft(payment)) return payment;
    if (payment.right === null)
      return E.right({ type: 'declined', decline: declineOf('payment_method_unusable') });
    const state = stateOf(payment.right);
    return state.type === 'ended' ? E.left(outcomeUnknown('the attempt has ended')) : E.right(state);
  };

  const findReservation = (orderId: OrderId, attempt: number): Answer<ReservationState | null> => {
    const states = [...payments.values()]
      .reverse()
      .filter((payment) => payment.orderId === orderId && payment.attempt === attempt)
      .map(stateOf);
    const found = weights.map((type) => states.find((state) => state.type === type));
    return E.right(found.find((state) => state !== undefined) ?? null);
  };

  const charge = ({ reference, key, amount }: ChargeRequest): Answer<ChargeResult> => {
    const payment = payments.get(reference);
    if (payment === undefined) return unknownReservation;
    const reply = underKey(charged, key, [reference, amount], () => {
      if (payment.status === 'asking') return 'not_reserved';
      return payment.status === 'held' ? processor.capture(payment, amount) : 'gone';
    });
    if (E.isLeft(reply)) return reply;
    const capture = reply.right;
    if (capture === 'too_much' || capture === 'not_reserved') return E.left(nothingHappened(capture));
    const taken = chargeOf(payment);
    if (taken !== null) return E.right(taken);
    const code = typeof capture === 'object' ? capture?.code : undefined;
    return E.right({ type: 'failed', decline: declineOf(code ?? 'card_declined') });
  };

  const voidReservation = (reference: string): Answer<'voided' | 'charged'> => {
    const payment = payments.get(reference);
    if (payment === undefined) return unknownReservation;
    if (payment.status === 'captured') return E.right('charged');
    if (payment.status !== 'gone') processor.release(payment);
    return E.right('voided');
  };

  const refundsNumbered = (reference: string, number: number): readonly Refund[] =>
    refunds.filter((refund) => refund.payment.reference === reference && refund.number === number);

  const findRefund = (reference: string, number: number): Answer<RefundResult | null> => {
    const made = [...refundsNumbered(reference, number)].reverse();
    const found = (['refunded', 'pending', 'failed'] as const).map((status) =>
      made.find((refund) => refund.status === status),
    );
    const refund = found.find((one) => one !== undefined);
    return E.right(refund === undefined ? null : refundResultOf(refund));
  };

  const refund = ({ number, key, amount, reference }: RefundRequest): Answer<RefundResult> => {
    const payment = payments.get(reference);
    if (payment === undefined) return unknownReservation;
    const reply = underKey(refunded, key, [reference, number, amount], () => {
      if (payment.status !== 'captured') return 'not_charged';
      return processor.giveBack(payment, number, amount);
    });
    if (E.isLeft(reply)) return reply;
    const given = reply.right;
    if (given === null || given === 'not_charged') return E.left(nothingHappened('not_charged'));
    if (typeof given === 'object') return E.right(refundResultOf(given));
    const made = findRefund(reference, number);
    return E.isLeft(made) ? made : E.right(made.right ?? { type: 'failed', reason: given });
  };

  const paymentsOf = (orderId: OrderId): Answer<readonly ProcessorPayment[]> => {
    const ofOrder = [...payments.values()].filter((payment) => payment.orderId === orderId).reverse();
    return E.right(ofOrder.map((payment) => processorPayment(payment, refunds)));
  };

  const reading: ReadonlySet<GatewayCall> = new Set([
    ...(['findReservation', 'findCharge', 'findRefund', 'findDispute', 'paymentsOf'] as const),
  ]);
  const calling =
    <Result>(call: GatewayCall, effect: () => Answer<Result>) =>
    async (): Promise<Answer<Result>> => {
      const fault = faultOf(call);
      if (fault === 'unreachable') return E.left(nothingHappened('unreachable'));
      const failure = reading.has(call) ? nothingHappened : outcomeUnknown;
      if (fault === 'timed_out') return E.left(failure('timed_out'));
      processor.settle();
      const answer = effect();
      return fault === 'reply_lost' ? E.left(failure('reply_lost')) : answer;
    };
  const withPayment = (reference: string, act: (payment: Payment) => void): void => {
    processor.settle();
    const payment = payments.get(reference);
    if (payment !== undefined) act(payment);
  };

  return {
    reserve: (request) => calling('reserve', () => reserve(request)),
    findReservation: (orderId, attempt) =>
      calling('findReservation', () => findReservation(orderId, attempt)),
    charge: (request) => calling('charge', () => charge(request)),
    findCharge: (reference) =>
      calling('findCharge', () => {
        const payment = payments.get(reference);
        return payment === undefined ? unknownReservation : E.right(chargeOf(payment));
      }),
    voidReservation: (reference) => calling('voidReservation', () => voidReservation(reference)),
    refund: (request) => calling('refund', () => refund(request)),
    findRefund: (reference, number) => calling('findRefund', () => findRefund(reference, number)),
    findDispute: (reference) =>
      calling('findDispute', () => E.right(processor.disputes.get(reference) ?? null)),
    paymentsOf: (orderId) => calling('paymentsOf', () => paymentsOf(orderId)),
    ledger: () => {
      processor.settle();
      return [...processor.lines];
    },
    answerChallenge: (reference, passed) =>
      withPayment(reference, (payment) => processor.answerChallenge(payment, passed)),
    expireReservation: (reference) =>
      withPayment(reference, (payment) => {
        if (payment.status === 'held') processor.release(payment);
      }),
    settleRefund: (reference, number, status) => {
      processor.settle();
      const reason = status === 'failed' ? 'unknown' : null;
      for (const made of refundsNumbered(reference, number)) processor.settleRefund(made, status, reason);
    },
    openDispute: (reference, reason) => {
      const payment = payments.get(reference);
      return payment === undefined ? null : processor.dispute(payment, reason);
    },
    forgetKeys: () => {
      for (const replies of [reserved, charged, refunded]) replies.clear();
    },
  };
}
