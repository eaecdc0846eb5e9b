// The states an order can be in, each as the facts that led there and the phase that people then see.
import type { OrderEvent } from '../../domain/order/events.js';
import type { Phase } from '../../domain/order/phase.js';
import * as the from './examples.js';
import { pence } from './examples.js';
import * as more from './order/payment-examples.js';

const { declines, otherCard, renewalSeconds } = more;

const placed = [the.placed] as const;
const authenticated = [...placed, the.authenticated] as const;
const validated = [...authenticated, the.validated] as const;
const stockHeld = [...validated, the.stockReserved] as const;

const reserving = [...stockHeld, the.reservationRequested] as const;
const declined = [...reserving, the.declined] as const;
const declinedAs = (decline: (typeof declines)[keyof typeof declines]) =>
  [...reserving, more.refused(1, 5, decline)] as const;
const authenticating = [...reserving, more.challenged(1, 5)] as const;
const cardNamed = [...declined, more.named(otherCard)] as const;
const tryingOtherCard = [...cardNamed, more.asked(2, 70, otherCard)] as const;
const fiveDeclines = [1, 2, 3, 4, 5].flatMap((attempt) => [
  more.asked(attempt, 86_400 * attempt),
  more.refused(attempt, 86_400 * attempt + 1, declines.funds),
]);

const reserved = [...reserving, the.reserved] as const;
const committed = [...reserved, the.stockCommitted] as const;
const renewing = [...committed, more.renewal] as const;
const renewalChallenged = [...renewing, more.challenged(2, renewalSeconds + 1)] as const;
const renewed = [...renewing, more.held(2, renewalSeconds + 1)] as const;
const renewalDeclined = [...renewing, more.refused(2, renewalSeconds + 1, declines.funds)] as const;

const released = [...committed, the.released] as const;
const picked = [...released, the.picked] as const;
const pickedShort = [...released, { ...the.picked, lines: more.shortLines }] as const;
const allShort = [
  ...released,
  { ...the.picked, lines: more.noLines },
  { ...the.cancellationForStock, at: the.picked.at },
] as const;
const packed = [...picked, the.packed] as const;
const charging = [...packed, the.chargeRequested] as const;
const chargeRefused = (decline: (typeof declines)[keyof typeof declines]) =>
  [...charging, more.chargeRefused(1, 3_201, decline)] as const;
const charged = [...charging, the.charged] as const;
const refunding = [...charged, more.refundAsked('r-1', 1)] as const;
const shipped = [...charged, the.shipped] as const;
const completed = [...shipped, the.completed] as const;

const cancellingReserving = [...reserving, the.cancellationRequested] as const;
const cancellingCommitted = [...committed, the.cancellationRequested] as const;
const cancellingVoided = [...cancellingCommitted, the.voided] as const;
const cancellingFree = [...cancellingVoided, the.stockReleased] as const;
const cancelled = [...cancellingFree, the.cancelled] as const;
const cancellingPicked = [...picked, the.cancellationRequested] as const;
const cancellingPacked = [...packed, the.cancellationRequested] as const;
const cancellingCharging = [...charging, the.cancellationRequested] as const;
const cancellingCharged = [
  ...charged,
  the.cancellationRequested,
  more.cancellationRefund(1, pence(4580)),
] as const;
const cancellingRefunded = [...cancellingCharged, more.refunded('cancellation', pence(4580))] as const;
const cancellingPutBack = [...cancellingRefunded, more.goodsPutBack] as const;
const cancelledAfterCharge = [...cancellingPutBack, the.stockReleased, the.cancelled] as const;

