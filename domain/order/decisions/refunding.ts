import { equals, type Money } from '../../money.js';
import type { Instant } from '../../instant.js';
import { paymentKey } from '../../payment.js';
import type { RecordDispute, RecordRefund, RequestRefund } from '../commands.js';
import type { PaymentDisputed, RefundReason, RefundRequested } from '../events.js';
import type { PlacedOrder } from '../order.js';
import { accept, alreadyDone, type Decision, refuse, refuseInPhase } from '../refusal.js';
import { refundableAmount } from '../rules/kept-money.js';

// Money on its way back: never more than was taken, counting what is still under way.

/** The id of the refund that a cancellation asks for; nobody else may use it. */
export const cancellationRefundId = 'cancellation';

/** The request for the order's next refund, under a key of its own. */
export const refundRequest = (
  order: PlacedOrder,
  request: {
    readonly refundId: string;
    readonly amount: Money;
    readonly reason: RefundReason;
    readonly at: Instant;
  },
): RefundRequested => {
  const number = order.refunds.length + 1;
  const key = paymentKey(order.terms.orderId, 'refund', number);
  return { type: 'RefundRequested', ...request, number, key };
};

/**
 * Asks for a refund of what was charged. The same id with the same amount again adds nothing, so two operators who
 * press the same button refund once; another amount under a used id is refused.
 */
export const requestRefund = (order: PlacedOrder, command: RequestRefund): Decision => {
  const { at, refundId, amount, reason } = command;
  const known = order.refunds.find((refund) => refund.refundId === refundId);
  if (known !== undefined) {
    return equals(known.amount, amount) ? alreadyDone : refuse({ type: 'refund_id_used', refundId });
  }
  if (refundId === cancellationRefundId) return refuse({ type: 'refund_id_used', refundId });
  if (order.payment.status !== 'charged') return refuseInPhase(order, command);
  const refundable = refundableAmount(order);
  const covered = amount.currency === refundable.currency && amount.minor <= refundable.minor;
  if (!covered || amount.minor <= 0) return refuse({ type: 'refund_above_charge', refundable });
  return accept(refundRequest(order, { refundId, amount, reason, at }));
};

/**
 * The processor's answer to a refund, from whichever side it comes. The first one counts: a refund that fails
 * at the bank after it was made is for people (the notice of it raises an alarm, and the books show it).
 */
export const recordRefund = (order: PlacedOrder, command: RecordRefund): Decision => {
  const { at, refundId, outcome } = command;
  const refund = order.refunds.find((candidate) => candidate.refundId === refundId);
  if (refund === undefined) return refuse({ type: 'refund_unknown', refundId });
  const open = refund.status === 'requested' || refund.status === 'unknown';
  if (!open) return alreadyDone;
  switch (outcome.type) {
    case 'pending':
      return alreadyDone;
    case 'unknown':
      return refund.status === 'unknown'
        ? alreadyDone
        : accept({ type: 'RefundOutcomeUnknown', at, refundId });
    case 'failed':
      return accept({ type: 'RefundFailed', at, refundId, reason: outcome.reason });
    case 'refunded': {
      const { amount, reference } = outcome;
      return equals(amount, refund.amount)
        ? accept({ type: 'Refunded', at, refundId, amount, reference })
        : refuse({ type: 'refunded_amount_differs', requested: refund.amount, refunded: amount });
    }
  }
};

/** The customer disputes the charge at the bank. The order stays as it is; people must look. Stored once. */
export const recordDispute = (order: PlacedOrder, command: RecordDispute): Decision => {
  const { at, reference, amount, reason } = command;
  if (order.disputed) return alreadyDone;
  if (order.payment.status !== 'charged') return refuseInPhase(order, command);
  const dispute: PaymentDisputed = { type: 'PaymentDisputed', at, reference, amount, reason };
  return accept(dispute);
};
