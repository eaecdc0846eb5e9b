// A small engine for one order's process: schedules steps, starts timers, delivers signals, and asks again what is due
// after everything that happened. Time passes only when there is nothing else to do.
import * as E from 'fp-ts/lib/Either.js';
import { isTaskToken, type StepTask, type TaskToken } from '../../../application/ports/process-tasks.js';
import { createRunStep } from '../../../application/steps/run-step.js';
import type { StepPorts } from '../../../application/steps/step-ports.js';
import { plusSeconds } from '../../../domain/instant.js';
import { due, type Due } from '../../../domain/process/due.js';
import { type ProcessFact, type Timer, timerKey } from '../../../domain/process/facts.js';
import { limitsOf } from '../../../domain/process/limits.js';
import { foldProcess } from '../../../domain/process/process.js';
import { groupOf, runKey, type Step } from '../../../domain/process/steps.js';
import { orderId } from '../examples.js';
import { stepPolicy, type World } from './world.js';

type OpenRun = { readonly step: Step; readonly run: number };

/** How an engine runs its steps. */
export type EngineOptions = {
  /** The ports of the workers and the floor; the world's own unless something stands between. */
  readonly ports: StepPorts;
  /** Resolves when the worker that is at work dies; asked for before each run of a step. */
  readonly death?: () => Promise<'died'>;
  /** How often each run of a step is done: once, twice one after the other, twice at the same time. */
  readonly runs?: 'once' | 'twice' | 'side by side';
};

const tokenOf = (run: OpenRun): TaskToken => {
  const token = runKey(run.step, run.run);
  if (isTaskToken(token)) return token;
  throw new Error('not a token');
};

const isFloor = (step: Step): boolean => groupOf[step.name] === 'floor';
const never = new Promise<'died'>(() => undefined);
const mostRounds = 300;

/** Runs the process to its end and answers with the facts it learnt; throws when it stands still or never ends. */
export const runProcess = async (world: World, options: EngineOptions): Promise<readonly ProcessFact[]> => {
  const { ports, death = () => never, runs = 'once' } = options;
  const runStep = createRunStep(ports, stepPolicy);
  const facts: ProcessFact[] = [{ type: 'ProcessStarted', orderId, settings: stepPolicy.settings }];
  const open: OpenRun[] = [];
  const timers = new Map<string, { readonly timer: Timer; readonly at: number }>();

  const close = (run: OpenRun): void => void open.splice(open.indexOf(run), 1);

  const carryOut = (one: Due): void => {
    switch (one.type) {
      case 'schedule_step':
        open.push({ step: one.step, run: one.run });
        facts.push({ type: 'StepScheduled', step: one.step, run: one.run });
        return;
      case 'withdraw_step': {
        facts.push({ type: 'StepWithdrawalRequested', step: one.step, run: one.run });
        const found = open.find(({ step, run }) => step.name === one.step.name && run === one.run);
        if (found !== undefined) close(found);
        facts.push({ type: 'StepWithdrawn', step: one.step, run: one.run });
        return;
      }
      case 'start_timer': {
        const at = plusSeconds(world.system.now(), one.seconds);
        timers.set(timerKey(one.timer), { timer: one.timer, at });
        facts.push({ type: 'TimerStarted', timer: one.timer });
        return;
      }
      case 'cancel_timer':
        timers.delete(timerKey(one.timer));
        facts.push({ type: 'TimerCancelled', timer: one.timer });
        return;
      case 'end_process':
        return;
    }
  };

  const work = async (task: StepTask) => {
    if (runs === 'once') return runStep(task)();
    if (runs === 'side by side') return (await Promise.all([runStep(task)(), runStep(task)()]))[0];
    const first = await runStep(task)();
    const second = await runStep(task)();
    return E.isRight(first) ? first : second;
  };

  const done = async (run: OpenRun): Promise<ProcessFact> => {
    const { step } = run;
    if (step.name === 'Pick' || step.name === 'Pack' || step.name === 'Ship') {
      const situation = await world.workOnFloor(ports, step.name);
      return { type: 'StepDone', ...run, situation };
    }
    const result = await work({ token: tokenOf(run), orderId, ...run });
    return E.isRight(result)
      ? { type: 'StepDone', ...run, situation: result.right }
      : { type: 'StepFailed', ...run, reason: result.left.reason };
  };

  const runOne = async (run: OpenRun): Promise<void> => {
    const fact = await Promise.race([death(), done(run)]);
    // A person whose phone died begins again; a worker's run is over when its time is up.
    if (fact === 'died' && isFloor(run.step)) return;
    close(run);
    if (fact !== 'died') return void facts.push(fact);
    world.advanceTo(plusSeconds(world.system.now(), limitsOf(run.step.name).workSeconds));
    facts.push({ type: 'StepTimedOut', ...run });
  };

  const fireNext = (): void => {
    const [next] = [...timers.values()].sort((one, other) => one.at - other.at);
    if (next === undefined) throw new Error(`the process stands still after ${JSON.stringify(facts.at(-1))}`);
    timers.delete(timerKey(next.timer));
    world.advanceTo(plusSeconds(world.system.now(), (next.at - world.system.now()) / 1000));
    facts.push({ type: 'TimerFired', timer: next.timer });
  };

  for (let round = 0; round < mostRounds; round += 1) {
    for (const situation of world.told.splice(0)) facts.push({ type: 'OrderChanged', situation });
    const asked = due(foldProcess(facts));
    if (asked.some(({ type }) => type === 'end_process')) return facts;
    asked.forEach(carryOut);
    const [run] = open;
    if (run !== undefined) await runOne(run);
    else if (world.told.length === 0) fireNext();
  }
  throw new Error('the process never ends');
};
