import type { Change, Charge, Intent } from '../records.js';
import type { State } from '../state.js';
import { invalidRequest, missing } from '../wire/errors.js';
import { readParameters } from '../wire/parameter-reader.js';
import { cardError, ledgerLine } from './charging.js';
import { stripeCodeOf } from './tables/decline-codes.js';
import { formatAmount } from './tables/currencies.js';
import { unexpectedState } from './intents.js';
import { done, failed, invalid, type Operation, type Outcome, type Question } from './operation.js';
import { testCard } from './tables/test-cards.js';

/** POST /v1/payment_intents/:id/capture: takes the amount or a lower one and releases the rest. */
export function captureIntent(id: string): Operation {
  return (question) => {
    const intent = question.state.intents.get(id);
    if (intent === undefined) return invalid(missing('payment_intent', id, 'intent'));
    const read = readParameters(question.parameters, [
      'amount_to_capture',
      'final_capture',
      'metadata',
      'statement_descriptor',
      'statement_descriptor_suffix',
      'amount_details',
      'payment_details',
    ]);
    const wanted = read.integer('amount_to_capture');
    if (wanted !== null && wanted < 1)
      read.refuse(
        invalidRequest('amount_to_capture must be at least 1', {
          code: 'parameter_invalid_integer',
          param: 'amount_to_capture',
        }),
      );
    const metadata = { ...intent.metadata, ...read.metadata() };
    const problem = read.problem();
    if (problem !== null) return invalid(problem);
    const charge = latestCharge(question.state, intent);
    if (intent.status !== 'requires_capture' || charge === null) return unexpectedState(intent, 'captured');
    const amount = wanted ?? intent.amountCapturable;
    if (amount > intent.amountCapturable)
      return failed(
        invalidRequest(
          `Only ${formatAmount(intent.amountCapturable, intent.currency)} can be captured, not ${formatAmount(amount, intent.currency)}`,
          { code: 'amount_too_large', param: 'amount_to_capture' },
        ),
        intent.id,
      );
    const refusal = refusedCapture(question, intent, charge, amount);
    if (refusal !== null) return refusal;
    const rest = intent.amountCapturable - amount;
    const captured: Charge = { ...charge, captured: true, amountCaptured: amount, amountReleased: rest };
    const next: Intent = {
      ...intent,
      metadata,
      status: 'succeeded',
      amountCapturable: 0,
      amountReceived: amount,
      lastDecline: null,
    };
    return done('payment_intent', id, [
      { type: 'Charge', charge: captured },
      { type: 'Intent', intent: next },
      { type: 'Ledger', line: ledgerLine(question, next, charge, 'captured', amount) },
      ...(rest === 0 ? [] : [released(question, next, charge, rest, 'partial capture')]),
    ]);
  };
}

/**
 * An issuer that does not pay although it approved. Declined: the reservation stays, so that the capture can be tried
 * again. Expired: the reservation has just ended, sooner than was said.
 */
function refusedCapture(question: Question, intent: Intent, charge: Charge, amount: number): Outcome | null {
  const paymentMethod = question.state.paymentMethods.get(charge.paymentMethod);
  const verdict = question.issuer('capture', intent, paymentMethod, intent.metadata);
  if (verdict?.type === 'Expire')
    return {
      type: 'Failed',
      changes: cancelling(question.state, intent, question.now, 'automatic'),
      error: invalidRequest(`The charge ${charge.id} has expired and cannot be captured`, {
        code: 'charge_expired_for_capture',
      }),
      intent: intent.id,
      paymentMethod: null,
    };
  const code =
    verdict?.type === 'Decline'
      ? verdict.code
      : (testCard(paymentMethod?.card ?? '')?.captureDeclineCode ?? null);
  if (code === null) return null;
  const { declineCode, networkDeclineCode } = stripeCodeOf(code);
  const line = { ...ledgerLine(question, intent, charge, 'declined', amount), reason: declineCode };
  const next: Intent = {
    ...intent,
    lastDecline: { declineCode, charge: charge.id, paymentMethod: charge.paymentMethod },
  };
  return {
    type: 'Failed',
    changes: [
      { type: 'Intent', intent: next },
      { type: 'Ledger', line },
    ],
    error: cardError(declineCode, networkDeclineCode, charge.id),
    intent: intent.id,
    paymentMethod: charge.paymentMethod,
  };
}

const reasons = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** POST /v1/payment_intents/:id/cancel: a reservation is released in full; what was captured can only be refunded. */
export function cancelIntent(id: string): Operation {
  return (question) => {
    const intent = question.state.intents.get(id);
    if (intent === undefined) return invalid(missing('payment_intent', id, 'intent'));
    const read = readParameters(question.parameters, ['cancellation_reason']);
    const reason = read.oneOf('cancellation_reason', reasons);
    const problem = read.problem();
    if (problem !== null) return invalid(problem);
    if (intent.status === 'succeeded' || intent.status === 'canceled')
      return unexpectedState(intent, 'canceled');
    return done('payment_intent', id, cancelling(question.state, intent, question.now, reason));
  };
}

/**
 * What has run out by `now`: reservations whose capture-before time has come are canceled and released, as the
 * issuer would. To be taken over before any other request is judged.
 */
export function expire(state: State, now: number): readonly Change[] {
  const due = [...state.openReservations].filter(([, captureBefore]) => captureBefore <= now);
  return due.flatMap(([id, captureBefore]) => {
    const intent = state.intents.get(id);
    return intent?.status === 'requires_capture' ? cancelling(state, intent, captureBefore, 'automatic') : [];
  });
}

/** Cancels an intent and releases what it holds; the reason `automatic` is the end of a reservation's life. */
export function cancelling(
  state: State,
  intent: Intent,
  now: number,
  reason: string | null,
): readonly Change[] {
  const charge = intent.status === 'requires_capture' ? latestCharge(state, intent) : null;
  const next: Intent = {
    ...intent,
    status: 'canceled',
    amountCapturable: 0,
    canceledAt: now,
    cancellationReason: reason,
  };
  return [
    ...(charge === null
      ? []
      : [
          { type: 'Charge', charge: { ...charge, amountReleased: charge.amount } } as const,
          released(
            { now },
            next,
            charge,
            charge.amount,
            reason === 'automatic' ? 'expired' : (reason ?? 'canceled'),
          ),
        ]),
    { type: 'Intent', intent: next },
  ];
}

function released(
  question: { readonly now: number },
  intent: Intent,
  charge: Charge,
  amount: number,
  reason: string,
): Change {
  return { type: 'Ledger', line: { ...ledgerLine(question, intent, charge, 'released', amount), reason } };
}

function latestCharge(state: State, intent: Intent): Charge | null {
  return (intent.latestCharge === null ? undefined : state.charges.get(intent.latestCharge)) ?? null;
}
