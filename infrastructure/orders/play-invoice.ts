import * as t from 'io-ts';
import { signCart } from '../local/storefront/sign-cart.js';
import type { StackSecrets } from '../local/stack/secrets.js';
import { addressOf, cartOf, customerOf, tokenIdOf } from './invoices/cart-of-invoice.js';
import type { Follower } from './follow-order.js';
import { type ApiClient, bodyOf, UnexpectedAnswer } from './http-client.js';
import type { Invoice } from './invoices/invoices.js';
import { type AfterPlacing, cancelOrder, nameOtherCard } from './people/after-placing.js';
import type { PlannedOrder } from './plan.js';
import { type GivenRefund, type RefundDesk, refundOrder } from './people/refund-order.js';
import type { Shoppers } from './people/shoppers.js';

const Receipt = t.type({ orderId: t.string });
const Refused = t.type({
  code: t.union([t.literal('cart_refused'), t.literal('card_number_not_accepted')]),
  errors: t.array(t.type({ code: t.string })),
});
const Used = t.type({ code: t.literal('cart_used'), orderId: t.string });
const InFlight = t.type({ code: t.literal('request_in_flight') });
const Placed = t.type({ orderId: t.string, total: t.number });

/** What became of one invoice, as the checkout answered. */
export type Played =
  | { readonly type: 'refused'; readonly invoice: string; readonly reasons: readonly string[] }
  | {
      readonly type: 'ordered';
      readonly invoice: string;
      readonly planned: PlannedOrder;
      readonly orderId: string;
      /** Minor units. */
      readonly total: number;
      /** True when an earlier play had placed it. */
      readonly repeated: boolean;
      /** The last status that was seen; null when none came in time. */
      readonly status: string | null;
      readonly placeMilliseconds: number;
      /** Another card was named after the first had been declined. */
      readonly namedCard: boolean;
      /** What the refunds of the plan came to, in its order. */
      readonly refunds: readonly GivenRefund[];
    };

/** What playing an invoice needs. */
export type Stage = {
  readonly web: ApiClient;
  readonly follower: Follower;
  readonly shoppers: Shoppers;
  readonly storefront: StackSecrets['storefront'];
  /** Names the file: the same invoice of the same source is the same cart. */
  readonly source: string;
  /** The card that pays, as the processor's token. */
  readonly paymentMethod: string;
  readonly finalWithinSeconds: number;
  /** The operator who gives money back. */
  readonly desk: RefundDesk;
  /** Called once the cancellation of an order was answered: the floor may have it now. */
  readonly onCancelled?: (orderId: string) => void;
};

type HandedOver =
  | { readonly type: 'taken'; readonly orderId: string }
  | { readonly type: 'refused'; readonly reasons: readonly string[] };

const audience = 'checkout';

const handOver = async (stage: Stage, invoice: Invoice): Promise<HandedOver> => {
  const { issuer, kid, privateKey } = stage.storefront;
  const tokenId = tokenIdOf(stage.source, invoice);
  const handover = { issuer, audience, tokenId, issuedAt: Date.now() };
  const token = await signCart(privateKey, kid, cartOf(invoice), handover);
  const answer = await stage.web.call({ method: 'POST', path: '/carts', body: { token } });
  switch (answer.status) {
    case 200:
    case 201:
      return { type: 'taken', orderId: bodyOf(Receipt, answer, 'cart').orderId };
    case 410:
      return { type: 'taken', orderId: bodyOf(Used, answer, 'used cart').orderId };
    case 422: {
      const { errors } = bodyOf(Refused, answer, 'refused cart');
      return { type: 'refused', reasons: [...new Set(errors.map(({ code }) => code))].sort() };
    }
    default:
      throw new UnexpectedAnswer(`cart of invoice ${invoice.number}: status ${String(answer.status)}`);
  }
};

const inFlightPause = 200;

const place = async (stage: Stage, planned: PlannedOrder, orderId: string, token: string) => {
  const { invoice } = planned;
  const reference = invoice.customer ?? '';
  const body = {
    orderId,
    recipient: customerOf(reference).name,
    address: addressOf(invoice),
    paymentMethod: planned.firstCard ?? stage.paymentMethod,
  };
  const key = `${stage.source}-${invoice.number}`;
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key };
  const began = performance.now();
  for (;;) {
    const answer = await stage.web.call({ method: 'POST', path: '/orders', body, headers });
    // 409: the answer to the same request was cut off, and it is still in work.
    if (answer.status === 409 && InFlight.is(answer.body)) {
      await new Promise((resume) => setTimeout(resume, inFlightPause));
      continue;
    }
    if (answer.status !== 200 && answer.status !== 201) {
      const why = JSON.stringify(answer.body).slice(0, 300);
      throw new UnexpectedAnswer(
        `order of invoice ${invoice.number}: status ${String(answer.status)} ${why}`,
      );
    }
    const { total } = bodyOf(Placed, answer, 'placed order');
    return { total, repeated: answer.status === 200, placeMilliseconds: performance.now() - began };
  }
};

/**
 * Plays one order from the shop's signature to its last status, with the cancellation, the other card and the refunds of
 * its plan. Playing it again changes nothing. Throws `UnexpectedAnswer`.
 */
export const playOrder = async (stage: Stage, planned: PlannedOrder): Promise<Played> => {
  const { invoice } = planned;
  const cart = await handOver(stage, invoice);
  if (cart.type === 'refused') return { ...cart, invoice: invoice.number };
  const { orderId } = cart;
  const token = await stage.shoppers.tokenOf(invoice.customer ?? '');
  const placed = await place(stage, planned, orderId, token);
  const deadline = Date.now() + stage.finalWithinSeconds * 1000;
  const after: AfterPlacing = { ...stage, orderId, token, deadline };
  if (planned.cancellation !== null) {
    await cancelOrder(after, planned.cancellation);
    stage.onCancelled?.(orderId);
  }
  const namedCard = planned.firstCard !== null && (await nameOtherCard(after));
  const last = await stage.follower.untilFinal(orderId, token, deadline);
  const refunds: GivenRefund[] = [];
  // Each in its turn, as the shop has written them down: what is left of the charge depends on the ones before.
  for (const refund of last === null ? [] : planned.refunds) {
    refunds.push(await refundOrder(stage.desk, orderId, refund));
  }
  const status = last?.status ?? null;
  return {
    type: 'ordered',
    invoice: invoice.number,
    planned,
    orderId,
    status,
    ...placed,
    namedCard,
    refunds,
  };
};

/** Plays one invoice as an order that goes well. */
export const playInvoice = (stage: Stage, invoice: Invoice): Promise<Played> =>
  playOrder(stage, { invoice, firstCard: null, cancellation: null, refunds: [] });
