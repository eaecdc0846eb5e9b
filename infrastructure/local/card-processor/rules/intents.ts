import type { Intent } from '../records.js';
import { invalidRequest, missing } from '../wire/errors.js';
import { jsonOf, readParameters, type ParameterReader } from '../wire/parameter-reader.js';
import { chargeCard } from './charging.js';
import { amountProblem } from './tables/currencies.js';
import { done, failed, invalid, type Operation, type Outcome } from './operation.js';
import { requestedPaymentMethod } from './payment-methods.js';

const confirming = [
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'off_session',
  'return_url',
  'receipt_email',
  'shipping',
  'setup_future_usage',
  'error_on_requires_action',
  'use_stripe_sdk',
  'mandate_data',
  'capture_method',
  'radar_options',
  'allowed_payment_method_types',
  'excluded_payment_method_types',
  'payment_method_types',
  'amount_details',
  'payment_details',
];
const creating = [
  ...confirming,
  'amount',
  'currency',
  'confirm',
  'confirmation_method',
  'customer',
  'description',
  'metadata',
  'automatic_payment_methods',
  'statement_descriptor',
  'statement_descriptor_suffix',
];

const captureMethods = ['automatic', 'automatic_async', 'manual'] as const;

/** POST /v1/payment_intents, with or without confirming at once. */
export const createIntent: Operation = (question) => {
  const read = readParameters(question.parameters, creating);
  const amount = read.requiredInteger('amount');
  const currency = read.requiredText('currency').toLowerCase();
  const confirm = read.flag('confirm');
  const automaticMethods = takesAutomaticMethods(read);
  const offSession = readOffSession(read);
  const found = requestedPaymentMethod(question, read);
  const customer = read.text('customer');
  const shipping = read.group('shipping');
  const intent: Intent = {
    id: question.mint('pi'),
    createdAt: question.now,
    amount,
    currency,
    captureMethod: read.oneOf('capture_method', captureMethods) ?? 'automatic_async',
    automaticMethods,
    metadata: { ...read.metadata() },
    description: read.text('description', 1000),
    receiptEmail: read.text('receipt_email'),
    statementDescriptor: read.text('statement_descriptor', 22),
    statementDescriptorSuffix: read.text('statement_descriptor_suffix', 22),
    setupFutureUsage: read.oneOf('setup_future_usage', ['off_session', 'on_session']),
    shipping: shipping === null ? null : JSON.stringify(jsonOf(shipping)),
    status: found === null ? 'requires_payment_method' : 'requires_confirmation',
    amountCapturable: 0,
    amountReceived: 0,
    canceledAt: null,
    cancellationReason: null,
    latestCharge: null,
    paymentMethod: found?.paymentMethod.id ?? null,
    lastDecline: null,
    returnUrl: read.text('return_url'),
  };
  const amountWrong = amountProblem(amount, currency);
  if (amountWrong !== null) read.refuse(amountWrong);
  if (customer !== null) read.refuse(missing('customer', customer, 'customer'));
  if (offSession && !confirm)
    read.refuse(invalidRequest('off_session needs confirm=true', { param: 'off_session' }));
  if (confirm) refuseWithoutReturnUrl(read, intent, offSession);
  if (confirm && found === null)
    read.refuse(
      invalidRequest('Confirming needs a payment method', {
        code: 'parameter_missing',
        param: 'payment_method',
      }),
    );
  const problem = read.problem();
  if (problem !== null) return invalid(problem);
  if (!confirm || found === null)
    return done('payment_intent', intent.id, [...(found?.changes ?? []), { type: 'Intent', intent }]);
  return withoutChallenge(
    read,
    chargeCard(question, intent, found.paymentMethod, { offSession, authenticated: false }, found.changes),
    intent,
  );
};

