// Codecs of the nouns that several endpoints speak of.
import { isArticleCode } from '../../domain/catalogue.js';
import { isCountryCode } from '../../domain/country.js';
import { isCurrency } from '../../domain/currency.js';
import { isOrderId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import { isPaymentMethodToken } from '../../domain/payment.js';
import { isQuantity, largestQuantity } from '../../domain/quantity.js';
import { hasCardNumber } from '../../domain/order/card-numbers.js';
import { branded, brandedNumber, closed, type Codec, line, list, orNull, whole } from './codecs.js';

const uuidPattern = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
const uuid = new RegExp(uuidPattern);

/** True for a UUID in lower case. */
export const isUuid = (text: string): text is string => uuid.test(text);

/** A UUID in lower case. */
export const uuidCodec: Codec<string> = branded(isUuid, { format: 'uuid', pattern: uuidPattern });
/** An order's id. */
export const orderIdCodec = branded(isOrderId, { format: 'uuid', pattern: uuidPattern });
/** An ISO 4217 code. */
export const currencyCodec = branded(isCurrency, { pattern: '^[A-Z]{3}$', description: 'ISO 4217' });
/** An ISO 3166-1 alpha-2 code. */
export const countryCodec = branded(isCountryCode, { pattern: '^[A-Z]{2}$', description: 'ISO 3166-1' });
/** An article's code as the shop writes it. */
export const articleCodec = branded(isArticleCode, { minLength: 1, maxLength: 40 });
/** The card processor's token of a card, never a card number. */
export const paymentMethodCodec = branded(isPaymentMethodToken, {
  minLength: 4,
  maxLength: 255,
  description: 'The card processor’s token of a card, such as pm_…; never a card number.',
});
/** Units of one article. */
export const quantityCodec = brandedNumber(isQuantity, { minimum: 1, maximum: largestQuantity });
/** A moment in an answer, in UTC with milliseconds. */
export const momentCodec: Codec<string> = branded(
  (text): text is string => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text),
  { format: 'date-time' },
);
/** An amount in an answer: whole minor units of the currency beside it. */
export const minorCodec: Codec<number> = whole(-999_999_999_999, 999_999_999_999);

/** The moment as JSON says it. */
export const momentOf = (instant: Instant): string => new Date(instant).toISOString();

/** 64 octets before the @ and 255 behind it, 254 in all; ASCII, with no comments, quotes or line breaks. */
const isEmail = (text: string): text is string =>
  text.length <= 254 &&
  !hasCardNumber(text) &&
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]+$/.test(text) &&
  text.indexOf('@') <= 64 &&
  text
    .slice(text.indexOf('@') + 1)
    .split('.')
    .every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label));

/** An e-mail address that mail services take: ASCII, an international domain in its `xn--` form. */
export const emailCodec: Codec<string> = branded(isEmail, { format: 'email', maxLength: 254 });

/** A postal address. */
export const addressCodec = closed('PostalAddress', {
  lines: list(line(1, 100), 1, 4),
  city: line(1, 100),
  postcode: orNull(line(1, 16)),
  country: countryCodec,
});

/** One line of goods with its price. */
export const orderLineCodec = closed('OrderLine', {
  lineNumber: whole(1, 1_000),
  code: articleCodec,
  description: line(1, 1_000),
  quantity: quantityCodec,
  unitPrice: minorCodec,
});
