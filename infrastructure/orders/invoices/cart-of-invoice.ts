import { createHash } from 'node:crypto';
import { countriesNamed } from '../../../domain/country.js';
import type { StorefrontCart } from '../../local/storefront/sign-cart.js';
import { exactTotal, withPence } from './decimals.js';
import type { Invoice } from './invoices.js';

/** The cart of an invoice, as its shop would sign it: nothing filtered, nothing mended. */
export const cartOf = (invoice: Invoice): StorefrontCart => ({
  customerReference: invoice.customer,
  country: invoice.country,
  currency: 'GBP',
  lines: invoice.lines.map(({ stockCode, description, quantity, unitPrice }) => ({
    code: stockCode,
    description,
    quantity,
    unitPrice: withPence(unitPrice),
  })),
  total: exactTotal(invoice.lines),
});

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The one-time id of an invoice's cart: the same invoice of the same file again is the same cart. */
export const tokenIdOf = (source: string, invoice: Invoice): string =>
  hash(`${source}\0${invoice.number}`).slice(0, 32);

/**
 * The person behind a shop's customer number: the same one in every file, as the checkout binds the number to an account.
 * Files have no names or e-mail addresses, so each number gets its own.
 */
export const customerOf = (reference: string) => ({
  email: `customer-${reference}@shop.example`,
  name: `Customer ${reference}`,
  password: `a long pass phrase of customer ${reference}`,
});

/**
 * The delivery address of a customer number, in the first country that the invoice's country text may mean. Only for
 * carts that the checkout took, whose country it could resolve.
 */
export const addressOf = (invoice: Invoice) => ({
  lines: [`${String(1 + (Number(invoice.customer ?? 0) % 180))} Market Street`],
  city: 'Exampleton',
  postcode: 'EX4 7PL',
  country: countriesNamed(invoice.country)[0] ?? 'GB',
});
