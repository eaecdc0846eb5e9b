import * as E from 'fp-ts/lib/Either.js';
import type { RefundOutcome } from '../../domain/order/commands.js';
import { type PlacedOrder, type Refund, reservationOf } from '../../domain/order/order.js';
import { openRefunds } from '../../domain/order/rules/kept-money.js';
import { unknownOr } from '../payments/outcomes.js';
import {
  carryOut,
  notDone,
  raiseAlarm,
  type StepContext,
  type StepResult,
  tellOfUnknown,
} from './step-ports.js';

// Money back. The request was stored by whoever asked for it; the processor is asked whether it knows it already before
// it is asked to refund, because its memory for keys is short.

const refundOutcome = async (
  { ports, task }: StepContext,
  order: PlacedOrder,
  { number, key, amount }: Refund,
): Promise<E.Either<string, RefundOutcome>> => {
  const reference = reservationOf(order.payment)?.reference;
  if (reference === undefined) return E.left('not_charged');
  const found = await ports.gateway.findRefund(reference, number)();
  if (E.isLeft(found)) return unknownOr(found);
  if (found.right !== null) return E.right(found.right);
  const { orderId } = task;
  return unknownOr(await ports.gateway.refund({ orderId, number, key, amount, reference })());
};

/**
 * Gives money back, or finds out what became of an earlier try. One that the processor is still about is looked up
 * again; one that failed raises an alarm.
 */
export const refundCard = async (context: StepContext, number: number): Promise<StepResult> => {
  const { ports, order } = context;
  const refund = openRefunds(order).find((candidate) => candidate.number === number);
  if (refund === undefined) return E.right(order);
  const outcome = await refundOutcome(context, order, refund);
  if (E.isLeft(outcome)) return notDone(outcome.left);
  if (outcome.right.type === 'pending') return notDone('refund_pending');
  const { refundId } = refund;
  if (outcome.right.type === 'failed') {
    // The order keeps the customer's money until a person finds another way.
    raiseAlarm(context, `refund ${refundId} failed: ${outcome.right.reason}`);
  }
  return carryOut(context, order, {
    type: 'RecordRefund',
    at: ports.system.now(),
    refundId,
    outcome: tellOfUnknown(context, outcome.right),
  });
};
