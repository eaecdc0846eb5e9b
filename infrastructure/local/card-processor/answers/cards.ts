import type { Charge, PaymentMethod } from '../records.js';
import { testCard } from '../rules/tables/test-cards.js';
import { alphanumeric } from '../wire/ids.js';
import { jsonFromText, type Json } from '../wire/json.js';
import { seconds, type JsonObject } from './json-object.js';

/** `payment_method_details.card` of a charge. */
export function cardDetails(charge: Charge, paymentMethod: PaymentMethod | undefined): JsonObject {
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
  const { address } = billingOf(paymentMethod);
  return {
    brand,
    checks: {
      address_line1_check: card?.addressLine1Check ?? (address['line1'] === null ? null : 'pass'),
      address_postal_code_check: card?.postalCodeCheck ?? (address['postal_code'] === null ? null : 'pass'),
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

/** A payment method as the API shows it. */
export function renderPaymentMethod(paymentMethod: PaymentMethod): JsonObject {
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

/** A payment method's billing details with every field that the API shows. */
export function billingOf(
  paymentMethod: PaymentMethod | undefined,
): JsonObject & { readonly address: JsonObject } {
  const read = paymentMethod === undefined ? {} : jsonFromText(paymentMethod.billing);
  const given = isObject(read) ? read : {};
  const address = isObject(given['address']) ? given['address'] : {};
  return {
    email: null,
    name: null,
    phone: null,
    tax_id: null,
    ...given,
    address: { ...noAddress, ...address },
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
