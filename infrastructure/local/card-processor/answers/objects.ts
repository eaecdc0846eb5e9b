import type { Charge, Intent, PaymentMethod, Refund } from '../records.js';
import { declineMessage } from '../rules/charging.js';
import type { ObjectKind } from '../rules/operation.js';
import { adviceOf, errorCodeOf, testCard } from '../rules/test-cards.js';
import { alphanumeric } from '../wire/ids.js';
import { jsonFromText, type Json } from '../wire/json.js';
import type { View } from './view.js';

type JsonObject = { readonly [name: string]: Json };

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
    payment_method: shown,
    type: 'card_error',
  };
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
    disputed: false,
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
      network_decline_code: null,
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

function cardDetails(charge: Charge, paymentMethod: PaymentMethod | undefined): JsonObject {
  return {
    amount_authorized: charge.declineCode === null ? charge.amount : null,
    ...cardFacts(paymentMethod),
    ...(charge.captureBefore === null ? {} : { capture_before: seconds(charge.captureBefore) }),
    extended_authorization: { status: 'disabled' },
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network_token: { used: false },
    overcapture: { maximum_amount_capturable: charge.amount, status: 'unavailable' },
    three_d_secure: charge.authenticated
      ? { authentication_flow: 'challenge', result: 'authenticated', version: '2.2.0' }
      : null,
    wallet: null,
  };
}

function cardFacts(paymentMethod: PaymentMethod | undefined): JsonObject {
  const card = testCard(paymentMethod?.card ?? 'pm_card_visa');
  const brand = card?.brand ?? 'unknown';
  return {
    brand,
    checks: {
      address_line1_check: card?.addressLine1Check ?? null,
      address_postal_code_check: card?.postalCodeCheck ?? null,
      cvc_check: card?.cvcCheck ?? null,
    },
    country: card?.country ?? null,
    exp_month: 8,
    exp_year: 2035,
    fingerprint: alphanumeric(card?.name ?? '').slice(0, 16),
    funding: card?.funding ?? 'unknown',
    last4: card?.last4 ?? '0000',
    network: brand,
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
    status: 'succeeded',
    transfer_reversal: null,
  };
}

function renderPaymentMethod(paymentMethod: PaymentMethod): JsonObject {
  const { network, ...facts } = cardFacts(paymentMethod);
  return {
    id: paymentMethod.id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: billingOf(paymentMethod),
    card: {
      ...facts,
      display_brand: network ?? null,
      generated_from: null,
      networks: { available: [network ?? 'unknown'], preferred: null },
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: seconds(paymentMethod.createdAt),
    customer: null,
    livemode: false,
    metadata: paymentMethod.metadata,
    type: 'card',
  };
}

const noAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

function billingOf(paymentMethod: PaymentMethod | undefined): Json {
  const given = paymentMethod === undefined ? {} : jsonFromText(paymentMethod.billing);
  const address = isObject(given) && isObject(given['address']) ? given['address'] : {};
  return {
    email: null,
    name: null,
    phone: null,
    tax_id: null,
    ...(isObject(given) ? given : {}),
    address: { ...noAddress, ...address },
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

function secondsOrNull(milliseconds: number | null): number | null {
  return milliseconds === null ? null : seconds(milliseconds);
}
