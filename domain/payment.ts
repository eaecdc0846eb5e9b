import type { Branded } from './brand.js';
import type { Instant } from './instant.js';
import type { Money } from './money.js';

/** The card processor's name for a card (`pm_…`). Card numbers never reach us. */
export type PaymentMethodToken = Branded<string, 'PaymentMethodToken'>;

/** True for a processor token: letters, digits and underscores, 4 to 255, never a run of 12 digits (a card number). */
export const isPaymentMethodToken = (value: string): value is PaymentMethodToken =>
  /^[A-Za-z][A-Za-z0-9_]{3,254}$/.test(value) && !/\d{12}/.test(value);

/** The key under which the processor recognises a repeated request: `{orderId}:{purpose}:{n}`. */
export type PaymentKey = Branded<string, 'PaymentKey'>;

/** True for `{uuid}:reserve:{n}` and `{uuid}:charge:{n}`. */
export const isPaymentKey = (value: string): value is PaymentKey =>
  /^[0-9a-f-]{36}:(?:reserve|charge):[1-9]\d{0,3}$/.test(value);

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
 * What a decline allows next. soft: the issuer was not available, try again soon; fixable: after the customer
 * corrected the card's data; funds: later; authentication: the customer must confirm with the bank;
 * hard: never this card again; policy: we refused the card after its approval.
 */
export type DeclineClass = 'soft' | 'fixable' | 'funds' | 'authentication' | 'hard' | 'policy';

/** A card's refusal: the class decides what happens next, the code is the processor's own word for it. */
export type Decline = { readonly class: DeclineClass; readonly code: string };
