import { type Instant, plusSeconds } from '../../domain/instant.js';
import type { PayAgain } from '../../domain/order/commands.js';
import { payAgainUntil } from '../../domain/order/decisions/repaying.js';
import { isOffTheShelf } from '../../domain/order/decisions/closing.js';
import type { HoldReason } from '../../domain/order/events.js';
import type { Payment, PlacedOrder } from '../../domain/order/order.js';
import { nextPayment } from '../../domain/order/rules/next-payment.js';
import type { Decline } from '../../domain/payment.js';

/** How long the shop gives its customers: for another card, and to confirm a payment with the bank. */
export type WaitLimits = PayAgain & { readonly challengeSeconds: number };

/** Something an order waits for before it can go on. */
export type OrderWait =
  /** The customer names another card; `until` is null when the shop's time for it is not known here. */
  | { readonly type: 'another_card'; readonly decline: Decline; readonly until: Instant | null }
  /** The customer confirms the payment with the bank at `url`; `until` as above. */
  | { readonly type: 'challenge'; readonly url: string; readonly until: Instant | null }
  /** The issuer was not available; the next try follows by itself. */
  | { readonly type: 'automatic_retry'; readonly decline: Decline }
  /** The processor's answer was lost and is looked up. */
  | { readonly type: 'lost_answer'; readonly request: 'reservation' | 'charge' | 'refund' }
  /** A person releases every hold. */
  | { readonly type: 'hold'; readonly reasons: readonly HoldReason[] }
  /** The floor puts the goods of an order on its way out back into their bins. */
  | { readonly type: 'put_back' }
  /** Money on its way back arrives. */
  | { readonly type: 'refund'; readonly refundIds: readonly string[] };

const isOpen = ({ lifecycle: { stage } }: PlacedOrder): boolean =>
  stage !== 'rejected' && stage !== 'cancelling' && stage !== 'cancelled' && stage !== 'completed';

const declineOf = (payment: Payment): Decline | null =>
  payment.status === 'declined' || payment.status === 'charge_failed' ? payment.trouble.decline : null;

const paymentWait = (order: PlacedOrder, limits: WaitLimits | null): readonly OrderWait[] => {
  const { payment } = order;
  if (payment.status === 'authenticating') {
    const { url } = payment.challenge;
    return [
      {
        type: 'challenge',
        url,
        until: limits === null ? null : plusSeconds(payment.at, limits.challengeSeconds),
      },
    ];
  }
  const decline = declineOf(payment);
  if (decline === null) return [];
  const next = nextPayment(order);
  if (next === 'reserve_soon' || next === 'charge_soon') return [{ type: 'automatic_retry', decline }];
  if (next !== 'ask') return [];
  const until = limits === null ? null : payAgainUntil(order, limits);
  return [{ type: 'another_card', decline, until }];
};

const lostAnswers = ({ payment, refunds }: PlacedOrder): readonly OrderWait[] => {
  const request = payment.status === 'reserving' ? 'reservation' : 'charge';
  const isLost =
    (payment.status === 'reserving' || payment.status === 'charging') &&
    payment.request.outcome === 'unknown';
  return [
    ...(isLost ? [{ type: 'lost_answer', request } as const] : []),
    ...(refunds.some(({ status }) => status === 'unknown')
      ? [{ type: 'lost_answer', request: 'refund' } as const]
      : []),
  ];
};

/**
 * What stands in the order's way now, what the customer can do first. Empty when the order goes on by itself or is at
 * its end. `limits` are the shop's at the time of reading; null when they are not known.
 */
export const orderWaits = (order: PlacedOrder, limits: WaitLimits | null): readonly OrderWait[] => {
  const refundIds = order.refunds
    .filter(({ status }) => status === 'requested')
    .map(({ refundId }) => refundId);
  const open = isOpen(order);
  return [
    ...(open ? paymentWait(order, limits) : []),
    ...lostAnswers(order),
    ...(open && order.fulfilment.status !== 'shipped' && order.holds.size > 0
      ? [{ type: 'hold', reasons: [...order.holds] } as const]
      : []),
    ...(order.lifecycle.stage === 'cancelling' && isOffTheShelf(order)
      ? [{ type: 'put_back' } as const]
      : []),
    ...(refundIds.length > 0 ? [{ type: 'refund', refundIds } as const] : []),
  ];
};
