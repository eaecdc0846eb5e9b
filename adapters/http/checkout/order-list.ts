// Pages of orders from the read model, newest first. A page is continued by a cursor, not by a number, so that orders
// placed meanwhile shift nothing.
import * as E from 'fp-ts/lib/Either.js';
import type { OrderViewFilter, OrderViewPlace, OrderViews } from '../../../application/ports/order-views.js';
import type { OrderView } from '../../../application/read-models/order-view.js';
import { isOrderId } from '../../../domain/ids.js';
import { isInstant } from '../../../domain/instant.js';
import { finalPhases } from '../../../domain/order/phase.js';
import { branded, choice, closed, list, opaque, orAbsent, orNull, truth, whole } from '../codecs.js';
import { jsonAnswer, type Reply, refuse } from '../endpoint.js';
import { passing } from '../problems.js';
import { currencyCodec, minorCodec, momentCodec, momentOf, orderIdCodec } from '../values.js';
import { statusCodec } from './order-answer.js';
import { heldCodec } from './payment-answer.js';

const cursorOf = ({ placedAt, orderId }: OrderViewPlace): string => `${placedAt}_${orderId}`;

function placeOf(cursor: string): OrderViewPlace | null {
  const [at = '', orderId = ''] = cursor.split('_');
  const placedAt = /^\d{1,15}$/.test(at) ? Number(at) : -1;
  return isInstant(placedAt) && isOrderId(orderId) ? { placedAt, orderId } : null;
}

const isCursor = (text: string): text is string => placeOf(text) !== null;
const isLimit = (text: string): text is string => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= 500;

/** The query of a page: at most 500 orders, 50 unless told. */
export const pageFields = {
  after: orAbsent(branded(isCursor, { description: 'The `next` of the page before.' })),
  limit: orAbsent(branded(isLimit, { pattern: '^[1-9][0-9]{0,2}$', description: '1 to 500, 50 if absent' })),
};

const pageCodec = closed('OrderPage', {
  orders: list(
    closed('OrderSummary', {
      orderId: orderIdCodec,
      status: statusCodec,
      isFinal: truth,
      placedAt: momentCodec,
      changedAt: momentCodec,
      currency: currencyCodec,
      total: minorCodec,
      held: orNull(heldCodec),
      charged: orNull(minorCodec),
      refunded: minorCodec,
      awaits: orNull(choice('another_card', 'challenge')),
      isOnHold: truth,
      units: whole(0, Number.MAX_SAFE_INTEGER),
    }),
    0,
    500,
  ),
  next: orNull(opaque(1, 100)),
});

/** A page of orders. It may be a moment behind; a single order never is. */
export const pageAnswer = jsonAnswer(
  200,
  'Orders, newest first. `next` is null on the last page.',
  pageCodec,
);

const heldOf = ({ reserved, heldUntil }: OrderView) =>
  reserved === null || heldUntil === null ? null : { amount: reserved.minor, until: momentOf(heldUntil) };

const summaryOf = (view: OrderView) => ({
  orderId: view.orderId,
  status: view.phase,
  isFinal: finalPhases.has(view.phase),
  placedAt: momentOf(view.placedAt),
  changedAt: momentOf(view.changedAt),
  currency: view.total.currency,
  total: view.total.minor,
  held: heldOf(view),
  charged: view.charged?.minor ?? null,
  refunded: view.refunded.minor,
  awaits: view.awaitsCustomer,
  isOnHold: view.phase === 'OnHold' && view.holds.length > 0,
  units: view.units,
});

/** Answers a page of the orders that fulfil the conditions. */
export async function replyWithPage(
  orderViews: Pick<OrderViews, 'list'>,
  conditions: Pick<OrderViewFilter, 'phase' | 'customerId'>,
  page: { readonly after?: string | undefined; readonly limit?: string | undefined },
): Promise<Reply> {
  const after = page.after === undefined ? null : placeOf(page.after);
  const limit = Number(page.limit ?? 50);
  const found = await orderViews.list({ ...conditions, limit, ...(after && { after }) })();
  if (E.isLeft(found)) return refuse(passing('unavailable'));
  const { views, next } = found.right;
  return pageAnswer.reply({ orders: views.map(summaryOf), next: next && cursorOf(next) });
}
