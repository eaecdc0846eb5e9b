import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { PostalAddress } from '../../application/ports/customers.js';
import { type CountryCode, isCountryCode } from '../../domain/country.js';
import type { CartDraft } from '../../domain/order/cart.js';

/** The personal part of a contact snapshot. */
export type Contact = { readonly name: string; readonly email: string; readonly address: PostalAddress };

const country = new t.Type<CountryCode>(
  'CountryCode',
  (value): value is CountryCode => typeof value === 'string' && isCountryCode(value),
  (value, context) =>
    typeof value === 'string' && isCountryCode(value) ? t.success(value) : t.failure(value, context),
  (code) => code,
);

const textOrNull = t.union([t.string, t.null]);

const contact: t.Type<Contact, unknown> = t.readonly(
  t.type({
    name: t.string,
    email: t.string,
    address: t.readonly(
      t.type({ lines: t.readonlyArray(t.string), city: t.string, postcode: textOrNull, country }),
    ),
  }),
);

const draft: t.Type<CartDraft, unknown> = t.readonly(
  t.type({
    customerReference: textOrNull,
    country: t.string,
    currency: t.string,
    lines: t.readonlyArray(
      t.readonly(t.type({ code: t.string, description: t.string, quantity: t.number, unitPrice: t.string })),
    ),
    total: t.string,
  }),
);

/** What a codec reads from a stored document; throws without naming a value when it is none. */
const read = <Document>(codec: t.Type<Document, unknown>, stored: unknown): Document => {
  const decoded = codec.decode(stored);
  if (E.isLeft(decoded)) throw new Error(`a stored document is no ${codec.name}`);
  return decoded.right;
};

/** Reads a stored contact; throws when it is none. */
export const contactOf = (stored: unknown): Contact => read(contact, stored);

/** The stored form of a contact. */
export const contactText = ({ name, email, address }: Contact): string => {
  const { lines, city, postcode, country: code } = address;
  return JSON.stringify({ name, email, address: { lines, city, postcode, country: code } });
};

/** Reads a stored cart; throws when it is none. */
export const draftOf = (stored: unknown): CartDraft => read(draft, stored);

/** The stored form of a cart: the same text for the same content, whatever the order of its fields was. */
export const draftText = (cart: CartDraft): string =>
  JSON.stringify({
    customerReference: cart.customerReference,
    country: cart.country,
    currency: cart.currency,
    lines: cart.lines.map(({ code, description, quantity, unitPrice }) => ({
      code,
      description,
      quantity,
      unitPrice,
    })),
    total: cart.total,
  });
