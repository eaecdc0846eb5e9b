import type { Charge, Dispute, Intent, Refund } from '../records.js';
import { declineMessage } from '../rules/charging.js';
import type { ObjectKind } from '../rules/operation.js';
import { adviceOf, errorCodeOf } from '../rules/tables/decline-codes.js';
import { alphanumeric } from '../wire/ids.js';
import { jsonFromText, type Json } from '../wire/json.js';
import { billingOf, cardDetails, renderPaymentMethod } from './cards.js';
import { seconds, type JsonObject } from './json-object.js';
import type { View } from './view.js';

/** Which references are shown in full: dotted paths such as `latest_charge.payment_method`. */
export type Expansion = readonly string[];

/** Where challenge pages live, such as `http://127.0.0.1:4242`. */
export interface Place {
  readonly publicUrl: string;
}

/** An object as the API shows it; null when there is none with this id. */
export function renderObject(
  view: View,
  place: Place,
  kind: ObjectKind,
  id: string,
  expand: Expansion,
): Json {
  switch (kind) {
    case 'payment_intent': {
      const intent = view.intent(id);
      return intent === undefined ? null : renderIntent(view, place, intent, expand);
    }
    case 'charge': {
      const charge = view.charge(id);
      return charge === undefined ? null : renderCharge(view, place, charge, expand);
    }
    case 'refund': {
      const refund = view.refund(id);
      return refund === undefined ? null : renderRefund(view, place, refund, expand);
    }
    case 'dispute': {
      const dispute = view.dispute(id);
      return dispute === undefined ? null : renderDispute(view, place, dispute, expand);
    }
    case 'payment_method': {
      const paymentMethod = view.paymentMethod(id);
      return paymentMethod === undefined ? null : renderPaymentMethod(paymentMethod);
    }
  }
}

function reference(
  view: View,
  place: Place,
  kind: ObjectKind,
  id: string | null,
  name: string,
  expand: Expansion,
): Json {
  if (id === null || !expand.some((path) => path === name || path.startsWith(`${name}.`))) return id;
  const inner = expand
    .filter((path) => path.startsWith(`${name}.`))
    .map((path) => path.slice(name.length + 1));
  return renderObject(view, place, kind, id, inner);
}

function renderIntent(view: View, place: Place, intent: Intent, expand: Expansion): JsonObject {
  const decline = intent.lastDecline;
  return {
    id: intent.id,
    object: 'payment_intent',
    allowed_payment_method_types: intent.automaticMethods ? null : ['card'],
    amount: intent.amount,
    amount_capturable: intent.amountCapturable,
    amount_details: { tip: {} },
    amount_received: intent.amountReceived,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: intent.automaticMethods ? { allow_redirects: 'always', enabled: true } : null,
    canceled_at: secondsOrNull(intent.canceledAt),
    cancellation_reason: intent.cancellationReason,
    capture_method: intent.captureMethod,
    client_secret: clientSecretOf(intent.id),
    confirmation_method: 'automatic',
    created: seconds(intent.createdAt),
    currency: intent.currency,
    customer: null,
    customer_account: null,
    description: intent.description,
    excluded_payment_method_types: null,
    last_payment_error: decline === null ? null : lastError(view, decline),
    latest_charge: reference(view, place, 'charge', intent.latestCharge, 'latest_charge', expand),
    livemode: false,
    managed_payments: null,
    metadata: intent.metadata,
    next_action: intent.status === 'requires_action' ? nextAction(place, intent) : null,
    on_behalf_of: null,
    payment_method: reference(view, place, 'payment_method', intent.paymentMethod, 'payment_method', expand),
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: intent.receiptEmail,
    review: null,
    setup_future_usage: intent.setupFutureUsage,
    shipping: intent.shipping === null ? null : jsonFromText(intent.shipping),
    source: null,
    statement_descriptor: intent.statementDescriptor,
    statement_descriptor_suffix: intent.statementDescriptorSuffix,
    status: intent.status,
    transfer_data: null,
    transfer_group: null,
  };
}

/** The secret by which a browser may see one payment. */
export function clientSecretOf(intent: string): string {
  return `${intent}_secret_${alphanumeric(intent).slice(0, 24)}`;
}

