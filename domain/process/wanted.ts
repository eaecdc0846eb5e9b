import { absurd } from '../brand.js';
import { lookUpAfterSeconds, type ProcessSettings, softRetrySeconds } from './limits.js';
import { renewAfterSeconds, type Situation } from './situation.js';
import type { NumberedStepName, PlainStepName, Step } from './steps.js';

// Which steps a situation calls for. Each region says what it waits for; nothing here depends on what was tried before.

/** A step that the situation calls for, at once or after a wait. */
export type Wanted = { readonly step: Step; readonly afterSeconds: number };

const plain = (name: PlainStepName, afterSeconds = 0): Wanted => ({ step: { name }, afterSeconds });
const numbered = (name: NumberedStepName, number: number, afterSeconds = 0): Wanted => ({
  step: { name, number },
  afterSeconds,
});

/** What the money waits for after a card did not give it; nothing while an earlier reservation carries the order on. */
const afterTrouble = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => {
  const { nextPayment, attempt, charge, held, stage, payment } = situation;
  const carried = payment === 'declined' && held !== null;
  switch (nextPayment) {
    case 'reserve':
      return [numbered('ReserveCard', attempt + 1)];
    case 'reserve_soon':
      return [numbered('ReserveCard', attempt + 1, softRetrySeconds(attempt))];
    case 'charge_soon':
      return [numbered('ChargeCard', charge + 1, softRetrySeconds(charge))];
    case 'ask': {
      if (carried) return [numbered('LookUpPayment', held, lookUpAfterSeconds)];
      const { payAgainSeconds, payAgainLaterSeconds } = settings;
      const seconds = stage === 'validated' ? payAgainSeconds : payAgainLaterSeconds;
      // A charge can fail again under the same reservation: the wait belongs to the last of both.
      return [numbered('GiveUpPayment', attempt + charge, seconds)];
    }
    case 'give_up':
      return [numbered('GiveUpPayment', attempt + charge)];
    case 'nothing':
      return carried ? [numbered('LookUpPayment', held, lookUpAfterSeconds)] : [];
    default:
      return absurd(nextPayment);
  }
};

/** What the money waits for while the order goes forward, the charge apart. */
const moneySteps = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => {
  const { payment, attempt, charge } = situation;
  switch (payment) {
    case 'none':
      return [numbered('ReserveCard', attempt + 1)];
    case 'reserving':
      return [numbered('ReserveCard', attempt)];
    case 'authenticating':
      return [numbered('LookUpPayment', attempt, lookUpAfterSeconds)];
    case 'reserved': {
      const seconds = renewAfterSeconds(situation, settings.renewMarginSeconds);
      return seconds === null ? [] : [numbered('ReserveCard', attempt + 1, seconds)];
    }
    case 'declined':
    case 'charge_failed':
    case 'expired':
      return afterTrouble(situation, settings);
    case 'charging':
      return [numbered('ChargeCard', charge)];
    case 'charged':
    case 'voided':
      return [];
    default:
      return absurd(payment);
  }
};

/** Goods stay held for as long as the customer may still name a card. */
const stockExtension = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => {
  const { stock, stockUntil, customerSince, attempt } = situation;
  if (stock !== 'reserved' || stockUntil === null || customerSince === null) return [];
  return stockUntil < customerSince + settings.payAgainSeconds * 1000
    ? [numbered('ExtendStock', attempt)]
    : [];
};

const atCheckout = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => {
  const { payment, stock, onHold } = situation;
  if (stock === 'none') return [plain('ReserveStock')];
  const money = moneySteps(situation, settings);
  if (payment !== 'reserved') return [...stockExtension(situation, settings), ...money];
  if (stock === 'reserved') return [plain('CommitStock'), ...money];
  return onHold ? money : [plain('ReleaseToWarehouse', settings.graceSeconds), ...money];
};

/** The packed parcel waits for its charge, and the charged one for its carrier. */
const packedSteps = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => {
  const { payment, held, charge, onHold } = situation;
  if (payment === 'charged') {
    const ship = onHold ? [] : [plain('Ship')];
    return [...ship, plain('GiveUpShipment', settings.unshippedSeconds / 2)];
  }
  const chargeable = payment === 'reserved' || (payment === 'declined' && held !== null);
  if (chargeable && !onHold) return [numbered('ChargeCard', charge + 1)];
  return moneySteps(situation, settings);
};

const onTheFloor = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => {
  const { fulfilment } = situation;
  switch (fulfilment) {
    case 'waiting':
      return [plain('Pick'), ...moneySteps(situation, settings)];
    case 'picked':
      return [plain('Pack'), ...moneySteps(situation, settings)];
    case 'packed':
      return packedSteps(situation, settings);
    case 'shipped':
      return [plain('CompleteOrder')];
    case 'put_back':
      return [];
    default:
      return absurd(fulfilment);
  }
};

const holdsStock = ({ stock }: Situation): boolean => stock === 'reserved' || stock === 'committed';

/** What becomes of the money of an order on its way out. What is unknown is found out before it is undone. */
const moneyBack = ({ payment, attempt, charge, held }: Situation): readonly Wanted[] => {
  if (payment === 'reserving') return [numbered('ReserveCard', attempt)];
  if (payment === 'charging') return [numbered('ChargeCard', charge)];
  if (payment === 'authenticating') return [numbered('VoidReservation', attempt)];
  return held === null || payment === 'charged' ? [] : [numbered('VoidReservation', held)];
};

const wayOut = (situation: Situation): readonly Wanted[] => {
  const putBack = situation.offTheShelf ? [plain('PutBack')] : [];
  const undone = [...moneyBack(situation), ...putBack];
  if (undone.length > 0 || situation.surplus.length > 0 || situation.refundsDue.length > 0) return undone;
  return [plain(holdsStock(situation) ? 'ReleaseStock' : 'CancelOrder')];
};

const mainSteps = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => {
  switch (situation.stage) {
    case 'placed':
      return [plain('AuthenticateCustomer')];
    case 'authenticated':
      return [plain('ValidateOrder')];
    case 'validated':
      return atCheckout(situation, settings);
    case 'released':
      return onTheFloor(situation, settings);
    case 'cancelling':
      return wayOut(situation);
    case 'rejected':
      return holdsStock(situation) ? [plain('ReleaseStock')] : [];
    case 'cancelled':
    case 'completed':
      return [];
    default:
      return absurd(situation.stage);
  }
};

/**
 * Every step the situation calls for, main steps first. Reservations that nobody wants, refunds and mails run beside
 * the main steps and hold nothing up.
 */
export const wantedSteps = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => [
  ...mainSteps(situation, settings),
  ...situation.surplus.map((attempt) => numbered('VoidReservation', attempt)),
  ...situation.refundsDue.map((number) => numbered('RefundCard', number)),
  ...situation.mailsDue.map(({ kind, factRevision }): Wanted => ({
    step: { name: 'SendMail', mail: kind, factRevision },
    afterSeconds: 0,
  })),
];
