// What one could ask of an order now: the ways on, the ways out, and answers that do not fit. Outcomes are plausible:
// they speak of the attempt and the amount that were asked for, unless they are meant to be wrong.
import type { PickedLine } from '../../../domain/fulfilment.js';
import type { Money } from '../../../domain/money.js';
import type { OrderCommand } from '../../../domain/order/commands.js';
import type { HoldReason, MailReturn } from '../../../domain/order/events.js';
import { type Order, type PlacedOrder, reservationOf } from '../../../domain/order/order.js';
import { openRefunds, refundableAmount } from '../../../domain/order/rules/kept-money.js';
import * as the from '../examples.js';
import { countryOf, instantOf, paymentMethodOf, quantityOf } from '../ids.js';
import * as more from './payment-examples.js';

const cards = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex'].map(paymentMethodOf);
const holdReasons: readonly HoldReason[] = ['address', 'fraud', 'operator'];
const mailReturns: readonly MailReturn[] = ['transient', 'permanent', 'complaint'];
const dayMilliseconds = 86_400_000;

/** One of the values, by any whole number. */
const oneOf = <Value>(values: readonly Value[], variant: number): readonly Value[] => {
  const index = variant % Math.max(1, values.length);
  return values.slice(index, index + 1);
};

const pickedLines = (order: PlacedOrder, variant: number): readonly PickedLine[] =>
  order.terms.lines.map(({ lineNumber, quantity }) => {
    const short = variant % (quantity + 2);
    return { lineNumber, picked: quantity - short, short, shortReason: short > 0 ? 'damaged' : null };
  });

const requestedAmount = ({ payment, terms }: PlacedOrder): Money =>
  payment.status === 'reserving' || payment.status === 'authenticating' || payment.status === 'charging'
    ? payment.request.amount
    : terms.total;

const heldUntil = (milliseconds: number, variant: number): number =>
  milliseconds + ([7, 7, 2, 0.1][variant % 4] ?? 7) * dayMilliseconds;

type Scene = { readonly order: PlacedOrder; readonly milliseconds: number; readonly variant: number };

const reservedAnswer = ({ order, milliseconds, variant }: Scene, changed: object): OrderCommand => {
  const attempt = order.tries.length;
  const reservation = {
    ...the.heldMoney,
    reference: `pi_${String(attempt)}`,
    amount: requestedAmount(order),
    captureBefore: instantOf(heldUntil(milliseconds, variant)),
    ...changed,
  };
  const at = instantOf(milliseconds);
  return { ...the.recordReserved, at, attempt, outcome: { type: 'reserved', reservation } };
};

/** What gives an order on its way out back, in any order; most of it fits no other order. */
export const closingCommands = (order: PlacedOrder, milliseconds: number): readonly OrderCommand[] => {
  const at = instantOf(milliseconds);
  const { payment } = order;
  const current =
    payment.status === 'authenticating' ? [payment.request.attempt] : [reservationOf(payment)?.attempt ?? 0];
  const attempts = [...current, ...order.surplus.map(({ attempt }) => attempt)];
  return [
    ...attempts.map((attempt): OrderCommand => ({ type: 'RecordReservationVoid', at, attempt })),
    ...openRefunds(order).map(({ refundId, amount }): OrderCommand => {
      return { ...more.refundAnswer(refundId, more.refundMade(amount)), at };
    }),
    { ...more.putBack, at },
    { ...the.recordStockRelease, at },
    { ...the.cancelNow, at },
  ];
};

const mails = ({ order, milliseconds, variant }: Scene): readonly OrderCommand[] => {
  const at = instantOf(milliseconds);
  return oneOf(order.notifications, variant).flatMap(({ kind, factRevision }): readonly OrderCommand[] => [
    { ...the.requestMail(kind, factRevision), at },
    { ...the.recordMailSent(kind, factRevision), at },
  ]);
};

const placeFirst = (milliseconds: number, variant: number): OrderCommand => {
  const quantity = quantityOf(1 + (variant % 9));
  const first = { ...the.heartHolders, quantity };
  const total = the.pence(255 * quantity + 2 * 1275 + 500);
  return {
    ...the.place,
    at: instantOf(milliseconds),
    cart: { ...the.cart, lines: [first, the.cakeStands], total },
  };
};

/** The ways on, those of an order on its way out included. */
export const usualCommands = (
  order: Order,
  milliseconds: number,
  variant: number,
): readonly OrderCommand[] => {
  if (order.type === 'no_order') return [placeFirst(milliseconds, variant)];
  const at = instantOf(milliseconds);
  const scene = { order, milliseconds, variant };
  const amount = requestedAmount(order);
  const forward: readonly OrderCommand[] = [
    { ...the.authenticate, at },
    { ...the.validate, at },
    { ...the.recordStock, at },
    { ...the.requestReservation, at },
    reservedAnswer(scene, {}),
    { ...the.recordCommitment, at },
    { ...the.release, at },
    { ...the.pick, at, lines: pickedLines(order, 0) },
    { ...the.pack, at },
    { ...the.requestCharge, at },
    {
      ...the.recordCharged,
      at,
      attempt: order.chargeAttempts,
      outcome: { type: 'charged', amount, reference: 'ch_1' },
    },
    { ...the.ship, at },
    { ...the.complete, at },
  ];
  const aside: readonly OrderCommand[] = [
    ...oneOf(cards, variant).map((card): OrderCommand => ({ ...more.nameCard(card), at })),
    ...oneOf([...order.holds], variant).map((reason): OrderCommand => ({ ...more.releaseHold(reason), at })),
    ...closingCommands(order, milliseconds),
  ];
  return [{ ...the.place, at }, ...forward, ...aside, ...mails(scene)];
};

