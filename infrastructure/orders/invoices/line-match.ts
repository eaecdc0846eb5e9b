import { classifyCode, giftWholesalerScheme } from '../../../domain/catalogue.js';
import { millionths } from './decimals.js';
import type { FiledInvoice, InvoiceLine } from './invoices.js';
import type { BookedLine, OrderBook } from './order-book.js';

/**
 * How a cancelled line fits the earlier orders of its customer, as the sample's README names it:
 * - `exact_…`: lines of that code, quantity and price; `partial_…`: none of those, but lines of more at that price;
 * - `price_differs`: only lines at other prices are large enough; `quantity_exceeds`: no single line is;
 * - `no_prior_order`: the customer has no earlier line of that code;
 * - `not_a_product` (delivery, fees, discounts, manual lines) comes before `no_customer`.
 *
 * `nothing_reversed` is ours: a quantity that is not negative takes nothing back. The sample has none.
 */
export type MatchName = LineMatch['name'];

/** A match with the order lines that it rests on, earliest first. */
export type LineMatch =
  | { readonly fit: 'one'; readonly name: 'exact_one' | 'partial_one'; readonly line: BookedLine }
  | {
      readonly fit: 'several';
      readonly name: 'exact_several' | 'partial_several';
      readonly candidates: readonly BookedLine[];
    }
  | {
      readonly fit: 'none';
      readonly name:
        | 'price_differs'
        | 'quantity_exceeds'
        | 'no_prior_order'
        | 'no_customer'
        | 'not_a_product'
        | 'nothing_reversed';
      readonly candidates: readonly BookedLine[];
    };

const fitting = (kind: 'exact' | 'partial', lines: readonly BookedLine[]): LineMatch | null => {
  const [line] = lines;
  if (line === undefined) return null;
  return lines.length === 1
    ? { fit: 'one', name: `${kind}_one`, line }
    : { fit: 'several', name: `${kind}_several`, candidates: lines };
};

/** Matches a line of a cancellation with the book's earlier orders. What other cancellations took does not count here. */
export const matchLine = (cancellation: FiledInvoice, claim: InvoiceLine, book: OrderBook): LineMatch => {
  const { customer, position } = cancellation;
  const units = -claim.quantity;
  if (classifyCode(claim.stockCode, giftWholesalerScheme) !== 'product') {
    return { fit: 'none', name: 'not_a_product', candidates: [] };
  }
  if (customer === null) return { fit: 'none', name: 'no_customer', candidates: [] };
  if (units <= 0) return { fit: 'none', name: 'nothing_reversed', candidates: [] };
  const earlier = book.linesBefore(customer, claim.stockCode, position);
  if (earlier.length === 0) return { fit: 'none', name: 'no_prior_order', candidates: [] };
  const price = millionths(claim.unitPrice);
  const atPrice = earlier.filter((line) => price !== null && line.price === price);
  const exact = atPrice.filter(({ quantity }) => quantity === units);
  const larger = atPrice.filter(({ quantity }) => quantity > units);
  const match = fitting('exact', exact) ?? fitting('partial', larger);
  if (match !== null) return match;
  const largeEnough = earlier.filter(({ quantity }) => quantity >= units);
  return largeEnough.length > 0
    ? { fit: 'none', name: 'price_differs', candidates: largeEnough }
    : { fit: 'none', name: 'quantity_exceeds', candidates: earlier };
};
