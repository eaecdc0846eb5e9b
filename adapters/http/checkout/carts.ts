// The hand-over of a signed cart. The token is the authority: anybody may bring it, and it opens nothing by itself,
// because only the customer whom the shop names can order the cart.
import * as E from 'fp-ts/lib/Either.js';
import type { CartReceipt, handOverCart } from '../../../application/orders/hand-over-cart.js';
import { closed, list, opaque } from '../codecs.js';
import { anyone, type Endpoint, jsonAnswer, refuse, takingBody } from '../endpoint.js';
import {
  countryCodec,
  currencyCodec,
  minorCodec,
  momentCodec,
  momentOf,
  orderIdCodec,
  orderLineCodec,
} from '../values.js';
import { handOverProblem } from './refusals.js';

const receiptCodec = closed('CartReceipt', {
  orderId: orderIdCodec,
  total: minorCodec,
  currency: currencyCodec,
  lines: list(orderLineCodec, 1, 1_000),
  delivery: minorCodec,
  destinations: list(countryCodec, 1, 300),
  expiresAt: momentCodec,
});

const taken = jsonAnswer(201, 'The cart was taken and can be ordered.', receiptCodec);
const known = jsonAnswer(200, 'The same cart was handed over before.', receiptCodec);

const receiptOf = ({ orderId, cart, expiresAt }: CartReceipt) => ({
  orderId,
  total: cart.total.minor,
  currency: cart.currency,
  lines: cart.lines.map((line) => ({ ...line, unitPrice: line.unitPrice.minor })),
  delivery: cart.delivery.minor,
  destinations: [...cart.destinations],
  expiresAt: momentOf(expiresAt),
});

/** What the hand-over needs. */
export type CartPorts = { readonly handOver: ReturnType<typeof handOverCart> };

/** Endpoints for carts. */
export const cartEndpoints = ({ handOver }: CartPorts): readonly Endpoint[] => [
  takingBody({
    ...{ guard: anyone, method: 'post', path: '/carts', id: 'handOverCart' },
    summary: 'Hand over a cart that a shop signed.',
    body: closed('CartHandOver', { token: opaque(1, 65_536) }),
    answers: [taken, known],
    problems: [
      ...(['cart_token_malformed', 'cart_signature_not_trusted', 'cart_algorithm_not_trusted'] as const),
      ...(['cart_key_not_trusted', 'cart_issuer_not_trusted', 'cart_audience_not_trusted'] as const),
      ...(['cart_token_life_too_long', 'cart_expired', 'cart_refused', 'cart_token_reused'] as const),
      ...(['cart_used', 'unavailable'] as const),
    ],
    handle: async (_, __, { token }) => {
      const receipt = await handOver(token)();
      if (E.isLeft(receipt)) {
        const refused = refuse(handOverProblem(receipt.left));
        const isUntrusted = receipt.left.type === 'token_not_trusted';
        return isUntrusted && refused.type === 'problem' ? { ...refused, challenge: 'Cart-Token' } : refused;
      }
      const answer = receipt.right.known ? known : taken;
      return answer.reply(receiptOf(receipt.right));
    },
  }),
];
