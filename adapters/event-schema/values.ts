// Codecs of the values that events are made of: the stored JSON form on one side, the domain's types on the other.
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { isArticleCode } from '../../domain/catalogue.js';
import { isCountryCode } from '../../domain/country.js';
import { isCurrency } from '../../domain/currency.js';
import { isCommandId, isContactSnapshotId, isCustomerId, isOrderId, isSignInId } from '../../domain/ids.js';
import { type Instant, isInstant } from '../../domain/instant.js';
import { type Money, money as moneyOf } from '../../domain/money.js';
import { isPaymentKey, isPaymentMethodToken } from '../../domain/payment.js';
import { isQuantity } from '../../domain/quantity.js';

const text = <Value extends string>(
  name: string,
  guard: (value: string) => value is Value,
): t.Type<Value, string, unknown> => {
  const is = (value: unknown): value is Value => typeof value === 'string' && guard(value);
  return new t.Type<Value, string, unknown>(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : t.failure(value, context)),
    (value) => value,
  );
};

const number = <Value extends number>(
  name: string,
  guard: (value: number) => value is Value,
): t.Type<Value, number, unknown> => {
  const is = (value: unknown): value is Value => typeof value === 'number' && guard(value);
  return new t.Type<Value, number, unknown>(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : t.failure(value, context)),
    (value) => value,
  );
};

/** A text that is one of the names. */
export const oneOf = <Name extends string>(
  name: string,
  ...names: readonly Name[]
): t.Type<Name, string, unknown> =>
  text(name, (value): value is Name => names.some((known) => known === value));

/** The value or null; a missing field is not null. */
export const orNull = <Value, Output>(
  codec: t.Type<Value, Output, unknown>,
): t.Type<Value | null, Output | null, unknown> => t.union([codec, t.null], `${codec.name} or null`);

export const articleCode = text('ArticleCode', isArticleCode);
export const commandId = text('CommandId', isCommandId);
export const contactSnapshotId = text('ContactSnapshotId', isContactSnapshotId);
export const countryCode = text('CountryCode', isCountryCode);
export const currency = text('Currency', isCurrency);
export const customerId = text('CustomerId', isCustomerId);
export const orderId = text('OrderId', isOrderId);
export const paymentKey = text('PaymentKey', isPaymentKey);
export const paymentMethodToken = text('PaymentMethodToken', isPaymentMethodToken);
export const signInId = text('SignInId', isSignInId);
export const quantity = number('Quantity', isQuantity);

/** 0 and more, without a fraction. */
export const wholeNumber = number(
  'WholeNumber',
  (value): value is number => Number.isSafeInteger(value) && value >= 0,
);

/** 1 and more, without a fraction. */
export const countingNumber = number(
  'CountingNumber',
  (value): value is number => Number.isSafeInteger(value) && value >= 1,
);

const utcMilliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const instantFrom = (value: string): Instant | null => {
  if (!utcMilliseconds.test(value)) return null;
  const milliseconds = Date.parse(value);
  // Date accepts 31 February as 3 March; what it made of the text must be the text.
  return isInstant(milliseconds) && new Date(milliseconds).toISOString() === value ? milliseconds : null;
};

/** A moment, stored as `2026-01-31T12:00:00.000Z` and in no other way. */
export const instant = new t.Type<Instant, string, unknown>(
  'Instant',
  (value): value is Instant => typeof value === 'number' && isInstant(value),
  (value, context) => {
    const found = typeof value === 'string' ? instantFrom(value) : null;
    return found === null ? t.failure(value, context) : t.success(found);
  },
  (value) => new Date(value).toISOString(),
);

const moneyFields = t.strict({ minor: t.number, currency });

/** An amount, stored as `{ "minor": 1050, "currency": "GBP" }`. */
export const money = new t.Type<Money, t.OutputOf<typeof moneyFields>, unknown>(
  'Money',
  (value): value is Money => moneyFields.is(value) && E.isRight(moneyOf(value.minor, value.currency)),
  (value, context) => {
    const fields = moneyFields.validate(value, context);
    if (E.isLeft(fields)) return fields;
    const amount = moneyOf(fields.right.minor, fields.right.currency);
    return E.isRight(amount) ? amount : t.failure(value, context);
  },
  (value) => moneyFields.encode(value),
);
