import type { Branded } from './brand.js';
import type { OrderId } from './ids.js';
import type { Instant } from './instant.js';
import type { Money } from './money.js';

/** The card processor's name for a card (`pm_…`). Card numbers never reach us. */
export type PaymentMethodToken = Branded<string, 'PaymentMethodToken'>;

/** True for a processor token: letters, digits and underscores, 4 to 255, never a run of 12 digits (a card number). */
export const isPaymentMethodToken = (value: string): value is PaymentMethodToken =>
  /^[A-Za-z][A-Za-z0-9_]{3,254}$/.test(value) && !/\d{12}/.test(value);

/** What a request to the processor is for. */
export type PaymentPurpose = 'reserve' | 'charge' | 'refund';

/** The key under which the processor recognises a repeated request: `{orderId}:{purpose}:{n}`. */
export type PaymentKey = `${string}:${PaymentPurpose}:${number}`;

/** True for `{uuid}:reserve:{n}`, `{uuid}:charge:{n}` and `{uuid}:refund:{n}`. */
export const isPaymentKey = (value: string): value is PaymentKey =>
  /^[0-9a-f-]{36}:(?:reserve|charge|refund):[1-9]\d{0,3}$/.test(value);

/** The key of the n-th request of one purpose for an order; n counts from 1 to 9999. */
export const paymentKey = (orderId: OrderId, purpose: PaymentPurpose, n: number): PaymentKey =>
  `${orderId}:${purpose}:${n}`;

/** How an address or security-code check at the issuer ended. */
export type CardCheck = 'pass' | 'fail' | 'unavailable' | 'unchecked';

/** The four facts of a card that we may see. */
export type CardSummary = { readonly brand: string; readonly lastFour: string };

/** Money held on a card until `captureBefore`, at the processor under `reference`. */
export type Reservation = {
  readonly attempt: number;
  readonly reference: string;
  readonly amount: Money;
  readonly captureBefore: Instant;
  readonly card: CardSummary;
  readonly addressCheck: CardCheck;
  readonly securityCodeCheck: CardCheck;
};

/**
 * The customer must confirm a payment with the bank, at `url`; the processor knows the payment under `reference`. The
 * address serves only that and only for this payment, so it may be stored.
 */
export type Challenge = { readonly reference: string; readonly url: string };

/** Which failed checks make the shop refuse a card that its issuer approved. */
export type CardPolicy = {
  readonly refuseFailedAddressCheck: boolean;
  readonly refuseFailedSecurityCodeCheck: boolean;
};

/**
 * What a decline allows next. soft: the issuer was not available, try again soon; fixable: after the customer
 * corrected the card's data; funds: later; authentication: the customer must confirm with the bank;
 * hard: never this card again; policy: we refused the card after its approval.
 */
export type DeclineClass = 'soft' | 'fixable' | 'funds' | 'authentication' | 'hard' | 'policy';

/** A card's refusal: the class decides what happens next, the code is the processor's own word for it. */
export type Decline = { readonly class: DeclineClass; readonly code: string };
