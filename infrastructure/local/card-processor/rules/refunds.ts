import type { Charge, Refund } from '../records.js';
import { invalidRequest, missing } from '../wire/errors.js';
import { readParameters, type ParameterReader } from '../wire/parameter-reader.js';
import { ledgerLine } from './charging.js';
import { formatAmount } from './currencies.js';
import { unexpectedState } from './intents.js';
import { done, failed, invalid, type Operation, type Question } from './operation.js';

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
  const refund: Refund = {
    id: question.mint('re'),
    createdAt: question.now,
    intent: intent.id,
    charge: charge.id,
    amount,
    currency: charge.currency,
    reason,
    metadata,
  };
  return done('refund', refund.id, [
    { type: 'Refund', refund },
    { type: 'Charge', charge: { ...charge, amountRefunded: charge.amountRefunded + amount } },
    {
      type: 'Ledger',
      line: { ...ledgerLine(question, intent, charge, 'refunded', amount), refund: refund.id, reason },
    },
  ]);
};

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