const unusualMoney = (scene: Scene): readonly OrderCommand[] => {
  const { order, milliseconds, variant } = scene;
  const at = instantOf(milliseconds);
  const amount = requestedAmount(order);
  const wrong = { ...amount, minor: amount.minor + (variant % 2) };
  const stray = variant % 5 === 0 ? 1 : 0;
  const [attempt, charge] = [order.tries.length + stray, order.chargeAttempts + stray];
  const [decline = more.declines.funds] = oneOf(Object.values(more.declines), variant);
  const any = 1 + (variant % Math.max(1, order.tries.length));
  return [
    reservedAnswer(scene, { amount: wrong }),
    reservedAnswer(scene, { addressCheck: 'fail' }),
    { ...the.recordDeclined, at, attempt, outcome: { type: 'declined', decline } },
    { ...the.recordDeclined, at, attempt, outcome: { type: 'ended' } },
    {
      ...the.recordDeclined,
      at,
      attempt,
      outcome: { type: 'authentication_required', challenge: more.challenge },
    },
    { ...the.recordReservationUnknown, at, attempt },
    { ...more.renew, at },
    { type: 'RecordReservationExpiry', at, attempt: any },
    { type: 'RecordReservationVoid', at, attempt: any },
    { ...the.recordCharged, at, attempt: charge, outcome: { type: 'failed', decline } },
    { ...the.recordCharged, at, attempt: charge, outcome: { type: 'reservation_expired' } },
    {
      ...the.recordCharged,
      at,
      attempt: charge,
      outcome: { type: 'charged', amount: wrong, reference: 'ch_2' },
    },
    { ...the.recordChargeUnknown, at, attempt: charge },
    { ...the.giveUp, at },
    { ...more.recordDispute, at },
  ];
};

const refunds = ({ order, milliseconds, variant }: Scene): readonly OrderCommand[] => {
  const at = instantOf(milliseconds);
  const refundId = `r-${String(variant % 3)}`;
  const part = Math.max(1, variant % (refundableAmount(order).minor + 2));
  const [open = 'r-0'] = oneOf(
    order.refunds.map((refund) => refund.refundId),
    variant,
  );
  const record = more.refundAnswer(open, { type: 'pending' });
  return [
    { ...more.refund(refundId, the.pence(part)), at },
    { ...record, at, outcome: { type: 'failed', reason: 'expired_or_canceled_card' } },
    { ...record, at, outcome: { type: 'unknown' } },
    { ...record, at },
    { ...record, at, outcome: more.refundMade(the.pence(part)) },
  ];
};

const unusualMails = ({ order, milliseconds, variant }: Scene): readonly OrderCommand[] => {
  const at = instantOf(milliseconds);
  return oneOf(order.notifications, variant).flatMap(({ kind, factRevision }): readonly OrderCommand[] => [
    { ...the.recordMailPossiblySent(kind, factRevision), at },
    { ...the.recordMailNotSent(kind, factRevision), at },
    ...oneOf(mailReturns, variant).map((mailReturn): OrderCommand => {
      return { ...the.recordMailReturn(kind, factRevision, mailReturn), at };
    }),
  ]);
};

const unusual = (scene: Scene): readonly OrderCommand[] => {
  const { order, milliseconds, variant } = scene;
  const at = instantOf(milliseconds);
  return [
    { ...the.authenticateRevoked, at },
    { ...the.validate, at, policy: { ...the.policy, destinations: new Set([countryOf('FR')]) } },
    { ...the.recordStockMissing, at },
    { ...the.recordStock, at, outcome: { type: 'reserved', until: instantOf(milliseconds + 900_000) } },
    { ...the.recordGoodsLost, at },
    { ...the.pick, at, lines: pickedLines(order, variant) },
    {
      ...the.pick,
      at,
      lines: order.terms.lines.map(({ lineNumber, quantity }) => {
        return { lineNumber, picked: 0, short: quantity, shortReason: 'not_in_bin' };
      }),
    },
    { ...the.pack, at, parcels: [{ parcelNumber: 1, weightGrams: variant }] },
    { ...more.giveUpShipment, at },
    { ...more.deliver, at },
    { ...the.cancel, at },
    { ...the.cancel, at, by: 'operator' },
    ...oneOf(holdReasons, variant).map((reason): OrderCommand => ({ ...more.placeHold(reason), at })),
    ...unusualMoney(scene),
    ...refunds(scene),
    ...unusualMails(scene),
  ];
};

/** What seldom happens, goes wrong or does not fit. */
export const unusualCommands = (
  order: Order,
  milliseconds: number,
  variant: number,
): readonly OrderCommand[] =>
  order.type === 'no_order'
    ? usualCommands(order, milliseconds, variant)
    : unusual({ order, milliseconds, variant });

/** Everything one could ask of the order now. */
export const commandsFor = (order: Order, milliseconds: number, variant: number): readonly OrderCommand[] => [
  ...usualCommands(order, milliseconds, variant),
  ...unusualCommands(order, milliseconds, variant),
];
