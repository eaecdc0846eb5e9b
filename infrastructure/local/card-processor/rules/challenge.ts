import type { Intent } from '../records.js';
import { missing } from '../wire/errors.js';
import { chargeCard } from './charging.js';
import { unexpectedState } from './intents.js';
import { done, invalid, type Operation } from './operation.js';

/** What a payment shows as its last error when the cardholder could not prove who they are. */
const authenticationFailure = 'payment_intent_authentication_failure';

/**
 * The cardholder's answer on the challenge page. Passed: the issuer is asked for the money, and may still decline.
 * Not passed: the payment waits for another card. A second answer changes nothing.
 */
export function answerChallenge(id: string, passed: boolean): Operation {
  return (question) => {
    const intent = question.state.intents.get(id);
    if (intent === undefined) return invalid(missing('payment_intent', id, 'intent'));
    const paymentMethod =
      intent.paymentMethod === null ? undefined : question.state.paymentMethods.get(intent.paymentMethod);
    if (intent.status !== 'requires_action' || paymentMethod === undefined)
      return unexpectedState(intent, 'authenticated');
    if (passed)
      return chargeCard(question, intent, paymentMethod, { offSession: false, authenticated: true }, []);
    const next: Intent = {
      ...intent,
      status: 'requires_payment_method',
      paymentMethod: null,
      lastDecline: { declineCode: authenticationFailure, charge: null, paymentMethod: paymentMethod.id },
    };
    return done('payment_intent', id, [{ type: 'Intent', intent: next }]);
  };
}