function lastError(view: View, decline: NonNullable<Intent['lastDecline']>): JsonObject {
  const paymentMethod = view.paymentMethod(decline.paymentMethod);
  const shown = paymentMethod === undefined ? null : renderPaymentMethod(paymentMethod);
  if (decline.charge === null)
    return {
      code: decline.declineCode,
      message: 'The cardholder could not prove who they are.',
      payment_method: shown,
      type: 'invalid_request_error',
    };
  return {
    advice_code: adviceOf(decline.declineCode),
    charge: decline.charge,
    code: errorCodeOf(decline.declineCode),
    decline_code: decline.declineCode,
    message: declineMessage(decline.declineCode),
    ...networkCodeOf(view.charge(decline.charge)),
    payment_method: shown,
    type: 'card_error',
  };
}

/** The card network's own code of a decline, where the issuer gave one. */
function networkCodeOf(charge: Charge | undefined): JsonObject {
  const code = charge?.networkDeclineCode ?? null;
  return code === null ? {} : { network_decline_code: code };
}

function nextAction(place: Place, intent: Intent): Json {
  if (intent.returnUrl === null)
    return { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } };
  return {
    type: 'redirect_to_url',
    redirect_to_url: { return_url: intent.returnUrl, url: `${place.publicUrl}/challenge/${intent.id}` },
  };
}

function renderCharge(view: View, place: Place, charge: Charge, expand: Expansion): JsonObject {
  const paymentMethod = view.paymentMethod(charge.paymentMethod);
  const declined = charge.declineCode;
  // What was released counts as given back, so the sum shown is not only refunds.
  const givenBack = charge.amountRefunded + charge.amountReleased;
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: charge.amountCaptured,
    amount_refunded: givenBack,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: charge.captured ? `txn_${charge.id.slice(3)}` : null,
    billing_details: billingOf(paymentMethod),
    calculated_statement_descriptor: null,
    captured: charge.captured,
    created: seconds(charge.createdAt),
    currency: charge.currency,
    customer: null,
    description: view.intent(charge.intent)?.description ?? null,
    disputed: charge.disputed,
    failure_balance_transaction: null,
    failure_code: declined === null ? null : errorCodeOf(declined),
    failure_message: declined === null ? null : declineMessage(declined),
    fraud_details: {},
    livemode: false,
    metadata: view.intent(charge.intent)?.metadata ?? {},
    on_behalf_of: null,
    outcome: {
      advice_code: declined === null ? null : adviceOf(declined),
      network_advice_code: null,
      network_decline_code: charge.networkDeclineCode,
      network_status: declined === null ? 'approved_by_network' : 'declined_by_network',
      reason: declined,
      risk_level: 'normal',
      seller_message: declined === null ? 'Payment complete.' : declineMessage(declined),
      type: declined === null ? 'authorized' : 'issuer_declined',
    },
    paid: declined === null,
    payment_intent: reference(view, place, 'payment_intent', charge.intent, 'payment_intent', expand),
    payment_method: charge.paymentMethod,
    payment_method_details: { card: cardDetails(charge, paymentMethod), type: 'card' },
    receipt_email: view.intent(charge.intent)?.receiptEmail ?? null,
    receipt_number: null,
    receipt_url: null,
    refunded: declined === null && givenBack === charge.amount,
    review: null,
    shipping: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: declined === null ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  };
}

function renderRefund(view: View, place: Place, refund: Refund, expand: Expansion): JsonObject {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: `txn_${refund.id.slice(3)}`,
    charge: reference(view, place, 'charge', refund.charge, 'charge', expand),
    created: seconds(refund.createdAt),
    currency: refund.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: refund.metadata,
    payment_intent: reference(view, place, 'payment_intent', refund.intent, 'payment_intent', expand),
    payment_method: view.charge(refund.charge)?.paymentMethod ?? null,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    ...(refund.failureReason === null ? {} : { failure_reason: refund.failureReason }),
    ...(refund.status === 'pending' ? { pending_reason: 'processing' } : {}),
    transfer_reversal: null,
  };
}

function renderDispute(view: View, place: Place, dispute: Dispute, expand: Expansion): JsonObject {
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: [],
    charge: reference(view, place, 'charge', dispute.charge, 'charge', expand),
    created: seconds(dispute.createdAt),
    currency: dispute.currency,
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: { due_by: null, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: reference(view, place, 'payment_intent', dispute.intent, 'payment_intent', expand),
    reason: dispute.reason,
    status: 'needs_response',
  };
}

function secondsOrNull(milliseconds: number | null): number | null {
  return milliseconds === null ? null : seconds(milliseconds);
}
