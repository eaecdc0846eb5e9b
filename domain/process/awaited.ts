import { hasPassed, type Instant, plusSeconds } from '../instant.js';
import type { HoldReason, MailReturn, NotificationKind } from '../order/events.js';
import type { OpenPayment, PlacedOrder, Refund } from '../order/order.js';
import { finalPhases, phaseOf } from '../order/phase.js';
import { openRefunds } from '../order/rules/kept-money.js';
import { triedTooOftenUntil } from '../order/rules/next-payment.js';
import {
  challengeAnswerSeconds,
  holdSeconds,
  longestLookUpSeconds,
  lostAnswerSeconds,
  mailNoteSeconds,
  mailSeconds,
  processSeconds,
  type ProcessSettings,
  refundSeconds,
  stepSeconds,
} from './limits.js';
import type { AwaitedParty } from './lifecycle.js';
import { type Situation, situationOf } from './situation.js';
import { groupOf, type Step } from './steps.js';
import { type Wanted, wantedSteps } from './wanted.js';

// What an order waits for, and until when that should have come. Read from the order alone, so it is true also when the
// order's process is lost.

/** The next fact that is missing. */
export type AwaitedFact =
  /** A step is to be done, by our workers or by the floor. */
  | { readonly type: 'step'; readonly step: Step }
  /** The customer names another card. */
  | { readonly type: 'another_card' }
  /** The customer confirms with the bank. */
  | { readonly type: 'challenge' }
  /** The processor was asked and its answer was lost. */
  | { readonly type: 'lost_answer'; readonly step: Step }
  /** The processor finishes a refund. */
  | { readonly type: 'refund'; readonly refundId: string }
  /** A refund failed; a person refunds in another way, or again under another id. */
  | { readonly type: 'failed_refund'; readonly refundId: string }
  /** A person releases the order. */
  | { readonly type: 'hold'; readonly reasons: readonly HoldReason[] }
  /** A mail may have been sent twice or not at all; nobody knows. */
  | { readonly type: 'mail_in_doubt'; readonly mail: NotificationKind }
  | { readonly type: 'mail_returned'; readonly mail: NotificationKind; readonly mailReturn: MailReturn }
  /** Nothing that the order knows of leads it to its end. */
  | { readonly type: 'end' };

/** Something an order waits for: from whom, since when, and until when it is no reason to worry. */
export type Awaited = {
  readonly fact: AwaitedFact;
  readonly from: AwaitedParty;
  readonly since: Instant;
  readonly until: Instant;
};

type View = {
  readonly order: PlacedOrder;
  readonly situation: Situation;
  readonly settings: ProcessSettings;
  readonly lastFactAt: Instant;
};

const later = (one: Instant, other: Instant): Instant => (one > other ? one : other);

const stepAwaited = (step: Step, since: Instant, afterSeconds: number): Awaited => {
  const from: AwaitedParty = groupOf[step.name] === 'floor' ? 'floor' : 'workers';
  return {
    fact: { type: 'step', step },
    from,
    since,
    until: plusSeconds(since, afterSeconds + stepSeconds(step.name)),
  };
};

const answerAwaited = (step: Step, { outcome, requestedAt }: OpenPayment): Awaited =>
  outcome === 'unknown'
    ? {
        fact: { type: 'lost_answer', step },
        from: 'processor',
        since: requestedAt,
        until: plusSeconds(requestedAt, lostAnswerSeconds + stepSeconds(step.name)),
      }
    : stepAwaited(step, requestedAt, 0);

const reservationAwaited = ({ order, lastFactAt }: View, { step, afterSeconds }: Wanted): Awaited => {
  const { payment } = order;
  if (payment.status === 'reserving') return answerAwaited(step, payment.request);
  if (payment.status === 'reserved') {
    // A card that may not be tried again now leaves the old reservation in force until its end.
    const renewed = plusSeconds(lastFactAt, afterSeconds);
    const ends = later(renewed, payment.reservation.captureBefore);
    return {
      ...stepAwaited(step, lastFactAt, 0),
      until: plusSeconds(ends, refundSeconds + stepSeconds(step.name)),
    };
  }
  const restUntil = triedTooOftenUntil(order, order.paymentMethod, lastFactAt);
  if (restUntil === null) return stepAwaited(step, lastFactAt, afterSeconds);
  return {
    ...stepAwaited(step, lastFactAt, 0),
    until: plusSeconds(restUntil, refundSeconds + stepSeconds(step.name)),
  };
};

