import { absurd } from '../brand.js';
import { type Timer, timerKey } from './facts.js';
import { mostRuns, type ProcessSettings, retryAfterSeconds } from './limits.js';
import type { Process, StepProgress } from './process.js';
import type { Situation } from './situation.js';
import { groupOf, type Step, stepKey } from './steps.js';

// The order process promises its customer: an order that was accepted ends shipped and charged, or rejected or
// cancelled with nothing held and nothing kept. It does not react to events: it says what is due in a situation.
//
//   forward                                        undone, when the order is on its way out, by
//   AuthenticateCustomer, ValidateOrder            nothing is held yet
//   ReserveStock, CommitStock                      ReleaseStock
//   ReserveCard                                    VoidReservation (an unknown outcome is looked up first)
//   ReleaseToWarehouse, Pick                       the floor task is withdrawn
//   Pack, ChargeCard, Ship, CompleteOrder          not undone: the order is fulfilled

/**
 * The version of these rules and limits. Orders that began under one version end under it, so a change that decides
 * anything differently for a running order needs a new one, beside the old until that has drained.
 */
export const deciderVersion = '1';

/** What the process asks of the workflow service now. */
export type Due =
  | { readonly type: 'schedule_step'; readonly step: Step; readonly run: number }
  | { readonly type: 'withdraw_step'; readonly step: Step; readonly run: number }
  | { readonly type: 'start_timer'; readonly timer: Timer; readonly seconds: number }
  | { readonly type: 'cancel_timer'; readonly timer: Timer }
  | { readonly type: 'end_process' };

/** A step that the situation calls for, at once or after a wait. */
type Wanted = { readonly step: Step; readonly after?: { readonly timer: Timer; readonly seconds: number } };

const forward = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => {
  const { payment, stock } = situation;
  if (payment === 'declined') {
    return [
      {
        step: { name: 'GiveUpPayment' },
        after: { timer: { name: 'pay_again' }, seconds: settings.payAgainSeconds },
      },
    ];
  }
  if (payment === 'reserved') {
    if (stock === 'reserved') return [{ step: { name: 'CommitStock' } }];
    return [
      {
        step: { name: 'ReleaseToWarehouse' },
        after: { timer: { name: 'grace' }, seconds: settings.graceSeconds },
      },
    ];
  }
  return [{ step: { name: stock === 'none' ? 'ReserveStock' : 'ReserveCard' } }];
};

const onTheFloor = ({ payment, fulfilment }: Situation): Wanted => {
  switch (fulfilment) {
    case 'waiting':
      return { step: { name: 'Pick' } };
    case 'picked':
      return { step: { name: 'Pack' } };
    case 'packed':
      return { step: { name: payment === 'charged' ? 'Ship' : 'ChargeCard' } };
    case 'shipped':
      return { step: { name: 'CompleteOrder' } };
    default:
      return absurd(fulfilment);
  }
};

const holdsStock = ({ stock }: Situation): boolean => stock === 'reserved' || stock === 'committed';

const wayOut = (situation: Situation): Wanted => {
  const { payment } = situation;
  if (payment === 'reserving') return { step: { name: 'ReserveCard' } };
  if (payment === 'reserved' || payment === 'charge_failed') return { step: { name: 'VoidReservation' } };
  return { step: { name: holdsStock(situation) ? 'ReleaseStock' : 'CancelOrder' } };
};

const mainSteps = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => {
  switch (situation.stage) {
    case 'placed':
      return [{ step: { name: 'AuthenticateCustomer' } }];
    case 'authenticated':
      return [{ step: { name: 'ValidateOrder' } }];
    case 'validated':
      return forward(situation, settings);
    case 'released':
      return [onTheFloor(situation)];
    case 'cancelling':
      return [wayOut(situation)];
    case 'rejected':
      return holdsStock(situation) ? [{ step: { name: 'ReleaseStock' } }] : [];
    case 'cancelled':
    case 'completed':
      return [];
    default:
      return absurd(situation.stage);
  }
};

/** Every step the situation calls for; mails run beside the main steps and never hold them up. */
const wantedSteps = (situation: Situation, settings: ProcessSettings): readonly Wanted[] => [
  ...mainSteps(situation, settings),
  ...situation.mailsDue.map((mail): Wanted => ({ step: { name: 'SendMail', mail } })),
];

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

const stepDue = (process: Process, { step, after }: Wanted): readonly Due[] => {
  const progress = process.steps.get(stepKey(step));
  if (progress !== undefined && progress.open !== null) return [];
  if (progress !== undefined && progress.runs + progress.refusals > 0) {
    return progress.runs >= mostRuns(step.name) ? [] : retryDue(process, progress);
  }
  if (after !== undefined && after.seconds > 0) {
    const waited = process.timers.get(timerKey(after.timer));
    if (waited === 'running') return [];
    if (waited === undefined) return [{ type: 'start_timer', timer: after.timer, seconds: after.seconds }];
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
  const waits: readonly Timer[] = [{ name: 'grace' }, { name: 'pay_again' }];
  const needed = new Set(wanted.flatMap(({ after }) => (after === undefined ? [] : [timerKey(after.timer)])));
  return waits
    .filter((timer) => process.timers.get(timerKey(timer)) === 'running' && !needed.has(timerKey(timer)))
    .map((timer) => ({ type: 'cancel_timer', timer }));
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
  const tidying = [...withdrawals(besides), ...cancelledTimers(process, wanted)];
  const givenUp = wanted.every(({ step }) => {
    const progress = process.steps.get(stepKey(step));
    return progress !== undefined && progress.open === null && progress.runs >= mostRuns(step.name);
  });
  const stillWorking = besides.some(({ step }) => !isFloorStep(step));
  if (givenUp && !stillWorking && tidying.length === 0) return [{ type: 'end_process' }];
  return [...tidying, ...next];
};