/** Every state by its name: the facts, and the phase (null before the order was placed). */
export const histories = {
  none: { events: [], phase: null },
  placed: { events: placed, phase: 'Placed' },
  authenticated: { events: authenticated, phase: 'Authenticated' },
  validated: { events: validated, phase: 'Validated' },
  stockHeld: { events: stockHeld, phase: 'StockHeld' },
  reserving: { events: reserving, phase: 'StockHeld' },
  reservationUnknown: { events: [...reserving, the.reservationUnknown], phase: 'StockHeld' },
  authenticating: { events: authenticating, phase: 'AwaitingPayment' },
  declined: { events: declined, phase: 'AwaitingPayment' },
  declinedSoft: { events: declinedAs(declines.soft), phase: 'AwaitingPayment' },
  declinedFixable: { events: declinedAs(declines.fixable), phase: 'AwaitingPayment' },
  declinedAuthentication: { events: declinedAs(declines.authentication), phase: 'AwaitingPayment' },
  declinedHard: { events: declinedAs(declines.hard), phase: 'AwaitingPayment' },
  declinedPolicy: {
    events: [...reserving, more.heldWrongAddress, more.refused(1, 5, declines.policy)],
    phase: 'AwaitingPayment',
  },
  cardNamed: { events: cardNamed, phase: 'AwaitingPayment' },
  tryingOtherCard: { events: tryingOtherCard, phase: 'StockHeld' },
  noAttemptLeft: { events: [...stockHeld, ...fiveDeclines], phase: 'AwaitingPayment' },
  reserved: { events: reserved, phase: 'Confirmed' },
  committed: { events: committed, phase: 'Confirmed' },
  onHold: { events: [...committed, more.onHold('fraud')], phase: 'OnHold' },
  renewing: { events: renewing, phase: 'Confirmed' },
  renewalUnknown: { events: [...renewing, more.unknown(2, renewalSeconds + 1)], phase: 'Confirmed' },
  renewalChallenged: { events: renewalChallenged, phase: 'AwaitingPayment' },
  renewalDeclined: { events: renewalDeclined, phase: 'AwaitingPayment' },
  renewalRefused: {
    events: [...renewed, more.refused(2, renewalSeconds + 1, declines.policy)],
    phase: 'AwaitingPayment',
  },
  renewed: { events: renewed, phase: 'Confirmed' },
  expired: { events: [...committed, more.expired(1, 7 * 86_400)], phase: 'AwaitingPayment' },
  released: { events: released, phase: 'Released' },
  releasedOnHold: { events: [...released, more.onHold('address', 2_500)], phase: 'OnHold' },
  picked: { events: picked, phase: 'Picked' },
  pickedShort: { events: pickedShort, phase: 'Picked' },
  packed: { events: packed, phase: 'Packed' },
  packedShort: { events: [...pickedShort, the.packed], phase: 'Packed' },
  packedOnHold: { events: [...packed, more.onHold('operator', 3_150)], phase: 'OnHold' },
  charging: { events: charging, phase: 'Packed' },
  chargeUnknown: { events: [...charging, the.chargeUnknown], phase: 'Packed' },
  chargeFailed: { events: [...charging, the.chargeFailed], phase: 'OnHold' },
  chargeFailedSoft: { events: chargeRefused(declines.soft), phase: 'OnHold' },
  chargeFailedHard: { events: chargeRefused(declines.hard), phase: 'OnHold' },
  chargeExpired: { events: [...charging, more.chargeExpired, more.expired(1, 3_201)], phase: 'OnHold' },
  charged: { events: charged, phase: 'Charged' },
  chargedOnHold: { events: [...charged, more.onHold('operator', 3_250)], phase: 'OnHold' },
  refunding: { events: refunding, phase: 'Charged' },
  refundUnknown: { events: [...refunding, more.refundUnknown('r-1')], phase: 'Charged' },
  refundFailed: { events: [...refunding, more.refundFailed('r-1')], phase: 'Charged' },
  partlyRefunded: { events: [...refunding, more.refunded('r-1')], phase: 'Charged' },
  shipped: { events: shipped, phase: 'Shipped' },
  cancellationRefused: { events: [...shipped, more.cancellationRefused], phase: 'Shipped' },
  completed: { events: completed, phase: 'Completed' },
  delivered: { events: [...completed, more.delivered], phase: 'Completed' },
  disputed: { events: [...completed, more.disputed], phase: 'Completed' },
  rejected: { events: [...placed, the.rejected], phase: 'Rejected' },
  outOfStock: { events: [...validated, the.stockUnavailable, the.rejectedForStock], phase: 'Rejected' },
  cancellingValidated: { events: [...validated, the.cancellationRequested], phase: 'Cancelling' },
  cancellingReserving: { events: cancellingReserving, phase: 'Cancelling' },
  cancellingReserved: { events: [...cancellingReserving, the.reserved], phase: 'Cancelling' },
  cancellingAuthenticating: { events: [...authenticating, the.cancellationRequested], phase: 'Cancelling' },
  cancellingRenewed: { events: [...renewed, the.cancellationRequested], phase: 'Cancelling' },
  cancellingRenewalDeclined: {
    events: [...renewalDeclined, the.cancellationRequested],
    phase: 'Cancelling',
  },
  cancellingCommitted: { events: cancellingCommitted, phase: 'Cancelling' },
  cancellingVoided: { events: cancellingVoided, phase: 'Cancelling' },
  cancellingFree: { events: cancellingFree, phase: 'Cancelling' },
  allShort: { events: allShort, phase: 'Cancelling' },
  cancellingPicked: { events: cancellingPicked, phase: 'Cancelling' },
  cancellingPacked: { events: cancellingPacked, phase: 'Cancelling' },
  cancellingCharging: { events: cancellingCharging, phase: 'Cancelling' },
  cancellingCharged: { events: cancellingCharged, phase: 'Cancelling' },
  cancellingRefunded: { events: cancellingRefunded, phase: 'Cancelling' },
  cancellingPutBack: { events: cancellingPutBack, phase: 'Cancelling' },
  cancelled: { events: cancelled, phase: 'Cancelled' },
  cancelledAfterCharge: { events: cancelledAfterCharge, phase: 'Cancelled' },
} as const satisfies Readonly<
  Record<string, { readonly events: readonly OrderEvent[]; readonly phase: Phase | null }>
>;

/** The name of a state. */
export type StateName = keyof typeof histories;
