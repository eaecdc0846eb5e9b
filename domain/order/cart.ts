import * as E from 'fp-ts/lib/Either.js';
import { classifyCode, type CodeScheme, isArticleCode } from '../catalogue.js';
import { countriesNamed, type CountryCode } from '../country.js';
import { type Currency, isCurrency } from '../currency.js';
import { fromDecimal, type Money, multiply, sum } from '../money.js';
import { isQuantity, largestQuantity } from '../quantity.js';
import { hasCardNumber } from './card-numbers.js';
import type { OrderLine } from './events.js';

/** A cart as the shop signed it: well-formed, nothing checked yet. Amounts are decimal texts such as `2.10`. */
export type CartDraft = {
  /** The shop's own number for the customer; null when the shop does not know who buys. */
  readonly customerReference: string | null;
  /** Destination country as the shop writes it: a code or a name. */
  readonly country: string;
  readonly currency: string;
  readonly lines: readonly CartDraftLine[];
  readonly total: string;
};

/** One line of a cart as the shop signed it. */
export type CartDraftLine = {
  readonly code: string;
  readonly description: string;
  readonly quantity: number;
  readonly unitPrice: string;
};

/** A cart that broke no rule; only `reviewCart` makes one. */
export type Cart = {
  readonly customerReference: string;
  /** Countries the shop's text may mean; the delivery address must be in one of them. */
  readonly destinations: readonly CountryCode[];
  readonly currency: Currency;
  readonly lines: readonly OrderLine[];
  readonly delivery: Money;
  readonly total: Money;
};

/** Why a cart is refused. */
export type CartProblemReason =
  | 'customer_missing'
  | 'country_unresolvable'
  | 'code_not_sellable'
  | 'no_product_line'
  | 'quantity_not_positive'
  | 'price_not_positive'
  | 'price_not_whole_pence'
  | 'description_missing'
  | 'quantity_too_large'
  | 'price_malformed'
  | 'currency_unknown'
  | 'too_many_lines'
  | 'amount_out_of_range'
  | 'card_number_in_text'
  | 'total_mismatch';

/** One broken rule and the field that breaks it, as a path such as `lines/3/unitPrice` (lines count from 0). */
export type CartProblem = { readonly reason: CartProblemReason; readonly path: string };

/** A rule of carts: finds every field that breaks it. */
export type CartRule = {
  readonly reason: CartProblemReason;
  readonly broken: (draft: CartDraft, scheme: CodeScheme) => readonly string[];
};

/** The most lines a cart may have; the longest real order has 450. */
export const mostLines = 1_000;

const linesWhere = (
  draft: CartDraft,
  field: string,
  broken: (line: CartDraftLine) => boolean,
): readonly string[] =>
  draft.lines.flatMap((line, index) => (broken(line) ? [`lines/${String(index)}/${field}`] : []));

const priceProblem = (line: CartDraftLine, currency: string): CartProblemReason | null => {
  if (!isCurrency(currency)) return null;
  const price = fromDecimal(line.unitPrice, currency);
  if (E.isRight(price)) return price.right.minor > 0 ? null : 'price_not_positive';
  switch (price.left.type) {
    case 'not_a_decimal':
      return 'price_malformed';
    case 'not_whole_minor_units':
      return price.left.sign > 0 ? 'price_not_whole_pence' : 'price_not_positive';
    case 'amount_out_of_range':
      return 'amount_out_of_range';
  }
};

const priceRule = (reason: CartProblemReason): CartRule => ({
  reason,
  broken: (draft) => linesWhere(draft, 'unitPrice', (line) => priceProblem(line, draft.currency) === reason),
});

/**
 * Every rule a cart must keep, each independent of the others so that a refusal names all that is wrong.
 * Adding a rule is adding an entry.
 */
