import type { StepName, WorkerGroup } from './steps.js';
import { groupOf } from './steps.js';

// Every time-out, deadline and retry of the order process, in seconds. What a shop may set for itself arrives with
// the process (`ProcessSettings`); the rest belongs to the version of the decider.

/** What a shop decides about its orders; fixed for an order when its process starts. */
export type ProcessSettings = {
  /** Between the confirmation and the hand-over to the warehouse; the customer may change their mind. */
  readonly graceSeconds: number;
  /** After a decline, how long the order waits for another card. */
  readonly payAgainSeconds: number;
};

/** 20 minutes of grace; half an hour to pay again. */
export const defaultSettings: ProcessSettings = { graceSeconds: 20 * 60, payAgainSeconds: 30 * 60 };

/** A process may run for 300 days; the workflow service ends it after a year. */
export const processSeconds = 300 * 24 * 60 * 60;

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

const retriesOf = (step: StepName): readonly number[] => {
  if (step === 'ReserveCard' || step === 'ChargeCard' || step === 'VoidReservation')
    return unknownOutcomeRetries;
  return step === 'SendMail' ? mailRetries : ordinaryRetries;
};

/** After a day of trying, the pace at which 300 days of failures still fit into a history of 25,000 events. */
const patient = { afterRuns: 100, seconds: 4 * 60 * 60 } as const;

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