const lookUpAwaited = ({ order, situation, settings, lastFactAt }: View, { step }: Wanted): Awaited => {
  const { payment } = order;
  if (payment.status === 'authenticating') {
    const seconds = challengeAnswerSeconds(settings.challengeSeconds) + stepSeconds(step.name);
    const { at: since } = payment;
    return { fact: { type: 'challenge' }, from: 'customer', since, until: plusSeconds(since, seconds) };
  }
  // The order goes on with the reservation it has, and asks for another card at its end.
  const ends = later(situation.heldUntil ?? lastFactAt, lastFactAt);
  return {
    fact: { type: 'another_card' },
    from: 'customer',
    since: situation.customerSince ?? lastFactAt,
    until: plusSeconds(ends, longestLookUpSeconds + stepSeconds(step.name)),
  };
};

const cardAwaited = ({ situation, lastFactAt }: View, { step, afterSeconds }: Wanted): Awaited => {
  if (situation.nextPayment !== 'ask') return stepAwaited(step, lastFactAt, afterSeconds);
  const since = situation.customerSince ?? lastFactAt;
  const until = plusSeconds(lastFactAt, afterSeconds + stepSeconds(step.name));
  return { fact: { type: 'another_card' }, from: 'customer', since, until };
};

const refundAwaited = (refund: Refund, step: Step, lastFactAt: Instant): Awaited => {
  const { refundId, requestedAt, status } = refund;
  const since = later(requestedAt, lastFactAt);
  return status === 'unknown'
    ? {
        fact: { type: 'lost_answer', step },
        from: 'processor',
        since,
        until: plusSeconds(since, lostAnswerSeconds + stepSeconds(step.name)),
      }
    : {
        fact: { type: 'refund', refundId },
        from: 'processor',
        since: requestedAt,
        until: plusSeconds(requestedAt, refundSeconds + stepSeconds(step.name)),
      };
};

const shipmentAwaited = ({ order, settings, lastFactAt }: View, { step }: Wanted): Awaited => {
  const since = order.payment.status === 'charged' ? order.payment.at : lastFactAt;
  const { unshippedSeconds } = settings;
  const isShip = step.name === 'Ship';
  // Half of the time is the floor's; then people are called; at its end the money goes back.
  const seconds = isShip ? unshippedSeconds / 2 : unshippedSeconds + longestLookUpSeconds;
  return {
    fact: { type: 'step', step },
    from: isShip ? 'floor' : 'workers',
    since,
    until: plusSeconds(since, seconds + (isShip ? 0 : stepSeconds(step.name))),
  };
};

const awaitedOfStep = (view: View, wanted: Wanted): readonly Awaited[] => {
  const { order, lastFactAt } = view;
  const { step, afterSeconds } = wanted;
  switch (step.name) {
    case 'ReserveCard':
      return [reservationAwaited(view, wanted)];
    case 'LookUpPayment':
      return [lookUpAwaited(view, wanted)];
    case 'GiveUpPayment':
      return [cardAwaited(view, wanted)];
    case 'ChargeCard':
      return order.payment.status === 'charging'
        ? [answerAwaited(step, order.payment.request)]
        : [stepAwaited(step, lastFactAt, afterSeconds)];
    case 'RefundCard':
      return openRefunds(order)
        .filter(({ number }) => number === step.number)
        .map((refund) => refundAwaited(refund, step, lastFactAt));
    case 'Ship':
    case 'GiveUpShipment':
      return [shipmentAwaited(view, wanted)];
    case 'SendMail':
      return [
        {
          fact: { type: 'step', step },
          from: 'workers',
          since: lastFactAt,
          until: plusSeconds(lastFactAt, mailSeconds),
        },
      ];
    case 'AuthenticateCustomer':
    case 'ValidateOrder':
    case 'ReserveStock':
    case 'ExtendStock':
    case 'CommitStock':
    case 'ReleaseStock':
    case 'ReleaseToWarehouse':
    case 'CompleteOrder':
    case 'CancelOrder':
    case 'VoidReservation':
    case 'Pick':
    case 'Pack':
    case 'PutBack':
      return [stepAwaited(step, lastFactAt, afterSeconds)];
  }
};

