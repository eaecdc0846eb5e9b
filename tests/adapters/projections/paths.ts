// Every path that an order can take, played through the domain's own decisions: what is stored here could be stored.
import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { type Actor, isPosition, type StoredEvent } from '../../../application/ports/event-store.js';
import type { WaitLimits } from '../../../application/read-models/order-waits.js';
import type { PickedLine } from '../../../domain/fulfilment.js';
import type {
  ChargeOutcome,
  OrderCommand,
  RefundOutcome,
  ReservationOutcome,
} from '../../../domain/order/commands.js';
import { decide } from '../../../domain/order/decide.js';
import type { NotificationKind } from '../../../domain/order/events.js';
import { fold } from '../../../domain/order/evolve.js';
import type { DeclineClass, Reservation } from '../../../domain/payment.js';
import * as the from '../../support/examples.js';
import { checked, commandIdNumbered, paymentMethodOf } from '../../support/ids.js';

const { after, pence, orderId, customerId } = the;

/** Half an hour for another card at the checkout, 72 hours later on; a quarter of an hour for the bank. */
export const waitLimits: WaitLimits = {
  payAgainSeconds: 1_800,
  payAgainLaterSeconds: 259_200,
  challengeSeconds: 900,
};

/** A command and who gives it. */
type Move = readonly [Actor, OrderCommand];

const customer: Actor = { type: 'customer', customerId };
const worker = (name: string): Actor => ({ type: 'worker', name });
const floor: Actor = { type: 'floor', name: 'picker-07' };
const operator: Actor = { type: 'operator', name: 'ops' };
const [orders, payments, mails] = [worker('orders-1'), worker('payments-1'), worker('mail-1')];

/** The facts that these commands add; throws when one is refused. */
const played = (moves: readonly Move[]): readonly StoredEvent[] =>
  moves.reduce<readonly StoredEvent[]>((stored, [actor, command]) => {
    const decision = decide(fold(stored.map(({ event }) => event)), command);
    if (E.isLeft(decision)) throw new Error(`${command.type} is refused: ${decision.left.type}`);
    const added = decision.right.map((event, index) => ({
      eventId: randomUUID(),
      event,
      orderId,
      revision: stored.length + index,
      position: checked(isPosition, String(stored.length + index)),
      recordedAt: event.at,
      metadata: { commandId: commandIdNumbered(stored.length + 1), correlationId: 'request-1', actor },
    }));
    return [...stored, ...added];
  }, []);

const cardPolicy = { refuseFailedAddressCheck: true, refuseFailedSecurityCodeCheck: true };

const asked = (seconds: number): Move => [payments, { type: 'RequestCardReservation', at: after(seconds) }];
const answered = (seconds: number, attempt: number, outcome: ReservationOutcome): Move => [
  payments,
  { type: 'RecordCardReservation', at: after(seconds), attempt, outcome, cardPolicy },
];
const held = (reference: string, more: Partial<Reservation> = {}): ReservationOutcome => ({
  type: 'reserved',
  reservation: {
    reference,
    amount: pence(4580),
    captureBefore: after(7 * 86_400),
    card: { brand: 'visa', lastFour: '4242' },
    addressCheck: 'pass',
    securityCodeCheck: 'pass',
    ...more,
  },
});
const declined = (reason: DeclineClass, code: string) =>
  ({ type: 'declined', decline: { class: reason, code } }) as const;
const otherCard = (seconds: number): Move => [
  customer,
  {
    type: 'ReplacePaymentMethod',
    at: after(seconds),
    paymentMethod: paymentMethodOf('pm_card_mastercard'),
    payAgain: waitLimits,
  },
];
const charge = (seconds: number): Move => [payments, { type: 'RequestCharge', at: after(seconds) }];
const chargeEnded = (seconds: number, attempt: number, outcome: ChargeOutcome): Move => [
  payments,
  { type: 'RecordCharge', at: after(seconds), attempt, outcome },
];
const refund = (seconds: number, refundId: string, minor: number): Move => [
  operator,
  { type: 'RequestRefund', at: after(seconds), refundId, amount: pence(minor), reason: 'return' },
];
const refundEnded = (seconds: number, refundId: string, outcome: RefundOutcome): Move => [
  payments,
  { type: 'RecordRefund', at: after(seconds), refundId, outcome },
];
const refunded = (minor: number, reference: string): RefundOutcome => ({
  type: 'refunded',
  amount: pence(minor),
  reference,
});
const mailed = (seconds: number, kind: NotificationKind, factRevision: number): readonly Move[] => [
  [mails, { type: 'RequestNotification', at: after(seconds), kind, factRevision }],
  [
    mails,
    {
      type: 'RecordNotification',
      at: after(seconds + 1),
      kind,
      factRevision,
      outcome: { type: 'sent', messageId: `message-${String(factRevision)}` },
    },
  ],
];
const cancel = (seconds: number): Move => [
  customer,
  { type: 'RequestCancellation', at: after(seconds), by: 'customer' },
];

