// The port PaymentGateway over Stripe's payment intents with manual capture. The hard promise is to know what became
// of an attempt, of a charge and of a refund; each file below `stripe/` says how it keeps it.
import type Stripe from 'stripe';
import type { PaymentGateway } from '../../application/ports/payment-gateway.js';
import { findDispute, paymentsOf } from './stripe/books.js';
import { charge, findCharge } from './stripe/charges.js';
import { findRefund, refund } from './stripe/refunds.js';
import { findReservation, reserve, voidReservation } from './stripe/reservations.js';

/** Makes the gateway. The client must not repeat calls by itself: then a failure would be told of the last try only. */
export const stripeGateway = (stripe: Stripe): PaymentGateway => ({
  reserve: (request) => () => reserve(stripe, request),
  findReservation: (orderId, attempt) => () => findReservation(stripe, orderId, attempt),
  charge: (request) => () => charge(stripe, request),
  findCharge: (reference) => () => findCharge(stripe, reference),
  voidReservation: (reference) => () => voidReservation(stripe, reference),
  refund: (request) => () => refund(stripe, request),
  findRefund: (reference, number) => () => findRefund(stripe, reference, number),
  findDispute: (reference) => () => findDispute(stripe, reference),
  paymentsOf: (orderId) => () => paymentsOf(stripe, orderId),
});
