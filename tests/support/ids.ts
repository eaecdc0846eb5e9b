// Typed identifiers and values for tests, made through the domain's own guards: a wrong one fails the test at once.
import { randomUUID } from 'node:crypto';
import { type ArticleCode, isArticleCode } from '../../domain/catalogue.js';
import { type CountryCode, isCountryCode } from '../../domain/country.js';
import { type Currency, isCurrency } from '../../domain/currency.js';
import {
  type CommandId,
  type ContactSnapshotId,
  type CustomerId,
  isCommandId,
  isContactSnapshotId,
  isCustomerId,
  isOrderId,
  isSignInId,
  type OrderId,
  type SignInId,
} from '../../domain/ids.js';
import { type Instant, isInstant } from '../../domain/instant.js';
import {
  isPaymentKey,
  isPaymentMethodToken,
  type PaymentKey,
  type PaymentMethodToken,
} from '../../domain/payment.js';
import { isQuantity, type Quantity } from '../../domain/quantity.js';

/** The value under the name its guard stands for; throws when the guard refuses it. */
export const checked = <Value, Narrow extends Value>(
  guard: (value: Value) => value is Narrow,
  value: Value,
): Narrow => {
  if (guard(value)) return value;
  throw new Error(`refused by ${guard.name}: ${String(value)}`);
};

// The `number`th UUID of a family; families keep ids of different kinds apart.
const uuid = (family: number, number: number): string => {
  const part = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return `${part(family, 8)}-0000-4000-8000-${part(number, 12)}`;
};

/** An order that no other test knows. */
export const newOrderId = (): OrderId => checked(isOrderId, randomUUID());
/** A customer that no other test knows. */
export const newCustomerId = (): CustomerId => checked(isCustomerId, randomUUID());

/** The `number`th order of a test. */
export const orderIdNumbered = (number: number): OrderId => checked(isOrderId, uuid(1, number));
/** The `number`th customer of a test. */
export const customerIdNumbered = (number: number): CustomerId => checked(isCustomerId, uuid(2, number));
/** The `number`th sign-in of a test. */
export const signInIdNumbered = (number: number): SignInId => checked(isSignInId, uuid(3, number));
/** The `number`th contact snapshot of a test. */
export const contactSnapshotIdNumbered = (number: number): ContactSnapshotId =>
  checked(isContactSnapshotId, uuid(4, number));
/** The `number`th command of a test. */
export const commandIdNumbered = (number: number): CommandId => checked(isCommandId, uuid(5, number));

/** A moment in milliseconds since 1970; throws for what is none. */
export const instantOf = (milliseconds: number): Instant => checked(isInstant, milliseconds);
/** An ISO 4217 code; throws for any other text. */
export const currencyOf = (code: string): Currency => checked(isCurrency, code);
/** An ISO 3166-1 alpha-2 code; throws for any other text. */
export const countryOf = (code: string): CountryCode => checked(isCountryCode, code);
/** An article code; throws for any other text. */
export const articleOf = (code: string): ArticleCode => checked(isArticleCode, code);
/** A quantity of a line; throws for any other number. */
export const quantityOf = (units: number): Quantity => checked(isQuantity, units);
/** A processor's token of a card; throws for any other text. */
export const paymentMethodOf = (token: string): PaymentMethodToken => checked(isPaymentMethodToken, token);
/** A key of a payment request; throws for any other text. */
export const paymentKeyOf = (key: string): PaymentKey => checked(isPaymentKey, key);
