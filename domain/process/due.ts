import { type Timer, timerFromKey, timerKey } from './facts.js';
import { mostRuns, retryAfterSeconds } from './limits.js';
import type { Process, StepProgress } from './process.js';
import { groupOf, type Step, stepKey } from './steps.js';
import { type Wanted, wantedSteps } from './wanted.js';

// The order process promises its customer: an order that was accepted ends shipped and charged, or rejected or
// cancelled with nothing held and nothing kept. It does not react to events: it says what is due in a situation.
// Which steps a phase waits for, and how each is undone, is told on one page in lifecycle.ts.

/**
 * The version of these rules and limits. Orders that began under one version end under it, so a change that decides
 * anything differently for a running order needs a new one, beside the old until that has drained. Version 1 knew
 * only orders that go well and never left its builders' machines.
 */
export const deciderVersion = '2';

/** What the process asks of the workflow service now. */
export type Due =
  | { readonly type: 'schedule_step'; readonly step: Step; readonly run: number }
  | { readonly type: 'withdraw_step'; readonly step: Step; readonly run: number }
  | { readonly type: 'start_timer'; readonly timer: Timer; readonly seconds: number }
  | { readonly type: 'cancel_timer'; readonly timer: Timer }
  | { readonly type: 'end_process' };

const retryDue = (process: Process, progress: StepProgress): readonly Due[] => {
  const { step, runs, refusals } = progress;
  const timer: Timer = { name: 'retry', step, run: runs + refusals };
  switch (process.timers.get(timerKey(timer))) {
    case 'running':
      return [];
    case 'fired':
      return [{ type: 'schedule_step', step, run: runs + 1 }];
    case undefined:
      return [{ type: 'start_timer', timer, seconds: retryAfterSeconds(step.name, runs + refusals) }];
  }
};

const stepDue = (process: Process, { step, afterSeconds }: Wanted): readonly Due[] => {
  const progress = process.steps.get(stepKey(step));
  if (progress !== undefined && progress.open !== null) return [];
  if (progress !== undefined && progress.runs + progress.refusals > 0) {
    return progress.runs >= mostRuns(step.name) ? [] : retryDue(process, progress);
  }
  if (afterSeconds > 0) {
    const timer: Timer = { name: 'wait', step };
    const waited = process.timers.get(timerKey(timer));
    if (waited === 'running') return [];
    if (waited === undefined) return [{ type: 'start_timer', timer, seconds: afterSeconds }];
  }
  return [{ type: 'schedule_step', step, run: 1 }];
};

const isFloorStep = (step: Step): boolean => groupOf[step.name] === 'floor';

/** Only our own workers' steps can still take hold of goods or money; a mail takes hold of nothing. */
const mayTakeHold = (step: Step): boolean => !isFloorStep(step) && step.name !== 'SendMail';

/** Steps that are being done and that the situation does not call for any more: a worker's ends by itself soon. */
const openBesides = (process: Process, wanted: readonly Wanted[]): readonly StepProgress[] => {
  const keys = new Set(wanted.map(({ step }) => stepKey(step)));
  return [...process.steps.values()].filter(({ step, open }) => open !== null && !keys.has(stepKey(step)));
};

const withdrawals = (besides: readonly StepProgress[]): readonly Due[] =>
  besides.flatMap(({ step, open, withdrawalRequested }): readonly Due[] =>
    isFloorStep(step) && open !== null && !withdrawalRequested
      ? [{ type: 'withdraw_step', step, run: open }]
      : [],
  );

const cancelledTimers = (process: Process, wanted: readonly Wanted[]): readonly Due[] => {
  const needed = new Set(wanted.map(({ step }) => timerKey({ name: 'wait', step })));
  return [...process.timers].flatMap(([key, progress]): readonly Due[] => {
    const timer = progress === 'running' && !needed.has(key) ? timerFromKey(key) : null;
    return timer?.name === 'wait' ? [{ type: 'cancel_timer', timer }] : [];
  });
};

/**
 * What is due now: a pure function of the folded facts, so batching and repeats of facts cannot matter, and a
 * decision that never arrived is made again. Empty when the process only waits. Order: withdrawals, cancelled
 * timers, then steps and timers; `end_process` stands alone.
 */
export const due = (process: Process): readonly Due[] => {
  if (process.start === null) return [];
  const wanted = wantedSteps(process.situation, process.start.settings);
  const besides = openBesides(process, wanted);
  // On the way out nothing is undone while a forward step may still be taking hold of something.
  const unwinding = process.situation.stage === 'cancelling' || process.situation.stage === 'rejected';
  const blocked = unwinding && besides.some(({ step }) => mayTakeHold(step));
  const next = blocked ? [] : wanted.flatMap((item) => stepDue(process, item));
  const withdrawn = withdrawals(besides);
  const givenUp = wanted.every(({ step }) => {
    const progress = process.steps.get(stepKey(step));
    return progress !== undefined && progress.open === null && progress.runs >= mostRuns(step.name);
  });
  const stillWorking = besides.some(({ step }) => !isFloorStep(step));
  // Timers end with the process; a cancelled one would call for no further decision, and the end would never come.
  if (givenUp && !stillWorking && withdrawn.length === 0) return [{ type: 'end_process' }];
  return [...withdrawn, ...cancelledTimers(process, wanted), ...next];
};