const stockHeld: readonly Move[] = [
  [customer, the.place],
  [orders, the.authenticate],
  [orders, the.validate],
  [orders, the.recordStock],
];
const committed = (seconds: number): Move => [orders, { ...the.recordCommitment, at: after(seconds) }];
const confirmed: readonly Move[] = [...stockHeld, asked(4), answered(5, 1, held('pi_1')), committed(60)];
const released = (seconds: number): Move => [
  orders,
  { type: 'ReleaseToWarehouse', at: after(seconds), graceSeconds: 1_200, pickSeconds: 3_600 },
];
const pickedAndPacked = (seconds: number, lines: readonly PickedLine[] = the.allPicked): readonly Move[] => [
  [floor, { type: 'RecordPick', at: after(seconds), lines, pickedBy: 'Ada' }],
  [floor, { type: 'RecordPack', at: after(seconds + 100), parcels: the.parcels, packedBy: 'Ben' }],
];
const packed: readonly Move[] = [...confirmed, released(2_000), ...pickedAndPacked(3_000)];
const charged: readonly Move[] = [
  ...packed,
  charge(3_200),
  chargeEnded(3_201, 1, { type: 'charged', amount: pence(4580), reference: 'ch_1' }),
];
const shipped: readonly Move[] = [
  ...charged,
  [floor, the.ship],
  [orders, { type: 'CompleteOrder', at: after(3_301) }],
];
/** Three of six units of the first line are missing. */
const shortPick: readonly PickedLine[] = [
  { lineNumber: 1, picked: 3, short: 3, shortReason: 'damaged' },
  { lineNumber: 2, picked: 2, short: 0, shortReason: null },
];
const challenge = { reference: 'pi_1', url: 'https://cards.example/challenges/pi_1' };
const waitingForCard: readonly Move[] = [
  ...stockHeld,
  asked(4),
  answered(5, 1, declined('hard', 'stolen_card')),
];
const challenged: readonly Move[] = [
  ...stockHeld,
  asked(4),
  answered(5, 1, { type: 'authentication_required', challenge }),
];

/** The paths by what happens on them. */
export const paths = {
  confirmed: played([...confirmed, ...mailed(61, 'order_confirmed', 5)]),
  waitingForCard: played([...waitingForCard, ...mailed(10, 'payment_needed', 5)]),
  otherCard: played([
    ...waitingForCard,
    otherCard(300),
    asked(301),
    answered(302, 2, held('pi_2', { card: { brand: 'mastercard', lastFour: '4444' } })),
    committed(303),
  ]),
  issuerAway: played([...stockHeld, asked(4), answered(5, 1, declined('soft', 'issuer_not_available'))]),
  lostAnswer: played([...stockHeld, asked(4), answered(5, 1, { type: 'unknown' })]),
  challenged: played(challenged),
  challengePassed: played([...challenged, answered(90, 1, held('pi_1')), committed(91)]),
  refusedByPolicy: played([
    ...stockHeld,
    asked(4),
    answered(5, 1, held('pi_1', { securityCodeCheck: 'fail' })),
    [payments, { type: 'RecordReservationVoid', at: after(6), attempt: 1 }],
  ]),
  renewed: played([
    ...confirmed,
    [payments, { type: 'RenewReservation', at: after(6 * 86_400), marginSeconds: 86_400 }],
    answered(6 * 86_400 + 1, 2, held('pi_2', { captureBefore: after(13 * 86_400) })),
  ]),
  held: played([
    ...confirmed,
    [operator, { type: 'PlaceHold', at: after(500), reason: 'fraud', by: 'ops' }],
    [operator, { type: 'PlaceHold', at: after(501), reason: 'address', by: 'ops' }],
  ]),
  shortPicked: played([
    ...confirmed,
    released(2_000),
    ...pickedAndPacked(3_000, shortPick),
    charge(3_200),
    chargeEnded(3_201, 1, { type: 'charged', amount: pence(3815), reference: 'ch_1' }),
    [floor, the.ship],
  ]),
  chargeDeclined: played([
    ...packed,
    charge(3_200),
    chargeEnded(3_201, 1, { type: 'failed', decline: { class: 'funds', code: 'insufficient_funds' } }),
  ]),
  cancelledInGrace: played([
    ...confirmed,
    cancel(900),
    [payments, { type: 'RecordReservationVoid', at: after(901), attempt: 1 }],
    [orders, { type: 'RecordStockRelease', at: after(902) }],
    [orders, { type: 'CancelOrder', at: after(903) }],
  ]),
  refundUnderWay: played([...charged, cancel(3_250)]),
  cancelledAfterCharge: played([
    ...charged,
    cancel(3_250),
    refundEnded(3_251, 'cancellation', refunded(4580, 're_1')),
    [floor, { type: 'RecordPutBack', at: after(3_900), putBackBy: 'Ada' }],
    [orders, { type: 'RecordStockRelease', at: after(3_901) }],
    [orders, { type: 'CancelOrder', at: after(3_902) }],
  ]),
  delivered: played([...shipped, [orders, { type: 'RecordDelivery', at: after(90_000) }]]),
  partlyRefunded: played([
    ...shipped,
    refund(100_000, 'return-1', 1275),
    refundEnded(100_001, 'return-1', refunded(1275, 're_1')),
    refund(100_100, 'return-2', 255),
    refundEnded(100_101, 'return-2', { type: 'failed', reason: 'expired_or_canceled_card' }),
    refund(100_200, 'return-3', 255),
    refundEnded(100_201, 'return-3', { type: 'unknown' }),
  ]),
  disputed: played([
    ...shipped,
    [
      payments,
      {
        type: 'RecordDispute',
        at: after(200_000),
        reference: 'dp_1',
        amount: pence(4580),
        reason: 'product_not_received',
      },
    ],
  ]),
  bounced: played([
    ...confirmed,
    ...mailed(61, 'order_confirmed', 5),
    [
      mails,
      {
        type: 'RecordMailReturn',
        at: after(120),
        kind: 'order_confirmed',
        factRevision: 5,
        mailReturn: 'permanent',
      },
    ],
  ]),
  cancelledTooLate: played([...charged, [floor, the.ship], cancel(3_400)]),
} as const;
