import * as E from 'fp-ts/lib/Either.js';
import { type Currency, exponentOf, isCurrency } from '../../domain/currency.js';
import { type Money, money } from '../../domain/money.js';

// Where Stripe counts in other minor units than ISO 4217: króna and shilling still with the two digits they once had,
// the ariary without its fifths (Stripe's page on currencies, "zero-decimal currencies" and "special cases").
const processorExponents: ReadonlyMap<string, number> = new Map([
  ['ISK', 2],
  ['UGX', 2],
  ['MGA', 0],
]);

const shiftOf = (currency: Currency): number =>
  (processorExponents.get(currency) ?? exponentOf(currency)) - exponentOf(currency);

/** The amount in Stripe's minor units; null when those cannot express it. */
export const toProcessorAmount = ({ minor, currency }: Money): number | null => {
  const amount = minor * 10 ** shiftOf(currency);
  return Number.isSafeInteger(amount) && amount > 0 ? amount : null;
};

/** An amount as Stripe tells it, its currency in any case; null when it is none that we know. */
export const fromProcessorAmount = (amount: number, currency: string): Money | null => {
  const code = currency.toUpperCase();
  if (!isCurrency(code)) return null;
  const read = money(amount / 10 ** shiftOf(code), code);
  return E.isRight(read) ? read.right : null;
};
