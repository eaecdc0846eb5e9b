import type { MatchName } from './line-match.js';

/**
 * Why a line of a cancellation cannot be resolved, in the order in which a refusal names them. Six are matches of that
 * name (see `MatchName`), and three are ours:
 * - `order_refused`: it fits only orders that the checkout refused, which never took money;
 * - `ambiguous`: it fits several order lines alike (`exact_several`, `partial_several`), or the whole cancellation is the
 *   reverse of several identical orders;
 * - `over_refunding`: with what was taken of the order line before, by earlier cancellations or by earlier lines of the
 *   same one, it would take more than was ordered.
 */
export const refusalReasons = [
  'not_a_product',
  'no_customer',
  'nothing_reversed',
  'no_prior_order',
  'quantity_exceeds',
  'price_differs',
  'order_refused',
  'ambiguous',
  'over_refunding',
] as const satisfies ReadonlyArray<MatchName | 'order_refused' | 'ambiguous' | 'over_refunding'>;

/** One of `refusalReasons`. */
export type RefusalReason = (typeof refusalReasons)[number];

/** A line of an order, counted from 1. */
export type LinePlace = { readonly invoiceNumber: string; readonly lineNumber: number };

/** A line of a cancellation that cannot be resolved, with the order lines that it might mean, earliest first. */
export type RefusedLine = {
  /** In the cancellation, from 1. */
  readonly lineNumber: number;
  readonly code: string;
  readonly reason: RefusalReason;
  readonly candidates: readonly LinePlace[];
};

/** Units taken back from one line of an order. */
export type RefundedLine = {
  /** In the order, from 1. */
  readonly lineNumber: number;
  /** As the order has it, which may differ from the cancellation in upper and lower case. */
  readonly code: string;
  readonly quantity: number;
  /** What the units cost together, in pence. */
  readonly amount: number;
};

/** What one order gives back for a cancellation. The cancellation's number and this order's number name it uniquely. */
export type OrderRefund = {
  readonly invoiceNumber: string;
  /** Sum of its lines, in pence; more than nothing. */
  readonly amount: number;
  /** In the order of the cancellation; two of its lines may take from the same one. */
  readonly lines: readonly RefundedLine[];
};

/** What becomes of one cancellation; `cancellation` is its number, such as `C562375`. */
export type CancellationOutcome =
  | {
      /** Takes back all of one earlier order, delivery too: a cancellation while nothing of it has shipped. */
      readonly type: 'whole_order';
      readonly cancellation: string;
      readonly invoiceNumber: string;
      /** The order's total, in pence. */
      readonly amount: number;
    }
  | {
      /** Takes back lines of one or several earlier orders; one refund an order. */
      readonly type: 'refund';
      readonly cancellation: string;
      readonly refunds: readonly OrderRefund[];
    }
  | {
      /** Gives nothing back, not even for lines that could be resolved. */
      readonly type: 'refused';
      readonly cancellation: string;
      /** Each reason once, in the order of `refusalReasons`. */
      readonly reasons: readonly RefusalReason[];
      /** The lines that cannot be resolved. */
      readonly lines: readonly RefusedLine[];
    };
