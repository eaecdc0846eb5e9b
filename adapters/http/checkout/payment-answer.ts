// What a customer is told about the money of an order, and what is needed from them.
import { orderMoney } from '../../../application/read-models/order-money.js';
import { orderWaits, type WaitLimits } from '../../../application/read-models/order-waits.js';
import type { PlacedOrder } from '../../../domain/order/order.js';
import { cancellationOf } from '../../../domain/order/rules/cancellation.js';
import type { Decline, DeclineClass } from '../../../domain/payment.js';
import { choice, closed, line, list, orNull, variants, whole } from '../codecs.js';
import { minorCodec, momentCodec, momentOf } from '../values.js';

/** Money on a card that can be taken until a moment. */
export const heldCodec = closed('HeldMoney', { amount: minorCodec, until: momentCodec });

/** Where the money of an order is, in minor units of its currency. `asked` may or may not be held already. */
export const moneyCodec = closed('OrderMoney', {
  asked: orNull(minorCodec),
  held: orNull(heldCodec),
  charged: orNull(minorCodec),
  released: orNull(minorCodec),
  refunded: minorCodec,
  refunding: minorCodec,
});

/** The money of an order as JSON says it. */
export const moneyAnswer = (order: PlacedOrder) => {
  const { asked, held, charged, released, refunded, refunding } = orderMoney(order);
  return {
    asked: asked?.amount.minor ?? null,
    held: held === null ? null : { amount: held.amount.minor, until: momentOf(held.until) },
    charged: charged?.minor ?? null,
    released: released?.minor ?? null,
    refunded: refunded.minor,
    refunding: refunding.minor,
  };
};

const advices = [
  'correct_the_card',
  'confirm_with_the_bank',
  'try_later_or_another',
  'another_card',
] as const;

// A customer is not told that a card counts as lost or stolen, nor which of our own rules refused it.
const adviceByClass: Readonly<Record<DeclineClass, (typeof advices)[number]>> = {
  soft: 'try_later_or_another',
  fixable: 'correct_the_card',
  funds: 'try_later_or_another',
  authentication: 'confirm_with_the_bank',
  hard: 'another_card',
  policy: 'another_card',
};

const adviceOf = ({ class: declineClass, code }: Decline) => ({
  advice: adviceByClass[declineClass],
  code: declineClass === 'fixable' ? code : null,
});

/** What the order needs from its customer to go on; null when nothing. */
export const awaitsCodec = orNull(
  variants('type', {
    another_card: closed('AwaitsAnotherCard', {
      type: choice('another_card'),
      advice: choice(...advices),
      code: orNull(line(1, 100)),
      until: orNull(momentCodec),
    }),
    challenge: closed('AwaitsChallenge', {
      type: choice('challenge'),
      url: line(1, 2_000),
      until: orNull(momentCodec),
    }),
  }),
);

/** What the order needs from its customer now, with the time there is for it. */
export const awaitsAnswer = (order: PlacedOrder, limits: WaitLimits | null) => {
  for (const wait of orderWaits(order, limits)) {
    if (wait.type !== 'another_card' && wait.type !== 'challenge') continue;
    const until = wait.until === null ? null : momentOf(wait.until);
    return wait.type === 'another_card'
      ? { type: wait.type, ...adviceOf(wait.decline), until }
      : { type: wait.type, url: wait.url, until };
  }
  return null;
};

/** What asking for the order's end would do. */
export const cancellationPreviewCodec = closed('CancellationPreview', {
  answer: choice('at_once', 'requested', 'refused', 'again'),
  money: choice('nothing', 'void', 'refund'),
  amount: orNull(minorCodec),
});

/** What asking for the order's end would do now. */
export const cancellationPreviewAnswer = (order: PlacedOrder) => {
  const { answer, money, amount } = cancellationOf(order);
  return { answer, money, amount: amount?.minor ?? null };
};

/** Money on its way back to the customer, or back. */
export const refundsCodec = list(
  closed('OrderRefund', {
    number: whole(1, 9_999),
    amount: minorCodec,
    reason: choice('cancellation', 'return', 'goodwill'),
    status: choice('requested', 'unknown', 'refunded', 'failed'),
    requestedAt: momentCodec,
  }),
  0,
  9_999,
);

/** The refunds of an order, oldest first. */
export const refundsAnswer = ({ refunds }: PlacedOrder) =>
  refunds.map(({ number, amount, reason, status, requestedAt }) => ({
    ...{ number, amount: amount.minor, reason, status, requestedAt: momentOf(requestedAt) },
  }));
