import type { Change, Dispute, Intent } from '../records.js';
import type { State } from '../state.js';
import { invalidRequest, missing } from '../wire/errors.js';
import { ledgerLine } from './charging.js';
import { done, failed, invalid, type Operation, type Outcome } from './operation.js';
import { settling } from './refunds.js';
import { cancelling } from './settlement.js';

/** A cardholder complains to their bank about a captured charge, once; the amount (all that was not refunded unless told) is taken back. */
export function openDispute(chargeId: string, amount: number | null, reason: string): Operation {
  return (question): Outcome => {
    const charge = question.state.charges.get(chargeId);
    const intent = charge === undefined ? undefined : question.state.intents.get(charge.intent);
    if (charge === undefined || intent === undefined) return invalid(missing('charge', chargeId, 'charge'));
    if (!charge.captured || charge.disputed)
      return failed(invalidRequest('Only a captured charge can be disputed, and only once'), intent.id);
    const kept = charge.amountCaptured - charge.amountRefunded;
    const disputed = amount ?? kept;
    if (disputed === 0 || disputed > kept)
      return failed(
        invalidRequest('A dispute is about what was captured and not refunded', { param: 'amount' }),
        intent.id,
      );
    const dispute: Dispute = {
      id: question.mint('du'),
      createdAt: question.now,
      intent: intent.id,
      charge: charge.id,
      amount: disputed,
      currency: charge.currency,
      reason,
    };
    const line = { ...ledgerLine(question, intent, charge, 'disputed', disputed), reason };
    return done('dispute', dispute.id, [
      { type: 'Dispute', dispute },
      { type: 'Charge', charge: { ...charge, disputed: true } },
      { type: 'Ledger', line },
    ]);
  };
}

/** Reservations end now, before their time: those that `fits` chooses. */
export function endReservations(fits: (intent: Intent) => boolean): Operation {
  return ({ state, now }): Outcome => {
    const ending = [...state.openReservations.keys()]
      .flatMap((id) => state.intents.get(id) ?? [])
      .filter(fits);
    return {
      type: 'Done',
      changes: ending.flatMap((intent) => cancelling(state, intent, now, 'automatic')),
      answer: {
        type: 'List',
        kind: 'payment_intent',
        ids: ending.map((intent) => intent.id),
        hasMore: false,
      },
    };
  };
}

/** A bank's last word on a refund, sooner than or against what its test card says. A failed refund stays failed. */
export function settleRefund(
  id: string,
  status: 'succeeded' | 'failed',
  failureReason: string | null,
): Operation {
  return ({ state, now }): Outcome => {
    const refund = state.refunds.get(id);
    if (refund === undefined) return invalid(missing('refund', id, 'refund'));
    if (refund.status === 'failed') return failed(invalidRequest('This refund has failed already'));
    const refunded = state.charges.get(refund.charge)?.amountRefunded ?? 0;
    const after = status === 'failed' ? refunded - refund.amount : refunded;
    return done('refund', id, settling(state, refund, { at: now, status, failureReason }, after));
  };
}

/** Idempotency keys that have not been used since `storedBefore` are forgotten: they stand for new requests then. */
export function forgettingKeys(
  state: State,
  storedBefore: number,
): { count: number; changes: readonly Change[] } {
  const count = [...state.replies.values()].filter((reply) => reply.storedAt < storedBefore).length;
  return { count, changes: count === 0 ? [] : [{ type: 'KeysForgotten', storedBefore }] };
}
