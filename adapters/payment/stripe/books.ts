// What the processor's books say: all that it holds for an order, and which order a dispute is about.
import * as E from 'fp-ts/lib/Either.js';
import Stripe from 'stripe';
import type { ProcessorDispute, ProcessorPayment } from '../../../application/ports/payment-gateway.js';
import type { OrderId } from '../../../domain/ids.js';
import { fromProcessorAmount } from '../amounts.js';
import { nothingHappened } from '../gateway-errors.js';
import { readError, wordOf } from './errors.js';
import { queryFor, reservationOfMarks } from './marks.js';
import { refundsOf } from './refunds.js';
import type { Answer } from './reservations.js';

/** More payments of one order are not read. */
const mostPayments = 1_000;

const states: Readonly<Record<string, ProcessorPayment['state']>> = {
  requires_confirmation: 'authenticating',
  requires_action: 'authenticating',
  processing: 'authenticating',
  requires_capture: 'reserved',
  succeeded: 'charged',
  canceled: 'ended',
  requires_payment_method: 'declined',
};

const sumOf = (refunds: readonly Stripe.Refund[], ...statuses: readonly (string | null)[]): number =>
  refunds.filter(({ status }) => statuses.includes(status)).reduce((sum, { amount }) => sum + amount, 0);

/** Null when an amount or the state is none that we know. Payments with damaged marks count as attempt 0. */
const paymentOf = (
  intent: Stripe.PaymentIntent,
  refunds: readonly Stripe.Refund[],
): ProcessorPayment | null => {
  const amountOf = (amount: number) => fromProcessorAmount(amount, intent.currency);
  const state = states[intent.status];
  const held = amountOf(state === 'reserved' ? intent.amount_capturable : 0);
  const charged = amountOf(intent.amount_received);
  const refunded = amountOf(sumOf(refunds, 'succeeded'));
  const refunding = amountOf(sumOf(refunds, 'pending', 'requires_action'));
  if (state === undefined || held === null || charged === null || refunded === null || refunding === null)
    return null;
  const attempt = reservationOfMarks(intent.metadata)?.attempt ?? 0;
  return { attempt, reference: intent.id, state, held, charged, refunded, refunding };
};

/** Everything that carries the order's mark, newest first; what is younger than a minute may be missing. */
export async function paymentsOf(stripe: Stripe, orderId: OrderId): Answer<readonly ProcessorPayment[]> {
  try {
    const query = queryFor({ order_id: orderId });
    const found = await stripe.paymentIntents
      .search({ query, limit: 100 })
      .autoPagingToArray({ limit: mostPayments });
    const payments: { readonly createdAt: number; readonly payment: ProcessorPayment }[] = [];
    for (const { id } of found) {
      const intent = await stripe.paymentIntents.retrieve(id);
      const refunds = intent.status === 'succeeded' ? await refundsOf(stripe, id) : [];
      const payment = paymentOf(intent, refunds);
      if (payment === null) return E.left(nothingHappened('card processor: a payment that cannot be read'));
      payments.push({ createdAt: intent.created, payment });
    }
    payments.sort(
      (left, right) => right.createdAt - left.createdAt || right.payment.attempt - left.payment.attempt,
    );
    return E.right(payments.map(({ payment }) => payment));
  } catch (error) {
    return E.left(readError(error));
  }
}

/** The dispute with the order whose charge it is about. */
export async function findDispute(stripe: Stripe, reference: string): Answer<ProcessorDispute | null> {
  try {
    const dispute = await stripe.disputes.retrieve(reference, { expand: ['payment_intent'] });
    const intent = dispute.payment_intent;
    const marks = typeof intent === 'object' && intent !== null ? reservationOfMarks(intent.metadata) : null;
    if (marks === null) return E.right(null);
    const amount = fromProcessorAmount(dispute.amount, dispute.currency);
    if (amount === null) return E.left(nothingHappened('card processor: a dispute that cannot be read'));
    return E.right({ orderId: marks.orderId, reference: dispute.id, amount, reason: wordOf(dispute.reason) });
  } catch (error) {
    const isMissing = error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 404;
    return isMissing ? E.right(null) : E.left(readError(error));
  }
}
