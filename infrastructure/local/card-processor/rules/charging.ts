import type { Change, Charge, Intent, LedgerLine, PaymentMethod } from '../records.js';
import { orderField } from '../state.js';
import { adviceOf, errorCodeOf, stripeCodeOf } from './tables/decline-codes.js';
import { testCard, type TestCard } from './tables/test-cards.js';
import type { ApiError } from '../wire/errors.js';
import type { Outcome, Question } from './operation.js';

/** Who can answer a challenge: nobody when the customer is not there. */
export interface Presence {
  readonly offSession: boolean;
  /** The cardholder has just proved who they are. */
  readonly authenticated: boolean;
}

/** Asks the card's issuer for the intent's amount. `before` are changes that belong to the same request. */
export function chargeCard(
  question: Question,
  intent: Intent,
  paymentMethod: PaymentMethod,
  presence: Presence,
  before: readonly Change[],
): Outcome {
  const card = testCard(paymentMethod.card);
  const verdict = question.issuer('reserve', intent, paymentMethod, intent.metadata);
  const challenge = card?.challenge === true || verdict?.type === 'Challenge';
  if (challenge && !presence.authenticated) {
    if (presence.offSession)
      return declined(question, intent, paymentMethod, 'authentication_required', false, before);
    const asking: Intent = {
      ...intent,
      status: 'requires_action',
      paymentMethod: paymentMethod.id,
      lastDecline: null,
    };
    return answered(asking, before);
  }
  const declineCode = verdict?.type === 'Decline' ? verdict.code : (card?.declineCode ?? null);
  return declineCode === null
    ? approved(question, intent, paymentMethod, presence.authenticated, before)
    : declined(question, intent, paymentMethod, declineCode, presence.authenticated, before);
}

function approved(
  question: Question,
  intent: Intent,
  paymentMethod: PaymentMethod,
  authenticated: boolean,
  before: readonly Change[],
): Outcome {
  const manual = intent.captureMethod === 'manual';
  const charge: Charge = {
    ...newCharge(question, intent, paymentMethod),
    authenticated,
    captured: !manual,
    amountCaptured: manual ? 0 : intent.amount,
    captureBefore: manual ? question.now + question.reservationLife : null,
  };
  const next: Intent = {
    ...intent,
    status: manual ? 'requires_capture' : 'succeeded',
    amountCapturable: manual ? intent.amount : 0,
    amountReceived: manual ? 0 : intent.amount,
    latestCharge: charge.id,
    paymentMethod: paymentMethod.id,
    lastDecline: null,
  };
  const lines: readonly LedgerLine[] = [
    ledgerLine(question, intent, charge, 'reserved', intent.amount),
    ...(manual ? [] : [ledgerLine(question, intent, charge, 'captured', intent.amount)]),
  ];
  return answered(next, [
    ...before,
    { type: 'Charge', charge },
    ...lines.map((line): Change => ({ type: 'Ledger', line })),
  ]);
}

/** A refusal by the issuer: the charge is kept as failed, the intent waits for another card, the error carries both. */
function declined(
  question: Question,
  intent: Intent,
  paymentMethod: PaymentMethod,
  code: string,
  authenticated: boolean,
  before: readonly Change[],
): Outcome {
  const { declineCode, networkDeclineCode } = stripeCodeOf(code);
  const charge: Charge = {
    ...newCharge(question, intent, paymentMethod),
    declineCode,
    networkDeclineCode,
    authenticated,
  };
  const next: Intent = {
    ...intent,
    status: 'requires_payment_method',
    latestCharge: charge.id,
    paymentMethod: null,
    lastDecline: { declineCode, charge: charge.id, paymentMethod: paymentMethod.id },
  };
  const line = { ...ledgerLine(question, intent, charge, 'declined', intent.amount), reason: declineCode };
  return {
    type: 'Failed',
    changes: [
      ...before,
      { type: 'Charge', charge },
      { type: 'Intent', intent: next },
      { type: 'Ledger', line },
    ],
    error: cardError(declineCode, networkDeclineCode, charge.id),
    intent: intent.id,
    paymentMethod: paymentMethod.id,
  };
}

/** The error that a decline is answered with. */
export function cardError(declineCode: string, networkDeclineCode: string | null, charge: string): ApiError {
  return {
    status: 402,
    type: 'card_error',
    code: errorCodeOf(declineCode),
    declineCode,
    ...(networkDeclineCode === null ? {} : { networkDeclineCode }),
    adviceCode: adviceOf(declineCode),
    charge,
    message: declineMessage(declineCode),
  };
}

/** What the API says to the shop about a decline. */
export function declineMessage(declineCode: string): string {
  return `The card was declined by its issuer (${declineCode.replaceAll('_', ' ')}).`;
}

function newCharge(question: Question, intent: Intent, paymentMethod: PaymentMethod): Charge {
  return {
    id: question.mint('ch'),
    createdAt: question.now,
    intent: intent.id,
    paymentMethod: paymentMethod.id,
    amount: intent.amount,
    currency: intent.currency,
    amountCaptured: 0,
    amountReleased: 0,
    amountRefunded: 0,
    captured: false,
    declineCode: null,
    authenticated: false,
    captureBefore: null,
    networkDeclineCode: null,
    disputed: false,
  };
}

/** A ledger line about a charge, at the time of the question. */
export function ledgerLine(
  question: Pick<Question, 'now'>,
  intent: Intent,
  charge: Charge,
  kind: LedgerLine['kind'],
  amount: number,
): LedgerLine {
  return {
    time: question.now,
    kind,
    amount,
    currency: intent.currency,
    paymentIntent: intent.id,
    charge: charge.id,
    refund: null,
    orderId: intent.metadata[orderField] ?? null,
    reason: null,
  };
}

function answered(intent: Intent, before: readonly Change[]): Outcome {
  return {
    type: 'Done',
    changes: [...before, { type: 'Intent', intent }],
    answer: { type: 'Object', kind: 'payment_intent', id: intent.id },
  };
}

/** A payment method made of a test card for one use. */
export function paymentMethodOf(
  question: Question,
  card: TestCard,
  billing: string,
  metadata: Readonly<Record<string, string>> = {},
): PaymentMethod {
  return {
    id: question.mint('pm'),
    createdAt: question.now,
    card: card.name,
    billing,
    metadata: { ...metadata },
  };
}
