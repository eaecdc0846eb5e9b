// What shoppers and operators do while an order is under way: other cards, challenges, second thoughts, holds, refunds.
import * as E from 'fp-ts/lib/Either.js';
import { cancelOrder } from '../../application/orders/cancel-order.js';
import { createOrderDesk } from '../../application/orders/order-desk.js';
import { replacePaymentMethod } from '../../application/orders/replace-payment-method.js';
import type { CustomerId, OrderId } from '../../domain/ids.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { fold } from '../../domain/order/evolve.js';
import { refundableAmount } from '../../domain/order/rules/kept-money.js';
import { type PaymentMethodToken } from '../../domain/payment.js';
import { paymentMethodOf } from '../support/ids.js';
import type { Checkout } from './checkout.js';

/** Cards by how many in a hundred shoppers have them. */
const cards = [
  { name: 'visa', percent: 62 },
  { name: 'chargeDeclinedInsufficientFunds', percent: 8 },
  { name: 'chargeDeclinedStolenCard', percent: 5 },
  { name: 'threeDSecure2Required', percent: 12 },
  { name: 'cvcCheckFail', percent: 4 },
  { name: 'captureDeclined', percent: 3 },
  { name: 'pendingRefund', percent: 6 },
] as const;

/** A shopper's first card. */
export const drawCard = ({ scheduler }: Checkout): PaymentMethodToken => {
  let left = scheduler.choose('card', 100);
  for (const { name, percent } of cards) {
    if (left < percent) return paymentMethodOf(`pm_card_${name}`);
    left -= percent;
  }
  return paymentMethodOf('pm_card_visa');
};

const isFinal = (error: { readonly type: string }): boolean => /^(refused|order_unknown)$/.test(error.type);

/** Repeats until there is an answer that will not change. */
const insist = async (
  { scheduler }: Checkout,
  ask: () => Promise<E.Either<{ readonly type: string }, unknown>>,
): Promise<boolean> => {
  for (;;) {
    const answer = await ask();
    if (E.isRight(answer) || isFinal(answer.left)) return E.isRight(answer);
    await scheduler.sleep(1_000);
  }
};

const orderIn = async ({ eventStore, answerOf }: Checkout, orderId: OrderId): Promise<PlacedOrder | null> => {
  const stored = answerOf(await eventStore.read(orderId, { direction: 'forwards' })());
  const order = fold(stored.map(({ event }) => event));
  return order.type === 'placed_order' ? order : null;
};

const hasEnded = ({ lifecycle: { stage } }: PlacedOrder): boolean =>
  stage === 'completed' || stage === 'cancelled' || stage === 'rejected';

/** Looks at the order now and then, and does what the shopper can do about its money; ends with the order. */
export const attend = async (checkout: Checkout, orderId: OrderId, customerId: CustomerId): Promise<void> => {
  const { scheduler, ledger, callerPorts, policy } = checkout;
  const ports = callerPorts('web');
  const hasOtherCard = scheduler.choose('other card', 10) < 7;
  const atTheBank = scheduler.choose('bank', 10);
  const named = new Set<number>();
  for (;;) {
    await scheduler.sleep(10_000 + scheduler.choose('look', 10_000));
    const order = await orderIn(checkout, orderId);
    if (order === null || hasEnded(order)) return;
    const { payment } = order;
    // Some close the tab at the bank.
    if (payment.status === 'authenticating' && atTheBank < 8) {
      ledger.gateway.answerChallenge(payment.challenge.reference, atTheBank < 6);
    }
    const asked = payment.status === 'declined' || payment.status === 'charge_failed';
    if (asked && hasOtherCard && !payment.trouble.answered && !named.has(payment.trouble.attempt)) {
      named.add(payment.trouble.attempt);
      const card = paymentMethodOf('pm_card_mastercard');
      const replace = replacePaymentMethod({ ...ports, settings: policy.settings });
      const done = await insist(checkout, () => replace(orderId, customerId, card, `card-${orderId}`)());
      scheduler.note(`${orderId} other card ${String(done)}`);
    }
  }
};

/** Some shoppers change their minds, many at once and a few when the goods lie on the floor already. */
export const changeMind = async (
  checkout: Checkout,
  orderId: OrderId,
  customerId: CustomerId,
): Promise<void> => {
  const { scheduler, callerPorts } = checkout;
  if (scheduler.choose('cancel', 100) >= 20) return;
  await scheduler.sleep(scheduler.choose('cancel after', 300_000));
  const by = { type: 'customer', customerId } as const;
  await insist(checkout, () =>
    cancelOrder({ ...callerPorts('web'), settings: checkout.policy.settings })(
      orderId,
      by,
      `cancel-${orderId}`,
    )(),
  );
};

/** Operators hold a few orders for a while, and give some money of others back: two of them at once, with one id. */
export const operate = async (checkout: Checkout, orderId: OrderId): Promise<void> => {
  const { scheduler, callerPorts, system } = checkout;
  const desk = createOrderDesk({ ...callerPorts('web'), settings: checkout.policy.settings });
  const drawn = scheduler.choose('operator', 100);
  if (drawn < 4) {
    await scheduler.sleep(scheduler.choose('hold after', 150_000));
    const held = await insist(checkout, () => desk.placeHold(orderId, 'Olga', 'fraud', 'hold')());
    await scheduler.sleep(scheduler.choose('hold for', 4_500_000));
    if (held) await insist(checkout, () => desk.releaseHold(orderId, 'Olga', 'fraud', 'release')());
  } else if (drawn < 14) {
    const giveUpAt = system.now() + 3_600_000;
    for (;;) {
      await scheduler.sleep(20_000);
      const order = await orderIn(checkout, orderId);
      if (order === null || system.now() > giveUpAt) return;
      if (order.payment.status !== 'charged') continue;
      const part = 1 + scheduler.choose('refund part', 3);
      const most = refundableAmount(order);
      const amount = { ...most, minor: Math.max(1, Math.floor(most.minor / part)) };
      const refund = { refundId: 'goodwill-1', amount, reason: 'goodwill' } as const;
      await Promise.all(
        ['Olga', 'Omar'].map((name) =>
          insist(checkout, () => desk.refund(orderId, name, refund, 'refund')()),
        ),
      );
      return;
    }
  }
};
