import { absurd } from '../brand.js';
import type { OrderId } from '../ids.js';
import { type ProcessFact, timerKey } from './facts.js';
import type { ProcessSettings } from './limits.js';
import { placedSituation, type Situation } from './situation.js';
import { type Step, stepKey } from './steps.js';

/** How far one step got. `open` is the run that a worker may be doing now. */
export type StepProgress = {
  readonly step: Step;
  readonly runs: number;
  readonly open: number | null;
  readonly withdrawalRequested: boolean;
  /** Times the service refused to schedule a run, in all: with `runs` it names the next wait, so it never falls. */
  readonly refusals: number;
};

/** Whether a timer runs or has fired; a timer that is unknown was never started or was cancelled. */
export type TimerProgress = 'running' | 'fired';

/** All that a process knows: the order's situation and how far its own steps and timers got. */
export type Process = {
  readonly start: { readonly orderId: OrderId; readonly settings: ProcessSettings } | null;
  readonly situation: Situation;
  readonly steps: ReadonlyMap<string, StepProgress>;
  readonly timers: ReadonlyMap<string, TimerProgress>;
  readonly notUnderstood: readonly string[];
};

/** A process before its first fact. */
const newProcess: Process = {
  start: null,
  situation: placedSituation,
  steps: new Map(),
  timers: new Map(),
  notUnderstood: [],
};

const withStep = (
  process: Process,
  step: Step,
  change: (progress: StepProgress) => StepProgress,
): Process => {
  const key = stepKey(step);
  const progress = process.steps.get(key) ?? {
    step,
    runs: 0,
    open: null,
    withdrawalRequested: false,
    refusals: 0,
  };
  return { ...process, steps: new Map(process.steps).set(key, change(progress)) };
};

const closeRun = (process: Process, step: Step, run: number): Process =>
  withStep(process, step, (progress) => (progress.open === run ? { ...progress, open: null } : progress));

const withTimer = (process: Process, key: string, progress: TimerProgress | null): Process => {
  const timers = new Map(process.timers);
  if (progress === null) timers.delete(key);
  else timers.set(key, progress);
  return { ...process, timers };
};

/** The newer of two situations wins, so late and repeated reports change nothing. */
const learn = (process: Process, situation: Situation): Process =>
  situation.revision > process.situation.revision ? { ...process, situation } : process;

/** The process after one more fact. Never throws. */
const evolveProcess = (process: Process, fact: ProcessFact): Process => {
  switch (fact.type) {
    case 'ProcessStarted':
      return { ...process, start: { orderId: fact.orderId, settings: fact.settings } };
    case 'StepScheduled':
      // Runs are numbered upwards and a number is never used again, so an old one is a repeat.
      return withStep(process, fact.step, (progress) =>
        fact.run > progress.runs
          ? { ...progress, runs: fact.run, open: fact.run, withdrawalRequested: false }
          : progress,
      );
    case 'StepNotScheduled':
      return withStep(process, fact.step, (progress) => ({ ...progress, refusals: progress.refusals + 1 }));
    case 'StepDone':
      return learn(closeRun(process, fact.step, fact.run), fact.situation);
    case 'StepFailed':
    case 'StepTimedOut':
    case 'StepWithdrawn':
      return closeRun(process, fact.step, fact.run);
    case 'StepWithdrawalRequested':
      return withStep(process, fact.step, (progress) => ({ ...progress, withdrawalRequested: true }));
    case 'TimerStarted':
      return withTimer(process, timerKey(fact.timer), 'running');
    case 'TimerFired':
      return withTimer(process, timerKey(fact.timer), 'fired');
    case 'TimerNotStarted':
    case 'TimerCancelled':
      return withTimer(process, timerKey(fact.timer), null);
    case 'OrderChanged':
      return learn(process, fact.situation);
    case 'NotUnderstood':
      return { ...process, notUnderstood: [...process.notUnderstood, fact.what] };
    default:
      return absurd(fact);
  }
};

/** The process after all these facts, oldest first. */
export const foldProcess = (facts: readonly ProcessFact[]): Process =>
  facts.reduce(evolveProcess, newProcess);