const holdAwaited = ({ order, lastFactAt: since }: View): readonly Awaited[] => {
  const { stage } = order.lifecycle;
  const isOpen = stage !== 'cancelling' && !finalPhases.has(phaseOf(order));
  if (order.holds.size === 0 || !isOpen || order.fulfilment.status === 'shipped') return [];
  const fact = { type: 'hold', reasons: [...order.holds] } as const;
  return [{ fact, from: 'operator', since, until: plusSeconds(since, holdSeconds) }];
};

/** A later refund of at least as much takes the place of one that failed. */
const isMadeAgain = ({ refunds }: PlacedOrder, failed: Refund): boolean =>
  refunds.some(
    ({ number, status, amount }) =>
      number > failed.number && status !== 'failed' && amount.minor >= failed.amount.minor,
  );

const failedRefunds = ({ order, lastFactAt: since }: View): readonly Awaited[] =>
  order.refunds
    .filter((refund) => refund.status === 'failed' && !isMadeAgain(order, refund))
    .map(({ refundId }) => ({
      fact: { type: 'failed_refund', refundId },
      from: 'operator',
      since,
      until: since,
    }));

const factOfMail = ({
  kind: mail,
  status,
  mailReturn,
}: PlacedOrder['notifications'][number]): AwaitedFact | null => {
  if (mailReturn !== null) return { type: 'mail_returned', mail, mailReturn };
  return status === 'possibly_sent' ? { type: 'mail_in_doubt', mail } : null;
};

const mailNotes = ({ order, lastFactAt: since }: View, now: Instant): readonly Awaited[] =>
  hasPassed(plusSeconds(since, mailNoteSeconds), now)
    ? []
    : order.notifications.flatMap((notification): readonly Awaited[] => {
        const fact = factOfMail(notification);
        return fact === null ? [] : [{ fact, from: 'operator', since, until: since }];
      });

const ending = ({ order, lastFactAt }: View, others: readonly Awaited[]): readonly Awaited[] => {
  if (finalPhases.has(phaseOf(order))) return [];
  const oldest = plusSeconds(order.terms.at, processSeconds);
  const fact = { type: 'end' } as const;
  return others.length === 0
    ? [{ fact, from: 'operator', since: lastFactAt, until: lastFactAt }]
    : [{ fact, from: 'operator', since: order.terms.at, until: oldest }];
};

/**
 * Everything an order waits for, what it needs to go on first. `lastFactAt` is the time of its last event. Empty for an
 * order at its end with nothing owed.
 */
export const awaitedOf = (
  order: PlacedOrder,
  settings: ProcessSettings,
  lastFactAt: Instant,
  now: Instant,
): readonly Awaited[] => {
  const situation = situationOf(order);
  const view: View = { order, situation, settings, lastFactAt };
  const steps = wantedSteps(situation, settings).flatMap((wanted) => awaitedOfStep(view, wanted));
  const awaited = [...holdAwaited(view), ...failedRefunds(view), ...steps];
  return [...awaited, ...mailNotes(view, now), ...ending(view, awaited)];
};

/** What should have come by now and has not; empty for an order that is fine. */
export const overdueOf = (
  order: PlacedOrder,
  settings: ProcessSettings,
  lastFactAt: Instant,
  now: Instant,
): readonly Awaited[] =>
  awaitedOf(order, settings, lastFactAt, now).filter(({ until }) => hasPassed(until, now));
