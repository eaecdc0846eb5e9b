// What the processor in memory knows, in the port's words.
import type {
  ChargeResult,
  ProcessorPayment,
  RefundResult,
  ReservationState,
} from '../../../application/ports/payment-gateway.js';
import { type Money, zero } from '../../../domain/money.js';
import { declineOf } from '../decline-classes.js';
import type { Payment, Refund } from './processor.js';

/** Where an attempt stands. */
export const stateOf = (payment: Payment): ReservationState => {
  const { reference, amount, captureBefore, addressCheck, securityCodeCheck } = payment;
  switch (payment.status) {
    case 'asking':
      return {
        type: 'authentication_required',
        challenge: { reference, url: `https://bank.example/challenge/${reference}` },
      };
    case 'held':
    case 'captured':
      return {
        type: 'reserved',
        reservation: {
          ...{ reference, amount, captureBefore, addressCheck, securityCodeCheck },
          card: { brand: 'visa', lastFour: '4242' },
        },
      };
    case 'gone':
      return { type: 'ended' };
    case 'declined':
      return { type: 'declined', decline: declineOf(payment.declineCode) };
  }
};

/** What was taken of a payment; null while it may still be. */
export const chargeOf = ({ status, captured, reference }: Payment): ChargeResult | null => {
  if (captured !== null) return { type: 'charged', amount: captured, reference: `ch_${reference}` };
  return status === 'gone' || status === 'declined' ? { type: 'reservation_expired' } : null;
};

/** What became of a refund so far. */
export const refundResultOf = ({ status, amount, reference, reason }: Refund): RefundResult => {
  if (status === 'refunded') return { type: 'refunded', amount, reference };
  return status === 'failed' ? { type: 'failed', reason: reason ?? 'failed' } : { type: 'pending' };
};

const processorStates = {
  asking: 'authenticating',
  held: 'reserved',
  captured: 'charged',
  gone: 'ended',
  declined: 'declined',
} as const satisfies Record<Payment['status'], ProcessorPayment['state']>;

/** A payment with its refunds, as the processor's books show it. */
export const processorPayment = (payment: Payment, refunds: readonly Refund[]): ProcessorPayment => {
  const { currency } = payment.amount;
  const given = (status: Refund['status']): Money => {
    const these = refunds.filter((refund) => refund.payment === payment && refund.status === status);
    return { minor: these.reduce((sum, { amount }) => sum + amount.minor, 0), currency };
  };
  return {
    attempt: payment.attempt,
    reference: payment.reference,
    state: processorStates[payment.status],
    held: payment.status === 'held' ? payment.amount : zero(currency),
    charged: payment.captured ?? zero(currency),
    refunded: given('refunded'),
    refunding: given('pending'),
  };
};
