import type { Change, Charge, Intent, LedgerLine, Refund } from '../records.js';
import { orderField, type State } from '../state.js';
import { invalidRequest, missing } from '../wire/errors.js';
import { readParameters, type ParameterReader } from '../wire/parameter-reader.js';
import { formatAmount } from './tables/currencies.js';
import { unexpectedState } from './intents.js';
import { done, failed, invalid, type Operation, type Question } from './operation.js';
import { testCard, type RefundCourse } from './tables/test-cards.js';

/** POST /v1/refunds: of an intent or a charge, all of what is left or a part; never more than was captured in total. */
export const createRefund: Operation = (question) => {
  const read = readParameters(question.parameters, [
    'payment_intent',
    'charge',
    'amount',
    'reason',
    'metadata',
    'instructions_email',
  ]);
  const wanted = read.integer('amount');
  if (wanted !== null && wanted < 1)
    read.refuse(
      invalidRequest('amount must be at least 1', { code: 'parameter_invalid_integer', param: 'amount' }),
    );
  const reason = read.oneOf('reason', ['duplicate', 'fraudulent', 'requested_by_customer']);
  const metadata = { ...read.metadata() };
  const charge = chargeToRefund(question, read);
  const problem = read.problem();
  if (problem !== null) return invalid(problem);
  const intent = charge === null ? undefined : question.state.intents.get(charge.intent);
  if (charge === null || intent === undefined)
    return failed(
      invalidRequest('This payment has no successful charge to refund', { code: 'charge_not_refundable' }),
    );
  if (!charge.captured) return unexpectedState(intent, 'refunded; cancel it instead');
  if (charge.disputed)
    return failed(
      invalidRequest(`The charge ${charge.id} has been charged back`, { code: 'charge_disputed' }),
      intent.id,
    );
  const left = charge.amountCaptured - charge.amountRefunded;
  if (left === 0)
    return failed(
      invalidRequest(`The charge ${charge.id} has already been refunded`, {
        code: 'charge_already_refunded',
      }),
    );
  const amount = wanted ?? left;
  if (amount > left)
    return failed(
      invalidRequest(
        `A refund of ${formatAmount(amount, charge.currency)} is more than the ${formatAmount(left, charge.currency)} left of the charge`,
        { param: 'amount' },
      ),
    );
  const course = courseOf(question, intent, charge, metadata);
  const refund: Refund = {
    id: question.mint('re'),
    createdAt: question.now,
    intent: intent.id,
    charge: charge.id,
    amount,
    currency: charge.currency,
    reason,
    metadata,
    status: course.first,
    failureReason: null,
    coming:
      course.last === null
        ? null
        : {
            at: question.now + question.refundDelay,
            status: course.last,
            failureReason: course.failureReason,
          },
  };
  return done('refund', refund.id, [
    { type: 'Refund', refund },
    { type: 'Charge', charge: { ...charge, amountRefunded: charge.amountRefunded + amount } },
    ...(refund.status === 'succeeded' ? [refundLine(question, question.state, refund, 'refunded')] : []),
  ]);
};

/** A refund as its bank will treat it: told to refuse it comes first, then what the test card does. */
function courseOf(
  question: Question,
  intent: Intent,
  charge: Charge,
  metadata: Refund['metadata'],
): RefundCourse {
  const paymentMethod = question.state.paymentMethods.get(charge.paymentMethod);
  const verdict = question.issuer('refund', intent, paymentMethod, metadata);
  if (verdict?.type === 'Decline') return { first: 'pending', last: 'failed', failureReason: verdict.code };
  return (
    testCard(paymentMethod?.card ?? '')?.refunds ?? { first: 'succeeded', last: null, failureReason: null }
  );
}

/** Refunds whose bank has decided by `now`. To be taken over before any other request is judged. */
export function settleRefunds(state: State, now: number): readonly Change[] {
  // One charge may have several, so each is settled on what the ones before it left.
  const refunded = new Map<string, number>();
  return [...state.unsettledRefunds].flatMap((id) => {
    const refund = state.refunds.get(id);
    if (refund === undefined || refund.coming === null || refund.coming.at > now) return [];
    const before = refunded.get(refund.charge) ?? state.charges.get(refund.charge)?.amountRefunded ?? 0;
    const after = refund.coming.status === 'failed' ? before - refund.amount : before;
    refunded.set(refund.charge, after);
    return settling(state, refund, refund.coming, after);
  });
}

/** The bank's last word on a refund: `charge` is refunded by `amountRefunded` then. A failed one leaves its amount to be refunded again. */
export function settling(
  state: State,
  refund: Refund,
  end: {
    readonly at: number;
    readonly status: 'succeeded' | 'failed';
    readonly failureReason: string | null;
  },
  amountRefunded: number,
): readonly Change[] {
  const charge = state.charges.get(refund.charge);
  if (charge === undefined || refund.status === end.status)
    return [{ type: 'Refund', refund: { ...refund, coming: null } }];
  const settled: Refund = { ...refund, status: end.status, failureReason: end.failureReason, coming: null };
  const kind =
    end.status === 'succeeded' ? 'refunded' : refund.status === 'succeeded' ? 'refund_reversed' : null;
  return [
    { type: 'Refund', refund: settled },
    ...(end.status === 'failed' ? [{ type: 'Charge', charge: { ...charge, amountRefunded } } as const] : []),
    ...(kind === null ? [] : [refundLine({ now: end.at }, state, settled, kind)]),
  ];
}

function refundLine(
  question: { readonly now: number },
  state: State,
  refund: Refund,
  kind: 'refunded' | 'refund_reversed',
): Change {
  const line: LedgerLine = {
    time: question.now,
    kind,
    amount: refund.amount,
    currency: refund.currency,
    paymentIntent: refund.intent,
    charge: refund.charge,
    refund: refund.id,
    orderId: state.intents.get(refund.intent)?.metadata[orderField] ?? null,
    reason: refund.failureReason ?? refund.reason,
  };
  return { type: 'Ledger', line };
}

function chargeToRefund(question: Question, read: ParameterReader): Charge | null {
  const intentId = read.text('payment_intent');
  const chargeId = read.text('charge');
  if (intentId === null && chargeId === null) {
    read.refuse(invalidRequest('One of payment_intent and charge is needed', { code: 'parameter_missing' }));
    return null;
  }
  const intent = intentId === null ? undefined : question.state.intents.get(intentId);
  if (intentId !== null && intent === undefined)
    read.refuse(missing('payment_intent', intentId, 'payment_intent'));
  const id = chargeId ?? intent?.latestCharge ?? null;
  const charge = id === null ? undefined : question.state.charges.get(id);
  if (chargeId !== null && charge === undefined) read.refuse(missing('charge', chargeId, 'charge'));
  if (intent !== undefined && charge !== undefined && charge.intent !== intent.id)
    read.refuse(invalidRequest('This charge belongs to another payment', { param: 'charge' }));
  return charge === undefined || charge.declineCode !== null ? null : charge;
}
