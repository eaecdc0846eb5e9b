import type { StepName, WorkerGroup } from './steps.js';
import { groupOf } from './steps.js';

// Every time-out, deadline and retry of the order process, in seconds. What a shop may set for itself arrives with
// the process (`ProcessSettings`); the rest belongs to the version of the decider.

/** What a shop decides about its orders; fixed for an order when its process starts. */
export type ProcessSettings = {
  /** Between the confirmation and the hand-over to the warehouse; the customer may change their mind. */
  readonly graceSeconds: number;
  /** After a decline at the checkout, how long the order waits for another card. */
  readonly payAgainSeconds: number;
  /** The same when the order was confirmed already and the money failed later. */
  readonly payAgainLaterSeconds: number;
  /** How long a customer may take to confirm with the bank. */
  readonly challengeSeconds: number;
  /** How long before its end a reservation is renewed. */
  readonly renewMarginSeconds: number;
  /** How long a reservation must still last when the goods are to be picked. */
  readonly pickSeconds: number;
  /** Charged but not handed to the carrier: after half of this people are called, after all of it the money goes back. */
  readonly unshippedSeconds: number;
};

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * 20 minutes of grace; half an hour to pay again at the checkout, three days later on; a quarter of an hour for the
 * bank; renewal a day before the end; four hours to pick; two days to ship.
 */
export const defaultSettings: ProcessSettings = {
  graceSeconds: 20 * minute,
  payAgainSeconds: 30 * minute,
  payAgainLaterSeconds: 3 * day,
  challengeSeconds: 15 * minute,
  renewMarginSeconds: day,
  pickSeconds: 4 * hour,
  unshippedSeconds: 2 * day,
};

/** Goods are held for 15 minutes for an order whose card is not reserved yet; longer while a card is asked for. */
export const defaultStockHoldSeconds = 15 * minute;

/** A process may run for 300 days; the workflow service ends it after a year. */
export const processSeconds = 300 * day;

/** A decision is pure arithmetic; one that takes longer was lost with its decider. */
export const decisionSeconds = 10;

/** How long one run of a step may wait for a worker, and then work. A beat is a sign of life from the worker. */
export type StepLimits = {
  readonly waitSeconds: number;
  readonly workSeconds: number;
  readonly beatSeconds: number | null;
};

const limitsByGroup: Readonly<Record<WorkerGroup, StepLimits>> = {
  orders: { waitSeconds: 15 * 60, workSeconds: 15, beatSeconds: null },
  // A call to the card processor may take 20 s before it is given up as unknown.
  payments: { waitSeconds: 15 * 60, workSeconds: 45, beatSeconds: null },
  mail: { waitSeconds: 60 * 60, workSeconds: 30, beatSeconds: null },
  // People: the gateway takes the task at once and beats for it while it waits for a person and is worked on.
  floor: { waitSeconds: 4 * 60 * 60, workSeconds: 7 * 24 * 60 * 60, beatSeconds: 60 },
};

/** The limits of one run of a step. */
export const limitsOf = (step: StepName): StepLimits => limitsByGroup[groupOf[step]];

// Seconds before the second, third, … run; the last one repeats for ever.
const ordinaryRetries = [1, 5, 15, 60, 300, 900] as const;
const unknownOutcomeRetries = [5, 60, 300, 3_600, 86_400] as const;
const mailRetries = [5, 30, 120, 600, 3_600] as const;

// While the customer is with the bank, a notice that was lost costs at most this much.
const lookUpRetries = [60, 300, 600, 3_600, 14_400] as const;
// Half of `unshippedSeconds` has passed at the first run; the second finds the rest passed.
const unshippedRetries = [3_600, 3_600, 14_400] as const;

const ownRetries: ReadonlyMap<StepName, readonly number[]> = new Map<StepName, readonly number[]>([
  ['ReserveCard', unknownOutcomeRetries],
  ['ChargeCard', unknownOutcomeRetries],
  ['VoidReservation', unknownOutcomeRetries],
  ['RefundCard', unknownOutcomeRetries],
  ['LookUpPayment', lookUpRetries],
  ['GiveUpShipment', unshippedRetries],
  ['SendMail', mailRetries],
]);

const retriesOf = (step: StepName): readonly number[] => ownRetries.get(step) ?? ordinaryRetries;

/** Seconds before the next try when the issuer was not available, by the number of tries so far. */
export const softRetrySeconds = (tries: number): number => (tries <= 1 ? minute : 5 * minute);

/** Seconds after which a payment that waits for the customer is looked up, should the notice be lost. */
export const lookUpAfterSeconds = 30;

/** After a day of trying, the pace at which 300 days of failures still fit into a history of 25,000 events. */
const patient = { afterRuns: 100, seconds: 4 * hour } as const;

/** Seconds to wait after the given number of runs (from 1) that did not bring the order forward. */
export const retryAfterSeconds = (step: StepName, runs: number): number => {
  const retries = retriesOf(step);
  if (retries === ordinaryRetries && runs > patient.afterRuns) return patient.seconds;
  return retries[Math.min(runs, retries.length) - 1] ?? 1;
};

/**
 * Runs after which a step is given up: only mail is (a day and a bit of trying); mail never blocks money or goods.
 * Every other step is tried until it is done.
 */
export const mostRuns = (step: StepName): number => (step === 'SendMail' ? 28 : Number.POSITIVE_INFINITY);

// Until when the next fact of an order is expected. An order past these is not lost, but a person should look.

/** For a step that nobody has done yet: the wait for a worker, the work, and the decision before them. */
export const stepSeconds = (step: StepName): number => {
  const { waitSeconds, workSeconds } = limitsOf(step);
  return groupOf[step] === 'floor' ? floorSeconds : decisionSeconds + waitSeconds + workSeconds;
};

/** For a task of the floor: people go home, and come back the next day. */
export const floorSeconds = day;

/** For a person to release a hold. */
export const holdSeconds = day;

/** For the card processor to finish a refund that it has. */
export const refundSeconds = day;

/** For a lost answer to be found out: all look-ups but the daily ones. */
export const lostAnswerSeconds = unknownOutcomeRetries
  .filter((seconds) => seconds < day)
  .reduce<number>((sum, seconds) => sum + seconds, 0);

/** For a notice of the card processor to be acted on: its first tries take less than six minutes. */
export const noticeSeconds = 15 * minute;

/** For a mail that is due: its longest wait between two tries, and one of its steps. */
export const mailSeconds = Math.max(...mailRetries) + stepSeconds('SendMail');

/** How long a mail in doubt or returned is told of: nothing that an order can learn ends that. */
export const mailNoteSeconds = 7 * day;

/** Seconds from the beginning of a challenge to the first look-up after its end. */
export const challengeAnswerSeconds = (challengeSeconds: number): number => {
  let passed = lookUpAfterSeconds;
  for (let run = 1; passed < challengeSeconds; run += 1) passed += retryAfterSeconds('LookUpPayment', run);
  return passed;
};

/** The longest time between two look-ups of a reservation that nobody could renew. */
export const longestLookUpSeconds = Math.max(...lookUpRetries);
