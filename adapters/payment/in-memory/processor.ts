// The processor behind the gateway in memory: payments, refunds and the ledger. It judges as Stripe does and knows
// nothing of keys, replies or faults.
import type { ProcessorDispute } from '../../../application/ports/payment-gateway.js';
import type { NoticeSubject } from '../../../application/ports/payment-notices.js';
import type { OrderId } from '../../../domain/ids.js';
import { hasPassed, type Instant, plusSeconds } from '../../../domain/instant.js';
import type { Money } from '../../../domain/money.js';
import type { CardCheck } from '../../../domain/payment.js';
import type { RefundCourse, TestCard } from './cards.js';

/** One movement of money, as the processor's own books have it; `declined` also tells refused captures. */
export type GatewayLedgerLine = {
  readonly kind:
    'reserved' | 'declined' | 'captured' | 'released' | 'refunded' | 'refund_reversed' | 'disputed';
  readonly at: Instant;
  readonly orderId: OrderId;
  readonly reference: string;
  readonly amount: Money;
};

/** What a card's bank does instead of what the card's token says. */
export type IssuerVerdict =
  | { readonly type: 'decline'; readonly code: string }
  /** For a reservation: the holder must confirm. */
  | { readonly type: 'challenge' }
  /** For a charge: the reservation ends now. */
  | { readonly type: 'expire' };

/** What a card's bank is asked for. */
export type IssuerQuestion = {
  readonly operation: 'reserve' | 'charge' | 'refund';
  readonly orderId: OrderId;
  readonly reference: string;
  readonly amount: Money;
};

/** A payment; `captureBefore` counts once money is held. */
export type Payment = {
  readonly reference: string;
  readonly orderId: OrderId;
  readonly attempt: number;
  readonly amount: Money;
  readonly card: TestCard;
  readonly addressCheck: CardCheck;
  readonly securityCodeCheck: CardCheck;
  status: 'asking' | 'held' | 'captured' | 'gone' | 'declined';
  captureBefore: Instant;
  declineCode: string;
  captured: Money | null;
  /** The bank took the charge back. */
  isDisputed: boolean;
};

/** A refund; `coming` is what its bank will still say. */
export type Refund = {
  readonly reference: string;
  readonly payment: Payment;
  readonly number: number;
  readonly amount: Money;
  status: 'refunded' | 'pending' | 'failed';
  reason: string | null;
  coming: {
    readonly at: Instant;
    readonly status: 'refunded' | 'failed';
    readonly reason: string | null;
  } | null;
};

/** What the processor is given. */
export type ProcessorSettings = {
  readonly now: () => Instant;
  readonly reservationSeconds: number;
  readonly refundSeconds: number;
  readonly issuer: (asked: IssuerQuestion) => IssuerVerdict | null;
  readonly tell: (subject: NoticeSubject) => void;
};

/** Why a refund can never be made. */
export type RefundRefusal = 'more_than_is_left' | 'charge_disputed';

/** What came of a capture; `too_much`: more than is held. */
export type Capture = 'captured' | 'gone' | 'too_much' | { readonly type: 'declined'; readonly code: string };