export const cartRules: readonly CartRule[] = [
  {
    reason: 'customer_missing',
    broken: (draft) => ((draft.customerReference ?? '').trim() === '' ? ['customerReference'] : []),
  },
  {
    reason: 'country_unresolvable',
    broken: (draft) => (countriesNamed(draft.country).length === 0 ? ['country'] : []),
  },
  {
    reason: 'code_not_sellable',
    broken: (draft, scheme) =>
      linesWhere(
        draft,
        'code',
        ({ code }) => !isArticleCode(code) || classifyCode(code, scheme) === 'not_sellable',
      ),
  },
  {
    reason: 'no_product_line',
    broken: (draft, scheme) =>
      draft.lines.some(({ code }) => classifyCode(code, scheme) === 'product') ? [] : ['lines'],
  },
  {
    reason: 'quantity_not_positive',
    broken: (draft) => linesWhere(draft, 'quantity', ({ quantity }) => !(quantity > 0)),
  },
  priceRule('price_not_positive'),
  priceRule('price_not_whole_pence'),
  {
    reason: 'description_missing',
    broken: (draft) => linesWhere(draft, 'description', ({ description }) => description.trim() === ''),
  },
  {
    reason: 'quantity_too_large',
    broken: (draft) =>
      linesWhere(
        draft,
        'quantity',
        ({ quantity }) => quantity > largestQuantity || (quantity > 0 && !isQuantity(quantity)),
      ),
  },
  priceRule('price_malformed'),
  priceRule('amount_out_of_range'),
  { reason: 'currency_unknown', broken: (draft) => (isCurrency(draft.currency) ? [] : ['currency']) },
  { reason: 'too_many_lines', broken: (draft) => (draft.lines.length > mostLines ? ['lines'] : []) },
  {
    // A shop may pass on what a customer typed, an engraving for instance. A cart is kept as it is and shown to many.
    reason: 'card_number_in_text',
    broken: (draft) => [
      ...linesWhere(draft, 'code', ({ code }) => hasCardNumber(code)),
      ...linesWhere(draft, 'description', ({ description }) => hasCardNumber(description)),
    ],
  },
];

const problems = (draft: CartDraft, scheme: CodeScheme): readonly CartProblem[] =>
  cartRules.flatMap((rule) => rule.broken(draft, scheme).map((path) => ({ reason: rule.reason, path })));

type PricedLine = OrderLine & { readonly isDelivery: boolean };

const pricedLine = (
  line: CartDraftLine,
  index: number,
  currency: Currency,
  scheme: CodeScheme,
): readonly PricedLine[] => {
  const unitPrice = fromDecimal(line.unitPrice, currency);
  if (E.isLeft(unitPrice) || !isArticleCode(line.code) || !isQuantity(line.quantity)) return [];
  const { code, quantity } = line;
  const isDelivery = classifyCode(code, scheme) === 'delivery';
  const description = line.description.trim();
  return [{ lineNumber: index + 1, code, description, quantity, unitPrice: unitPrice.right, isDelivery }];
};

const goodsLine = ({ lineNumber, code, description, quantity, unitPrice }: PricedLine): OrderLine => ({
  lineNumber,
  code,
  description,
  quantity,
  unitPrice,
});

const amountsOf = (lines: readonly OrderLine[], currency: Currency) =>
  lines.reduce<E.Either<CartProblem, readonly Money[]>>((amounts, line) => {
    if (E.isLeft(amounts)) return amounts;
    const amount = multiply(line.unitPrice, line.quantity);
    return E.isRight(amount) && amount.right.currency === currency
      ? E.right([...amounts.right, amount.right])
      : E.left({ reason: 'amount_out_of_range', path: `lines/${String(line.lineNumber - 1)}` });
  }, E.right([]));

const totalOf = (lines: readonly OrderLine[], currency: Currency): E.Either<CartProblem, Money> => {
  const amounts = amountsOf(lines, currency);
  if (E.isLeft(amounts)) return amounts;
  const total = sum(amounts.right, currency);
  return E.isRight(total) ? total : E.left({ reason: 'amount_out_of_range', path: 'total' });
};

/**
 * Checks a shop's cart and re-derives every amount from its lines. Refuses with all problems, in the order of
 * `cartRules`; the signed total is compared last, once every line could be priced.
 */
export const reviewCart = (draft: CartDraft, scheme: CodeScheme): E.Either<readonly CartProblem[], Cart> => {
  const found = problems(draft, scheme);
  const { currency } = draft;
  if (found.length > 0 || !isCurrency(currency)) return E.left(found);
  const priced = draft.lines.flatMap((line, index) => pricedLine(line, index, currency, scheme));
  const total = totalOf(priced, currency);
  if (E.isLeft(total)) return E.left([total.left]);
  const delivery = totalOf(
    priced.filter((line) => line.isDelivery),
    currency,
  );
  if (E.isLeft(delivery)) return E.left([delivery.left]);
  const signed = fromDecimal(draft.total, currency);
  if (E.isLeft(signed) || signed.right.minor !== total.right.minor) {
    return E.left([{ reason: 'total_mismatch', path: 'total' }]);
  }
  return E.right({
    customerReference: (draft.customerReference ?? '').trim(),
    destinations: countriesNamed(draft.country),
    currency,
    lines: priced.filter((line) => !line.isDelivery).map(goodsLine),
    delivery: delivery.right,
    total: total.right,
  });
};