/** POST /v1/payment_intents/:id/confirm. */
export function confirmIntent(id: string): Operation {
  return (question) => {
    const intent = question.state.intents.get(id);
    if (intent === undefined) return invalid(missing('payment_intent', id, 'intent'));
    const read = readParameters(question.parameters, confirming);
    const requested = requestedPaymentMethod(question, read);
    const offSession = readOffSession(read);
    const shipping = read.group('shipping');
    const confirmed: Intent = {
      ...intent,
      captureMethod: read.oneOf('capture_method', captureMethods) ?? intent.captureMethod,
      receiptEmail: read.text('receipt_email') ?? intent.receiptEmail,
      setupFutureUsage:
        read.oneOf('setup_future_usage', ['off_session', 'on_session']) ?? intent.setupFutureUsage,
      shipping: shipping === null ? intent.shipping : JSON.stringify(jsonOf(shipping)),
      returnUrl: read.text('return_url') ?? intent.returnUrl,
      automaticMethods: intent.automaticMethods && takesAutomaticMethods(read),
    };
    refuseWithoutReturnUrl(read, confirmed, offSession);
    const problem = read.problem();
    if (problem !== null) return invalid(problem);
    const confirmable = ['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(
      intent.status,
    );
    if (!confirmable) return unexpectedState(intent, 'confirmed');
    const known =
      intent.paymentMethod === null ? undefined : question.state.paymentMethods.get(intent.paymentMethod);
    const paymentMethod = requested?.paymentMethod ?? known;
    if (paymentMethod === undefined) return unexpectedState(intent, 'confirmed without a payment method');
    const outcome = chargeCard(
      question,
      confirmed,
      paymentMethod,
      { offSession, authenticated: false },
      requested?.changes ?? [],
    );
    return withoutChallenge(read, outcome, confirmed);
  };
}

/** `error_on_requires_action` turns a challenge into a failed request that changes nothing. */
function withoutChallenge(read: ParameterReader, outcome: Outcome, intent: Intent): Outcome {
  const asks =
    outcome.type === 'Done' &&
    outcome.changes.some((change) => change.type === 'Intent' && change.intent.status === 'requires_action');
  if (!asks || !read.flag('error_on_requires_action')) return outcome;
  return failed({
    status: 402,
    type: 'card_error',
    code: 'authentication_required',
    declineCode: 'authentication_not_handled',
    message: `The payment ${intent.id} needs the cardholder's authentication`,
  });
}

/** A 400 that shows the intent as it is, because its status does not allow what was asked. */
export function unexpectedState(intent: Intent, wish: string): Outcome {
  return failed(
    invalidRequest(`This payment has the status ${intent.status} and cannot be ${wish}`, {
      code: 'payment_intent_unexpected_state',
    }),
    intent.id,
  );
}

/** Redirecting payment methods are on by default, and then a confirmation must say where to come back to. */
function refuseWithoutReturnUrl(read: ParameterReader, intent: Intent, offSession: boolean): void {
  if (intent.automaticMethods && intent.returnUrl === null && !offSession)
    read.refuse(
      invalidRequest(
        "Confirming needs return_url, or allowed_payment_method_types, or automatic_payment_methods with allow_redirects set to 'never'",
        { param: 'return_url' },
      ),
    );
}

/** Whether the customer is away: true, or the reason for charging without them. */
function readOffSession(read: ParameterReader): boolean {
  const given = read.oneOf('off_session', ['true', 'false', 'one_off', 'recurring']);
  return given !== null && given !== 'false';
}

/** Newer versions of the API say `allowed_payment_method_types`, older ones `payment_method_types`. */
function takesAutomaticMethods(read: ParameterReader): boolean {
  const types = [...read.list('allowed_payment_method_types'), ...read.list('payment_method_types')];
  const automatic = read.group('automatic_payment_methods');
  if (types.some((type) => type !== 'card'))
    read.refuse(
      invalidRequest('Only the payment method type card is activated', {
        param: 'allowed_payment_method_types',
      }),
    );
  if (types.length > 0) return false;
  if (automatic === null) return true;
  return automatic.get('enabled') !== 'false' && automatic.get('allow_redirects') !== 'never';
}