/** A processor that holds no money yet. */
export function openProcessor({ now, reservationSeconds, refundSeconds, issuer, tell }: ProcessorSettings) {
  const payments = new Map<string, Payment>();
  const refunds: Refund[] = [];
  const lines: GatewayLedgerLine[] = [];
  const disputes = new Map<string, ProcessorDispute>();

  const book = (kind: GatewayLedgerLine['kind'], payment: Payment, amount = payment.amount): void => {
    lines.push({ kind, at: now(), orderId: payment.orderId, reference: payment.reference, amount });
  };
  const tellOf = ({ orderId, attempt }: Payment): void => tell({ type: 'reservation', orderId, attempt });
  const tellOfRefund = ({ payment, number }: Refund): void =>
    tell({ type: 'refund', orderId: payment.orderId, number });

  const release = (payment: Payment): void => {
    if (payment.status === 'held') book('released', payment);
    payment.status = 'gone';
    tellOf(payment);
  };
  const decline = (payment: Payment, code: string, isBooked: boolean): void => {
    payment.status = 'declined';
    payment.declineCode = code;
    if (isBooked) book('declined', payment);
    tellOf(payment);
  };
  const askBank = (payment: Payment, verdict: IssuerVerdict | null): void => {
    const code = verdict?.type === 'decline' ? verdict.code : payment.card.declineCode;
    if (code !== null) return decline(payment, code, true);
    payment.status = 'held';
    payment.captureBefore = plusSeconds(now(), reservationSeconds);
    book('reserved', payment);
    tellOf(payment);
  };
  const askIssuer = (operation: IssuerQuestion['operation'], payment: Payment, amount: Money) =>
    issuer({ operation, orderId: payment.orderId, reference: payment.reference, amount });

  const settleRefund = (refund: Refund, status: 'refunded' | 'failed', reason: string | null): void => {
    refund.coming = null;
    if (refund.status === status) return;
    if (status === 'refunded') book('refunded', refund.payment, refund.amount);
    if (status === 'failed' && refund.status === 'refunded')
      book('refund_reversed', refund.payment, refund.amount);
    refund.status = status;
    refund.reason = reason;
    tellOfRefund(refund);
  };

  return {
    payments,
    refunds,
    disputes,
    lines,
    release,
    settleRefund,
    /** Takes over what time alone has changed. */
    settle: (): void => {
      for (const payment of payments.values()) {
        if (payment.status === 'held' && hasPassed(payment.captureBefore, now())) release(payment);
      }
      for (const refund of refunds) {
        const { coming } = refund;
        if (coming !== null && hasPassed(coming.at, now()))
          settleRefund(refund, coming.status, coming.reason);
      }
    },
    create: (asked: Pick<Payment, 'orderId' | 'attempt' | 'amount' | 'card'>): Payment => {
      const { addressCheck, securityCodeCheck } = asked.card;
      const payment: Payment = {
        ...{ ...asked, addressCheck, securityCodeCheck, captureBefore: now() },
        reference: `pi_${String(payments.size + 1)}`,
        ...{ status: 'asking', declineCode: '', captured: null, isDisputed: false },
      };
      payments.set(payment.reference, payment);
      const verdict = askIssuer('reserve', payment, payment.amount);
      if (verdict?.type === 'challenge' || payment.card.asksHolder) tellOf(payment);
      else askBank(payment, verdict);
      return payment;
    },
    /** The holder's answer to the bank; one that comes too late changes nothing. */
    answerChallenge: (payment: Payment, passed: boolean): void => {
      if (payment.status !== 'asking') return;
      if (passed) askBank(payment, null);
      else decline(payment, 'payment_intent_authentication_failure', false);
    },
    /** The bank takes a charge back. */
    dispute: (payment: Payment, reason: string): string | null => {
      const { orderId, captured } = payment;
      if (captured === null || payment.isDisputed) return null;
      payment.isDisputed = true;
      book('disputed', payment, captured);
      const reference = `du_${String(disputes.size + 1)}`;
      disputes.set(reference, { orderId, reference, amount: captured, reason });
      tell({ type: 'dispute', reference });
      return reference;
    },
    /** Takes money from a payment that holds some. */
    capture: (payment: Payment, amount: Money): Capture => {
      const held = payment.amount;
      const fits = amount.currency === held.currency && amount.minor > 0 && amount.minor <= held.minor;
      if (!fits) return 'too_much';
      const verdict = askIssuer('charge', payment, amount);
      if (verdict?.type === 'expire') {
        release(payment);
        return 'gone';
      }
      const code = verdict?.type === 'decline' ? verdict.code : payment.card.captureDeclineCode;
      if (code !== null) {
        book('declined', payment, amount);
        tellOf(payment);
        return { type: 'declined', code };
      }
      payment.status = 'captured';
      payment.captured = amount;
      book('captured', payment, amount);
      const rest = { minor: held.minor - amount.minor, currency: held.currency };
      if (rest.minor > 0) book('released', payment, rest);
      tellOf(payment);
      return 'captured';
    },
    /** Gives money back, or says why that can never be done. */
    giveBack: (payment: Payment, number: number, amount: Money): Refund | RefundRefusal => {
      if (payment.isDisputed) return 'charge_disputed';
      const given = refunds
        .filter((refund) => refund.payment === payment && refund.status !== 'failed')
        .reduce((sum, refund) => sum + refund.amount.minor, 0);
      const left = (payment.captured?.minor ?? 0) - given;
      if (amount.currency !== payment.amount.currency || amount.minor > left) return 'more_than_is_left';
      const verdict = askIssuer('refund', payment, amount);
      const course: RefundCourse =
        verdict?.type === 'decline'
          ? { first: 'pending', last: 'failed', reason: verdict.code }
          : payment.card.refunds;
      const at = plusSeconds(now(), refundSeconds);
      const refund: Refund = {
        ...{ payment, number, amount, status: course.first, reason: null },
        reference: `re_${String(refunds.length + 1)}`,
        coming: course.last === null ? null : { at, status: course.last, reason: course.reason },
      };
      refunds.push(refund);
      if (refund.status === 'refunded') book('refunded', payment, amount);
      tellOfRefund(refund);
      return refund;
    },
  };
}
