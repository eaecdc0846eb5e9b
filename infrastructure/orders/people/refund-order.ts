import * as t from 'io-ts';
import { type ApiClient, UnexpectedAnswer } from '../http-client.js';
import type { PlannedRefund, RefundAnswer } from '../plan.js';

/** The administration and its key. */
export type RefundDesk = { readonly admin: ApiClient; readonly operatorKey: string };

/** A refund with the checkout's answer. */
export type GivenRefund = PlannedRefund & { readonly answer: RefundAnswer };

const Problem = t.type({ code: t.string });

const answers: Readonly<Record<string, RefundAnswer>> = {
  refund_above_charge: 'refund_above_charge',
  // There is nothing to give back on an order that was never charged.
  order_changed: 'not_charged',
};

/** Asks, as an operator, for money to be given back. The same refund again changes nothing. */
export const refundOrder = async (
  { admin, operatorKey }: RefundDesk,
  orderId: string,
  { refundId, amount }: PlannedRefund,
): Promise<GivenRefund> => {
  const answer = await admin.call({
    method: 'POST',
    path: `/admin/orders/${orderId}/refunds`,
    headers: { authorization: `Bearer ${operatorKey}` },
    body: { operator: 'orders-player', refundId, amount, currency: 'GBP', reason: 'return' },
  });
  if (answer.status === 200) return { refundId, amount, answer: 'given' };
  const refused = Problem.is(answer.body) ? answers[answer.body.code] : undefined;
  if (refused !== undefined) return { refundId, amount, answer: refused };
  const why = JSON.stringify(answer.body).slice(0, 300);
  throw new UnexpectedAnswer(`refund ${refundId} of ${orderId}: status ${String(answer.status)} ${why}`);
};
