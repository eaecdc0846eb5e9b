// What the use cases refuse, in the words of the API. Every union is closed by an exhaustive switch.
import type { ChangeOrderError } from '../../../application/orders/change-order.js';
import type { HandOverError } from '../../../application/orders/hand-over-cart.js';
import type { CommandError } from '../../../application/handle-order-command.js';
import type { PlaceOrderError } from '../../../application/orders/place-order.js';
import type { ReadError } from '../../../application/ports/event-store.js';
import { absurd } from '../../../domain/brand.js';
import type { CartProblem, CartProblemReason } from '../../../domain/order/cart.js';
import type { Refusal } from '../../../domain/order/refusal.js';
import type { FieldProblem } from '../codecs.js';
import { fieldComplaints } from '../codecs.js';
import { passing, type Problem, problem } from '../problems.js';

const cartSentences: Readonly<Record<CartProblemReason, string>> = {
  customer_missing: 'The shop does not say which customer buys.',
  country_unresolvable: 'No country goes by this name or code.',
  code_not_sellable: 'This is not an article that can be bought.',
  no_product_line: 'The cart holds no goods.',
  quantity_not_positive: 'The quantity must be at least 1.',
  price_not_positive: 'The price must be above zero.',
  price_not_whole_pence: 'The price must be in whole minor units of the currency.',
  description_missing: 'The article has no description.',
  quantity_too_large: 'The quantity must be a whole number of at most 1,000,000.',
  price_malformed: 'The price is not a plain decimal number.',
  currency_unknown: 'No currency goes by this code.',
  too_many_lines: 'The cart has more than 1,000 lines.',
  amount_out_of_range: 'The amount is too large.',
  card_number_in_text: 'This looks like a card number. Card numbers are never accepted here.',
  total_mismatch: 'The total is not the sum of the lines.',
};

const cartRefused = (problems: readonly CartProblem[]): Problem => ({
  code: problems.some(({ reason }) => reason === 'card_number_in_text')
    ? 'card_number_not_accepted'
    : 'cart_refused',
  errors: problems.map(({ reason, path }): FieldProblem => ({
    ...{ code: reason, path: `/${path}`, detail: cartSentences[reason] },
  })),
});

/** A reading or writing of the store that did not work. */
export function storeProblem(error: ReadError): Problem {
  switch (error.type) {
    case 'store_unavailable':
      return passing('unavailable');
    case 'unreadable_event':
      return problem('internal_error');
    default:
      return absurd(error);
  }
}

const untrusted = {
  signature: 'cart_signature_not_trusted',
  algorithm: 'cart_algorithm_not_trusted',
  key: 'cart_key_not_trusted',
  issuer: 'cart_issuer_not_trusted',
  audience: 'cart_audience_not_trusted',
} as const;

/** Why a cart was not taken. */
export function handOverProblem(error: HandOverError): Problem {
  switch (error.type) {
    case 'token_malformed': {
      const path = /^[A-Za-z0-9_/-]{1,80}$/.test(error.path) ? `/token/${error.path}` : '/token';
      const errors = [{ code: 'wrong_format', path, detail: fieldComplaints.wrong_format }];
      return { code: 'cart_token_malformed', errors };
    }
    case 'token_not_trusted':
      return problem(untrusted[error.reason]);
    case 'token_expired':
      return problem('cart_expired');
    case 'token_life_too_long':
      return problem('cart_token_life_too_long');
    case 'cart_refused':
      return cartRefused(error.problems);
    case 'cart_token_reused':
      return problem('cart_token_reused');
    case 'cart_used':
      return { code: 'cart_used', orderId: error.orderId };
    case 'customers_unavailable':
      return passing('unavailable');
    case 'store_unavailable':
    case 'unreadable_event':
      return storeProblem(error);
    default:
      return absurd(error);
  }
}

/** Refusals that a customer's command can meet have codes of their own; the others mean that the order moved on. */
function refusalProblem(refusal: Refusal): Problem {
  switch (refusal.type) {
    case 'order_unknown':
    case 'order_exists':
      return problem('not_found');
    case 'destination_not_in_cart': {
      const detail = 'The cart was made for delivery to another country.';
      const errors = [{ code: refusal.type, path: '/address/country', detail }];
      return { code: 'destination_not_in_cart', errors };
    }
    case 'too_late_to_cancel':
      return problem('too_late_to_cancel');
    case 'card_never_again':
      return problem('card_refused_for_good');
    case 'card_tried_too_often':
      return problem('card_tried_too_often');
    case 'no_attempt_left':
      return problem('no_attempt_left');
    case 'deadline_passed':
      return problem('pay_again_deadline_passed');
    case 'refund_above_charge':
      return problem('refund_above_charge');
    case 'refund_id_used':
      return problem('refund_id_used');
    case 'on_hold':
    case 'renewal_not_due':
    case 'refund_unknown':
    case 'refunded_amount_differs':
    case 'wrong_phase':
    case 'order_closing':
    case 'grace_not_over':
    case 'deadline_not_passed':
    case 'attempt_unknown':
    case 'reserved_amount_differs':
    case 'charged_amount_differs':
    case 'reservation_expired':
    case 'not_charged':
    case 'something_still_held':
    case 'pick_line_unknown':
    case 'pick_line_missing':
    case 'pick_line_repeated':
    case 'picked_quantity_wrong':
    case 'short_reason_missing':
    case 'parcels_invalid':
    case 'notification_not_due':
    case 'money':
      return problem('order_changed');
    default:
      return absurd(refusal);
  }
}

function commandProblem(error: CommandError): Problem {
  switch (error.type) {
    case 'refused':
      return refusalProblem(error.refusal);
    case 'too_many_conflicts':
      return passing('order_busy');
    case 'events_too_large':
      return problem('order_too_large');
    // The append may have happened: the same request again finds out and answers as it should have.
    case 'append_outcome_unknown':
      return passing('unavailable');
    case 'store_unavailable':
    case 'unreadable_event':
      return storeProblem(error);
    default:
      return absurd(error);
  }
}

/** Why no order was placed. */
export function placeOrderProblem(error: PlaceOrderError): Problem {
  switch (error.type) {
    case 'cart_unknown':
      return problem('not_found');
    case 'cart_expired':
      return problem('cart_expired');
    case 'cart_refused':
      return cartRefused(error.problems);
    case 'customers_unavailable':
      return passing('unavailable');
    case 'refused':
    case 'too_many_conflicts':
    case 'events_too_large':
    case 'append_outcome_unknown':
    case 'store_unavailable':
    case 'unreadable_event':
      return commandProblem(error);
    default:
      return absurd(error);
  }
}

/** Why an order was not changed. */
export function changeOrderProblem(error: ChangeOrderError): Problem {
  return error.type === 'order_unknown' ? problem('not_found') : commandProblem(error);
}
