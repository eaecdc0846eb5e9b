import * as t from 'io-ts';
import type { Follower } from '../follow-order.js';
import { type ApiClient, UnexpectedAnswer } from '../http-client.js';
import type { PlannedCancellation } from '../plan.js';

// What customers do to an order that they have placed.

/** An order of a signed-in customer, and until when (milliseconds since 1970) its player waits for it. */
export type AfterPlacing = {
  readonly web: ApiClient;
  readonly follower: Follower;
  /** The card that is named after a decline. */
  readonly paymentMethod: string;
  readonly orderId: string;
  readonly token: string;
  readonly deadline: number;
};

const Problem = t.type({ code: t.string });
const codeOf = (body: unknown): string => (Problem.is(body) ? body.code : '');

/** Cancels the order at the moment planned. Done before is as good; too late is for the books to tell. */
export const cancelOrder = async (
  { web, follower, orderId, token, deadline }: AfterPlacing,
  { after }: PlannedCancellation,
): Promise<void> => {
  // One whose card does not give the money never is released.
  if (after === 'release')
    await follower.untilStatus(orderId, token, deadline, ['Released', 'AwaitingPayment']);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await web.call({ method: 'POST', path: `/orders/${orderId}/cancel`, body: {}, headers });
  const isTooLate = answer.status === 409 && codeOf(answer.body) === 'too_late_to_cancel';
  if (answer.status === 200 || isTooLate) return;
  throw new UnexpectedAnswer(`cancellation of ${orderId}: status ${String(answer.status)}`);
};

/** Answers to a card that the order does not need any more, or that comes too late. */
const notNeeded: ReadonlySet<string> = new Set(['order_changed', 'pay_again_deadline_passed']);

/**
 * Waits until the order asks for another card and names it; false when the order went on without, as it does when it is
 * played again.
 */
export const nameOtherCard = async (after: AfterPlacing): Promise<boolean> => {
  const { web, follower, orderId, token, paymentMethod, deadline } = after;
  const asked = await follower.untilStatus(orderId, token, deadline, ['AwaitingPayment']);
  if (asked === null || asked.isFinal) return false;
  const headers = { authorization: `Bearer ${token}` };
  const path = `/orders/${orderId}/payment-method`;
  const answer = await web.call({ method: 'POST', path, body: { paymentMethod }, headers });
  if (answer.status === 200) return true;
  if (notNeeded.has(codeOf(answer.body))) return false;
  const why = `status ${String(answer.status)} ${codeOf(answer.body)}`;
  throw new UnexpectedAnswer(`another card for ${orderId}: ${why}`);
};
