// Giving money back. A payment's refunds are listed by the payment, which does not lag behind what was written.
import * as E from 'fp-ts/lib/Either.js';
import type Stripe from 'stripe';
import type { RefundRequest, RefundResult } from '../../../application/ports/payment-gateway.js';
import { toProcessorAmount } from '../amounts.js';
import { nothingHappened, outcomeUnknown } from '../gateway-errors.js';
import { gatewayError, isReplay, readError, refundRefusal } from './errors.js';
import { refundMarks, refundOfMarks } from './marks.js';
import type { Answer } from './reservations.js';
import { refundResult } from './results.js';

/** More refunds of one payment are not read. */
const mostRefunds = 1_000;

/** All refunds of a payment, newest first. Rejects as the client does. */
export const refundsOf = (stripe: Stripe, reference: string): Promise<Stripe.Refund[]> =>
  stripe.refunds.list({ payment_intent: reference, limit: 100 }).autoPagingToArray({ limit: mostRefunds });

async function asItStands(stripe: Stripe, created: Stripe.Response<Stripe.Refund>): Answer<RefundResult> {
  if (!isReplay(created)) return refundResult(created);
  try {
    return refundResult(await stripe.refunds.retrieve(created.id));
  } catch (error) {
    return E.left(outcomeUnknown(gatewayError(error).reason));
  }
}

/**
 * Gives money back. What the processor will never do (nothing is left of the charge, the bank took it back) has
 * `failed`, unless this very refund is among those made.
 */
export async function refund(stripe: Stripe, request: RefundRequest): Answer<RefundResult> {
  const { orderId, number, key, amount, reference } = request;
  const processorAmount = toProcessorAmount(amount);
  if (processorAmount === null) return E.left(nothingHappened('amount_not_expressible'));
  try {
    const created = await stripe.refunds.create(
      { payment_intent: reference, amount: processorAmount, metadata: refundMarks(orderId, number) },
      { idempotencyKey: key },
    );
    return await asItStands(stripe, created);
  } catch (error) {
    const reason = refundRefusal(error);
    if (reason === null) return E.left(gatewayError(error));
    const made = await findRefund(stripe, reference, number);
    if (E.isLeft(made)) return E.left(outcomeUnknown(made.left.reason));
    return E.right(made.right ?? { type: 'failed', reason });
  }
}

// A key that was forgotten can leave two refunds under one number: money that was given back counts.
const order = ['refunded', 'pending', 'failed'] as const;

/** What became of the payment's refund with this number. */
export async function findRefund(
  stripe: Stripe,
  reference: string,
  number: number,
): Answer<RefundResult | null> {
  try {
    const ours = (await refundsOf(stripe, reference)).filter(
      ({ metadata }) => refundOfMarks(metadata ?? {})?.number === number,
    );
    const results: RefundResult[] = [];
    for (const one of ours) {
      const result = refundResult(one);
      if (E.isLeft(result)) return result;
      results.push(result.right);
    }
    const found = order.map((type) => results.find((result) => result.type === type));
    return E.right(found.find((result) => result !== undefined) ?? null);
  } catch (error) {
    return E.left(readError(error));
  }
}
