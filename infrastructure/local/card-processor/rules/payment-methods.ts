import type { Change, PaymentMethod } from '../records.js';
import { invalidRequest, missing, type ApiError } from '../wire/errors.js';
import { jsonOf, readParameters, type ParameterReader } from '../wire/parameter-reader.js';
import type { ParameterTree } from '../wire/parameters.js';
import { paymentMethodOf } from './charging.js';
import { done, invalid, type Operation, type Question } from './operation.js';
import { testCard, testCardOfToken } from './tables/test-cards.js';

/** A payment method ready for use, with the change that makes it when it is new. */
export interface FoundPaymentMethod {
  readonly paymentMethod: PaymentMethod;
  readonly changes: readonly Change[];
}

/** Refuses card numbers: only shops with a full card-data audit may send them, and this shop must never see one. */
const rawCardData: ApiError = {
  status: 402,
  type: 'invalid_request_error',
  message: 'Card numbers may not be sent to this interface; use a test payment method or token instead',
};

/** POST /v1/payment_methods: from a test token; raw card data is refused. */
export const createPaymentMethod: Operation = (question) => {
  const read = readParameters(question.parameters, [
    'type',
    'card',
    'billing_details',
    'metadata',
    'allow_redisplay',
  ]);
  const type = read.requiredText('type');
  const metadata = read.metadata();
  if (type !== 'card')
    read.refuse(invalidRequest('Only payment methods of type card are taken', { param: 'type' }));
  const found = fromCardGroup(question, read, read.group('card'), metadata);
  const problem = read.problem();
  if (problem !== null || found === null)
    return invalid(
      problem ??
        invalidRequest('Missing required parameter: card', { code: 'parameter_missing', param: 'card' }),
    );
  return done('payment_method', found.id, [{ type: 'PaymentMethod', paymentMethod: found }]);
};

function fromCardGroup(
  question: Question,
  read: ParameterReader,
  card: ParameterTree | null,
  metadata: Readonly<Record<string, string>>,
): PaymentMethod | null {
  if (card === null) return null;
  if (card.has('number')) {
    read.refuse(rawCardData);
    return null;
  }
  const token = card.get('token');
  const known = typeof token === 'string' ? testCardOfToken(token) : null;
  if (known === null) {
    read.refuse(missing('token', typeof token === 'string' ? token : '', 'card[token]'));
    return null;
  }
  return paymentMethodOf(question, known, billingText(read.group('billing_details')), metadata);
}

/**
 * The payment method that an intent is created or confirmed with: a stored one, a test card by name (a new payment
 * method each time), or `payment_method_data` with a token. Null when the request names none; what is wrong is refused.
 */
export function requestedPaymentMethod(question: Question, read: ParameterReader): FoundPaymentMethod | null {
  const id = read.text('payment_method');
  if (id !== null) {
    const stored = question.state.paymentMethods.get(id);
    if (stored !== undefined) return { paymentMethod: stored, changes: [] };
    const card = testCard(id);
    if (card === null) {
      read.refuse(missing('PaymentMethod', id, 'payment_method'));
      return null;
    }
    return newlyMade(paymentMethodOf(question, card, '{}'));
  }
  const data = read.group('payment_method_data');
  if (data === null) return null;
  const inner = readParameters(data, ['type', 'card', 'billing_details', 'metadata', 'allow_redisplay']);
  const card = data.get('card');
  const made = fromCardGroup(
    question,
    inner,
    typeof card === 'string' ? null : (card ?? null),
    inner.metadata(),
  );
  const problem = inner.problem();
  if (problem !== null) read.refuse(problem);
  return made === null ? null : newlyMade(made);
}

function newlyMade(paymentMethod: PaymentMethod): FoundPaymentMethod {
  return { paymentMethod, changes: [{ type: 'PaymentMethod', paymentMethod }] };
}

function billingText(billing: ParameterTree | null): string {
  return billing === null ? '{}' : JSON.stringify(jsonOf(billing));
}
