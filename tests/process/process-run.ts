// Plays an order process against a model of its order: what is due is carried out, and a tape of numbers says what
// happens in between and how it goes. Where the tape ends everything goes well, so every run must come to its end.
import type { OrderId } from '../../domain/ids.js';
import { isOrderId } from '../../domain/ids.js';
import { due, type Due } from '../../domain/process/due.js';
import { type ProcessFact, type Timer, timerKey } from '../../domain/process/facts.js';
import { defaultSettings, type ProcessSettings } from '../../domain/process/limits.js';
import { foldProcess } from '../../domain/process/process.js';
import { type Situation, situationOf } from '../../domain/process/situation.js';
import { runKey, type Step } from '../../domain/process/steps.js';
import type { PlacedOrder } from '../../domain/order/order.js';
import { plusSeconds, type Instant } from '../../domain/instant.js';
import { newModel, type OrderModel, orderAfter, orderAfterOutsider, orderReleased } from './order-model.js';

/** One decision: what was known, what was due. */
export type PlayedDecision = { readonly known: number; readonly due: readonly Due[] };

/** A process from its start to its end. `effects` are the steps that changed the order, in their order. */
export type PlayedProcess = {
  readonly facts: readonly ProcessFact[];
  readonly decisions: readonly PlayedDecision[];
  readonly effects: readonly Step[];
  readonly order: Situation;
  /** The order itself at the end. */
  readonly aggregate: PlacedOrder;
  readonly ended: boolean;
};

/** Any order will do. */
export const someOrderId = (): OrderId => {
  const id = '0b6f0c2e-5a3d-4f7e-9b1a-2c3d4e5f6071';
  if (isOrderId(id)) return id;
  throw new Error('not an order id');
};

/** Grace and patience that tests wait for in numbers only. */
export const someSettings: ProcessSettings = {
  ...defaultSettings,
  graceSeconds: 1200,
  payAgainSeconds: 1800,
};

type OpenRun = { readonly step: Step; readonly run: number };

/** Numbers one after another; 0 for ever when they are used up. */
export const tapeOf = (numbers: readonly number[]) => {
  let place = 0;
  return { next: () => numbers[place++] ?? 0, isUsedUp: () => place >= numbers.length };
};

const callsAtOnce: ReadonlySet<ProcessFact['type']> = new Set(['StepNotScheduled', 'StepWithdrawn'] as const);
const mostDecisions = 6_000;

/** What goes wrong with one run of a step, if anything: nothing was done, or it was done and the answer was lost. */
export type Trouble = (step: Step, run: number) => 'fails' | 'answer_lost' | null;

/** Is shown the order at its start, after every change, and when time has passed over it. */
export type Watch = (order: PlacedOrder, now: Instant) => void;

/**
 * Plays a process to its end, or for 6,000 decisions. `trouble` comes on top of what the tape says; `watch` sees every
 * moment of the order; up to `mostAtOnce` things happen before the next decision.
 */
export const playProcess = (
  numbers: readonly number[],
  trouble: Trouble = () => null,
  watch: Watch = () => undefined,
  mostAtOnce = 3,
): PlayedProcess => {
  const { next, isUsedUp } = tapeOf(numbers);
  let model: OrderModel = { ...newModel(someSettings), watch };
  watch(model.order, model.now);
  const facts: ProcessFact[] = [{ type: 'ProcessStarted', orderId: someOrderId(), settings: someSettings }];
  const decisions: PlayedDecision[] = [];
  const effects: Step[] = [];
  const runs = new Map<string, OpenRun>();
  const timers = new Map<string, { readonly timer: Timer; readonly at: Instant }>();

  const settle = (run: OpenRun, how: number): void => {
    const wrong = trouble(run.step, run.run);
    if (how === 6 || wrong === 'fails') {
      facts.push({ type: 'StepFailed', ...run, reason: 'bad luck' });
    } else {
      const before = model.order;
      model = orderAfter(model, run.step, next());
      if (model.order !== before) effects.push(run.step);
      // The work was done and the answer was lost.
      facts.push(
        how === 7 || wrong === 'answer_lost'
          ? { type: 'StepTimedOut', ...run }
          : { type: 'StepDone', ...run, situation: situationOf(model.order) },
      );
    }
    runs.delete(runKey(run.step, run.run));
  };

  const fire = ({ timer, at }: { readonly timer: Timer; readonly at: Instant }): void => {
    timers.delete(timerKey(timer));
    if (at > model.now) model = { ...model, now: at };
    watch(model.order, model.now);
    facts.push({ type: 'TimerFired', timer });
  };

  const tell = (changed: typeof model): void => {
    model = changed;
    facts.push({ type: 'OrderChanged', situation: situationOf(model.order) });
  };

  const carryOut = (one: Due): void => {
    switch (one.type) {
      case 'schedule_step': {
        const { step, run } = one;
        if (next() === 9) {
          facts.push({ type: 'StepNotScheduled', step, cause: 'ACTIVITY_CREATION_RATE_EXCEEDED' });
        } else {
          runs.set(runKey(step, run), { step, run });
          facts.push({ type: 'StepScheduled', step, run });
        }
        return;
      }
      case 'withdraw_step': {
        const { step, run } = one;
        facts.push({ type: 'StepWithdrawalRequested', step, run });
        if (next() % 2 === 0) {
          runs.delete(runKey(step, run));
          facts.push({ type: 'StepWithdrawn', step, run });
        }
        return;
      }
      case 'start_timer':
        timers.set(timerKey(one.timer), { timer: one.timer, at: plusSeconds(model.now, one.seconds) });
        facts.push({ type: 'TimerStarted', timer: one.timer });
        return;
      case 'cancel_timer':
        timers.delete(timerKey(one.timer));
        facts.push({ type: 'TimerCancelled', timer: one.timer });
        return;
      case 'end_process':
        return;
    }
  };

  const happen = (): boolean => {
    // In the end somebody releases what was put on hold.
    const released = isUsedUp() ? orderReleased(model) : model;
    if (released !== model) {
      tell(released);
      return true;
    }
    const choice = next();
    if (choice === 8) {
      tell(orderAfterOutsider(model, next()));
      return true;
    }
    const [run] = runs.values();
    const [timer] = [...timers.values()].sort((one, other) => one.at - other.at);
    if (timer !== undefined && (run === undefined || choice === 5)) fire(timer);
    else if (run !== undefined) settle(run, choice);
    return timer !== undefined || run !== undefined;
  };

  const result = (ended: boolean): PlayedProcess => {
    const { order: aggregate } = model;
    return { facts, decisions, effects, order: situationOf(aggregate), aggregate, ended };
  };

  while (decisions.length < mostDecisions) {
    const asked = due(foldProcess(facts));
    decisions.push({ known: facts.length, due: asked });
    asked.forEach(carryOut);
    if (asked.some(({ type }) => type === 'end_process')) return result(true);
    // Several things may happen before the next decision.
    const batch = 1 + (next() % mostAtOnce);
    // What the service refuses or does at once calls for a decision by itself.
    let happened = facts.slice(decisions.at(-1)?.known).some(({ type }) => callsAtOnce.has(type));
    for (let count = 0; count < batch; count += 1) happened = happen() || happened;
    if (!happened) break;
  }
  return result(false);
};
